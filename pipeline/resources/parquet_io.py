"""How Dagster hands tables to checks, and to assets that others write: from the work folder, as frames."""

# No `from __future__ import annotations`: Dagster reads a resource's dependencies from its annotations when the class is made.
import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.resources.data import DataResource
from pipeline.steps.work import Work, release_memory


class RegistryParquetIOManager(dg.ConfigurableIOManager):
    """Gives the tables of the work folder as pandas frames. Our own assets read and write their tables themselves, for a step that is
    not run again reads none; an Arrow table that another returns is put beside them."""

    data: dg.ResourceDependency[DataResource]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table) -> None:
        """Put a table in its place in one step."""
        stored = self._work().write(context.asset_key.path[-1], obj)
        context.add_output_metadata({"path": dg.MetadataValue.path(str(stored.path))})
        release_memory()

    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """Return the table of an upstream asset. Raises FileNotFoundError where it has not been materialized."""
        return self._work().table(context.asset_key.path[-1]).frame()

    def _work(self) -> Work:
        return Work(self.data.open().work)

"""How Dagster hands tables from asset to asset: from the work folder, as a frame, or as what is read only when it is asked for."""

# No `from __future__ import annotations`: Dagster reads a resource's dependencies from its annotations when the class is made.
from typing import Final

import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.resources.data import DataResource
from pipeline.resources.work import StoredTable, Work, release_memory

_UNREAD: Final = "unread"
UNREAD: Final = {_UNREAD: True}


class RegistryParquetIOManager(dg.ConfigurableIOManager):
    """Gives an asset the tables of others as pandas frames, or as StoredTable where the input says so with the metadata UNREAD: a
    step that is not run again reads none. Our own assets write their tables themselves; an Arrow table that another returns is put
    beside them."""

    data: dg.ResourceDependency[DataResource]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table) -> None:
        """Put a table in its place in one step."""
        stored = self._work().write(context.asset_key.path[-1], obj)
        context.add_output_metadata({"path": dg.MetadataValue.path(str(stored.path))})
        release_memory()

    def load_input(self, context: dg.InputContext) -> pd.DataFrame | StoredTable:
        """Return the table of an upstream asset. Raises FileNotFoundError where it has not been materialized."""
        stored = self._work().table(context.asset_key.path[-1])
        return stored if context.definition_metadata.get(_UNREAD) else stored.frame()

    def _work(self) -> Work:
        return Work(self.data.open().work)

"""Tables between assets: Parquet in the work folder, in the registry's schema, whole or not at all."""

# No `from __future__ import annotations`: Dagster reads a resource's dependencies from its annotations when the class is made.
import ctypes
import sys
from pathlib import Path
from typing import Final

import dagster as dg
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.resources.data import DataResource
from pipeline.schemas.frames import to_frame
from pipeline.schemas.parquet import replace_table
from pipeline.schemas.registry import arrow_schema

_ARROW: Final = "arrow"
# Of the GNU C library alone; others give memory back by themselves.
_TRIM: Final = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
AS_ARROW: Final = {_ARROW: True}


class RegistryParquetIOManager(dg.ConfigurableIOManager):
    """Keeps each table as `<work>/<table>.parquet`. Assets yield Arrow tables; they are given pandas frames, or Arrow tables
    where the input says so with the metadata AS_ARROW. Both ways the schema is the registry's, never what is inferred."""

    data: dg.ResourceDependency[DataResource]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table) -> None:
        """Put the table in its place in one step."""
        path = self._path(context.asset_key)
        replace_table(obj.cast(arrow_schema(context.asset_key.path[-1])), path)
        context.add_output_metadata({"path": dg.MetadataValue.path(str(path))})
        _release_memory()

    def load_input(self, context: dg.InputContext) -> pd.DataFrame | pa.Table:
        """Return the table of an upstream asset. Raises FileNotFoundError where it has not been materialized."""
        path, schema = self._path(context.asset_key), arrow_schema(context.asset_key.path[-1])
        arrow = pq.read_table(path, schema=schema, memory_map=True)
        return arrow if context.definition_metadata.get(_ARROW) else to_frame(arrow)

    def _path(self, key: dg.AssetKey) -> Path:
        return self.data.open().work.joinpath(*key.path).with_suffix(".parquet")


def _release_memory() -> None:
    """Give back to the system what a step held while it made its table: Arrow and the C library keep it for later, and the steps
    of one process would pile up half a gigabyte."""
    pa.default_memory_pool().release_unused()
    if _TRIM is not None:
        _TRIM(0)

"""Tables between assets: Parquet in the work folder, in the registry's schema, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import dagster as dg
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from pipeline.release.publish import write_table
from pipeline.resources.archive import DataResource
from pipeline.schemas.frames import to_frame

AS_ARROW: Final = {"arrow": True}


class RegistryParquetIOManager(dg.UPathIOManager):
    """Keeps each asset's table as `<work>/<asset key>.parquet`; assets yield Arrow tables and are given pandas frames,

    or Arrow tables where the input says so with the metadata AS_ARROW.
    """

    extension = ".parquet"

    def dump_to_path(self, context: dg.OutputContext, obj: pa.Table, path: UPath) -> None:
        """Put the table in place in one step."""
        final = Path(str(path))
        temporary = final.with_suffix(f".{os.getpid()}.tmp")
        write_table(obj, temporary)
        os.replace(temporary, final)

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pd.DataFrame | pa.Table:
        """The table of an upstream asset."""
        arrow = pq.read_table(str(path), memory_map=True)
        return arrow if context.definition_metadata.get(next(iter(AS_ARROW))) else to_frame(arrow)


@dg.io_manager(required_resource_keys={"data"})
def registry_parquet(context: dg.InitResourceContext) -> RegistryParquetIOManager:
    """The IO manager over the data folder's work room."""
    data: DataResource = context.resources.data
    return RegistryParquetIOManager(base_path=UPath(data.folder().work))

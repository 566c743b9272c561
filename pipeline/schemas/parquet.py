"""Tables on disk: how a Parquet file is written, wherever one is written. Which table and where is up to the callers."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_table(arrow: pa.Table, path: Path) -> None:
    """Write a Parquet file with fixed settings, so that equal tables give equal bytes."""
    pq.write_table(arrow, path, compression="zstd", version="2.6", data_page_version="1.0", write_statistics=True)


def replace_table(arrow: pa.Table, path: Path) -> None:
    """Write a Parquet file whole or not at all, with its folder if need be: written beside its place, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    write_table(arrow, temporary)
    os.replace(temporary, path)

"""Tables on disk: how a Parquet file is written, wherever one is written. Which table and where is up to the callers."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_table(arrow: pa.Table, path: Path) -> None:
    """Write a Parquet file with fixed settings, so that equal tables give equal bytes. Raises OSError that names the file."""
    try:
        pq.write_table(arrow, path, compression="zstd", version="2.6", data_page_version="1.0", write_statistics=True)
    except OSError as error:
        if error.errno is None or error.filename:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def replace_table(arrow: pa.Table, path: Path) -> None:
    """Write a Parquet file whole or not at all, with its folder if need be: written beside its place, then renamed.

    One process at a time may write a table. What one that was killed has left is overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    write_table(arrow, temporary)
    os.replace(temporary, path)

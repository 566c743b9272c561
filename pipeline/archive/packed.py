"""Archived files that are packed, as those of the embedded sample are: their bytes as a reader wants them.

Format: gzip (RFC 1952), recognised by its name. What belongs here: unpacking one file within bounds.
"""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.archive.store import Snapshot
from pipeline.archive.unpack import MAX_UNPACKED_BYTES
from pipeline.sources.base import SourceError

SUFFIX: Final = ".gz"
_BLOCK: Final = 1 << 20


@contextmanager
def plain_file(snapshot: Snapshot) -> Iterator[Path]:
    """Give the path of a snapshot's file as a reader takes it: a packed one lies unpacked in a temporary folder meanwhile.

    Raises SourceError for a packed file that is damaged, or larger than any that is unpacked.
    """
    if snapshot.path.suffix != SUFFIX:
        yield snapshot.path
        return
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-") as folder:
        plain = Path(folder) / snapshot.path.stem
        try:
            _unpack(snapshot.path, plain)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise SourceError(snapshot.id, f"the gzip file is damaged ({error})", remedy="Restore it") from error
        yield plain


def _unpack(packed: Path, plain: Path) -> None:
    written = 0
    with gzip.open(packed) as source, plain.open("wb") as target:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > MAX_UNPACKED_BYTES:
                raise EOFError(f"it holds more than {MAX_UNPACKED_BYTES >> 30} GB")
            target.write(block)

"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Write a file, with its folder if need be, beside its place, then rename it: readers see the old one or the new one.

    Text is UTF-8. One process at a time may write a file; what one that was killed has left is overwritten. durable: the bytes are on
    disk before the file has its name, which what can be made again need not wait for. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.staging")
    staged.write_bytes(content.encode() if isinstance(content, str) else content)
    if durable:
        flush(staged)
    os.replace(staged, path)


def flush(path: Path) -> None:
    """Make sure that a file is on disk; of a folder, the names in it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

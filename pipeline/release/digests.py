"""What a manifest says of the files of a release: sizes and SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_SMALL: Final = 1 << 20


def entry(path: Path) -> dict[str, Any]:
    """Return name, size in bytes and SHA-256 of a file or of a folder, whose name ends in a slash.

    The digest of a folder is that of the lines `<sha256>  <path>`, one for each file below it, in the order of their paths, which are
    relative to the release: what `sha256sum` prints of them.
    """
    if not path.is_dir():
        return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}
    above = len(path.parent.as_posix()) + 1
    files = sorted((file.as_posix()[above:], file) for file in _files_below(path))
    lines = "".join(f"{digest(file)}  {name}\n" for name, file in files)
    return {
        "name": f"{path.name}/",
        "files": len(files),
        "bytes": sum(file.stat().st_size for _, file in files),
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size <= _SMALL:  # of thousands of small files each would get a buffer of its own
            return hashlib.sha256(file.read()).hexdigest()
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files_below(folder: Path) -> Iterator[Path]:
    for inner, _, names in os.walk(folder):
        yield from (Path(inner, name) for name in names)

"""What a manifest says of the files of a release: sizes and SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any


def entry(path: Path) -> dict[str, Any]:
    """Return name, size in bytes and SHA-256 of a file or of a folder, whose name ends in a slash.

    The digest of a folder is that of the lines `<sha256>  <path>`, one for each file below it, in the order of their paths, which are
    relative to the release: what `sha256sum` prints of them.
    """
    if not path.is_dir():
        return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}
    files = sorted((file.relative_to(path.parent).as_posix(), file) for file in path.rglob("*") if file.is_file())
    lines = "".join(f"{digest(file)}  {name}\n" for name, file in files)
    return {
        "name": f"{path.name}/",
        "files": len(files),
        "bytes": sum(file.stat().st_size for _, file in files),
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

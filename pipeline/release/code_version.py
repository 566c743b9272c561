"""Which code made a release: a hash of everything in the package that can change what it says."""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
# These rooms show and measure what is published, or bring what the archive then holds: they don't change it.
_APART: Final = ("evaluate", "commands", "fetch")


@functools.cache
def code_version() -> str:
    """`<package version>+<hash8>` over the code and the curated CSV files, by path."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        if path.suffix in {".py", ".csv", ".toml"} and inside.parts[0] not in _APART:
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    return f"{version('h1b-sponsors')}+{digest.hexdigest()[:8]}"

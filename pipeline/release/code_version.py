"""Which code made a release: a hash of everything in the package that can change what it says."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from pipeline.code_version import ROOMS, code_hash

# These rooms show and measure what is published, or bring what the archive then holds: they don't change it.
_APART: Final = ("evaluate", "commands", "fetch")


def code_version() -> str:
    """Return `<package version>+<hash8>` over the code and the curated CSV files of all rooms that can change a release."""
    return f"{version('h1b-sponsors')}+{code_hash(room for room in ROOMS if room not in _APART)[:8]}"

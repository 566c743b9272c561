"""Which code made a table or a release: hashes of the code and curated files that can change what it says.

Which room lies on which floor, and how a room is hashed, is in `pipeline/code_version.py`.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from pipeline.code_version import ROOMS, code_hash, rooms_up_to

# These rooms show and measure what is published, or bring what the archive then holds: they don't change it.
_APART: Final = frozenset({"evaluate", "commands", "fetch", "consult"})


def code_version() -> str:
    """Return `<package version>+<hash8>` over the code and the curated CSV files of all rooms that can change a release."""
    return f"{version('h1b-sponsors')}+{code_hash(room for room in ROOMS if room not in _APART)[:8]}"


def room_version(room: str) -> str:
    """Return the hash (16 hexadecimal digits) of a room and all rooms on the floors below it. Raises ValueError for no room."""
    return code_hash(rooms_up_to(room))[:16]

"""Which code made a table or a release: hashes of the code and curated files that can change what it says.

Which room lies on which floor is written here and, for the check of imports, in pyproject.toml; a test holds them equal.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
# The rooms from the lowest floor up: a room may import those on floors below it, and nothing else.
FLOORS: Final[tuple[frozenset[str], ...]] = (
    frozenset({"errors"}),
    frozenset({"schemas", "settings"}),
    frozenset({"reference", "text"}),
    frozenset({"specialties", "documents"}),
    frozenset({"sources"}),
    frozenset({"archive"}),
    frozenset({"linkage"}),
    frozenset({"policies", "filings", "cap_exemption"}),
    frozenset({"tiers"}),
    frozenset({"applicants"}),
    frozenset({"release"}),
    frozenset({"fetch", "evaluate"}),
    frozenset({"resources"}),
    frozenset({"assets"}),
    frozenset({"definitions"}),
    frozenset({"commands"}),
    frozenset({"cli"}),
)
# These rooms show and measure what is published, or bring what the archive then holds: they don't change it.
_APART: Final = frozenset({"evaluate", "commands", "fetch"})
_SUFFIXES: Final = frozenset({".py", ".csv", ".toml"})


@functools.cache
def code_version() -> str:
    """Return `<package version>+<hash8>` over all that can change a release, by path."""
    return f"{version('h1b-sponsors')}+{_hash(path for path in PACKAGE.rglob('*') if _room(path) not in _APART)[:8]}"


@functools.cache
def room_version(room: str) -> str:
    """Return the hash (16 hexadecimal digits) of a room and all rooms on the floors below it.

    Raises ValueError for a room that is on no floor.
    """
    place = next((place for place, rooms in enumerate(FLOORS) if room in rooms), None)
    if place is None:
        raise ValueError(f"pipeline/{room} is on no floor; name it in FLOORS")
    rooms = frozenset({room}).union(*FLOORS[:place])
    return _hash(path for path in PACKAGE.rglob("*") if _room(path) in rooms)[:16]


def _room(path: Path) -> str:
    """Folder or module right below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.suffix in _SUFFIXES):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()

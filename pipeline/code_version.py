"""Hashes of our own code by room: with which code a cached table, an asset or a release was made.

What belongs here: the floors of the house, the hash of what lies in a room, and which libraries are at hand. What is made of these is
for their users to say.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import re
from collections.abc import Iterable
from importlib.metadata import requires, version
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
# Rooms and single modules from the bottom to the top; none imports a higher one, nor a neighbour on its floor.
FLOORS: Final[tuple[tuple[str, ...], ...]] = (
    ("errors", "code_version", "forked", "atomic_files"),
    ("schemas", "settings"),
    ("reference", "text"),
    ("specialties", "documents", "law", "spreadsheets"),
    ("sources",),
    ("archive",),
    ("linkage",),
    ("policies", "filings", "cap_exemption"),
    ("tiers",),
    ("applicants",),
    ("release",),
    ("fetch", "evaluate", "consult", "notify", "steps"),
    ("resources",),
    ("assets",),
    ("sensors",),
    ("definitions",),
    ("commands",),
    ("cli",),
)
ROOMS: Final = tuple(room for floor in FLOORS for room in floor)
_SUFFIXES: Final = frozenset({".py", ".csv", ".toml", ".j2", ".js", ".css", ".svg"})


def rooms_up_to(room: str) -> tuple[str, ...]:
    """Return a room and all rooms on the floors below it: what its code may use. Raises ValueError for an unknown room."""
    for height, floor in enumerate(FLOORS):
        if room in floor:
            return (*(below for lower in FLOORS[:height] for below in lower), room)
    raise ValueError(f"no room {room!r}")


def code_hash(rooms: Iterable[str]) -> str:
    """Return a SHA-256, in hexadecimal, of the code, the pages' parts and the curated CSV files of `rooms`."""
    return hashlib.sha256("".join(_hash_of(room) for room in sorted(set(rooms))).encode()).hexdigest()


@functools.cache
def libraries_version() -> str:
    """Return a hash (16 hexadecimal digits) of the versions of Python, NumPy and the libraries that the package requires by itself."""
    needed = {re.split(r"[^\w.-]", line)[0] for line in requires("h1b-sponsors") or () if "extra ==" not in line}
    at_hand = [f"{name} {version(name)}" for name in sorted(needed | {"numpy"})]
    return hashlib.sha256("\n".join([platform.python_version(), *at_hand]).encode()).hexdigest()[:16]


@functools.cache
def _hash_of(room: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(room)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(room: str) -> Iterable[Path]:
    inside = (PACKAGE / room).rglob("*") if (PACKAGE / room).is_dir() else [PACKAGE / f"{room}.py"]
    return (path for path in inside if path.suffix in _SUFFIXES)

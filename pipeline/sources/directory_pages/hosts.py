"""The program directories, and whether an address is one of theirs: they are never fetched, and their pages state no policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Directory:
    """A directory of programs. id: a word of DIRECTORY; title: as people know it; host: with all hosts below it."""

    id: str
    title: str
    host: str

    @property
    def remedy(self) -> str:
        """What a person can do who has saved a page of it without answers."""
        return f"Sign in to {self.title}, open the program, wait until its answers show and save the page whole"


FREIDA: Final = Directory("ama_freida", "AMA FREIDA", "freida.ama-assn.org")
RESIDENCY_EXPLORER: Final = Directory("residency_explorer", "AAMC Residency Explorer", "residencyexplorer.org")
DIRECTORIES: Final = (FREIDA, RESIDENCY_EXPLORER)


def directory_at(address: str) -> Directory | None:
    """Return the directory whose page is at `address`; None where it is none's, and for text that is no address."""
    try:
        host = (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:
        return None
    return directory_of_host(host)


def directory_of_host(host: str) -> Directory | None:
    """Return the directory that a host, in lower case, belongs to; None where it belongs to none."""
    return next((one for one in DIRECTORIES if host == one.host or host.endswith(f".{one.host}")), None)

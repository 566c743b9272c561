"""The operator's own rulings: CSV files in the data folder, in the columns of the shipped ones, merged over them.

What belongs here: reading the files. A row that can't be used is set aside and reported, since it must not hold up a refresh. What
a ruling does is up to the rooms that use it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.reference.load import ReferenceTableError, empty_table, first_record, sift_table
from pipeline.reference.tables import TABLES

LINKS: Final = "links/judgements.csv"
PETITIONERS: Final = "links/petitioners.csv"
CAP_EXEMPTION: Final = "cap/rulings.csv"
_KINDS: Final = (LINKS, PETITIONERS, CAP_EXEMPTION)


@dataclass(frozen=True)
class OwnRulings:
    """Rows that can be used, by the shipped file whose columns they have, in the order of the files; all text, "" for blank.

    problems: what was set aside, a line each with file, row and what is wrong. digest: hash of all files, "" without any.
    """

    tables: Mapping[str, pd.DataFrame]
    problems: tuple[str, ...] = ()
    digest: str = ""

    @property
    def links(self) -> pd.DataFrame:
        """Rulings on which petitioner is which institution."""
        return self.tables[LINKS]

    @property
    def petitioners(self) -> pd.DataFrame:
        """Rulings on which spellings are one employer."""
        return self.tables[PETITIONERS]

    @property
    def cap_exemption(self) -> pd.DataFrame:
        """Rulings on the exemption of single employers."""
        return self.tables[CAP_EXEMPTION]


def read_own_rulings(folder: Path) -> OwnRulings:
    """Read all CSV files of `folder`, which need not be there. Their headers tell what they rule on, never their names."""
    frames: dict[str, list[pd.DataFrame]] = {kind: [empty_table(TABLES[kind])] for kind in _KINDS}
    problems: list[str] = []
    digest = hashlib.sha256()
    files = sorted(folder.glob("*.csv"))
    for path in files:
        digest.update(f"{path.name}\n".encode())
        try:
            if not path.is_file():  # a named pipe would be waited for
                raise ReferenceTableError(path, 1, "not a file")
            digest.update(path.read_bytes())
            kind = _kind_of(path)
            rows, faults = sift_table(TABLES[kind], path)
        except ReferenceTableError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"{path.name}: {error.strerror}")
            digest.update(problems[-1].encode())
        else:
            frames[kind].append(rows)
            problems += [str(fault) for fault in faults]
    tables = {kind: pd.concat(own, ignore_index=True).drop(columns="line") for kind, own in frames.items()}
    return OwnRulings(tables, tuple(problems), digest.hexdigest() if files else "")


def _kind_of(path: Path) -> str:
    """Return the shipped file whose columns a file has. Raises ReferenceTableError where it has those of none."""
    header = first_record(path)
    for kind in _KINDS:
        if header == TABLES[kind].columns:
            return kind
    known = " or ".join(",".join(TABLES[kind].columns) for kind in _KINDS)
    raise ReferenceTableError(path, 1, f"the columns must be {known}")

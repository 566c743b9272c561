"""IPEDS HD: directory information of postsecondary institutions.

Built to the yearly file HD of the Integrated Postsecondary Education Data System (NCES) and its data dictionary. See
docs/sources/ipeds.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.schemas.vocabulary import STATE_NAMES
from pipeline.sources.base import PUBLIC_DOMAIN, WINDOWS_1252, Bounds, Hints, Layout, Parsed, Probe, Source, whole_from
from pipeline.sources.tabular.columns import (
    blanks_to_null,
    identifiers,
    required,
    states,
    translated,
    unique,
    web_addresses,
    zip_codes,
)
from pipeline.sources.tabular.table_files import read_table

ID: Final = "ipeds_hd"
TABLE: Final = "ipeds_institutions"
FULL_ROWS: Final = 5_500  # HD2024 has 6,072 institutions

_COLUMNS: Final = {
    "UNITID": "unitid",
    "INSTNM": "name",
    "IALIAS": "aliases",
    "CITY": "city",
    "STABBR": "state",
    "ZIP": "zip",
    "EIN": "ein",
    "WEBADDR": "website",
    "SECTOR": "sector",
    "CONTROL": "control",
    "DEGGRANT": "degree_granting",
    "HOSPITAL": "has_hospital",
    "MEDICAL": "grants_medical_degree",
}
_OPTIONAL: Final = {"CBSA": "cbsa", "COUNTYNM": "county", "CYACTIVE": "active"}
LAYOUTS: Final = (Layout(ID, "HD", "csv", tuple(_COLUMNS)), Layout(ID, "HD xlsx", "xlsx", tuple(_COLUMNS)))

# The survey's own codes: -1 not reported, -2 not applicable, -3 not available.
_NO_ANSWER: Final = {"-1": None, "-2": None, "-3": None}
_YES_NO: Final = {"1": True, "2": False} | _NO_ANSWER
_SECTOR: Final = {str(code): code for code in range(10)} | {"99": None} | _NO_ANSWER
_CONTROL: Final = {"1": 1, "2": 2, "3": 3} | _NO_ANSWER
_ACTIVE: Final = {"1": True, "2": False, "3": False} | _NO_ANSWER
_CODES: Final = (*_NO_ANSWER, "-9")
_STATE_NAMES: Final = frozenset(name.casefold() for name in STATE_NAMES.values())

_STRONG: Final = re.compile(r"[|;„]|\s{2,}|[\t\r\n]")
_TAIL: Final = re.compile(
    r"(?:inc|incorporated|llc|l\.l\.c|corp|corporation|co|ltd|jr|sr|d\.?c|the state university)\b\.?", re.IGNORECASE
)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `ipeds_institutions`: one row for each institution, also those that closed (`active` false)."""
    sieve = read_table(probe, ID, _COLUMNS, _OPTIONAL, else_encoding=WINDOWS_1252)
    sieve.require_rows()
    required(sieve, "name", "name")
    required(sieve, "unitid", "unit id")
    identifiers(sieve, "unitid", 6, "unit id")
    unique(sieve, "unitid", "unit id")
    for column in ("ein", "cbsa", "website", "county"):
        cells = sieve.frame[column]
        sieve.frame[column] = cells.mask(cells.isin(_CODES), "")
    sieve.frame["website"] = web_addresses(sieve.frame["website"])
    identifiers(sieve, "ein", 9, "EIN")
    identifiers(sieve, "cbsa", 5, "CBSA")
    zip_codes(sieve, "zip")
    states(sieve, "state")
    translated(sieve, "sector", _SECTOR, "SECTOR", dtype="Int64")
    translated(sieve, "control", _CONTROL, "CONTROL", dtype="Int64")
    for column in ("degree_granting", "has_hospital", "grants_medical_degree"):
        translated(sieve, column, _YES_NO, "answer", dtype="boolean")
    translated(sieve, "active", _ACTIVE, "CYACTIVE", dtype="boolean")
    sieve.frame["aliases"] = [
        list(split_aliases(text, name, city))
        for text, name, city in zip(*(sieve.frame[column] for column in ("aliases", "name", "city")), strict=True)
    ]
    blanks_to_null(sieve, "city", "website", "county")
    return sieve.as_table(TABLE)


def split_aliases(text: str, name: str, city: str) -> Iterator[str]:
    """Yield the aliases of one institution, in their order and each once.

    IALIAS has no fixed separator: bars, semicolons, line breaks (printed as two or more spaces) or commas. Where a
    stronger sign separates, one comma belongs to a name (`University of California, San Francisco`), and more make a
    list. Legal forms, the institution's own city and a state after it aren't names: they stay with the piece before.
    """
    pieces = [piece.strip(" ,[]") for piece in _STRONG.split(text)]
    pieces = [piece for piece in pieces if piece]
    seen: set[str] = set()
    for piece in pieces:
        whole = len(pieces) > 1 and piece.count(",") < 2
        for alias in [piece] if whole else _by_commas(piece, name, city):
            if alias not in seen and any(sign.isalnum() for sign in alias):
                seen.add(alias)
                yield alias


def _by_commas(text: str, name: str, city: str) -> list[str]:
    aliases: list[str] = []
    in_place = False
    for piece in (piece.strip(" []") for piece in text.split(",")):
        place = piece.casefold() == city.casefold() or (in_place and piece.casefold() in _STATE_NAMES)
        if piece and aliases and (place or _TAIL.match(piece) or _tail_of(name, piece)):
            aliases[-1] += f", {piece}"
        elif piece:
            aliases.append(piece)
        in_place = place
    return aliases


def _tail_of(name: str, piece: str) -> bool:
    """Decide whether `piece` is what follows a hyphen or comma in the institution's name: its campus."""
    return any(name.casefold().endswith(f"{sign}{piece.casefold()}") for sign in ("-", ", "))


SOURCE: Final = Source(
    id=ID,
    title="IPEDS institutional characteristics (HD)",
    producer="National Center for Education Statistics",
    url="https://nces.ed.gov/ipeds/datacenter/DataFiles.aspx",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=whole_from(FULL_ROWS, "institutions"),
    tables=(TABLE,),
    bounds=Bounds(5_500, 8_000),
    watched=("name", "state", "ein"),
)

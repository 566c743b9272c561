"""The grid of the explorer: the columns of the list that it shows, filters or searches, by column and coded by dictionaries.

What belongs here: which columns, what is counted beside each choice, and their codes. Evidence is in `evidence`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from pipeline.release.explorer.words import LIST, TONES, words
from pipeline.schemas.recent_periods import RECENT_MONTHS
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import PRELIMINARY
from pipeline.specialties.relations import group_of
from pipeline.specialties.vocabulary import combined_programs, named_specialties, parents_by_name

Row = Mapping[str, Any]
_SHARES: Final = ((0.5, "50"), (0.25, "25"), (0.1, "10"))
_POSITIONS: Final = ((51, "51"), (21, "21"), (11, "11"), (6, "6"))
_MONTHS: Final = ((RECENT_MONTHS, "2"), (12, "1"), (6, "half"))


@dataclass(frozen=True)
class Facet:
    """One thing to filter by.

    name: of the grid's column. label: its short name. column: the registry's, whose description explains it. known: whether its
    values are a closed vocabulary in an order of its own.
    """

    name: str
    label: str
    column: str
    known: bool = True


FACETS: Final = (
    Facet("specialty", "Specialty", "specialty", known=False),
    Facet("field", "Field, with subspecialties and combined programs", "specialty_code", known=False),
    Facet("level", "Level", "track_kinds"),
    Facet("state", "State", "state"),
    Facet("metro_area", "Metropolitan area", "metro_area", known=False),
    Facet("visa_category", "Visa category (stated)", "visa_category"),
    Facet("sponsor_tier", "Tier (stated and filed)", "sponsor_tier"),
    Facet("likelihood", "Likelihood (inferred)", "sponsoring_likelihood"),
    Facet("routes", "Route left open (stated)", "routes"),
    Facet("step3", "Step 3 for an H-1B (stated)", "step3_due"),
    Facet("cap_exempt_category", "Cap exemption (inferred)", "cap_exempt_category"),
    Facet("freeze", "State order against new petitions", "state_freeze"),
    Facet("accreditation", "Accreditation", "accreditation"),
    Facet("size", "Size, positions approved", "positions_approved"),
    Facet("age", "Age of the statement", "evidence_date"),
    Facet("change", "Statement since the release before", "visa_category"),
)
# Columns that are shown or searched as they are.
_PLAIN: Final = ("program_code", "program_name", "city", "institution", "institution_id", "evidence_date")
_READ: Final = (
    *_PLAIN, "specialty", "state", "metro_area", "visa_category", "sponsor_tier", "sponsoring_likelihood", "routes", "step3_due",
    "step3_required_for_h1b", "cap_exempt_category", "state_freeze", "accreditation", "track_kinds",
    "trainee_filings_any_specialty_recent", "positions_approved", "evidence_quote", "as_of",
)  # fmt: skip
# What explains a facet that is more than its column.
_ABOUT: Final = {
    "field": "The specialty itself, combined programs of which it is a part, and its subspecialties",
    "level": "Residency, fellowship or combined residency by its specialty; preliminary where such positions are known",
    "change": "What is stated, against the release before this one",
    "age": "Time from the date of the statement that decides to the day of the release; the day on which a page was saved is no date",
    "step3": "Whether Step 3 must be passed for an H-1B, and by which point of the cycle, as stated",
}
# Values that say that nothing is known, beside null.
_UNKNOWN: Final = frozenset({"?", "unknown", "not_stated", "not_listed", "none_known", "undated"})
_NULL: Final = {
    "routes": "limited nowhere in what is stated: not known",
    "cap_exempt_category": "no petitioner known",
    "age": "nothing stated",
}


def grid(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """Return rows (their number), columns (by name), facets (in order) and tones.

    A column is `values` and `codes`, a row's place in them, -1 for null; of lists `sets` of places in `values`, of which `codes` names
    one; of numbers `numbers`, null where unknown.
    """
    rows = tables[LIST].select(list(_READ)).to_pylist()
    causes: dict[str, str] = {}
    if "policy_changes" in tables:
        changed = tables["policy_changes"].select(["program_code", "cause"]).to_pylist()
        causes = {row["program_code"]: row["cause"] for row in changed}
    meanings = words()
    columns: dict[str, Any] = {name: coded([row[name] for row in rows]) for name in _PLAIN}
    for facet in FACETS:
        cells = [_cell(facet.name, row, causes) for row in rows]
        order = tuple(meanings[facet.name]) if facet.known else ()
        columns[facet.name] = (
            _coded_sets(cells, order) if facet.name in ("field", "level", "routes") else coded(cells, order)
        )
    shares = (row["sponsoring_likelihood"] for row in rows)
    columns["percent"] = {"numbers": [None if share is None else round(100 * share) for share in shares]}
    columns["filed"] = {"numbers": [row["trainee_filings_any_specialty_recent"] for row in rows]}
    return {
        "rows": len(rows),
        "columns": columns,
        "facets": [_described(facet, columns[facet.name]["values"], meanings.get(facet.name, {})) for facet in FACETS],
        "tones": TONES,
    }


def _described(facet: Facet, values: list[str], meanings: Mapping[str, str]) -> dict[str, Any]:
    about = _ABOUT.get(facet.name) or table(LIST).field(facet.column).description
    return {
        "name": facet.name,
        "label": facet.label,
        "about": about,
        "words": [meanings.get(value, value) for value in values],
        "unknown": [place for place, value in enumerate(values) if value in _UNKNOWN],
        "null": _NULL.get(facet.name, "not known"),
    }


def _cell(name: str, row: Row, causes: Mapping[str, str]) -> Any:
    derive = _DERIVED.get(name)
    if derive is not None:
        return derive(row)
    return causes.get(row["program_code"], "same") if name == "change" else row[name]


def _likelihood(row: Row) -> str:
    share = row["sponsoring_likelihood"]
    return "stated" if share is None else _band(share, _SHARES)


def _size(row: Row) -> str | None:
    positions = row["positions_approved"]
    return None if positions is None else _band(positions, _POSITIONS)


def _age(row: Row) -> str | None:
    if row["evidence_date"] is None:
        return "undated" if row["evidence_quote"] is not None else None
    return _age_on(row["evidence_date"], row["as_of"])


@functools.cache
def _age_on(day: dt.date, as_of: dt.date) -> str:
    known, today = pd.Timestamp(day), pd.Timestamp(as_of)
    return next((name for months, name in _MONTHS if known < today - pd.DateOffset(months=months)), "0")


def _band(number: float, bands: tuple[tuple[float, str], ...]) -> str:
    """Return the name of the first band, the highest first, that a number reaches; "0" where it reaches none."""
    return next((name for least, name in bands if number >= least), "0")


def _step3(row: Row) -> str:
    return f"by_{row['step3_due']}" if row["step3_due"] else row["step3_required_for_h1b"]


def _freeze(row: Row) -> str:
    return "frozen" if row["state_freeze"] else "none_known"


def _level(row: Row) -> list[str]:
    own = _levels().get(row["specialty"])
    return [*([own] if own else []), *(["preliminary"] if PRELIMINARY & set(row["track_kinds"]) else [])]


@functools.cache
def _levels() -> dict[str, str]:
    named = named_specialties()
    return dict(zip(named["name"], named["level"], strict=True))


def _fields(row: Row) -> list[str]:
    name = row["specialty"]
    if name is None:
        return []
    parts = _parts().get(name, frozenset())
    parents = frozenset(group_of(parent) for parent in parents_by_name().get(name, ()))
    return sorted(parts | parents or {group_of(name)})


@functools.cache
def _parts() -> dict[str, frozenset[str]]:
    return {name: parts for parts, name in combined_programs().items()}


_DERIVED: Final[dict[str, Callable[[Row], Any]]] = {
    "field": _fields,
    "level": _level,
    "likelihood": _likelihood,
    "step3": _step3,
    "freeze": _freeze,
    "size": _size,
    "age": _age,
}


def coded(cells: Iterable[Any], order: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return cells as `values`, in the order of a vocabulary and then of the alphabet, and `codes`, -1 for null."""
    cells = [cell if cell is None else str(cell) for cell in cells]
    places = {value: place for place, value in enumerate(_ordered(cells, order))}
    return {"values": list(places), "codes": [-1 if cell is None else places[cell] for cell in cells]}


def _coded_sets(cells: Iterable[list[str]], order: tuple[str, ...]) -> dict[str, Any]:
    cells = list(cells)
    places = {value: place for place, value in enumerate(_ordered([one for cell in cells for one in cell], order))}
    sets: dict[tuple[int, ...], int] = {}
    coded = [sets.setdefault(tuple(sorted(places[one] for one in cell)), len(sets)) for cell in cells]
    return {"values": list(places), "sets": [list(one) for one in sets], "codes": coded}


def _ordered(cells: Iterable[str | None], order: tuple[str, ...]) -> list[str]:
    """Return the values that occur, in the order of their vocabulary, then of the alphabet."""
    there = {cell for cell in cells if cell is not None}
    return [value for value in order if value in there] + sorted(there - set(order))

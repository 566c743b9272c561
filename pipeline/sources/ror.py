"""Research Organization Registry: organizations, active records of the United States only.

Built to the JSON of ROR, schema v2 and before (`ror_records.py`), and to a CSV excerpt compiled from its data dump. See
docs/sources/ror.md.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pandas as pd

from pipeline.schemas.vocabulary import STATES
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError, layout_by_header
from pipeline.sources.ror_records import is_records, is_single, records
from pipeline.sources.tabular.columns import blanks_to_null, known, required, states, unique, web_addresses
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

EXCERPT: Final = Layout(
    "ror",
    "csv_excerpt",
    "csv",
    (
        "ror_id", "name", "status", "types", "city", "state", "aliases", "labels", "acronyms", "website", "domains",
        "relationships",
    ),
)  # fmt: skip
DUMP: Final = Layout("ror", "json_dump_v2", "json")
STATUSES: Final = ("active", "inactive", "withdrawn")
TYPES: Final = (
    "archive", "company", "education", "facility", "funder", "government", "healthcare", "nonprofit", "other",
)  # fmt: skip
RELATIONS: Final = ("child", "parent", "predecessor", "related", "successor")
# GeoNames, whose places ROR uses, lists these as countries of their own.
SINGLE: Final = "single records, which stand beside a dump"
TERRITORIES: Final = ("AS", "GU", "MP", "PR", "VI")
ID_PATTERN: Final = r"https://ror\.org/0[0-9a-z]{8}"
FULL_AT_LEAST: Final = 20_000  # active US records; the registry has had more since 2019


def _recognise(probe: Probe) -> Layout | None:
    if probe.media == "json":
        return DUMP if is_records(probe.head) else None
    return layout_by_header((EXCERPT,), probe)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `ror_organizations`: one row for each record in scope."""
    return _read_dump(probe) if layout.name == DUMP.name else _read_excerpt(probe)


def _read_excerpt(probe: Probe) -> Parsed:
    sieve = read_csv(probe, "ror", {name: name for name in EXCERPT.columns})
    # Withdrawn and inactive records are out of scope, not bad: they don't count as rows of the file.
    known(sieve, "status", STATUSES, "status")
    sieve.leave_out(~(sieve.frame["status"] == "active").fillna(False))
    sieve.reject(~sieve.frame["ror_id"].str.fullmatch(ID_PATTERN), "ror_id is no ROR id")
    required(sieve, "name", "name")
    unique(sieve, "ror_id", "ROR id")
    lines = sieve.frame.index.to_numpy().tolist()
    relations = {line: _relations_of(text) for line, text in zip(lines, sieve.frame["relationships"], strict=True)}
    bad = [line for line, found in relations.items() if found is None]
    sieve.reject(
        pd.Series(sieve.frame.index.isin(bad), index=sieve.frame.index), "relationships are no list of triples"
    )
    sieve.require_rows()
    states(sieve, "state")
    sieve.frame["website"] = web_addresses(sieve.frame["website"])
    blanks_to_null(sieve, "city", "website")
    frame = sieve.frame
    table = pd.DataFrame(
        {
            "ror_id": frame["ror_id"],
            "name": frame["name"],
            "types": _lists(frame["types"]),
            "city": frame["city"],
            "state": frame["state"],
            "aliases": _lists(frame["aliases"] + "|" + frame["labels"]),
            "acronyms": _lists(frame["acronyms"]),
            "website": frame["website"],
            "domains": _lists(frame["domains"]),
            "relationships": pd.Series([relations[int(line)] for line in frame.index], frame.index, dtype="object"),
        }
    )
    for line, kinds in zip(table.index, table["types"], strict=True):
        _check(probe, int(line), "type", kinds, TYPES)
    for line, found in zip(table.index, table["relationships"], strict=True):
        _check(probe, int(line), "relationship", [link["kind"] for link in found], RELATIONS)
    return sieve.parsed({"ror_organizations": table})


def _lists(cells: pd.Series) -> pd.Series:
    """Return sorted lists of the parts between bars."""
    parts = [sorted({part.strip() for part in text.split("|")} - {""}) for text in cells]
    return pd.Series(parts, index=cells.index, dtype="object")


def _relations_of(text: str) -> list[dict[str, str]] | None:
    """Return links printed as JSON [[kind, name, id], …]; None where they are not."""
    try:
        triples = json.loads(text or "[]")
    except json.JSONDecodeError:
        return None
    if not isinstance(triples, list) or not all(
        isinstance(triple, list) and len(triple) == 3 and all(isinstance(part, str) for part in triple)
        for triple in triples
    ):
        return None
    return _sorted_links([{"kind": kind, "name": name, "ror_id": ror_id} for kind, name, ror_id in triples])


def _sorted_links(links: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(links, key=lambda link: (link["kind"], link["ror_id"], link["name"]))


def _check(probe: Probe, number: int, what: str, values: list[str], allowed: tuple[str, ...]) -> None:
    for value in values:
        if value not in allowed:
            raise SourceError(
                probe.name,
                f"unknown {what} {value!r}",
                row=number,
                remedy="If ROR's schema has grown, add it to pipeline/sources/ror.py",
            )


def _read_dump(probe: Probe) -> Parsed:
    rows: list[dict[str, Any]] = []
    wrong: list[int] = []
    reasons: list[str] = []
    contents: list[str] = []
    seen: set[str] = set()
    for number, record in enumerate(records(probe), start=1):
        try:
            row = _row(probe, number, record)
        except (AttributeError, TypeError) as error:
            raise SourceError(
                probe.name, f"record {number} is of no schema of ROR ({error})", remedy="Download it again from ROR"
            ) from error
        if row is None:
            continue
        reason = _fault(row, seen)
        if reason:
            wrong.append(number)
            reasons.append(reason)
            contents.append(json.dumps(record))
            continue
        seen.add(row["ror_id"])
        rows.append(row)
    if not rows:
        raise SourceError(probe.name, "no active record in the United States", remedy="Add the whole data dump")
    sieve = Sieve(probe.name, "ror", pd.DataFrame(rows), rows_in=len(rows) + len(wrong))
    if wrong:
        sieve.quarantine(wrong, reasons, contents)
    if is_single(probe.head):
        sieve.notes.append(SINGLE)
    return sieve.parsed({"ror_organizations": sieve.frame})


def _fault(row: dict[str, Any], seen: set[str]) -> str:
    if not row["ror_id"].startswith("https://ror.org/0"):
        return "id is no ROR id"
    if not row["name"]:
        return "no name of type ror_display"
    return "id occurs before in this file" if row["ror_id"] in seen else ""


def _us_place(probe: Probe, number: int, record: dict[str, Any]) -> tuple[str | None, str | None] | None:
    """Return city and state of the first location in the United States or a territory; None where there is none."""
    for location in record.get("locations") or []:
        details = location.get("geonames_details") or {}
        country, code = details.get("country_code"), details.get("country_subdivision_code")
        if country in TERRITORIES:
            return details.get("name"), country
        if country == "US":
            _check(probe, number, "state", [code] if code else [], STATES)
            return details.get("name"), code
    return None


def _row(probe: Probe, number: int, record: dict[str, Any]) -> dict[str, Any] | None:
    """Return a record as a row; None where it is out of scope: not active, or not in the United States."""
    _check(probe, number, "status", [str(record.get("status"))], STATUSES)
    place = _us_place(probe, number, record)
    if record["status"] != "active" or place is None:
        return None
    names = [(str(name.get("value") or "").strip(), set(name.get("types") or ())) for name in record.get("names") or []]
    display = next((value for value, kinds in names if "ror_display" in kinds), "")
    links = [
        {"kind": str(link.get("type")), "name": str(link.get("label")), "ror_id": str(link.get("id"))}
        for link in record.get("relationships") or []
    ]
    kinds = sorted(str(kind) for kind in record.get("types") or [])
    _check(probe, number, "type", kinds, TYPES)
    _check(probe, number, "relationship", [link["kind"] for link in links], RELATIONS)
    websites = [str(link.get("value")) for link in record.get("links") or [] if link.get("type") == "website"]
    return {
        "ror_id": str(record.get("id")),
        "name": display,
        "types": kinds,
        "city": place[0],
        "state": place[1],
        "aliases": sorted({value for value, of in names if value != display and of & {"alias", "label"}}),
        "acronyms": sorted({value for value, of in names if "acronym" in of}),
        "website": web_addresses(pd.Series(websites[:1] or [""])).iloc[0] or None,
        "domains": sorted(str(domain) for domain in record.get("domains") or []),
        "relationships": _sorted_links(links),
    }


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return the one part of a file; each record is one where they are single ones, which stand beside a dump."""
    rows = parsed.rows_kept
    if SINGLE in parsed.notes:
        ids = parsed.tables["ror_organizations"]["ror_id"].str.rpartition("/")[2]
        return tuple(Part(f"record:{name}", 1, full=False, note="a single record") for name in sorted(ids))
    full = rows >= FULL_AT_LEAST
    return (Part("all", rows, full=full, note="" if full else "excerpt: the registry has about 30,000 US records"),)


SOURCE: Final = Source(
    id="ror",
    title="Research Organization Registry data",
    producer="Research Organization Registry (ROR)",
    url="https://ror.readme.io/docs/data-dump",
    licence="CC0 1.0",
    layouts=(EXCERPT, DUMP),
    read=_read,
    parts=_parts,
    tables=("ror_organizations",),
    bounds=Bounds(25_000, 60_000),
    recogniser=_recognise,
    watched=("name", "state", "website"),
)

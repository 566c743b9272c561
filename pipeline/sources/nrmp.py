"""National Resident Matching Program, program results: positions offered and filled by track, one column pair a year.

Built to the NRMP's Program Results, published as PDF, and to two CSV layouts compiled from them, national and Florida. What belongs
here: what the figures mean and how they are checked; how the PDF becomes texts is in `nrmp_results.py`. See docs/sources/nrmp.md.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.reference.load import read_rows
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError, layout_by_header
from pipeline.sources.nrmp_results import CODE, is_results, read_results
from pipeline.sources.tabular.columns import blank_to_null, named_states, required, whole_numbers
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

NATIONAL: Final = Layout(
    "nrmp",
    "program_results",
    "csv",
    ("state", "institution", "city", "specialty_track", "nrmp_code", "specialty_code", "track_type"),
)
# SNHAF marks members of the Safety Net Hospital Alliance of Florida: the list is Florida's, which it doesn't say else.
FLORIDA: Final = Layout(
    "nrmp",
    "florida",
    "csv",
    ("Table", "Sponsoring Institution", "SNHAF", "City", "Specialty", "Program Code"),
)
RESULTS: Final = Layout("nrmp", "program_results_pdf", "pdf")
NATIONAL_COLUMNS: Final = {
    "state": "state",
    "institution": "institution",
    "city": "city",
    "specialty_track": "specialty",
    "nrmp_code": "nrmp_code",
}
FLORIDA_COLUMNS: Final = {
    "Table": "match",
    "Sponsoring Institution": "institution",
    "City": "city",
    "Specialty": "specialty",
    "Program Code": "nrmp_code",
}
NATIONAL_STATES: Final = 40  # programs of all 50 states, DC and Puerto Rico take part; a regional list has far fewer
MATCHES: Final = ("Main", "Specialty")
_NOT_OFFERED: Final = "--"
_KINDS: Final = {
    "C": "categorical", "P": "preliminary", "A": "advanced", "R": "physician_only", "M": "primary_care",
    "F": "fellowship", "S": "fellowship",
}  # fmt: skip
_TRANSITIONAL: Final = "999"


@dataclass(frozen=True)
class Total:
    """Positions of a year's Main Residency Match that were offered and filled, as NRMP published them."""

    offered: int
    filled: int


def _recognise(probe: Probe) -> Layout | None:
    if probe.media == "pdf":
        return RESULTS if is_results(probe.first_text) else None
    return layout_by_header((NATIONAL, FLORIDA), probe)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `nrmp_tracks`: one row for each track and year. Raises SourceError where a year has more than was published."""
    sieve, years = _results(probe) if layout == RESULTS else _compiled(probe, layout)
    if layout == FLORIDA:
        sieve.frame["state"] = "FL"
        sieve.reject(~sieve.frame["match"].isin(MATCHES), "Table is neither Main nor Specialty")
    else:
        required(sieve, "state", "state")
        named_states(sieve, "state")
    required(sieve, "institution", "institution")
    sieve.reject(~sieve.frame["nrmp_code"].str.fullmatch(CODE), "no NRMP program code")
    for year in years:
        _positions(sieve, f"quota {year}", f"matched {year}")
    sieve.require_rows()
    tracks = _long(sieve.frame, years)
    _check_totals(probe, tracks)
    return sieve.parsed({"nrmp_tracks": tracks})


def _results(probe: Probe) -> tuple[Sieve, list[int]]:
    """Return the tracks of a PDF as texts, and its years from the earliest."""
    tracks, years = read_results(probe)
    return Sieve(probe.name, "nrmp", tracks, rows_in=len(tracks)), sorted(years)


def _compiled(probe: Probe, layout: Layout) -> tuple[Sieve, list[int]]:
    """Return the tracks of a CSV file as texts, and its years from the earliest."""
    national = layout == NATIONAL
    pairs = _pairs(probe, r"(quota|matched)_(\d{4})" if national else r"(\d{4}) (Quota|Matched)")
    columns = dict(NATIONAL_COLUMNS if national else FLORIDA_COLUMNS)
    for year, (quota, matched) in pairs.items():
        columns |= {quota: f"quota {year}", matched: f"matched {year}"}
    return read_csv(probe, "nrmp", columns), list(pairs)


def _pairs(probe: Probe, pattern: str) -> dict[int, tuple[str, str]]:
    """Find the header cells of positions offered and filled by year. Raises SourceError where one of the two or all are missing."""
    found: dict[int, dict[str, str]] = {}
    for cell in (cell.strip() for cell in probe.header):
        match = re.fullmatch(pattern, cell)
        if match:
            year, kind = (match[2], match[1]) if match[2].isdigit() else (match[1], match[2])
            found.setdefault(int(year), {})[kind.lower()] = cell
    half = sorted(year for year, cells in found.items() if len(cells) < 2)
    if half or not found:
        problem = f"{half[0]} has positions offered or filled, not both" if half else "no column of positions offered"
        raise SourceError(probe.name, problem, row=1, remedy="Add the file in its published layout")
    return {year: (cells["quota"], cells["matched"]) for year, cells in sorted(found.items())}


def _positions(sieve: Sieve, quota: str, matched: str) -> None:
    """Convert both columns to whole numbers, null in years in which the track was not offered."""
    absent = [(sieve.frame[name] == _NOT_OFFERED) | (sieve.frame[name] == "") for name in (quota, matched)]
    sieve.reject(absent[0] != absent[1], f"only one of {quota} and {matched}")
    for name in (quota, matched):
        sieve.frame[name] = sieve.frame[name].mask(sieve.frame[name] == _NOT_OFFERED, "")
        whole_numbers(sieve, name, blank=None)
    more = (sieve.frame[matched] > sieve.frame[quota]).fillna(False).astype("bool")
    sieve.reject(more, f"{matched} is more than {quota}")


def _long(frame: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Return one row for each track and year in which it was offered."""
    same = pd.DataFrame(
        {
            "nrmp_code": frame["nrmp_code"],
            "state": frame["state"],
            "institution": frame["institution"],
            "city": blank_to_null(frame["city"]),
            "specialty": blank_to_null(frame["specialty"]),
            "specialty_code": frame["nrmp_code"].str.slice(4, 7),
            "track_kind": _kinds(frame["nrmp_code"]),
        }
    )
    blocks = [
        same.assign(match_year=year, quota=frame[f"quota {year}"], matched=frame[f"matched {year}"]) for year in years
    ]
    tracks = pd.concat(blocks, ignore_index=True)
    return tracks[tracks["quota"].notna()].reset_index(drop=True)


def _kinds(codes: pd.Series) -> pd.Series:
    """Return the kind of each track, a word of TRACK_KIND; null for an unknown letter."""
    kinds = codes.str.slice(7, 8).map(_KINDS).astype("str")
    return kinds.mask((kinds == "preliminary") & (codes.str.slice(4, 7) == _TRANSITIONAL), "transitional")


def _part_of(tracks: pd.DataFrame) -> pd.Series:
    return tracks["match_year"].astype("str") + " " + tracks["state"]


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    # A state's list of a year is whole in every layout; so a national file never hides a fuller one of a state.
    tracks = parsed.tables["nrmp_tracks"]
    short = {
        year: f"{year}: {offered:,} positions offered, {filled:,} filled; published are {total.offered:,}, {total.filled:,}"
        for year, offered, filled, total in _compared(tracks)
        if offered < total.offered or filled < total.filled
    }
    rows = tracks.assign(part=_part_of(tracks)).groupby(["part", "match_year"]).size()
    return tuple(
        Part(str(name), int(count), full=year not in short, note=short.get(year, ""))
        for (name, year), count in zip(rows.index.tolist(), rows.tolist(), strict=True)
    )


def _compared(tracks: pd.DataFrame) -> Iterator[tuple[int, int, int, Total]]:
    """Yield year, positions offered and filled, and the published total, for years of which a national table and a total exist."""
    totals = _totals()
    for year, rows in tracks.groupby("match_year"):
        if (total := totals.get(int(str(year)))) and rows["state"].nunique() >= NATIONAL_STATES:
            yield int(str(year)), int(rows["quota"].sum()), int(rows["matched"].sum()), total


def _check_totals(probe: Probe, tracks: pd.DataFrame) -> None:
    """Check that no year has more positions than were published. Raises SourceError otherwise: rows were counted twice or misread."""
    for year, offered, filled, total in _compared(tracks):
        if offered > total.offered or filled > total.filled:
            raise SourceError(
                probe.name,
                f"{year} has {offered:,} positions offered and {filled:,} filled, "
                f"and NRMP published {total.offered:,} and {total.filled:,}",
                remedy="Add the file as published, without rows from elsewhere",
            )


@functools.cache
def _totals() -> dict[int, Total]:
    return {
        int(row["match_year"]): Total(int(row["offered"]), int(row["filled"])) for row in read_rows("nrmp_totals.csv")
    }


SOURCE: Final = Source(
    id="nrmp",
    title="NRMP program results",
    producer="National Resident Matching Program",
    url="https://www.nrmp.org/match-data/",
    licence="facts compiled from published results",
    layouts=(NATIONAL, FLORIDA, RESULTS),
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("nrmp_tracks",),
    bounds=Bounds(1, 2_000, 0.02),
    recogniser=_recognise,
    watched=("institution", "city", "specialty"),
    totals=("quota", "matched"),
    period_of=lambda part: part.partition(" ")[0],
    apart=(FLORIDA.name,),
)

"""National Resident Matching Program, program results: positions offered and filled by track, one column pair a year.

Built to two CSV layouts, national and Florida, compiled from the NRMP's Program Results, which are published as PDF. See
docs/sources/nrmp.md.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError
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
MATCHES: Final = ("Main", "Specialty")
_CODE = r"\d{4}[0-9A-Z]{3}[A-Z]\d"
_NOT_OFFERED: Final = "--"


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `nrmp_tracks`: one row for each track and year."""
    national = layout.name == NATIONAL.name
    pairs = _pairs(probe, r"(quota|matched)_(\d{4})" if national else r"(\d{4}) (Quota|Matched)")
    columns = dict(NATIONAL_COLUMNS if national else FLORIDA_COLUMNS)
    for year, (quota, matched) in pairs.items():
        columns |= {quota: f"quota {year}", matched: f"matched {year}"}
    sieve = read_csv(probe, "nrmp", columns)
    if national:
        required(sieve, "state", "state")
        named_states(sieve, "state")
    else:
        sieve.frame["state"] = "FL"
        sieve.reject(~sieve.frame["match"].isin(MATCHES), "Table is neither Main nor Specialty")
    required(sieve, "institution", "institution")
    sieve.reject(~sieve.frame["nrmp_code"].str.fullmatch(_CODE), "no NRMP program code")
    for year in pairs:
        _positions(sieve, f"quota {year}", f"matched {year}")
    sieve.require_rows()
    return sieve.parsed({"nrmp_tracks": _long(sieve.frame, list(pairs))})


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
        }
    )
    blocks = [
        same.assign(match_year=year, quota=frame[f"quota {year}"], matched=frame[f"matched {year}"]) for year in years
    ]
    tracks = pd.concat(blocks, ignore_index=True)
    return tracks[tracks["quota"].notna()].reset_index(drop=True)


def _part_of(tracks: pd.DataFrame) -> pd.Series:
    return tracks["match_year"].astype("str") + " " + tracks["state"]


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    # A state's list of a year is whole in either layout; so a national file never hides a fuller one of a state.
    rows = _part_of(parsed.tables["nrmp_tracks"]).value_counts().sort_index()
    return tuple(Part(str(name), int(count), full=True) for name, count in rows.items())


SOURCE: Final = Source(
    id="nrmp",
    title="NRMP program results",
    producer="National Resident Matching Program",
    url="https://www.nrmp.org/match-data/",
    licence="facts compiled from published results",
    layouts=(NATIONAL, FLORIDA),
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("nrmp_tracks",),
    bounds=Bounds(1, 2_000, 0.02),
)

"""How much of what there is the lists have: programs against the Match, and against the numbers that the ACGME published.

What belongs here: counting, and the words for it. Which program a track of the Match is, is decided in `linkage`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import MATCH_COVERAGE
from pipeline.specialties.recognise import specialty_by_code
from pipeline.specialties.vocabulary import named_specialties

# Column grouped_by -> the columns that tell its rows apart.
_GROUPINGS: Final[dict[str, list[str]]] = {
    "total": [],
    "level": ["level"],
    "specialty": ["specialty"],
    "state": ["state"],
    "specialty_state": ["specialty", "state"],
    "specialty_city": ["specialty", "state", "city", "metro_area"],
}
_WHERE: Final = ["level", "specialty", "state", "city", "metro_area"]
_COUNTS: Final = [
    "programs_listed", "programs_in_match", *(f"match_{word}" for word in MATCH_COVERAGE), "positions_in_match",
    "positions_missing",
]  # fmt: skip
_COLUMNS: Final = table("coverage").columns
NATIONAL: Final = 40  # states that a national list of the Match has at least


def coverage(programs: pd.DataFrame, tracks: pd.DataFrame) -> pd.DataFrame:
    """Return table `coverage`. programs: table programs. tracks: as `linkage` returns those of the newest Match, with coverage."""
    facts = pd.concat([_listed(programs), _in_match(tracks)], ignore_index=True)
    rows = [_grouped(facts, name, columns) for name, columns in _GROUPINGS.items()]
    answer = pd.concat(rows, ignore_index=True)
    counts = answer.astype(dict.fromkeys(_COUNTS, "Int64"))
    unknown = _without_match(counts, tracks)
    counts[_COUNTS[1:]] = counts[_COUNTS[1:]].mask(unknown)
    published = _published()
    joined = counts.assign(_level=counts["level"].where(counts["grouped_by"] == "level")).merge(
        published, how="left", left_on=["grouped_by", "_level"], right_on=["grouped_by", "level_published"]
    )
    return joined.reindex(columns=list(_COLUMNS))


def programs_missing(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return table `programs_missing`. tracks: as for `coverage`."""
    rows = tracks[tracks["coverage"] != MATCH_COVERAGE[0]]
    named = rows.assign(
        track=rows["specialty"],
        specialty=specialty_by_code(rows["specialty_code"]),
        positions_offered=rows["quota"],
        positions_filled=rows["matched"],
        possible_program_code=rows["program_code"],
    )
    return named[list(table("programs_missing").columns)]


def _without_match(rows: pd.DataFrame, tracks: pd.DataFrame) -> pd.Series:
    """Decide which rows the Match at hand says nothing of: it has no track of the state, or of the specialty, at all."""
    known_states, known_specialties = set(tracks["state"]), set(_specialty(tracks))
    other_state = rows["state"].notna() & ~rows["state"].isin(known_states)
    other_specialty = rows["specialty"].notna() & ~rows["specialty"].isin(known_specialties)
    return other_state | other_specialty | (rows["level"] == "subspecialty") | tracks.empty


def _specialty(rows: pd.DataFrame) -> pd.Series:
    return specialty_by_code(rows["specialty_code"]).fillna(rows["specialty"])


def _listed(programs: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each listed program: where it counts, and 1."""
    levels = named_specialties().drop_duplicates("specialty_code").set_index("specialty_code")["level"]
    fellowship = programs["specialty_code"].map(levels) == "fellowship"
    level = pd.Series("specialty", index=programs.index, dtype="str").mask(fellowship, "subspecialty")
    where = programs[["state", "city", "metro_area"]].assign(level=level, specialty=_specialty(programs))
    return where.assign(programs_listed=1)


def _in_match(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each track: where it counts, its positions, and 1 for the first of each program of the Match."""
    first = (~tracks.duplicated("match_program")).astype("int64")
    missing = tracks["coverage"] == "missing"
    where = tracks[["state", "city", "metro_area", "match_year"]].assign(
        level="specialty", specialty=_specialty(tracks), match_state=tracks["state"]
    )
    return where.assign(
        programs_in_match=first,
        positions_in_match=tracks["quota"],
        positions_missing=tracks["quota"].where(missing, 0),
        **{f"match_{word}": first * (tracks["coverage"] == word) for word in MATCH_COVERAGE},
    )


def _grouped(facts: pd.DataFrame, name: str, columns: list[str]) -> pd.DataFrame:
    """Return the counts of `facts` by `columns`; a place without a city counts, too."""
    keys = columns or [pd.Series(0, index=facts.index)]
    groups = facts.groupby(keys, dropna=False, sort=True)
    sums = groups[_COUNTS].sum().fillna(0)
    sums["match_states"] = groups["match_state"].nunique()
    years = groups["match_year"].agg(["min", "max"]).astype("Int64")
    sums["match_years"] = years["min"].astype("str").where(years["min"].notna())
    if (years["min"] != years["max"]).any():
        sums["match_years"] = [_years(rows["match_state"], rows["match_year"]) for _, rows in groups]
    rows = sums.reset_index() if columns else sums.reset_index(drop=True)
    return rows.assign(grouped_by=name, **{column: None for column in _WHERE if column not in columns})


def _years(states: pd.Series, years: pd.Series) -> str | None:
    """Say of which year the Match compared with is: that of most states, then with their states those of others, `2022 (FL 2026)`;
    None where there is none."""
    newest = years.groupby(states).max().dropna().astype("int64")
    if newest.empty:
        return None
    usual = newest.mode().max()
    others = newest[newest != usual].sort_values(kind="stable")
    named = [f"{', '.join(of.index)} {year}" for year, of in others.groupby(others)]
    return f"{usual} ({'; '.join(named)})" if named else str(usual)


def _published() -> pd.DataFrame:
    """Return the newest published numbers, by grouped_by and level_published (null for all)."""
    rows = read_reference("acgme_program_counts.csv").sort_values("academic_year").drop_duplicates("level", keep="last")
    every = rows["level"] == "all"
    return pd.DataFrame(
        {
            "grouped_by": every.map({True: "total", False: "level"}),
            "level_published": rows["level"].mask(every),
            "programs_published": pd.to_numeric(rows["programs"]).astype("Int64"),
            "published_year": rows["academic_year"],
            "published_source": rows["source"],
        }
    )


def rows_about(
    counted: pd.DataFrame,
    *,
    specialties: Callable[[str], bool] | None,
    states: Sequence[str],
    metros: Sequence[str],
    either: bool = False,
) -> pd.DataFrame:
    """Return the rows of table `coverage` that together count the programs of some specialties in some places.

    specialties: whether a specialty is meant; None: all. states: codes; metros: parts of names of metropolitan areas, whatever their case;
    none: all. either: whether one of state and area is enough, not both. Without any condition the row of the total.
    """
    if specialties is None and not states and not metros:
        return counted[counted["grouped_by"] == "total"]
    rows = counted[counted["grouped_by"] == "specialty_city"]
    if specialties is not None:
        rows = rows[rows["specialty"].map(lambda name: isinstance(name, str) and specialties(name)).astype("bool")]
    areas: list[str] = rows["metro_area"].str.lower().fillna("").tolist()
    in_states = rows["state"].isin(list(states))
    in_metros = pd.Series([any(metro.lower() in area for metro in metros) for area in areas], rows.index, dtype="bool")
    if states and metros:
        return rows[in_states | in_metros if either else in_states & in_metros]
    return rows[in_states | in_metros] if states or metros else rows


def totals(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the sums of rows of `coverage` of one grouping as plain numbers, match_years in words; None for what is unknown."""
    sums: dict[str, Any] = {name: int(rows[name].sum()) for name in _COUNTS}
    sums["match_states"] = (
        int(rows["match_states"].max()) if rows["grouped_by"].eq("total").all() and len(rows) else None
    )
    # Rows of one place have its year alone; the total has all of them in words.
    stated_years = rows["match_years"].dropna()
    sums["match_years"] = (
        str(stated_years.iloc[0]) if len(stated_years) == 1 else _years(rows["state"], pd.to_numeric(stated_years))
    )
    published = rows[["programs_published", "published_year"]].dropna()
    sums["programs_published"] = (
        int(published["programs_published"].iloc[0]) if len(published) == len(rows) == 1 else None
    )
    sums["published_year"] = str(published["published_year"].iloc[0]) if sums["programs_published"] else None
    return sums


def in_words(sums: dict[str, Any]) -> str:
    """Say what `totals` returned in one line, and where the missing ones are listed if there are any."""
    parts = [f"{sums['programs_listed']:,} programs listed"]
    if sums["programs_published"]:
        parts[0] += f" of {sums['programs_published']:,} that the ACGME accredited in {sums['published_year']}"
    if sums["match_years"]:
        states = sums["match_states"]
        of_states = f" (at hand for {states} of the states)" if states and states < NATIONAL else ""
        parts.append(
            f"the Match of {sums['match_years']}{of_states} has {sums['programs_in_match']:,} residency programs, of which {_found(sums)}"
        )
    to_look = ": see programs_missing.parquet" if sums["match_missing"] or sums["match_in_doubt"] else ""
    return "; ".join(parts) + to_look


def _found(sums: dict[str, Any]) -> str:
    counts: Sequence[tuple[str, str]] = (
        ("match_listed", "are listed"),
        ("match_in_doubt", "in doubt"),
        ("match_missing", "missing"),
    )
    return ", ".join(f"{sums[name]:,} {word}" for name, word in counts if sums[name] or name != "match_in_doubt")

"""Positions of the Match: of one year, for a program that is beyond doubt."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.linkage.links.positions import match_positions
from pipeline.schemas.frames import empty_frame

PROGRAMS = pd.DataFrame(
    {"program_code": ["1400500023"], "specialty_code": ["140"], "institution_id": ["inst_1"], "city": ["Orange"]}
)


def institutions() -> pd.DataFrame:
    row = {"institution_id": "inst_1", "name": "Irvine Medical Center", "state": "CA", "aliases": [[]]}
    return pd.DataFrame(row).reindex(columns=empty_frame("institutions").columns)


def matched(*rows: tuple[str, str, int, int, int]) -> list[dict[str, Any]]:
    """The answer for tracks of the one program, given as kind, city, year, positions offered and filled."""
    tracks = pd.DataFrame(rows, columns=["track_kind", "city", "match_year", "quota", "matched"]).assign(
        specialty_code="140", institution="Irvine Medical Center-CA", state="CA"
    )
    return match_positions(tracks, PROGRAMS, institutions()).astype(object).to_dict("records")


def positions(*rows: tuple[str, str, int, int, int]) -> list[list[object]]:
    """Positions found beside the preliminary ones: program, offered, filled, year."""
    names = ("program_code", "positions_offered_in_match", "positions_matched", "match_year")
    return [[row[name] for name in names] for row in matched(*rows)]


def test_tracks_of_the_newest_year_are_summed() -> None:
    rows = (("categorical", "Orange", 2022, 30, 29), ("primary_care", "Orange", 2022, 2, 2))
    assert positions(*rows, ("categorical", "Orange", 2021, 28, 28)) == [["1400500023", 32, 31, 2022]]


def test_an_older_year_in_another_city_is_not_added() -> None:
    rows = (("categorical", "Orange", 2022, 31, 31), ("categorical", "Irvine", 2017, 33, 33))
    assert positions(*rows) == [["1400500023", 31, 31, 2022]]


def test_preliminary_positions_are_kept_apart_and_hide_no_year_of_the_others() -> None:
    [row] = matched(("preliminary", "Orange", 2022, 8, 7), ("categorical", "Orange", 2021, 30, 29))
    assert (row["positions_offered_in_match"], row["match_year"]) == (30, 2021)
    assert row["match_tracks"] == [
        {"kind": "categorical", "offered": 30, "filled": 29, "match_year": 2021},
        {"kind": "preliminary", "offered": 8, "filled": 7, "match_year": 2022},
    ]


def test_a_program_with_preliminary_positions_alone_has_no_figures_of_its_own() -> None:
    [row] = matched(("preliminary", "Orange", 2022, 8, 7))
    assert pd.isna(row["positions_offered_in_match"]) and len(row["match_tracks"]) == 1

"""Positions of the Match: of one year, for a program that is beyond doubt."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.links.positions import match_positions
from pipeline.schemas.frames import empty_frame

PROGRAMS = pd.DataFrame(
    {"program_code": ["1400500023"], "specialty_code": ["140"], "institution_id": ["inst_1"], "city": ["Orange"]}
)


def institutions() -> pd.DataFrame:
    row = {"institution_id": "inst_1", "name": "Irvine Medical Center", "state": "CA", "aliases": [[]]}
    return pd.DataFrame(row).reindex(columns=empty_frame("institutions").columns)


def positions(*rows: tuple[str, int, int, int]) -> list[list[object]]:
    """Positions found for tracks of the one program, given as city, year, positions offered and filled."""
    tracks = pd.DataFrame(rows, columns=["city", "match_year", "quota", "matched"]).assign(
        nrmp_code=[f"1033140C{place}" for place in range(len(rows))],
        specialty_code="140",
        institution="Irvine Medical Center-CA",
        state="CA",
    )
    return match_positions(tracks, PROGRAMS, institutions()).to_numpy().tolist()


def test_tracks_of_the_newest_year_are_summed() -> None:
    assert positions(("Orange", 2022, 30, 29), ("Orange", 2022, 2, 2), ("Orange", 2021, 28, 28)) == [
        ["1400500023", 32, 31, 2022]
    ]


def test_an_older_year_in_another_city_is_not_added() -> None:
    assert positions(("Orange", 2022, 31, 31), ("Irvine", 2017, 33, 33)) == [["1400500023", 31, 31, 2022]]

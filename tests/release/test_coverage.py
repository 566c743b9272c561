"""The table of coverage: sums that fit together, what is unknown, and the words for what was asked."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.release.coverage import coverage, in_words, programs_missing, rows_about, totals
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame

LA, BAY = "Los Angeles-Long Beach-Anaheim, CA", "San Francisco-Oakland-Fremont, CA"
PROGRAMS = pd.DataFrame(
    {
        "program_code": ["1400500001", "1400500002", "4000500001", "1402400001", "1410500001", "2400500001"],
        "specialty_code": ["140", "140", "400", "140", "141", "240"],
        "specialty": [
            "Internal Medicine",
            "Internal Medicine",
            "Psychiatry",
            "Internal Medicine",
            "Cardiology",
            "Eyes",
        ],
        "city": ["Los Angeles", "Pasadena", "San Francisco", "Boston", "Los Angeles", None],
        "state": ["CA", "CA", "CA", "MA", "CA", "CA"],
        "metro_area": [LA, LA, BAY, None, LA, None],
    }
)


def tracks(*rows: tuple[str, int, str, str, str, str | None, int, str]) -> pd.DataFrame:
    """Tracks of (NRMP code, program of the Match, specialty code, city, state, area, positions, coverage)."""
    columns = ["nrmp_code", "match_program", "specialty_code", "city", "state", "metro_area", "quota", "coverage"]
    frame = pd.DataFrame(rows, columns=columns).assign(
        institution="X", specialty="as printed", match_year=2022, matched=1, program_code=None
    )
    return frame.astype({"quota": "Int64", "matched": "Int64", "program_code": "str"})


TRACKS = tracks(
    ("1000140C0", 0, "140", "Los Angeles", "CA", LA, 20, "listed"),
    ("1000140P0", 0, "140", "Los Angeles", "CA", LA, 5, "listed"),
    ("1001140C0", 1, "140", "Los Angeles", "CA", LA, 8, "missing"),
    ("1002140C0", 2, "140", "Torrance", "CA", LA, 9, "in_doubt"),
    ("1003400C0", 3, "400", "San Francisco", "CA", BAY, 6, "listed"),
)


@pytest.fixture(scope="module")
def counted() -> pd.DataFrame:
    made = to_frame(to_arrow(coverage(PROGRAMS, TRACKS), "coverage"))
    assert violations(made, "coverage") == []
    return made


def row(counted: pd.DataFrame, grouped_by: str, **where: str) -> pd.Series:
    rows = counted[counted["grouped_by"] == grouped_by]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    (found,) = [one for _, one in rows.iterrows()]
    return found


COUNTS = [
    "programs_listed",
    "programs_in_match",
    "match_listed",
    "match_in_doubt",
    "match_missing",
    "positions_missing",
]


@pytest.mark.parametrize(
    ("grouped_by", "where", "counts"),
    [
        ("total", {}, [6, 4, 2, 1, 1, 8]),
        ("specialty", {"specialty": "Internal Medicine"}, [3, 3, 1, 1, 1, 8]),
        ("state", {"state": "CA"}, [5, 4, 2, 1, 1, 8]),
        ("specialty_state", {"specialty": "Psychiatry", "state": "CA"}, [1, 1, 1, 0, 0, 0]),
        ("specialty_city", {"specialty": "Internal Medicine", "city": "Los Angeles"}, [1, 2, 1, 0, 1, 8]),
        ("specialty_city", {"city": "Torrance"}, [0, 1, 0, 1, 0, 0]),
        ("level", {"level": "specialty"}, [5, 4, 2, 1, 1, 8]),
    ],
)
def test_counts(counted: pd.DataFrame, grouped_by: str, where: dict[str, str], counts: list[int]) -> None:
    assert row(counted, grouped_by, **where)[COUNTS].tolist() == counts


@pytest.mark.parametrize(
    ("grouped_by", "where"),
    [
        ("state", {"state": "MA"}),  # the Match at hand has no track of it
        ("specialty", {"specialty": "Ophthalmology"}),  # has a match of its own
        ("specialty", {"specialty": "Cardiovascular Disease"}),
        ("level", {"level": "subspecialty"}),
    ],
)
def test_where_the_match_says_nothing_its_numbers_are_unknown_and_not_zero(
    counted: pd.DataFrame, grouped_by: str, where: dict[str, str]
) -> None:
    found = row(counted, grouped_by, **where)
    assert found["programs_listed"] == 1 and found[COUNTS[1:]].isna().all() and pd.isna(found["match_years"])


def test_groups_add_up_to_the_total(counted: pd.DataFrame) -> None:
    total = row(counted, "total")
    for grouped_by in ("level", "specialty", "state", "specialty_state", "specialty_city"):
        sums = counted[counted["grouped_by"] == grouped_by][COUNTS].sum()
        assert sums.tolist() == total[COUNTS].tolist(), grouped_by


def test_published_numbers_stand_beside_the_total_and_the_levels_only(counted: pd.DataFrame) -> None:
    total, residencies, fellowships = (
        row(counted, "total"), row(counted, "level", level="specialty"), row(counted, "level", level="subspecialty"),
    )  # fmt: skip
    assert (
        total["programs_published"] == residencies["programs_published"] + fellowships["programs_published"] == 13_393
    )
    assert (total["published_year"], "Data Resource Book" in total["published_source"]) == ("2023-24", True)
    assert counted.loc[~counted["grouped_by"].isin(["total", "level"]), "programs_published"].isna().all()


def test_of_which_year_the_match_is_is_said_by_state() -> None:
    newer = TRACKS.assign(state=["CA", "CA", "CA", "MA", "FL"], match_year=[2022, 2022, 2022, 2022, 2026])
    made = to_frame(to_arrow(coverage(PROGRAMS, newer), "coverage"))
    assert row(made, "total")["match_years"] == "2022 (FL 2026)"
    assert row(made, "state", state="FL")["match_years"] == "2026"
    in_cities = made[made["grouped_by"] == "specialty_city"]
    assert totals(in_cities)["match_years"] == "2022 (FL 2026)"
    assert totals(in_cities[in_cities["state"] == "CA"])["match_years"] == "2022"
    assert "the Match of 2022 (FL 2026) has" in in_words(totals(in_cities))


def test_without_a_match_only_the_list_is_counted() -> None:
    made = to_frame(to_arrow(coverage(PROGRAMS, TRACKS.iloc[:0]), "coverage"))
    assert made["programs_in_match"].isna().all() and made["programs_listed"].sum() > 0
    assert in_words(totals(made[made["grouped_by"] == "state"])) == "6 programs listed"


@pytest.mark.parametrize(
    ("specialties", "states", "metros", "words"),
    [
        (None, [], [], "6 programs listed of 13,393 that the ACGME accredited in 2023-24; the Match of 2022 (at hand for 1 of the "
                       "states) has 4 residency programs, "
                       "of which 2 are listed, 1 in doubt, 1 missing: see programs_missing.parquet"),
        ("internal medicine", [], ["los angeles"], "2 programs listed; the Match of 2022 has 3 residency programs, of which 1 are "
                                                   "listed, 1 in doubt, 1 missing: see programs_missing.parquet"),
        ("psychiatry", ["CA"], [], "1 programs listed; the Match of 2022 has 1 residency programs, of which 1 are listed, 0 missing"),
        ("internal medicine", ["MA"], [], "1 programs listed"),
        ("nothing such", [], [], "0 programs listed"),
    ],
)  # fmt: skip
def test_what_was_asked_in_words(
    counted: pd.DataFrame, specialties: str | None, states: list[str], metros: list[str], words: str
) -> None:
    meant = (lambda name: specialties in name.lower()) if specialties else None
    rows = rows_about(counted, specialties=meant, states=states, metros=metros)
    assert in_words(totals(rows)) == words


def test_places_are_both_or_either(counted: pd.DataFrame) -> None:
    for either, listed in ((False, 0), (True, 4)):
        rows = rows_about(counted, specialties=None, states=["MA"], metros=["los angeles"], either=either)
        assert rows["programs_listed"].sum() == listed


def test_missing_programs_are_tracks_with_their_positions() -> None:
    made = to_frame(to_arrow(programs_missing(TRACKS), "programs_missing"))
    assert violations(made, "programs_missing") == []
    columns = ["nrmp_code", "specialty", "track", "positions_offered", "coverage"]
    assert made[columns].to_numpy().tolist() == [
        ["1001140C0", "Internal Medicine", "as printed", 8, "missing"],
        ["1002140C0", "Internal Medicine", "as printed", 9, "in_doubt"],
    ]
    assert programs_missing(empty_frame("nrmp_tracks").assign(coverage="", program_code="", metro_area="")).empty

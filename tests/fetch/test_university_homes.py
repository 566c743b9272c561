"""Home pages from the list of university domains: only where the line can be no other university's."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.fetch.seeds import home_seeds
from pipeline.fetch.university_homes import university_homes
from pipeline.schemas.frames import empty_frame

DOMAINS = [
    ("Example University", None, ["example.edu"]),
    ("Trinity College", None, ["trincoll.edu"]),
    ("Trinity College", "Florida", ["trinitycollege.edu"]),
    ("Union College", "Lincoln, NE", ["ucollege.edu"]),
    ("Union College", "NY", ["union.edu"]),
    ("Two Domain University", None, ["research.twodomain.edu", "two.edu"]),
    ("City College", "San Francisco", ["ccsf.edu"]),
]


def table(rows: list[tuple[str, str | None, list[str]]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "state_name", "domains"])


def institutions(*names: tuple[str, str]) -> pd.DataFrame:
    ids = [f"inst_{number}" for number in range(len(names))]
    return pd.DataFrame(names, columns=["name", "state"]).assign(
        institution_id=ids, city="Town", unitid=None, ror_id=None
    )


@pytest.mark.parametrize(
    ("listed", "domain"),
    [
        ([("Example University", "OH")], "example.edu"),
        ([("EXAMPLE UNIVERSITY, INC.", "OH")], "example.edu"),
        ([("Example University Hospital", "OH")], None),
        ([("Union College", "NE"), ("Union College", "KY")], "ucollege.edu"),
        ([("Union College", "NY")], "union.edu"),
        ([("Union College", "KY")], None),
        ([("Trinity College", "CT")], None),
        ([("Trinity College", "FL")], "trinitycollege.edu"),
        ([("Example University", "OH"), ("Example University", "TX")], None),
        ([("Two Domain University", "OH")], "two.edu"),
        ([("City College", "CA")], None),
    ],
)
def test_a_line_is_an_institutions_by_name_and_state(listed: list[tuple[str, str]], domain: str | None) -> None:
    found = university_homes(institutions(*listed), table(DOMAINS))
    assert found.astype("object").where(found.notna(), None).iloc[0] == domain


def test_it_is_asked_only_where_no_register_gives_an_address() -> None:
    listed = institutions(("Example University", "OH"), ("Two Domain University", "OH")).assign(unitid=["1", None])
    ipeds = pd.DataFrame({"unitid": ["1"], "website": ["www.example.org"]})
    ror = pd.DataFrame({"ror_id": ["r"], "website": ["https://r.org"]})
    seeds = [
        (seed.url, seed.about.institution, seed.institution_id)
        for seed in home_seeds(listed, ipeds, ror, table(DOMAINS))
    ]
    assert seeds == [
        ("https://www.example.org/", "Example University", "inst_0"),
        ("https://two.edu/", "Two Domain University", "inst_1"),
    ]
    assert len(list(home_seeds(listed, ipeds, ror, empty_frame("university_domains")))) == 1

"""Bodies of one state or system under one tax id: which spellings are one of them, and where a shared tax id is no state's."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.petitions import sum_petitions

# Others of the same tax id, which make it a system's.
SYSTEM = (("TOWSON UNIVERSITY", "TOWSON"), ("SALISBURY UNIVERSITY", "SALISBURY"), ("BOWIE STATE UNIVERSITY", "BOWIE"))


def groups(*rows: tuple[str, str], state: str = "MD") -> set[frozenset[str]]:
    """The spellings of each petitioner: rows of (employer, city), all with one tax id and state."""
    frame = pd.DataFrame(list(rows), columns=["employer", "city"]).assign(
        tax_id_last4="2033", state=state, fiscal_year=2020, naics="61", initial_approvals=1,
        initial_denials=0, continuing_approvals=0, continuing_denials=0,
    )  # fmt: skip
    petitions = sum_petitions(frame.astype({"employer": "str", "city": "str"}), coverage="full", snapshot_id="s")
    return {frozenset(spellings) for spellings in group_petitioners(petitions).petitioners["spellings"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # They share the word of their city, and the name of a state or a kind word tells them apart.
        (("UNIVERSITY OF MARYLAND BALTIMORE", "BALTIMORE"), ("UNIVERSITY OF BALTIMORE", "BALTIMORE")),
        (("UNIV OF MARYLAND BALTIMORE", "BALTIMORE"), ("UNIV OF MARYLAND BALTIMORE COUNTY", "BALTIMORE")),
        (("UNIVERSITY OF BALTIMORE", "BALTIMORE"), ("BALTIMORE CITY COMMUNITY COLLEGE", "BALTIMORE")),
        (("SEATTLE CENTRAL COLLEGE", "SEATTLE"), ("SOUTH SEATTLE COMMUNITY COLLEGE", "SEATTLE")),
        # Nearly the same letters, most of them in the words that all have.
        (("STATE UNIVERSITY OF NEW YORK AT BU", "BUFFALO"), ("STATE UNIVERSITY OF NEW YORK AT BI", "BINGHAMTON")),
        (("NORTHERN MAINE COMMUNITY COLLEGE", "AUBURN"), ("SOUTHERN MAINE COMMUNITY COLLEGE", "AUBURN")),
        # Only the state's own name, or an abbreviation of it, is common to both.
        (("STATE OF OKLAHOMA DBA TAX COURT", "TULSA"), ("STATE OF OKLAHOMA DBA WATER BOARD", "TULSA")),
        (("NYS OFFICE OF MENTAL HEALTH", "ALBANY"), ("NYS DEPT OF CORRECTIONS", "ALBANY")),
    ],
)
def test_bodies_that_stay_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert {frozenset({one[0]}), frozenset({other[0]})} < groups(one, other, *SYSTEM)


@pytest.mark.parametrize(
    "names",
    [
        (("SUNY COLLEGE AT FREDONIA", "FREDONIA"), ("SUNY FREDONIA", "FREDONIA")),
        (("UNIV OF WI SYSTEM/MADISON", "MADISON"), ("UNIVERSITY OF WISCONSIN MADISON", "MADISON")),
        (("LEHMAN COLLEGE", "BRONX"), ("HERBERT H LEHMAN COLLEGE OF CUNY", "BRONX")),
        (("CA STATE UNIV SAN BERNARDINO", "SAN BERNARDINO"), ("CSU SAN BERNARDINO", "SAN BERNARDINO")),
        # A cut name that begins the name of one body only, though that is printed no longer, or with its governing body.
        (("UNIVERSITY OF MASSACHUSETTS MEDICA", "WORCESTER"), ("UNIV OF MA MEDICAL SCHOOL", "WORCESTER")),
        (("THE CURATORS OF THE UNIVERSITY OF", "COLUMBIA"), ("THE CURATORS OF THE UNIV OF MO", "COLUMBIA")),
        (("THE CURATORS OF THE UN OF MISSOURI", "COLUMBIA"), ("CURATORS OF THE UNIVERSITY OF MO", "ROLLA")),
        (("SOUTH SEATTLE COLLEGE", "SEATTLE"), ("SOUTH SEATTLE COMMUNITY COLLEGE", "SEATTLE")),
        (("UNIVERSITY OF CONNECTICUT OFFICE O", "STORRS"), ("UNIV OF CT OFFICE OF THE GEN COUNSEL", "STORRS")),
    ],
)
def test_spellings_of_one_body(names: tuple[tuple[str, str], tuple[str, str]]) -> None:
    assert frozenset(name for name, _ in names) in groups(*names, *SYSTEM)


def test_a_cut_name_that_begins_the_names_of_two_bodies_is_neither_of_them() -> None:
    cut = "STATE UNIV OF NEW YORK COLLEGE OF"
    two = (("STATE UNIV OF NEW YORK COLLEGE OF OPTOMETRY", "NEW YORK"), ("SUNY COLLEGE OF FORESTRY", "SYRACUSE"))
    assert frozenset({cut}) in groups((cut, "NEW YORK"), *two, *SYSTEM)


def test_of_two_bodies_that_a_cut_name_begins_the_one_counts_that_ends_with_its_last_word() -> None:
    cut = "STATE UNIVERSITY OF NEW YORK AT BU"
    two = (("SUNY AT BUFFALO", "BUFFALO"), ("STATE UNIV OF NY BUFFALO STATE", "BUFFALO"))
    assert frozenset({cut, "SUNY AT BUFFALO"}) in groups((cut, "BUFFALO"), *two, *SYSTEM)


def test_a_place_holds_together_where_no_system_shares_the_tax_id() -> None:
    renamed = (("UTICA COLLEGE", "UTICA"), ("UTICA STATE UNIVERSITY", "UTICA"))
    assert groups(*renamed) == {frozenset(name for name, _ in renamed)}

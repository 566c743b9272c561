"""Petitioners to records of a public register: how each was found, and what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.links.registers import match_names, resolve

REGISTER = pd.DataFrame(
    [
        ("1", "Danbury Hospital", "CT", "060646597", []),
        ("2", "University of Miami", "FL", "590624458", ["The U of Miami"]),
        ("3", "Miami University", "OH", "316402089", []),
        ("4", "Mercy Hospital", "ME", None, []),
        ("5", "Mercy Hospital", "ME", None, []),
        ("6", "Saint Alphonsus Nampa Regional Medical Center", "ID", "820200895", []),
        ("7", "University of Wisconsin-Madison", "WI", "391805963", []),
    ],
    columns=["id", "name", "state", "ein", "aliases"],
)


def found(
    name: str, state: str | None, last4: str | None = None, spellings: list[str] | None = None
) -> tuple[str, str] | None:
    asked = pd.DataFrame(
        {
            "petitioner_id": ["p"],
            "name": [name],
            "state": [state],
            "tax_id_last4": [last4],
            "spellings": [spellings or []],
        }
    )
    answer = resolve(asked.astype({"state": "str", "tax_id_last4": "str"}), REGISTER)
    return None if answer.empty else (answer["id"].iloc[0], answer["how"].iloc[0])


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("DANBURY HOSP", "CT", "6597"), ("1", "tax_id_name")),
        (("DANBURY HOSP", "CT", "9999"), ("1", "name_state")),
        (("DANBURY HOSPITAL", "NY", "6597"), None),
        (("ACME LLC", "CT", "6597"), None),
        (("UNIV OF MIAMI", "FL"), ("2", "name_state")),
        (("MIAMI UNIVERSITY", "FL"), None),
        (("UNIVERSITY OF MIAMI", "OH"), None),
        (("MERCY HOSPITAL", "ME"), None),
        (("SAINT ALPHONSUS NAMPA REGIONAL MED", "ID", "0895"), ("6", "tax_id_name")),
        (("SAINT ALPHONSUS NAMPA REGIONAL MEDICAL CENTER GROUP", "ID"), ("6", "fuzzy")),
        (("SOMETHING ELSE D/B/A DANBURY HOSPITAL", "CT"), ("1", "name_state")),
        (("UNIVERSITY OF WISCONSIN EAU CLAIRE", "WI", "5963"), None),
        (("UNIVERSITY OF MIAMI HOSPITAL", "FL"), None),
        (("", "CT", "6597"), None),
        (("HOSPITAL", "CT", "6597"), None),
    ],
)
def test_resolve(asked: tuple[str, str, str | None], answer: tuple[str, str] | None) -> None:
    assert found(*asked) == answer


def test_a_spelling_may_tell_what_the_name_does_not() -> None:
    assert found("WESTERN CT HEALTH", "CT", None, ["DANBURY HOSPITAL INC"]) == ("1", "name_state")


def test_bare_names_and_an_empty_register() -> None:
    names = pd.DataFrame({"name": ["Danbury Hospital", "Nobody"], "state": ["CT", "CT"]})
    assert match_names(names, REGISTER)[["name", "id", "how"]].to_numpy().tolist() == [
        ["Danbury Hospital", "1", "name_state"]
    ]
    assert match_names(names, REGISTER.iloc[:0]).empty


def test_order_of_rows_does_not_matter() -> None:
    asked = pd.DataFrame(
        {
            "petitioner_id": ["a", "b"],
            "name": ["UNIV OF MIAMI", "DANBURY HOSPITAL"],
            "state": ["FL", "CT"],
            "tax_id_last4": ["4458", None],
        }
    )
    one = resolve(asked, REGISTER)
    two = resolve(asked.iloc[::-1], REGISTER.iloc[::-1])
    pd.testing.assert_frame_equal(one, two)

"""Programs of one institution that lead to each other."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.reference.load import read_reference
from pipeline.specialties.relations import listed_group, relations
from pipeline.specialties.vocabulary import named_specialties
from pipeline.tiers.related_programs import related_programs

CODES = {
    "Pediatrics": "320", "Internal Medicine": "140", "Medical Genetics and Genomics": "130", "Pediatrics/Medical Genetics": "765",
    "Internal Medicine/Pediatrics": "700", "Nephrology": "148", "Urology": "480", "General Surgery": "440",
    "Vascular Surgery - Independent": "450", "Vascular Surgery - Integrated": "451", "Psychiatry": "400", "Emergency Medicine": "110",
    "Plastic Surgery": "360", "Plastic Surgery - Integrated": "362", "Hand Surgery": "363", "Thoracic Surgery - Independent": "460",
    "Thoracic Surgery - Integrated": "461", "Congenital Cardiac Surgery": "466", "Diagnostic Radiology": "420",
    "Interventional Radiology - Independent": "415", "Interventional Radiology - Integrated": "416",
}  # fmt: skip


def programs(*listed: tuple[str, str]) -> pd.DataFrame:
    rows = [
        {
            "program_code": f"{CODES[name]}{place:07d}",
            "institution_id": where,
            "specialty": name,
            "specialty_code": CODES[name],
        }
        for place, (name, where) in enumerate(listed)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("own", "other", "relation", "inverse"),
    [
        ("Medical Genetics and Genomics", "Pediatrics", "before", "after"),
        ("Medical Genetics and Genomics", "Internal Medicine", "before", "after"),
        ("Medical Genetics and Genomics", "Pediatrics/Medical Genetics", "combined", "part"),
        ("Pediatrics", "Internal Medicine/Pediatrics", "combined", "part"),
        ("Nephrology", "Internal Medicine", "before", "after"),
        ("General Surgery", "Vascular Surgery - Independent", "after", "before"),
        ("Urology", "Pediatrics", None, None),
        # specialties without a code of their own share nothing
        ("Psychiatry", "Vascular Surgery - Integrated", None, None),
        ("Psychiatry", "Vascular Surgery - Independent", None, None),
        ("Internal Medicine", "Thoracic Surgery - Integrated", None, None),
        ("Emergency Medicine", "Interventional Radiology - Integrated", None, None),
        # an integrated program takes students, an independent one those who have been trained
        ("General Surgery", "Vascular Surgery - Integrated", None, None),
        ("General Surgery", "Thoracic Surgery - Independent", "after", "before"),
        ("General Surgery", "Thoracic Surgery - Integrated", None, None),
        ("General Surgery", "Plastic Surgery", "after", "before"),
        ("General Surgery", "Plastic Surgery - Integrated", None, None),
        ("Diagnostic Radiology", "Interventional Radiology - Independent", "after", "before"),
        ("Diagnostic Radiology", "Interventional Radiology - Integrated", None, None),
        ("Vascular Surgery - Integrated", "Vascular Surgery - Independent", None, None),
        # what follows is open to both
        ("Plastic Surgery", "Hand Surgery", "after", "before"),
        ("Plastic Surgery - Integrated", "Hand Surgery", "after", "before"),
        ("Thoracic Surgery - Integrated", "Congenital Cardiac Surgery", "after", "before"),
    ],
)
def test_what_another_program_of_the_institution_is(
    own: str, other: str, relation: str | None, inverse: str | None
) -> None:
    found = related_programs(programs((own, "a"), (other, "a")))
    assert [[one["relation"] for one in row] for row in found] == [[x] if x else [] for x in (relation, inverse)]


def test_only_within_one_institution_and_never_itself() -> None:
    table = programs(
        ("Pediatrics", "a"), ("Medical Genetics and Genomics", "b"), ("Pediatrics", "b"), ("Pediatrics", "b")
    )
    found = related_programs(table)
    assert found.iloc[0] == []
    assert [one["program_code"] for one in found.iloc[1]] == table["program_code"].tolist()[2:]
    assert [one["relation"] for one in found.iloc[2]] == ["after"]


def test_unknown_specialties_are_related_to_none() -> None:
    table = programs(("Pediatrics", "a"), ("Urology", "a")).assign(
        specialty=["Pediatrics", None], specialty_code=["320", "998"]
    )
    assert related_programs(table).tolist() == [[], []]
    assert related_programs(table.iloc[:0]).empty


def test_paths_name_specialties_of_the_vocabulary() -> None:
    rows = read_reference("specialties/paths.csv")
    assert set(rows["before"]) | set(rows["after"]) <= set(named_specialties()["name"])
    assert not rows.duplicated(["before", "after"]).any() and (rows["before"] != rows["after"]).all()


def test_a_pathway_that_is_not_stated_follows_nothing() -> None:
    table = programs(("General Surgery", "a"), ("Urology", "a")).assign(
        specialty=["General Surgery", "Vascular Surgery"], specialty_code=["440", None]
    )
    assert related_programs(table).tolist() == [[], []]


def test_printed_names_and_codes_are_one_field() -> None:
    groups = listed_group(pd.Series(["General Surgery", None, "Vascular Surgery"]), pd.Series(["440", "440", None]))
    assert groups.tolist() == ["Surgery", "Surgery", "Vascular Surgery"]
    assert relations(groups, ["Surgery"]).tolist()[:2] == ["same", "same"]

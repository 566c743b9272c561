"""The vocabulary of specialties, and reading names and texts with it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reference.load import read_reference
from pipeline.specialties.recognise import (
    canonical_specialty,
    specialty_by_code,
    specialty_group,
    specialty_of,
    trains,
)
from pipeline.specialties.relations import relations
from pipeline.specialties.vocabulary import combined_programs, pairs, specialties, spellings
from pipeline.specialties.words import mended, plain, words

NAMED = specialties()[lambda table: table["name"] != ""]


def test_codes_and_levels() -> None:
    table = specialties()
    codes = table.loc[table["specialty_code"] != "", "specialty_code"]
    assert codes.str.fullmatch(r"\d{3}").all()
    assert codes.is_unique
    assert table["level"].isin(["residency", "fellowship", "combined"]).all()
    assert NAMED["trainees"].isin(["residents", "fellows", "both"]).all()
    parents = set(table["parent_code"].str.split("|").explode()) - {""}
    assert parents <= set(codes)
    fellowships = table[table["level"] == "fellowship"]
    assert (fellowships["parent_code"] != "").all()


def test_no_spelling_stands_for_two_names() -> None:
    assert set(spellings().values()) == set(NAMED["name"])


def test_pairs_topics_and_parts_of_combined_programs_are_names() -> None:
    names = set(NAMED["name"])
    rows = read_reference("specialties/pairs.csv")
    assert set(rows["first"]) | set(rows["second"]) | set(rows["gives"]) <= names
    assert len(pairs()) == len(rows)
    assert set(read_reference("titles/topics.csv")["specialty"]) - {""} <= names
    loose = {"Medical Genetics", "Preventive Medicine", "Diagnostic Radiology", "Family Practice"}
    parts = set().union(*combined_programs())
    assert not (parts & loose), "a part keeps its short form: it would never be met"
    assert parts <= names


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("Diagnostic Radiology", "Radiology-Diagnostic", "420"),
        ("Radiology-Diagnostic", "Radiology-Diagnostic", "420"),
        ("General Surgery", "Surgery", "440"),
        ("Pathology", "Pathology-Anatomic and Clinical", "300"),
        ("Otolaryngology", "Otolaryngology - Head and Neck Surgery", "280"),
        ("Orthopedic Surgery", "Orthopaedic Surgery", "260"),
        ("internal medicine/pediatrics", "Internal Medicine/Pediatrics", "700"),
        ("Medicine-Pediatrics", "Internal Medicine/Pediatrics", "700"),
        ("Pediatrics/Medical Genetics", "Pediatrics/Medical Genetics", "765"),
        ("Pediatrics-Emergency Med", "Pediatrics/Emergency Medicine", "725"),
        ("Pediatric Emergency Medicine", "Pediatric Emergency Medicine", None),
        ("Phys Medicine & Rehab", "Physical Medicine and Rehabilitation", "340"),
        ("Plastic Surgery (Integrated)", "Plastic Surgery - Integrated", "362"),
        ("Vascular Surgery", "Vascular Surgery", None),
        ("Med-Prelim/Neurology", "Internal Medicine", "140"),
        ("Surgery-Preliminary", "Surgery", "440"),
        ("Obstetrics-Gynecology", "Obstetrics and Gynecology", "220"),
        ("Child & Adolescent Psychiatry", "Child and Adolescent Psychiatry", "405"),
        ("Transitional", "Transitional Year", "999"),
        ("Sports Medicine (Fam Med)", "Sports Medicine", "127"),
        ("Hand Surgery (Plastic Surgery)", "Hand Surgery", "363"),
        ("Chiropractic", None, None),
        ("", None, None),
    ],
)
def test_canonical_specialty(printed: str, name: str | None, code: str | None) -> None:
    found = canonical_specialty(pd.Series([printed])).iloc[0]
    assert [None if pd.isna(cell) else cell for cell in found] == [name, code]


@pytest.mark.parametrize("row", list(NAMED.itertuples(index=False)), ids=list(NAMED["specialty_code"] + NAMED["name"]))
def test_each_name_is_read_as_itself(row: tuple[str, ...]) -> None:
    assert canonical_specialty(pd.Series([row[1]]))["specialty"].iloc[0] == row[1]


def test_each_noncombined_spelling_is_read_in_a_sentence() -> None:
    table = NAMED[NAMED["level"] != "combined"]
    told = table.assign(spelling=table["spellings"].str.split("|")).explode("spelling")
    told = told[told["spelling"] != ""].reset_index(drop=True)
    found = specialty_of("Clinical appointment - " + told["spelling"] + " (campus)")
    wrong = found["specialty"] != told["name"]
    assert not wrong.any(), told["spelling"][wrong].tolist()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Applicants to the cardiology fellowship", "Cardiovascular Disease"),
        ("Pediatrics: Hematology and Oncology", "Pediatric Hematology/Oncology"),
        ("Anesthesia critical care", "Critical Care Medicine"),
        ("Hematology / Oncology", "Hematology and Medical Oncology"),
        ("Orthopaedics, Sports Medicine", "Orthopaedic Sports Medicine"),
        ("glaucoma", "Ophthalmology"),
        ("pediatric radiation oncology", "Radiation Oncology"),
        ("Gastroenterolgy", "Gastroenterology"),
        ("Graduate Medical Education", None),
    ],
)
def test_specialty_of(text: str, name: str | None) -> None:
    found = specialty_of(pd.Series([text]))["specialty"].iloc[0]
    assert (None if pd.isna(found) else found) == name


def test_index_and_nulls_are_kept() -> None:
    found = specialty_of(pd.Series(["Neurology", None, "Neurology"], index=[4, 2, 9], dtype="str"))
    assert list(found.index) == [4, 2, 9]
    assert found["specialty"].isna().tolist() == [False, True, False]
    assert found["specialty_code"].tolist()[0] == "180"


def test_groups_and_codes() -> None:
    names = pd.Series(["Thoracic Surgery - Integrated", "Thoracic Surgery", "Urology"])
    assert specialty_group(names).tolist() == ["Thoracic Surgery", "Thoracic Surgery", "Urology"]
    assert specialty_by_code(pd.Series(["141", "757", ""])).isna().tolist() == [False, True, True]
    assert trains(pd.Series(["Internal Medicine", "Nephrology", "Thoracic Surgery"])).tolist() == [
        "residents", "fellows", "both",
    ]  # fmt: skip


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_one_form_is_stable(text: str) -> None:
    once = words(text).tokens
    assert words(" ".join(once)).tokens == words(" ".join(words(" ".join(once)).tokens)).tokens
    assert plain(text).isascii()


@pytest.mark.parametrize(
    ("word", "read"),
    [("cardiolgy", "cardiology"), ("urology", "urology"), ("serology", "serology"), ("gastroentrolgy", "gastroenterology"), ("abc", "abc")],
)  # fmt: skip
def test_mending(word: str, read: str) -> None:
    known = frozenset({"cardiology", "urology", "gastroenterology", "serology"})
    assert mended(word, known) == read


@pytest.mark.parametrize(
    ("name", "wanted", "relation"),
    [
        ("Vascular Surgery", "Vascular Surgery - Integrated", "same"),
        ("Nephrology", "Internal Medicine", "subspecialty"),
        ("Internal Medicine", "Nephrology", "parent"),
        ("Internal Medicine/Pediatrics", "Pediatrics", "combined"),
        ("Pediatrics", "Internal Medicine/Pediatrics", "part"),
        ("Interventional Radiology", "Radiology-Diagnostic", "subspecialty"),
        ("Interventional Radiology", "Psychiatry", "other"),
        ("Vascular Surgery", "Psychiatry", "other"),
        ("Thoracic Surgery", "Internal Medicine", "other"),
        ("Laboratory Genetics and Genomics", "Medical Genetics and Genomics", "subspecialty"),
        ("Laboratory Genetics and Genomics", "Psychiatry", "other"),
        ("Health Care Administration, Leadership, and Management", "Psychiatry", "subspecialty"),
    ],
)
def test_relations_of_fields(name: str, wanted: str, relation: str) -> None:
    assert relations(pd.Series([name]), [wanted]).tolist() == [relation]

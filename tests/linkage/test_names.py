"""Normal forms of names: what is made equal, what stays apart, and that nothing crashes them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.linkage.names.kinds import kind_of, kinds_of
from pipeline.linkage.names.normalise import canonical, canonical_all, core, core_all, forget_forms, plain
from pipeline.linkage.names.printed import is_cut, is_prefix, parts_of, split_all, split_names
from pipeline.linkage.names.readings import spell_out
from pipeline.linkage.names.words import acronyms, is_common, rare_tokens, words

WORDS = st.sampled_from(
    [*words("abbreviation"), *words("state"), *words("legal_form"), *words("stopword"), "A", "S", "N", "CARE", "ST", "MT",
     "Children’s", "JOSEPH'S", "M", "&", "A&M", "d/b/a", "SCHOOL", "OF", "MED", "CAROLINA", "HEALTH"]
)  # fmt: skip
NAMES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join))


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("The Univ. of Miami, Inc.", "UNIVERSITY MIAMI"),
        ("UNIV OF IL AT URBANA CHAMPAIGN", "UNIVERSITY ILLINOIS URBANA CHAMPAIGN"),
        ("TEXAS A & M UNIV", "TEXAS AM UNIVERSITY"),
        ("Texas A&M; College of Medicine", "TEXAS AM COLLEGE MEDICINE"),
        ("NC A & T STATE UNIV", "NORTH CAROLINA AGRICULTURAL TECHNICAL STATE UNIVERSITY"),
        ("NC A AND T STATE UNIVERSITY", "NORTH CAROLINA AGRICULTURAL TECHNICAL STATE UNIVERSITY"),
        ("A T KEARNEY", "KEARNEY"),
        ("MA INST OF TECH", "MASSACHUSETT INSTITUTE TECHNOLOGY"),
        ("UNIVERSITY OF TENNESSEE COLLEGE OF MED", "UNIVERSITY TENNESSEE COLLEGE MEDICINE"),
        ("CHILDREN S HOSP", "CHILDREN HOSPITAL"),
        ("Children’s Hospital", "CHILDREN HOSPITAL"),
        ("PALMETTO UNIV OF S CAROLINA", "PALMETTO UNIVERSITY SOUTH CAROLINA"),
        ("EASTERN VA MEDICAL SCHOOL", "EASTERN VIRGINIA MEDICAL SCHOOL"),
        ("VA MEDICAL CENTER", "VA MEDICAL CENTER"),
        ("MO ST UNIV", "MISSOURI STATE UNIVERSITY"),
        ("ST LOUIS UNIVERSITY", "SAINT LOUIS UNIVERSITY"),
        ("MT SINAI HOSP", "MOUNT SINAI HOSPITAL"),
        ("HENRY FORD HEALTH CARE", "HENRY FORD HEALTHCARE"),
        ("UNIVERSITY OF MISSISSIPPI MED CT", "UNIVERSITY MISSISSIPPI MEDICAL CENTER"),
        ("SUNY AT BUFFALO", "STATE UNIVERSITY NEW YORK BUFFALO"),
        ("TEXAS TECH UNIV HSC EL PASO", "TEXAS TECHNOLOGY UNIVERSITY HEALTH SCIENCE CENTER EL PASO"),
        ("HSC BUILDERS", "HSC BUILDER"),
        ("Clínica Médica São José", "CLINICA MEDICA SAO JOSE"),
        ("INC", "INCORPORATED"),
        ("", ""),
        ("---", ""),
    ],
)
def test_canonical(printed: str, form: str) -> None:
    assert canonical(printed) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Miami University", "University of Miami"),
        ("Indiana University", "Indiana University of Pennsylvania"),
        ("University of Texas", "Texas State University"),
        ("Carolinas Medical Center", "Carolina Medical Center"),
        ("St. Mary Hospital", "St. Martin Hospital"),
    ],
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(NAMES)
def test_canonical_is_idempotent(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)


@given(NAMES)
def test_core_is_idempotent_and_part_of_the_form(name: str) -> None:
    form = canonical(name)
    assert core(core(form)) == core(form)
    assert core(form) in form


@given(st.text(max_size=600))
def test_nothing_crashes_the_names(name: str) -> None:
    plain(name)
    for part in split_names(name):
        assert plain(part.text)
    kind_of(canonical(name))
    acronyms(canonical(name))
    rare_tokens(canonical(name))
    assert isinstance(is_prefix(name, canonical(name)), bool)


@given(st.lists(NAMES, max_size=12))
def test_a_name_has_one_form_alone_and_in_a_column(names: list[str]) -> None:
    column = pd.Series(names, dtype="str")
    assert canonical_all(column).tolist() == [canonical(name) for name in names]
    forget_forms()
    assert core_all(column).tolist() == [core(canonical(name)) for name in names]
    assert kinds_of(column).tolist() == [kind_of(name) for name in names]
    assert all(parts == split_names(names[place]) for place, parts in split_all(names).items())


def test_columns_of_names_keep_the_index_and_nulls_are_blank() -> None:
    names = pd.Series(["UNIV OF IOWA", None, "UNIV OF IOWA"], index=[3, 1, 2], dtype="str")
    assert canonical_all(names).to_dict() == {3: "UNIVERSITY IOWA", 1: "", 2: "UNIVERSITY IOWA"}
    governed = pd.Series(["Board of Regents, Univ of Iowa", None])
    assert core_all(governed).tolist() == ["UNIVERSITY IOWA", ""]
    assert canonical_all(names[:0]).empty


@pytest.mark.parametrize(
    ("form", "bare"),
    [
        ("BOARD TRUSTEE UNIVERSITY IOWA", "UNIVERSITY IOWA"),
        ("IOWA BOARD REGENT", "IOWA BOARD"),
        ("REGENT", "REGENT"),
        ("BOARDMAN", "BOARDMAN"),
        ("", ""),
    ],
)
def test_core_is_without_the_governing_body(form: str, bare: str) -> None:
    assert core(form) == bare


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("INC LLC CO", "INCORPORATED"),
        ("Inc. Inc.", "INCORPORATED"),
        ("THE A", ""),
        ("OF THE", ""),
        ("A & A QUALITY APPLIANCE INC", "AA QUALITY APPLIANCE"),
        ("JOHN W SMITH", "JOHN W SMITH"),
        ("X\u00a0Y", "XY"),
        ("A\x1cB  C\x0bD", "ABCD"),
        ("\x1f", ""),
    ],
)
def test_odd_names_have_a_form_too(printed: str, form: str) -> None:
    assert canonical(printed) == form


def test_the_parts_of_names_are_without_their_owners() -> None:
    printed = ("A CO D/B/A B CO", "A part of B", "Smith, an affiliate of Jones", "***")
    assert [*map(parts_of, printed)] == [("A CO", "B CO"), ("A",), ("SMITH",), ()]


def test_every_word_a_form_may_hold_is_final() -> None:
    for short, word in words("abbreviation").items():
        for part in word.split():
            assert spell_out(spell_out(part)) == spell_out(part), short


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("A CORP D/B/A B HOSPITAL", [("legal", "A CORP"), ("trade", "B HOSPITAL")]),
        (
            "A CORP DBA B HOSPITAL F/K/A C CLINIC",
            [("legal", "A CORP"), ("trade", "B HOSPITAL"), ("former", "C CLINIC")],
        ),
        ("A CLINIC AS PART OF B HEALTH", [("legal", "A CLINIC"), ("parent", "B HEALTH")]),
        ("X HOSPITAL A DIVISION OF Y INC", [("legal", "X HOSPITAL"), ("parent", "Y INC")]),
        ("SCOTT & WHITE MEMORIAL HOSPITAL D/", [("legal", "SCOTT & WHITE MEMORIAL HOSPITAL")]),
        ("DBAKER LLC", [("legal", "DBAKER LLC")]),
        ("   ", []),
    ],
)
def test_names_inside_a_name(printed: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.role, part.text) for part in split_names(printed)] == parts


def test_cut_names() -> None:
    assert is_cut("UNIVERSITY OF ALABAMA HEALTH SERVI")
    assert not is_cut("UNIVERSITY OF ALABAMA HEALTH SERVICES FOUNDATION PC")
    assert is_prefix(
        "UNIVERSITY OF ALABAMA HEALTH SERVI", canonical("University of Alabama Health Services Foundation")
    )
    assert not is_prefix("UNIVERSITY OF ALABAMA HEALTH SERVI", canonical("University of Alabama Hospital"))
    assert not is_prefix("UNIVERSITY", canonical("University of Iowa"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Orlando Health Physician Group", "practice"),
        ("Florida Hospital Healthcare Partners", "practice"),
        ("Geisinger Health Plan", "plan"),
        ("West Virginia University Research Corporation", "research"),
        ("University of Illinois Foundation", "foundation"),
        ("Carle Foundation Hospital", "hospital"),
        ("Baylor College of Medicine", "school"),
        ("Houston Independent School District", "k12"),
        ("University of Miami", "university"),
        ("Orlando Health", "system"),
        ("University of North Carolina Health Care System", "system"),
        ("Scott & White Clinic", "clinic"),
        ("Acme Software", "other"),
    ],
)
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(canonical(name)) == kind


@pytest.mark.parametrize(
    ("form", "common"), [("SAINT MARY HOSPITAL", True), ("MERCY MEDICAL CENTER", True), ("DANBURY HOSPITAL", False)]
)
def test_common_names(form: str, common: bool) -> None:
    assert is_common(form) is common

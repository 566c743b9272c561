"""What single statements say: visa names, clauses, negation, conditions, "only", Step 3, dates, quotes."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.documents.plain_lines import blocks_of_text
from tests.policies.conftest import read, read_html, stances


@pytest.mark.parametrize(
    ("name", "j1", "h1b"),
    [
        *((name, "yes", "not_stated") for name in ("J-1", "J1 visas", "J 1", "J-1s", "J1's", "J visa")),
        *((name, "not_stated", "yes") for name in (
            "H-1B", "H1B", "H1-B", "H 1-B", "h-1b", "HIB visa", "H-1 visas", "(H) visa", "H-1Bs",
        )),
        *((name, "yes", "yes") for name in ("a visa, J or H", "either visa", "both of these visas", "the J-1 and the H-1B")),
    ],
)  # fmt: skip
def test_spellings_of_the_two_visas(name: str, j1: str, h1b: str) -> None:
    assert stances(read(f"We sponsor {name}.")) == (j1, h1b)
    denied = tuple(stance.replace("yes", "no") for stance in (j1, h1b))
    assert stances(read(f"We do not sponsor {name}.")) == denied


@pytest.mark.parametrize("name", ["visas of any kind", "visas", "a visa"])
def test_visas_in_general_leave_the_kind_open_unless_denied(name: str) -> None:
    assert read(f"We sponsor {name}.").policy == "contact"
    assert read(f"We do not sponsor {name}.").policy == "none"


@pytest.mark.parametrize("name", ["other visas", "other work visa types"])
def test_other_visas_are_those_that_are_not_named(name: str) -> None:
    assert read(f"We sponsor {name}.").policy == "contact"
    assert read(f"We do not sponsor {name}.").policy == "not_stated"
    assert read(f"We sponsor the J-1. We do not sponsor {name}.").h1b == "no"


@pytest.mark.parametrize(
    "name",
    [
        "J-2", "H-4 families", "O-1 and TN", "E-3", "F-1 OPT", "Visa or MasterCard", "Visa gift cards", "the Hib vaccine",
        "the Visa Qualifying Examination", "permanent resident visas", "PGY-1 and Step 1", "H-1B1",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_visa_of_ours_states_no_policy(name: str) -> None:
    assert read(f"We sponsor {name}.").policy == "not_stated"


def test_a_bill_paid_by_card_states_no_policy() -> None:
    assert read("Meals may be paid by Visa.").policy == "not_stated"


def test_former_and_latter_point_to_the_visas_just_named() -> None:
    text = "J-1 and H-1B visas are named on the form. The latter is refused, the former is sponsored."
    assert stances(read(text)) == ("yes", "no")


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        ("J-1 and H-1B visas are accepted.", "yes", "yes"),
        ("J-1 visas are accepted and H-1B visas are not.", "yes", "no"),
        ("We sponsor the J-1, the H-1B and no other visa.", "yes", "yes"),
        ("J-1 yes, H-1B no", "yes", "no"),
        ("J-1: yes H-1B: no", "yes", "no"),
        ("We sponsor J-1 visas; H-1B visas are rare.", "yes", "case_by_case"),
        ("The J-1 rather than the H-1B is used.", "yes", "no"),
        ("Fellows may have a J-1 or an H-1B, residents a J-1.", "yes", "case_by_case"),
        ("The J-1 is taken, the H-1B is not.", "yes", "no"),
        ("We sponsor J-1 and, for fellows, H-1B.", "yes", "case_by_case"),
    ],
)
def test_one_thing_is_said_of_each_clause(text: str, j1: str, h1b: str) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        ("We sponsor H-1B visas.", "not_stated", "yes"),
        ("We do not sponsor H-1B visas.", "not_stated", "no"),
        ("H-1B visas are refused.", "not_stated", "no"),
        ("There is no visa, J-1 or H-1B, that we exclude.", "yes", "yes"),
        ("We do not refuse the H-1B.", "not_stated", "yes"),
        ("Neither J-1 nor H-1B is sponsored.", "no", "no"),
        ("Neither J-1 nor H-1B is excluded.", "yes", "yes"),
        ("Not only the J-1 is sponsored.", "yes", "not_stated"),
        ("J-1 visas are sponsored without exception.", "yes", "not_stated"),
        ("No, J-1 visas are not sponsored.", "no", "not_stated"),
        ("J-1 visas are sponsored for those who are not U.S. citizens.", "yes", "not_stated"),
        ("We have never sponsored an H-1B and have no plans to.", "not_stated", "no"),
        ("Nobody has to choose the J-1.", "yes", "not_stated"),
        ("The hospital, not the resident, files the H-1B.", "not_stated", "yes"),
        ("The H-1B can be filed without Step 3.", "not_stated", "yes"),
        ("The ban on the H-1B was lifted.", "not_stated", "yes"),
        ("H-1B visas are sponsored if there is no J-1.", "yes", "case_by_case"),
        ("The J-1 is sponsored no later than July.", "yes", "not_stated"),
        ("We can't sponsor an H-1B.", "not_stated", "no"),
        ("No J-1 is sponsored.", "no", "not_stated"),
    ],
)
def test_negation_is_counted(text: str, j1: str, h1b: str) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize("visa", ["J-1", "H-1B"])
def test_a_negator_on_an_unknown_word_is_no_plain_no(visa: str) -> None:
    reading = read(f"We do not befuddle the {visa}.")
    assert stances(reading) == ("not_stated", "not_stated")
    assert reading.policy == "contact" and "unclear" in reading.rules


@pytest.mark.parametrize(
    ("text", "h1b"),
    [
        ("The program takes H-1B visas.", "yes"), ("H-1B visas are taken.", "yes"), ("We are taking H-1B visas.", "yes"),
        ("We stop H-1B visas.", "no"), ("We have stopped H-1B visas.", "no"), ("We are stopping H-1B sponsorship.", "no"),
        ("The program denies H-1B visas.", "no"), ("H-1B visas are denied.", "no"), ("We are denying H-1B visas.", "no"),
        ("We turn H-1B holders away.", "no"), ("We turn nobody on an H-1B away.", "yes"),
    ],
)  # fmt: skip
def test_verbs_are_known_in_all_their_forms(text: str, h1b: str) -> None:
    assert read(text).h1b == h1b


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("H-1B visas are sponsored.", ()),
        ("H-1B holders may apply.", ()),
        ("We consider applicants who need an H-1B.", ()),
        ("H-1B visas are sponsored only if Step 3 has been passed.", ()),
        ("H-1B visas are sponsored if you match.", ()),
        ("H-1B visas are sponsored case by case.", ("case_by_case",)),
        ("An H-1B may be sponsored.", ("case_by_case",)),
        ("They will be considered for an H-1B.", ("case_by_case",)),
        ("H-1B transfers only.", ("transfer_only",)),
        ("The H-1B is for graduates of American medical schools.", ("us_school_graduates",)),
        ("The H-1B needs the approval of the chair.", ("chair_or_dio_approval",)),
        ("A limited number of H-1B visas is sponsored.", ("limited_number",)),
        ("In exceptional cases an H-1B is sponsored.", ("exceptional",)),
        ("An H-1B is sponsored if the department agrees to pay.", ("department_pays",)),
        ("The H-1B is for fellows only.", ("fellows_only",)),
        ("We do not usually sponsor H-1B visas.", ("exceptional",)),
        ("We sponsor the J-1, and H-1B transfers from another residency.", ("transfer_only",)),
    ],
)
def test_conditions(text: str, conditions: tuple[str, ...]) -> None:
    reading = read(text)
    assert reading.conditions == conditions
    assert reading.h1b == ("case_by_case" if conditions else "yes")


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        *((text, "yes", "no") for text in (
            "We sponsor J-1 visas only.", "Only the J-1 is sponsored.", "We only sponsor J-1 visas.",
            "The only visa accepted is the J-1.", "We sponsor nothing but the J-1.", "Sponsorship is limited to the J-1.",
            "J-1 and nothing else is sponsored.", "One type of visa is sponsored: the J-1.", "Only those with a J-1 may apply.",
            "No visas other than the J-1 are accepted.", "Apart from the J-1, no visa is accepted.",
        )),
        ("Only J-1 and H-1B visas are sponsored.", "yes", "yes"),
        ("H-1B only for fellows.", "not_stated", "case_by_case"),
        ("H-1B visas are sponsored for fellows only.", "not_stated", "case_by_case"),
        ("H-1B visas are not accepted except for transfers.", "not_stated", "case_by_case"),
        ("Sponsorship is not limited to the J-1.", "yes", "not_stated"),
        ("ECFMG alone can sponsor the J-1.", "not_stated", "not_stated"),
        ("The J-1 is sponsored.", "yes", "not_stated"),
    ],
)  # fmt: skip
def test_only_and_except(text: str, j1: str, h1b: str) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        # nobody but people on a J-1 and those who need no visa
        ("Fellows must be citizens, resident aliens or J-1 holders.", "yes", "no"),
        ("Anyone we accept has to be on a J-1 visa, be a resident alien or be a citizen.", "yes", "no"),
        ("The only candidates we can accept are citizens, permanent residents or holders of a J-1.", "yes", "no"),
        ("Applicants must be citizens, permanent residents or eligible for a J-1.", "yes", "not_stated"),
        ("Applicants must be citizens or hold a green card, a work permit (EAD) or a J-1.", "yes", "not_stated"),
        ("Must one be a citizen: J-1 accepted", "yes", "not_stated"),
        ("We can take you only if you apply for a J-1 that ECFMG sponsors.", "yes", "no"),
        ("We sponsor J-1 visas, and those alone.", "yes", "no"),
        ("We support the J-1 visa, the sole type accepted for residency.", "yes", "no"),
        ("No type of immigration visa can be sponsored by us; we do accept the J-1.", "yes", "no"),
        ("The hospital sponsors the J-1 and no other; we look at every application individually.", "yes", "no"),
        ("The program can sponsor a J-1 but neither H-1B nor O-1.", "yes", "no"),
        ("The H-1B is not closed to our residents, nor is the J-1.", "yes", "yes"),
        # what is said of one visa, and what is no condition
        ("We offer the J-1, and for exceptional candidates our hospital will, in small numbers, sponsor the H-1B.", "yes",
         "case_by_case"),
        ("We may, where we alone so decide, sponsor an H-1B.", "not_stated", "case_by_case"),
        ("If certain conditions are met, we sponsor the H-1B.", "not_stated", "case_by_case"),
        ("If the program accepts the applicant, it supports the H-1B.", "not_stated", "yes"),
        ("We sponsor H-1B visas. For an H-1B you need to have passed Step 3 (we can't count a pending score).", "not_stated",
         "yes"),
        # neither a refusal nor a promise
        ("A program may consider a candidate who comes from training elsewhere and holds an H-1B.", "not_stated", "case_by_case"),
        ("Candidates who need an H-1B should look elsewhere; we sponsor the J-1.", "yes", "no"),
        ("For no visa of any kind can we promise sponsorship.", "not_stated", "not_stated"),
        ("Nobody is admitted to our residencies and fellowships without a J-1 visa.", "yes", "not_stated"),
        ("H-1B visas are not deemed fitting for residents.", "not_stated", "no"),
    ],
)  # fmt: skip
def test_limits_and_conditions_as_pages_put_them(text: str, j1: str, h1b: str) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize(
    ("text", "required", "deadline"),
    [
        ("H-1B applicants must have passed Step 3 by rank day.", "yes", "by rank day"),
        ("Step 3 is not required for an H-1B.", "no", None),
        ("All residents must pass Step 3 by PGY-2. We sponsor H-1B visas.", "not_stated", None),
        ("J-1 applicants do not need Step 3; H-1B applicants do.", "yes", None),
        ("No H-1B petition is filed without a Step 3 pass.", "yes", None),
        ("We can file the H-1B without Step 3 scores.", "no", None),
        ("H-1B requirements:\n- USMLE Steps 1, 2 and 3", "yes", None),
        ("We sponsor H-1B visas. Is Step 3 required for an H-1B? No.", "no", None),
        ("Step 3 need not be passed for the H-1B.", "no", None),
        ("Step 3 fees are refunded. We sponsor H-1B visas.", "not_stated", None),
        ("We do not sponsor the H-1B, even for H-1B applicants with Step 3.", "not_stated", None),
    ],
)
def test_step3(text: str, required: str, deadline: str | None) -> None:
    reading = read(text)
    assert (reading.step3_required_for_h1b, reading.step3_deadline) == (required, deadline)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Last updated 20 May 2026", date(2026, 5, 20)), ("Last Updated: May 20, 2026", date(2026, 5, 20)),
        ("Revised 2025-08", date(2025, 8, 1)), ("Updated 05/20/2026", date(2026, 5, 20)), ("Version of 2024", date(2024, 1, 1)),
        ("Facts for applicants, 2024-2025.", date(2024, 7, 1)), ("AY 2024-25", date(2024, 7, 1)),
        ("Copyright 2026 The Hospital", None), ("2026 Match", None), ("H-1B visas end in July 2026.", None),
        ("Updated 99/99/2026", None), ("© 2024-2025 The Hospital", None),
    ],
)  # fmt: skip
def test_page_date(text: str, day: date | None) -> None:
    assert read(text).page_date == day
    assert read_html(f"<p>{text}</p><p>We sponsor J-1 visas.</p>").page_date == day


def test_evidence_points_into_its_block() -> None:
    text = "Apply by ERAS. We sponsor J-1 visas only. Rounds start early."
    (evidence,) = read(text).evidence
    block = blocks_of_text(text)[evidence.block]
    assert block.text[evidence.start : evidence.end] == evidence.quote == "We sponsor J-1 visas only."


def test_a_newer_rule_outranks_an_older_one_and_a_person_should_ask() -> None:
    reading = read("We sponsor J-1 and H-1B visas.\n\nAs of July 2026 we no longer sponsor H-1B visas.")
    assert (reading.policy, reading.h1b) == ("j1_only", "no")
    assert [item.quote for item in reading.counter_evidence] == []  # the sentence still states the J-1
    assert reading.confidence != "high"
    assert reading.needs_confirmation


def test_disagreement_without_a_date_is_left_to_a_person() -> None:
    reading = read("We sponsor the J-1. We sponsor the H-1B.\n\nThe H-1B is not sponsored.")
    assert (reading.policy, reading.h1b, reading.confidence) == ("contact", "not_stated", "low")
    assert reading.needs_confirmation

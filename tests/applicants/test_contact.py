"""Whom to ask, and what: which programs go into one letter, what it asks, what it says of the applicant, and its mail link."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.applicants.contact import letters, unclear
from pipeline.applicants.letter import LONGEST_LINK, letter, mail_link
from pipeline.applicants.profile import Profile
from pipeline.applicants.rows import in_one_list, labels, next_july
from pipeline.schemas.frames import to_arrow, to_frame

QUOTED = {
    "evidence_quote": "We sponsor H-1B visas.", "evidence_url": "https://x.example", "evidence_scope": "program",
    "evidence_kind": "page", "evidence_date": pd.Timestamp("2026-05-01"), "h1b_stated": "yes", "j1_stated": "yes",
    "policy": "both", "sponsor_tier": "sponsors",
}  # fmt: skip
OLD = pd.Timestamp("2023-02-09")
ABROAD = Profile(visas=("H-1B",), where="abroad", school="foreign")


def listed(*changes: dict[str, Any]) -> pd.DataFrame:
    row = {
        "program_code": "1400000001", "program_name": "X Hospital Program", "specialty": "Internal Medicine",
        "specialty_code": "140", "institution_id": "inst_1", "institution": "X Hospital", "visa_category": "?",
        "h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "not_stated", "city": "Boston",
        "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown", "tier_confidence": "low",
        "needs_confirmation": True, "as_of": pd.Timestamp("2026-11-20"), "release_id": "r", "accreditation": "accredited",
    }  # fmt: skip
    rows = [row | {"program_code": f"14000000{place:02d}"} | change for place, change in enumerate(changes or ({},), 1)]
    return to_frame(to_arrow(pd.DataFrame(rows), "functional_h1b_sponsors"))


def records(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    frame = listed(*changes)
    plain = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in plain]


def written(profile: Profile | None = None, **change: Any) -> str:
    return letter(records(change), profile)


def test_a_program_that_is_sure_is_not_asked() -> None:
    assert letters(listed({"needs_confirmation": False})) == []


def test_a_program_whose_accreditation_was_withdrawn_gets_no_letter() -> None:
    assert letters(listed({"accreditation": "withdrawn"})) == []
    assert len(letters(listed({"accreditation": "probation"}))) == 1


def test_an_institution_gets_one_letter_in_which_nothing_is_asked_twice() -> None:
    other = {"institution_id": "inst_2", "institution": "Y Clinic"}
    first, second = letters(listed({}, other, {"specialty": "Pediatrics"}))
    assert [row["program_code"] for row in first.programs] == ["1400000001", "1400000003"]
    assert first.subject == "Visa question for July 2027: Internal Medicine and Pediatrics, X Hospital"
    assert second.subject == "Visa question for July 2027: Internal Medicine (ACGME 1400000002), Y Clinic"
    questions = [line for line in first.text.splitlines() if line[:1].isdigit()]
    assert len(questions) == len({line[3:] for line in questions}) >= 5
    assert first.text.count("Do you sponsor H-1B visas") == 1 and len(set(first.unclear)) == len(first.unclear)


def test_a_question_about_some_of_the_programs_names_them() -> None:
    text = letter(records(QUOTED, {"specialty": "Pediatrics"}), None)
    assert "Internal Medicine: Do you still sponsor H-1B visas" in text
    assert "Pediatrics: Do you sponsor H-1B visas for trainees" in text
    assert (
        "About Internal Medicine: a page of 1 May 2026" in text and "About Pediatrics I have found no statement" in text
    )


def test_a_program_without_a_statement_is_asked_everything() -> None:
    [row] = letters(listed())
    assert row.unclear[0] == "which visas are sponsored: no statement is at hand"
    for part in (
        "Internal Medicine", "X Hospital", "July 2027", "Do you sponsor H-1B visas", "J-1", "USMLE Step 3", "Thank you",
        "Which legal entity", "exempt from the yearly cap", "change status", "who change employers", "people abroad",
        "Who pays the fees",
    ):  # fmt: skip
        assert part in row.text


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({}, "whether H-1B visas are still sponsored"),
        ({"h1b_stated": "case_by_case"}, "on what conditions an H-1B visa is possible"),
        ({"h1b_stated": "no"}, "H-1B visas are said not to be sponsored: whether this is still so"),
        ({"h1b_stated": "no", "j1_stated": "not_stated"}, "H-1B visas are said not to be sponsored: whether J-1 visas"),
        (
            {"h1b_stated": "no", "sponsor_tier": "conflicting"},
            "whether H-1B visas are sponsored: the statement says no",
        ),
        ({"h1b_stated": "not_stated", "policy": "j1_only"}, "whether H-1B visas are sponsored: only the J-1 is named"),
        (
            {"h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "contact"},
            "which visas are sponsored: what is published leaves it open",
        ),
    ],
)
def test_the_first_point_is_what_is_not_known_of_the_h1b(changes: dict[str, Any], point: str) -> None:
    assert unclear(records(QUOTED | changes)[0])[0].startswith(point)


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({"evidence_scope": "institution"}, "whether the institution's policy holds for this program"),
        ({"evidence_date": None}, "whether a statement without a date still holds"),
        ({"evidence_date": OLD}, "whether the statement of 9 February 2023 still holds"),
        ({"evidence_kind": "directory"}, "whether the program's answer in a directory is its policy"),
        ({"step3_required_for_h1b": "yes"}, "whether USMLE Step 3 is required for an H-1B, and by when"),
        ({"step3_deadline": "by rank list", "evidence_date": OLD}, "whether the deadline for Step 3 still holds"),
    ],
)
def test_further_points(changes: dict[str, Any], point: str) -> None:
    assert point in unclear(records(QUOTED | changes)[0])


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"step3_required_for_h1b": "yes", "step3_deadline": "by March 1"}, "Step 3"),
        ({"step3_required_for_h1b": "no"}, "Step 3"),
        (
            {"routes": ["change_of_status", "transfer_or_extension"], "conditions": ["already_in_us"]},
            "For whom would you",
        ),
    ],
)
def test_what_a_page_of_these_two_years_settles_is_not_asked(known: dict[str, Any], words: str) -> None:
    assert words not in written(**QUOTED | known)


def test_what_an_old_page_says_of_step_3_and_routes_is_asked_anew() -> None:
    known = {"step3_required_for_h1b": "yes", "step3_deadline": "by March 1", "routes": ["consulate"]}
    text = written(ABROAD, **QUOTED | known | {"evidence_date": OLD})
    assert "by March 1. Does that still hold?" in text and "needs a consulate" in text
    assert "needs a consulate" not in written(ABROAD, **QUOTED | known)


def test_nothing_on_the_h1b_is_asked_where_none_is_sponsored_or_wanted() -> None:
    denied = written(**QUOTED | {"h1b_stated": "no"})
    only_j1 = written(Profile(visas=("J-1",), where="abroad"))
    for text in (denied, only_j1):
        assert not any(word in text for word in ("Step 3", "legal entity", "fees", "consulate"))
    assert "Do you accept J-1" in only_j1 and "Do you sponsor H-1B" not in only_j1
    assert "Do you accept J-1" not in written(ABROAD)


@pytest.mark.parametrize(
    ("profile", "there", "not_there"),
    [
        (ABROAD, "lives abroad and needs a consulate?", "change of status"),
        (
            Profile(visas=("H-1B",), where="us_f1"),
            "with a change of status for someone who is in the US on F-1?",
            "$100,000",
        ),
        (Profile(visas=("H-1B",), where="holds_h1b"), "transfer the H-1B that I hold?", "$100,000"),
        (Profile(visas=("H-1B",)), "For whom would you file", "F-1"),
    ],
)
def test_each_applicant_asks_for_the_own_route(profile: Profile, there: str, not_there: str) -> None:
    text = written(profile)
    assert there in text and not_there not in text


@pytest.mark.parametrize(
    ("day", "there"),
    [
        ("2024-11-20", "Who pays the fees of the petition?\n"),
        ("2026-01-20", "the payment of $100,000 under Proclamation 10973 that new petitions from abroad need?"),
        ("2026-11-20", "which has not been collected since 24 July 2026, comes back: would you pay it"),
    ],
)
def test_who_pays_is_asked_by_the_law_of_the_day(day: str, there: str) -> None:
    assert there in written(ABROAD, as_of=pd.Timestamp(day))


def test_an_order_of_the_state_is_asked_about() -> None:
    frozen = {"state_freeze": "no new petitions (directive)", "state_freeze_until": pd.Timestamp("2027-05-31")}
    assert "until 31 May 2027. Does it bind you" in written(**frozen)
    assert "until further notice" in written(**frozen | {"state_freeze_until": None})
    assert "order of the state" not in written()


@pytest.mark.parametrize(
    ("profile", "there", "not_there"),
    [
        ({"step3": "passed"}, "have passed USMLE Step 3", "must USMLE Step 3"),
        ({"step3": dt.date(2027, 2, 15)}, "expect the result of Step 3 by 15 February 2027", "passed USMLE"),
        ({"step3": "not planned"}, "Must USMLE Step 3 be passed first", "I have passed"),
        ({"school": "US", "degree": "DO"}, "graduates of US schools for USMLE Step 3 or COMLEX-USA Level 3", "outside"),
        ({"school": "US", "degree": "MD"}, "in the United States (MD) and would like", "COMLEX"),
        ({"ecfmg": "certified", "step1": "passed", "step2": "passed"}, "I am certified by ECFMG and have passed USMLE Step 1 and Step 2 CK.", "expect"),
        ({"ecfmg": dt.date(2027, 1, 5)}, "expect ECFMG certification by 5 January 2027", "certified"),
        ({"name": "A. Doctor"}, "Kind regards,\nA. Doctor", "Dr."),
        ({"where": "us_j2"}, "I am in the United States on J-2 status and would need an H-1B.", "abroad."),
        ({"citizenship": "Iran"}, "I would need an H-1B.", "Iran"),
        ({"visas": ("H-1B", "J-1")}, "a J-1 would suit me, too", "would need"),
    ],
)  # fmt: skip
def test_of_the_applicant_a_letter_says_what_the_profile_gives(
    profile: dict[str, Any], there: str, not_there: str
) -> None:
    text = written(Profile(**{"visas": ("H-1B",)} | profile))
    assert there in text and not_there not in text


def test_a_letter_for_others_says_nothing_of_an_applicant() -> None:
    text = written()
    assert "I am asking which visas are sponsored at X Hospital" in text
    assert not any(word in text for word in ("would need", "would like to apply", "Kind regards", "I have passed"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("page", "A page of 1 May 2026 (https://x.example) says: “We sponsor H-1B visas.”"),
        (
            "restated",
            "As far as I know, a page of 1 May 2026 (https://x.example) says in substance: We sponsor H-1B visas.",
        ),
        ("confirmed", "I have a note of 1 May 2026: We sponsor H-1B visas."),
        ("directory", "I have seen an answer of yours of 1 May 2026: We sponsor H-1B visas."),
    ],
)
def test_the_letter_says_what_is_at_hand_and_of_what_kind_it_is(kind: str, said: str) -> None:
    assert said in written(**QUOTED | {"evidence_kind": kind})


def test_a_long_quotation_is_cut_and_stays_on_its_line() -> None:
    text = written(**QUOTED | {"evidence_quote": "We\nsponsor " + "many " * 500})
    assert "We sponsor many" in text and "…" in text and len(text) < 1_600


@pytest.mark.parametrize(("day", "year"), [("2026-06-30", 2026), ("2026-07-01", 2027), ("2026-11-20", 2027)])
def test_the_next_july(day: str, year: int) -> None:
    assert next_july(dt.date.fromisoformat(day)) == year


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"routes": ["transfer_or_extension"]}, "Is an H-1B still filed for those alone who hold one and transfer it"),
        ({"routes": ["change_of_status", "transfer_or_extension"]}, "for applicants in the United States alone"),
        ({"h1b_stated": "no", "paused_until": pd.Timestamp("2027-05-31")}, "once the pause ends on 31 May 2027?"),
        ({"conditions": ["chair_or_dio_approval"]}, "Do the conditions above for an H-1B still hold"),
        (
            {"evidence_date": None, "evidence_saved_on": pd.Timestamp("2026-10-01")},
            "without a date, saved on 1 October 2026,",
        ),
    ],
)
def test_limits_of_what_is_stated_are_asked_about(changes: dict[str, Any], part: str) -> None:
    assert part in written(**QUOTED | {"h1b_stated": "case_by_case"} | changes)


@given(about=st.text(max_size=60), text=st.text(max_size=200))
def test_a_mail_link_brings_back_what_was_put_in(about: str, text: str) -> None:
    link = mail_link(about, text)
    assert link.isascii() and " " not in link and "+" not in link and urlsplit(link).scheme == "mailto"
    fields = parse_qs(urlsplit(link).query, keep_blank_values=True, strict_parsing=True)
    assert set(fields) == {"subject", "body"}
    assert "\n" not in fields["subject"][0]
    assert fields["body"][0].replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_a_mail_link_is_encoded_as_rfc_6068_says() -> None:
    link = mail_link("50 % & more?", "Zürich\nJ-1 + H-1B = x#y")
    assert link == "mailto:?subject=50%20%25%20%26%20more%3F&body=Z%C3%BCrich%0D%0AJ-1%20%2B%20H-1B%20%3D%20x%23y"
    assert unquote(link).endswith("x#y")


def test_programs_of_one_specialty_are_told_apart_by_city_or_code() -> None:
    same, there, again = records({}, {"city": "Lowell"}, {"city": "Lowell"})
    assert labels([same]) == ["Internal Medicine"]
    assert labels([same, there]) == ["Internal Medicine in Boston", "Internal Medicine in Lowell"]
    assert labels([same, there, again])[1:] == ["Internal Medicine (1400000002)", "Internal Medicine (1400000003)"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B", "A"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        ([*"ABCDE"], "A, B, C and 2 more"),
    ],
)
def test_names_as_a_phrase(names: list[str], said: str) -> None:
    assert in_one_list(names) == said


def test_a_link_is_never_longer_than_mail_programs_take() -> None:
    names = ("Pediatrics", "Neurology", "Dermatology", "Pathology-Anatomic and Clinical", "Radiology-Diagnostic")
    many = [QUOTED | {"specialty": name, "evidence_quote": f"{name}: " + "long " * 60} for name in names]
    for profile in (None, ABROAD):
        [one] = letters(listed({}, *many, {"specialty": "Plastic Surgery"}), profile)
        assert len(one.mailto) <= LONGEST_LINK < len(mail_link(one.subject, one.text))
        assert one.mail_text.startswith("Dear colleagues,") and "1. " in one.mail_text and "Thank you" in one.mail_text
    [short] = letters(listed(), ABROAD)
    assert short.mail_text == short.text


def test_a_petitioner_is_named_as_a_person_writes_it() -> None:
    own = {
        "petitioner_id": "p", "name": "X HOSP & MED CTR INC", "relation": "same", "initial_approvals": 1, "continuing_approvals": 1,
        "files_for": 1, "attributed": True, "cap_exempt_category": None, "cap_exempt_confidence": None, "latest_fiscal_year": 2023,
    }  # fmt: skip
    assert "Does X Hospital & Medical Center Inc file the H-1B petitions" in written(petitioners=[own])

"""The pieces of the reader, each by itself: visa names, clauses, negation, conditions, exclusivity, scope, Step 3, dates."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.plain_lines import blocks_of_text
from pipeline.documents.sentences import sentences
from pipeline.policies.audience import Scope, specialties
from pipeline.policies.claims import parse
from pipeline.policies.decision import policy_of
from pipeline.policies.lexicon import forms
from pipeline.policies.page_date import page_date
from pipeline.policies.reading import read_statement
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.exclusivity import only_visas, split_exception
from pipeline.policies.sentence.negation import negations, vague
from pipeline.policies.sentence.polarity import sense
from pipeline.policies.step3 import read_step3
from pipeline.policies.tokens import words
from pipeline.text.characters import normalise


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("J-1", {"j1"}), ("J1 visas", {"j1"}), ("J 1", {"j1"}), ("J-1s", {"j1"}), ("J1's", {"j1"}), ("J visa", {"j1"}),
        ("H-1B", {"h1b"}), ("H1B", {"h1b"}), ("H1-B", {"h1b"}), ("H 1-B", {"h1b"}), ("h-1b", {"h1b"}), ("HIB visa", {"h1b"}),
        ("H-1 visas", {"h1b"}), ("(H) visa", {"h1b", "any"}), ("H-1Bs", {"h1b"}), ("a visa, J or H", {"any", "j1", "h1b"}),
        ("either visa", {"j1", "h1b"}), ("both of these visas", {"j1", "h1b"}), ("other visas", {"others"}),
        ("other work visa types", {"others"}), ("visas of any kind", {"any"}), ("visa sponsorship", {"any"}),
        ("J-2", set()), ("H-4 families", set()), ("O-1 and TN", set()), ("E-3", set()), ("F-1 OPT", set()),
        ("Visa or MasterCard", set()), ("Visa gift cards", set()), ("Visa Qualifying Examination", set()),
        ("paid by Visa", set()), ("permanent resident visas", set()), ("PGY-1 and Step 1", set()), ("Hib vaccine", set()),
        ("H-1B1", set()), ("the former of J-1 and H-1B", {"j1", "h1b"}),
    ],
)  # fmt: skip
def test_visa_names(text: str, named: set[str]) -> None:
    assert set(parse(normalise(text)).visas) == named


def test_former_and_latter_point_to_the_visas_just_named() -> None:
    assert [sorted(w.visas) for w in words("the latter is refused", ("j1", "h1b")) if w.visas] == [["h1b"]]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("J-1 and H-1B visas are accepted.", [{"j1", "h1b"}]),
        ("J-1 visas are accepted and H-1B visas are not.", [{"j1"}, {"h1b"}]),
        ("We sponsor the J-1, the H-1B and no other visa.", [{"j1", "h1b", "others"}]),
        ("J-1 yes, H-1B no", [{"j1"}, {"h1b"}]),
        ("J-1: yes H-1B: no", [{"j1"}, {"h1b"}]),
        ("We sponsor J-1 visas; H-1B visas are rare.", [{"j1"}, {"h1b"}]),
        ("The J-1 rather than the H-1B is used.", [{"j1"}, {"h1b"}]),
        ("Fellows may have a J-1 or an H-1B, residents a J-1.", [{"j1", "h1b"}, {"j1"}]),
        ("The J-1 is taken, the H-1B is not.", [{"j1"}, {"h1b"}]),
        ("We sponsor J-1 and, for fellows, H-1B.", [{"j1"}, {"h1b"}]),
    ],
)
def test_clauses(text: str, parts: list[set[str]]) -> None:
    assert [set(c.visas) for c in parse(text).clauses if c.visas] == parts


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("We sponsor H-1B visas.", 0), ("We do not sponsor H-1B visas.", 1), ("H-1B visas are refused.", 1),
        ("There is no visa, J-1 or H-1B, that we exclude.", 2), ("We do not refuse the H-1B.", 2),
        ("Neither J-1 nor H-1B is sponsored.", 1), ("Neither J-1 nor H-1B is excluded.", 2),
        ("Not only the J-1 is sponsored.", 0), ("J-1 visas are sponsored without exception.", 0),
        ("No, J-1 visas are not sponsored.", 1), ("J-1 visas are sponsored for those who are not U.S. citizens.", 0),
        ("We have never sponsored an H-1B and have no plans to.", 1), ("Nobody has to choose the J-1.", 0),
        ("The hospital, not the resident, files the H-1B.", 0), ("The H-1B can be filed without Step 3.", 0),
        ("The ban on the H-1B was lifted.", 2), ("H-1B visas are sponsored if there is no J-1.", 0),
        ("The J-1 is sponsored no later than July.", 0), ("We can't sponsor an H-1B.", 1),
    ],
)  # fmt: skip
def test_negation_is_counted(text: str, turns: int) -> None:
    parsed = parse(text)
    assert len(negations(parsed.whole(), parsed.found)) == turns


@pytest.mark.parametrize(
    ("text", "unclear"),
    [("We do not sponsor the J-1.", False), ("We do not befuddle the J-1.", True), ("No J-1 is sponsored.", False)],
)
def test_a_negator_on_an_unknown_word_is_no_plain_no(text: str, unclear: bool) -> None:
    parsed = parse(text)
    clause = parsed.whole()
    assert vague(clause, parsed.found, negations(clause, parsed.found)) is unclear


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("H-1B visas are sponsored.", ()),
        ("H-1B visas are sponsored case by case.", ("case_by_case",)),
        ("An H-1B may be sponsored.", ("possible",)),
        ("H-1B holders may apply.", ()),
        ("We consider applicants who need an H-1B.", ()),
        ("They will be considered for an H-1B.", ("possible",)),
        ("H-1B transfers only.", ("transfer_only",)),
        ("The H-1B is for graduates of American medical schools.", ("us_graduates_only",)),
        ("The H-1B needs the approval of the chair.", ("chair_approval",)),
        ("A limited number of H-1B visas is sponsored.", ("limited_number",)),
        ("In exceptional cases an H-1B is sponsored.", ("exceptional_cases",)),
        ("An H-1B is sponsored if the department agrees to pay.", ("department_pays",)),
        ("The H-1B is for fellows only.", ("fellows_only",)),
        ("H-1B visas are sponsored only if Step 3 has been passed.", ()),
        ("H-1B visas are sponsored if you match.", ()),
    ],
)
def test_conditions(text: str, names: tuple[str, ...]) -> None:
    parsed = parse(text)
    found = conditions_of(parsed.whole(), parsed.found)
    assert set(names) <= set(found) if names else found == ()


@pytest.mark.parametrize(
    ("text", "sole"),
    [
        ("We sponsor J-1 visas only.", {"j1"}), ("Only the J-1 is sponsored.", {"j1"}), ("We only sponsor J-1 visas.", {"j1"}),
        ("The only visa accepted is the J-1.", {"j1"}), ("We sponsor nothing but the J-1.", {"j1"}),
        ("Sponsorship is limited to the J-1.", {"j1"}), ("J-1 and nothing else is sponsored.", {"j1"}),
        ("One type of visa is sponsored: the J-1.", {"j1"}), ("Only those with a J-1 may apply.", {"j1"}),
        ("Only J-1 and H-1B visas are sponsored.", {"j1", "h1b"}), ("H-1B only for fellows.", set()),
        ("H-1B visas are sponsored for fellows only.", set()), ("Sponsorship is not limited to the J-1.", set()),
        ("ECFMG alone can sponsor the J-1.", set()), ("The J-1 is sponsored.", set()),
    ],
)  # fmt: skip
def test_only_visas(text: str, sole: set[str]) -> None:
    parsed = parse(text)
    assert set(only_visas(parsed.whole(), parsed.found)) == sole


@pytest.mark.parametrize(
    ("text", "excepted"),
    [
        ("No visas other than the J-1 are accepted.", {"j1"}),
        ("Apart from the J-1, no visa is accepted.", {"j1"}),
        ("H-1B visas are not accepted except for transfers.", set()),
    ],
)
def test_exceptions(text: str, excepted: set[str]) -> None:
    parsed = parse(text)
    split = split_exception(parsed.whole(), parsed.found)
    assert split is not None
    assert set(split.excepted.visas & {"j1", "h1b"}) == excepted


def test_sense_of_a_softened_no() -> None:
    parsed = parse("We do not usually sponsor H-1B visas.")
    assert sense(parsed.whole(), parsed.found).stance == "case_by_case"


@pytest.mark.parametrize(
    ("j1", "h1b", "policy"),
    [
        ("yes", "yes", "both"), ("yes", "case_by_case", "h1b_case_by_case"), ("no", "case_by_case", "h1b_case_by_case"),
        ("yes", "no", "j1_only"), ("yes", "not_stated", "j1_only"), ("case_by_case", "no", "j1_only"),
        ("no", "yes", "h1b_only"), ("not_stated", "yes", "h1b_only"), ("no", "no", "none"), ("not_stated", "no", "contact"),
        ("no", "not_stated", "contact"), ("not_stated", "not_stated", "not_stated"),
    ],
)  # fmt: skip
def test_policy_follows_the_stances(j1: str, h1b: str, policy: str) -> None:
    assert policy_of(j1, h1b) == policy


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
        ("Is Step 3 required for an H-1B? No.", "no", None),
        ("Step 3 need not be passed for the H-1B.", "no", None),
        ("Step 3 fees are refunded. We sponsor H-1B visas.", "not_stated", None),
    ],
)
def test_step3(text: str, required: str, deadline: str | None) -> None:
    blocks = blocks_of_text(text)
    step3 = read_step3(blocks, Scope(), Texts(blocks))
    assert (step3.required, step3.deadline) == (required, deadline)


def test_step3_is_no_prerequisite_of_a_visa_that_is_refused() -> None:
    reading = read_statement(blocks_of_text("We do not sponsor the H-1B, even for H-1B applicants with Step 3."))
    assert reading.step3_required_for_h1b == "not_stated"


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
    blocks = (Block(0, "paragraph", text),)
    assert page_date(blocks, Texts(blocks)) == day


@pytest.mark.parametrize(
    ("program", "text", "relation"),
    [
        ("Urology", "Neurology sponsors the H-1B", "other"), ("Urology", "Urology and Neurology", "own"),
        ("Urology", "The hospital sponsors", ""), ("General Surgery", "Vascular surgery", "other"),
        ("Surgery-Vascular", "Vascular surgery", "own"), ("Surgery-Vascular", "Surgery", ""),
        ("Cardiovascular Disease Fellowship", "Cardiology fellowship", "own"), ("Internal Medicine", "Family medicine", "other"),
        ("GME office", "Neurology", ""), ("Pediatrics", "Pediatric neurology", "other"),
    ],
)  # fmt: skip
def test_scope_relation(program: str, text: str, relation: str) -> None:
    assert Scope(program).relation(text) == relation


def test_specialties_are_whole_names() -> None:
    assert specialties("vascular surgery and family life") == {frozenset({"vascular", "surger"})}


@pytest.mark.parametrize(
    ("program", "text", "policy"),
    [
        ("Cardiology fellowship", "The residency sponsors the J-1 only. The fellowship sponsors J-1 and H-1B.", "both"),
        ("Internal Medicine", "The residency sponsors the J-1 only. The fellowship sponsors J-1 and H-1B.", "j1_only"),
        ("Urology", "Neurology sponsors the H-1B, but we sponsor only the J-1.", "j1_only"),
        ("GME office", "Some departments sponsor no visas; ask each program.", "contact"),
    ],
)
def test_whose_policy(program: str, text: str, policy: str) -> None:
    assert read_statement(blocks_of_text(text), program).policy == policy


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We sponsor J-1. We do not sponsor H-1B.", ["We sponsor J-1.", "We do not sponsor H-1B."]),
        ("9. Which visas? J-1.", ["Which visas?", "J-1."]),
        ("Dr. A. Person, e.g. of the U.S. Navy, came.", ["Dr. A. Person, e.g. of the U.S. Navy, came."]),
        ("J-1? No. H-1B? No.", ["J-1?", "No.", "H-1B?", "No."]),
        ("- J-1\n- H-1B", ["J-1", "H-1B"]),
        ("one line\nand on", ["one line\nand on"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    found = sentences(text)
    assert all(text[s.start : s.end] == s.text for s in found)
    if parts != ["Dr. A. Person, e.g. of the U.S. Navy, came."]:
        assert [s.text for s in found] == parts


def test_normalise() -> None:
    assert normalise("H\u20111B\u00a0visa \u2013 no\u200b") == "H-1B visa – no"


def test_forms_of_verbs() -> None:
    assert set(forms("stop")) == {"stopped", "stops", "stopping"}
    assert set(forms("deny")) == {"denied", "denies", "denying"}
    assert set(forms("take")) == {"took", "taken", "takes", "taking"}


def test_evidence_points_into_its_block() -> None:
    text = "Apply by ERAS. We sponsor J-1 visas only. Rounds start early."
    blocks = blocks_of_text(text)
    reading = read_statement(blocks)
    (evidence,) = reading.evidence
    assert blocks[evidence.block].text[evidence.start : evidence.end] == evidence.quote == "We sponsor J-1 visas only."


def test_counter_evidence_and_newer_rule() -> None:
    text = "We sponsor J-1 and H-1B visas.\n\nAs of July 2026 we no longer sponsor H-1B visas."
    reading = read_statement(blocks_of_text(text))
    assert (reading.policy, reading.h1b) == ("j1_only", "no")
    assert [item.quote for item in reading.counter_evidence] == []  # the sentence still states the J-1
    assert reading.confidence == "medium"
    assert reading.needs_confirmation


def test_disagreement_without_a_date_is_left_to_a_person() -> None:
    text = "We sponsor the J-1. We sponsor the H-1B.\n\nThe H-1B is not sponsored."
    reading = read_statement(blocks_of_text(text))
    assert (reading.policy, reading.h1b, reading.confidence) == ("contact", "not_stated", "low")
    assert reading.needs_confirmation


def test_conditions_are_reported() -> None:
    reading = read_statement(blocks_of_text("We sponsor the J-1, and H-1B transfers from another residency."))
    assert reading.conditions == ("transfer_only",)
    assert reading.h1b == "case_by_case"

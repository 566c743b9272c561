"""What is published of two readings of one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.blocks import Texts
from pipeline.documents.page import blocks_of
from pipeline.policies.agreement import LEAST_PAGE, MARGIN, Stances, settle
from pipeline.policies.decision import policy_of
from pipeline.policies.weighed.reading import SILENT, WeighedReading, weigh
from pipeline.schemas.vocabulary import VISA_STANCE
from tests.policies.conftest import read

STANCE = st.sampled_from(VISA_STANCE)


def weighed(j1: str, h1b: str, chance: float = 0.9) -> WeighedReading:
    return WeighedReading(j1, h1b, policy_of(j1, h1b), {policy_of(j1, h1b): chance}, ())


def stances(j1: str, h1b: str) -> Stances:
    return Stances(j1, h1b, policy_of(j1, h1b))


@given(STANCE, STANCE, STANCE, STANCE, st.floats(0, 1), st.integers(0, 5_000))
def test_on_a_page_no_yes_to_the_h1b_that_the_other_reader_clearly_denies(
    j1: str, h1b: str, other_j1: str, other_h1b: str, chance: float, characters: int
) -> None:
    settled = settle(stances(j1, h1b), weighed(other_j1, other_h1b, chance), characters)
    assert settled.stances.h1b in (h1b, other_h1b, "not_stated")
    if {h1b, other_h1b} == {"yes", "no"} and chance > MARGIN and characters >= LEAST_PAGE:
        assert (settled.stances.h1b, settled.stances.policy) == ("not_stated", "contact")
    if settled.agreed:
        assert settled.stances == stances(j1, h1b) and h1b == other_h1b


@pytest.mark.parametrize(
    ("first", "second", "chance", "characters", "policy"),
    [
        (("yes", "yes"), ("not_stated", "not_stated"), 0.9, LEAST_PAGE, "not_stated"),
        (("yes", "yes"), ("not_stated", "not_stated"), 0.4, LEAST_PAGE, "both"),  # not likely enough
        (("yes", "yes"), ("not_stated", "not_stated"), 0.9, LEAST_PAGE - 1, "both"),  # no page around the sentence
        (("no", "not_stated"), ("yes", "case_by_case"), 0.9, LEAST_PAGE, "h1b_case_by_case"),  # the first leaves it open
        (("yes", "case_by_case"), ("yes", "yes"), 0.9, LEAST_PAGE, "h1b_case_by_case"),  # else the first one stands
    ],
)  # fmt: skip
def test_the_second_reader_prevails_only_where_it_is_the_better_one(
    first: tuple[str, str], second: tuple[str, str], chance: float, characters: int, policy: str
) -> None:
    settled = settle(stances(*first), weighed(*second, chance), characters)
    assert settled.stances.policy == policy and not settled.agreed


def test_a_denial_that_one_reader_saw_is_kept_where_the_policy_is_the_other_readers() -> None:
    settled = settle(stances("not_stated", "no"), weighed("yes", "not_stated"), LEAST_PAGE)
    assert settled.stances == Stances("yes", "no", "j1_only") and settled.by_weights
    changed = settle(stances("not_stated", "no"), weighed("not_stated", "not_stated"), LEAST_PAGE)
    assert changed.stances == Stances("not_stated", "not_stated", "not_stated")  # else it would be another policy


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("We sponsor both J-1 and H-1B visas.", "both"),
        ("We sponsor J-1 visas only. H-1B visas are not sponsored.", "j1_only"),
        ("We do not sponsor any visas.", "none"),
    ],
)
def test_plain_sentences_are_sure(text: str, policy: str) -> None:
    reading = read(text, "Urology")
    assert (reading.policy, reading.needs_confirmation) == (policy, False)
    assert "readers_differ" not in reading.rules
    assert all(policy in line for line in reading.readings)


def test_readers_that_differ_send_a_person_to_ask() -> None:
    reading = read("Residents on OPT must move to a J-1 or H-1B by the second year.", "Urology")
    assert "readers_differ" in reading.rules
    assert (reading.confidence, reading.needs_confirmation) == ("low", True)
    by_sentences, by_weights = reading.readings
    assert by_sentences.startswith("By its sentences: ") and by_weights.startswith("By weights: ")


def test_a_page_without_a_word_near_visas_weighs_nothing() -> None:
    blocks = blocks_of(b"<h1>Urology</h1><p>Six residents a year. Apply through ERAS.</p>", "html")
    assert weigh(blocks, Texts(blocks), of_program=True) == SILENT


@given(st.text(max_size=400))
def test_chances_are_chances(text: str) -> None:
    blocks = blocks_of(f"Our visa policy: {text}".encode(), "text")
    reading = weigh(blocks, Texts(blocks), of_program=True)
    assert sum(reading.chances.values()) == pytest.approx(1.0)
    assert reading.policy == policy_of(reading.j1, reading.h1b)
    for reason in reading.reasons:
        assert reason.quote == " ".join(blocks[reason.block].text[reason.start : reason.end].split())


@pytest.mark.parametrize("mark", ["'", "’", "`", "´", "?", "\ufffd", "ʼ", "″"])
def test_any_sign_in_doesnt_leaves_it_a_denial(mark: str) -> None:
    blocks = blocks_of(f"The program doesn{mark}t sponsor H-1B visas.".encode(), "text")
    assert weigh(blocks, Texts(blocks), of_program=True).h1b == "no"

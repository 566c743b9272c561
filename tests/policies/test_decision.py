"""Both stances in one word, for every combination: as confirmed by a person, and as read on a page."""

from __future__ import annotations

from itertools import product

import pytest

from pipeline.schemas.vocabulary import VISA_POLICY, VISA_STANCE
from tests.policies.conftest import confirmed, read

POLICIES = {
    # J-1: H-1B yes, case by case, no, not stated
    "yes": ("both", "h1b_case_by_case", "j1_only", "j1_only"),
    "case_by_case": ("both", "h1b_case_by_case", "j1_only", "j1_only"),
    "no": ("h1b_only", "h1b_case_by_case", "none", "contact"),
    "not_stated": ("h1b_only", "h1b_case_by_case", "contact", "not_stated"),
}
H1B = ("yes", "case_by_case", "no", "not_stated")
COMBINATIONS = [(j1, h1b, POLICIES[j1][number]) for j1 in POLICIES for number, h1b in enumerate(H1B)]


def test_every_combination_is_in_the_table_and_every_word_is_used() -> None:
    assert {(j1, h1b) for j1, h1b, _ in COMBINATIONS} == set(product(VISA_STANCE, repeat=2))
    assert {policy for *_, policy in COMBINATIONS} == set(VISA_POLICY)


@pytest.mark.parametrize(("j1", "h1b", "policy"), COMBINATIONS)
def test_both_stances_in_one_word(j1: str, h1b: str, policy: str) -> None:
    [row] = confirmed({"j1": j1, "h1b": h1b}).to_dict("records")
    assert (row["policy"], row["needs_confirmation"]) == (policy, policy in ("contact", "not_stated"))


SAYS = {
    "J-1": {"yes": "We sponsor the J-1.", "case_by_case": "The J-1 is sponsored case by case.", "no": "We do not sponsor the J-1.",
            "not_stated": ""},
    "H-1B": {"yes": "We sponsor the H-1B.", "case_by_case": "The H-1B is sponsored case by case.",
             "no": "We do not sponsor the H-1B.", "not_stated": ""},
}  # fmt: skip


@pytest.mark.parametrize(("j1", "h1b", "policy"), COMBINATIONS)
def test_a_page_is_put_in_the_same_word(j1: str, h1b: str, policy: str) -> None:
    reading = read(f"{SAYS['J-1'][j1]}\n\n{SAYS['H-1B'][h1b]}")
    assert (reading.j1, reading.h1b, reading.policy) == (j1, h1b, policy)

"""The linkage model as a table: what one sign alone can do."""

from __future__ import annotations

import pytest

from pipeline.linkage import model

# Names that say who it is by themselves: the printed name, or the trade name, is the institution's own, or its university's.
SUFFICIENT = {"equal", "equal_trade", "equal_root"}


@pytest.mark.parametrize("level", model.LEVELS)
def test_nothing_but_an_equal_name_is_accepted_in_its_state_without_a_second_sign(level: str) -> None:
    accepted = model.LEVELS[level].weight + model.STATE_EQUAL >= model.ACCEPT
    assert accepted == (level in SUFFICIENT)


@pytest.mark.parametrize(
    "sign", [model.TAX_EQUAL, model.CITY_EQUAL, model.METRO_EQUAL, model.PROGRAM_CITY, model.CURATED]
)
def test_no_sign_beside_the_name_is_a_link(sign: float) -> None:
    assert sign < model.KEEP


@pytest.mark.parametrize("level", ["kin", "system", "typed", "cut_kin"])
def test_a_name_that_shares_a_word_of_many_near_is_for_a_person_at_most(level: str) -> None:
    """In the institution's own city, where no tax id speaks for it."""
    assert model.LEVELS[level].weight + model.CITY_EQUAL + model.SHARED_NEARBY < model.ACCEPT
    assert model.LEVELS[level].weight + model.CITY_EQUAL + model.TAX_OTHER + model.SHARED_NEARBY >= model.REVIEW


def test_an_equal_name_in_another_state_is_for_a_person_or_nobody() -> None:
    assert model.LEVELS["equal"].weight + model.STATE_OTHER < model.ACCEPT
    assert model.LEVELS["equal"].weight + model.STATE_UNKNOWN < model.ACCEPT

"""How right the sure readings are, counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.selective import Outcome, coverage_lines, selective_figures

OUTCOMES = st.builds(Outcome, st.booleans(), st.booleans(), st.booleans(), st.floats(0, 1), st.booleans())


def test_figures_of_four_readings() -> None:
    figures = selective_figures(
        [
            Outcome(right=True, critical=False, sure=True, chance=0.9, silent=False),
            Outcome(right=False, critical=True, sure=True, chance=0.6, silent=True),
            Outcome(right=True, critical=False, sure=False, chance=0.8, silent=True),
            Outcome(right=False, critical=False, sure=False, chance=0.1, silent=True),
        ]
    )
    assert figures["sure_share"] == 0.5
    assert figures["sure_policy_accuracy"] == 0.5
    assert figures["sure_critical_errors"] == 1
    assert figures["false_policy_rate"] == pytest.approx(2 / 3)
    assert figures["sure_false_policy_rate"] == pytest.approx(1 / 3)
    table = figures["risk_coverage"]
    assert isinstance(table, list)
    assert table[0] == {"share": 0.1, "policy_accuracy": 1.0, "critical_errors": 0}
    assert table[-1] == {"share": 1.0, "policy_accuracy": 0.5, "critical_errors": 1}
    assert len(list(coverage_lines(figures))) == 11


def test_without_a_sure_reading_nothing_sure_is_wrong() -> None:
    figures = selective_figures([Outcome(right=False, critical=True, sure=False, chance=0.5, silent=False)])
    assert (figures["sure_share"], figures["sure_policy_accuracy"], figures["sure_critical_errors"]) == (0.0, 1.0, 0)
    assert figures["false_policy_rate"] == 0.0


@given(st.lists(OUTCOMES, min_size=1, max_size=40))
def test_the_whole_table_covers_all_readings(outcomes: list[Outcome]) -> None:
    table = selective_figures(outcomes)["risk_coverage"]
    assert isinstance(table, list)
    assert table[-1]["critical_errors"] == sum(outcome.critical for outcome in outcomes)
    assert table[-1]["policy_accuracy"] == pytest.approx(sum(outcome.right for outcome in outcomes) / len(outcomes))

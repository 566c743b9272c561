"""The shipped weights are those that the labelled cases give."""

from __future__ import annotations

from pipeline.evaluate.fit_policies import GOLD, WEIGHTS, fitted_table


def test_the_shipped_weights_are_those_fitted_to_the_labelled_cases() -> None:
    assert fitted_table(GOLD) == WEIGHTS.read_text("utf-8"), "run `make train`, and look at the figures of the gate"

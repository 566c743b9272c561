"""The calibration error beside what chance makes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluate.calibration import by_tenths, calibration_error, error_by_chance, recalibration


def test_the_error_is_the_mean_distance_in_tenths_by_number() -> None:
    likely, yes = np.array([0.1, 0.1, 0.1, 0.9]), np.array([0.0, 0.0, 1.0, 1.0])
    assert calibration_error(likely, yes) == pytest.approx(0.2, abs=1e-4)  # (|1 - .3| + |1 - .9|) / 4
    assert [row["n"] for row in by_tenths(pd.Series(likely), pd.Series(yes))] == [3, 1]
    assert calibration_error(likely[:0], yes[:0]) is None and error_by_chance(likely[:0]) is None


@pytest.mark.parametrize(("cases", "at_most"), [(100, 0.15), (1_000, 0.05), (20_000, 0.012)])
def test_what_is_exactly_right_has_an_error_that_falls_with_the_number_of_cases(cases: int, at_most: float) -> None:
    draw = np.random.default_rng(5)
    likely = draw.uniform(0.02, 0.98, cases)
    chance = error_by_chance(likely)
    assert chance is not None and chance == error_by_chance(likely)
    mean, most = chance
    assert 0 < mean < most < at_most
    error = calibration_error(likely, (draw.random(cases) < likely).astype("float64"))
    assert error is not None and error < 2 * most


@pytest.mark.parametrize(("shift", "stretch"), [(0.0, 1.0), (-0.7, 1.0), (0.0, 0.5)])
def test_recalibration_finds_a_shift_and_a_stretch(shift: float, stretch: float) -> None:
    draw = np.random.default_rng(6)
    odds = draw.normal(-1, 1.5, 20_000)
    truth = 1 / (1 + np.exp(-(shift + stretch * odds)))
    found = recalibration(1 / (1 + np.exp(-odds)), (draw.random(len(odds)) < truth).astype("float64"))
    assert found is not None
    assert found.intercept == pytest.approx(shift, abs=0.1) and found.slope == pytest.approx(stretch, abs=0.06)


@pytest.mark.parametrize(("cases", "answer"), [(30, 0.0), (30, 1.0), (5, 0.0)])
def test_where_nothing_can_be_told_there_is_no_slope(cases: int, answer: float) -> None:
    assert recalibration(np.linspace(0.1, 0.9, cases), np.full(cases, answer)) is None

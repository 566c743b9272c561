"""Measuring tiers and the inferred likelihood on programs' own answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.tiers import evaluate


def gold(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("program_code,h1b\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


LISTED = pd.DataFrame(
    {
        "program_code": ["0400000001", "1400000002", "1400000003", "1400000004", "1400000005"],
        "sponsor_tier": ["likely", "possible", "possible", "unknown", "sponsors"],
        "policy": ["not_stated"] * 4 + ["both"],
        "sponsoring_likelihood": [0.75, 0.25, 0.25, 0.05, None],
    }
)


def test_precision_order_and_calibration_of_those_that_are_found(tmp_path: Path) -> None:
    lines = ["400000001,yes", "1400000002,yes", "1400000003,no", "1400000004,no", "1400000005,yes", "9900000009,no"]
    measured = evaluate(gold(tmp_path, *lines), LISTED)
    figures = measured.figures
    assert (figures["n"], figures["found"], figures["with_likelihood"], figures["base_rate"]) == (6, 5, 4, 0.6)
    assert figures["auc"] == pytest.approx(3.5 / 4), "of four pairs one is a tie"
    assert figures["precision_by_tier"] == {
        "sponsors": {"n": 1, "yes": 1.0}, "likely": {"n": 1, "yes": 1.0}, "possible": {"n": 2, "yes": 0.5},
        "unknown": {"n": 1, "yes": 0.0},
    }  # fmt: skip
    assert figures["calibration_error"] == pytest.approx((0.25 + 2 * 0.25 + 0.05) / 4)
    assert any("found: 5" in line for line in measured.lines)


def test_figures_without_a_case_are_null(tmp_path: Path) -> None:
    figures = evaluate(gold(tmp_path, "9900000009,no"), LISTED).figures
    assert (figures["found"], figures["auc"], figures["calibration_error"], figures["base_rate"]) == (
        0,
        None,
        None,
        None,
    )


def test_an_answer_that_is_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="line 2: h1b 'maybe' must be one of yes, no"):
        evaluate(gold(tmp_path, "1400000002,maybe"), LISTED)

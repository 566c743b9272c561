"""How right readings are that are published as sure, and what each share of readings costs in errors.

What belongs here: counting. Which reading is sure is decided in `policies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_STEPS: Final = 10


@dataclass(frozen=True)
class Outcome:
    """One reading beside its label. sure: published without a question; chance: by which readings are ranked; silent: labelled
    not_stated."""

    right: bool
    critical: bool
    sure: bool
    chance: float
    silent: bool


def selective_figures(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return sure_share, sure_policy_accuracy, sure_critical_errors, false_policy_rate, sure_false_policy_rate, and
    risk_coverage: for each tenth of the readings, the surest first, share, policy_accuracy and critical_errors.

    Without a sure reading its accuracy is 1; without a case labelled not_stated the false rates are 0.
    """
    sure = [outcome for outcome in outcomes if outcome.sure]
    silent = [outcome for outcome in outcomes if outcome.silent]
    return {
        "sure_share": len(sure) / len(outcomes),
        "sure_policy_accuracy": _accuracy(sure),
        "sure_critical_errors": sum(outcome.critical for outcome in sure),
        "false_policy_rate": _rate(not outcome.right for outcome in silent),
        "sure_false_policy_rate": _rate(outcome.sure and not outcome.right for outcome in silent),
        "risk_coverage": _risk_coverage(outcomes),
    }


def coverage_lines(figures: dict[str, object]) -> Iterable[str]:
    """Return the lines of the table of risk and coverage for people."""
    rows = figures["risk_coverage"]
    yield "surest share   policy right   critical"
    for row in rows if isinstance(rows, list) else []:
        yield f"{row['share']:>12.0%}{row['policy_accuracy']:>15.3f}{row['critical_errors']:>11}"


def _risk_coverage(outcomes: Sequence[Outcome]) -> list[dict[str, float | int]]:
    ranked = sorted(outcomes, key=lambda outcome: (not outcome.sure, -outcome.chance))
    table: list[dict[str, float | int]] = []
    for step in range(1, _STEPS + 1):
        taken = ranked[: max(1, round(len(ranked) * step / _STEPS))]
        table.append(
            {
                "share": step / _STEPS,
                "policy_accuracy": _accuracy(taken),
                "critical_errors": sum(outcome.critical for outcome in taken),
            }
        )
    return table


def _accuracy(outcomes: Sequence[Outcome]) -> float:
    return sum(outcome.right for outcome in outcomes) / len(outcomes) if outcomes else 1.0


def _rate(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0

"""The decision list of docs/methods/sponsor_tier.md as a table: the first rule that holds gives tier and confidence.

What belongs here: rules, thresholds, and how sure each rule is. Why a tier was given, in words, is in `reasons.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

LOW, MEDIUM, HIGH = 0, 1, 2
# Recent applications for trainees from which a tier or its confidence is higher.
LIKELY_ANY: Final = 5
LIKELY_ANY_MEDIUM: Final = 20
LIKELY_SAME_MEDIUM: Final = 2
LIKELY_SAME_HIGH: Final = 5

_SAME: Final = "trainee_filings_same_specialty_recent"
_ANY: Final = "trainee_filings_any_specialty_recent"

Facts = pd.DataFrame  # of `facts_of`


@dataclass(frozen=True)
class Rule:
    """A row of the decision list: `tier` where `holds`, with `confidence` (LOW, MEDIUM or HIGH; one for all rows, or each)."""

    tier: str
    holds: Callable[[Facts], pd.Series]
    confidence: Callable[[Facts], np.ndarray] | int


def of_statement(facts: Facts) -> np.ndarray:
    """Return how sure a statement is: high, less a step for each weakness."""
    weaknesses = (
        facts["evidence_scope"].isin(["institution", "other_program"]).astype("int64")
        + facts["evidence_kind"].isin(["restated", "directory"])
        + ~facts["fresh"]
        + (facts["policy_confidence"] == "low")
    )
    return np.clip(HIGH - weaknesses.to_numpy(dtype="int64"), LOW, HIGH)


def _borne_out(facts: Facts) -> np.ndarray:
    return np.clip(of_statement(facts) + (facts[_SAME] > 0), LOW, HIGH)


def _contradicted(facts: Facts) -> np.ndarray:
    return np.where(facts["fresh"], MEDIUM, LOW)


def _by_same_specialty(facts: Facts) -> np.ndarray:
    same = facts[_SAME]
    return np.select(
        [facts["j1_alone"], same >= LIKELY_SAME_HIGH, same >= LIKELY_SAME_MEDIUM], [LOW, HIGH, MEDIUM], LOW
    )


def _by_any_specialty(facts: Facts) -> np.ndarray:
    return np.where(facts[_ANY] >= LIKELY_ANY_MEDIUM, MEDIUM, LOW)


def _denied(facts: Facts) -> pd.Series:
    return facts["h1b_stated"] == "no"


def _denied_elsewhere(facts: Facts) -> pd.Series:
    return _denied(facts) & (facts["evidence_scope"] != "program")


def _older_trainees(facts: Facts) -> pd.Series:
    return (facts["trainee_filings_any_specialty"] > 0) | (facts["trainee_filings_same_specialty"] > 0)


def _petitions(facts: Facts) -> pd.Series:
    return (facts["petitions"] > 0) | (facts["affiliate_petitions"] > 0)


RULES: Final = (
    Rule("sponsors", lambda facts: facts["h1b_stated"] == "yes", _borne_out),
    Rule("case_by_case", lambda facts: facts["h1b_stated"] == "case_by_case", _borne_out),
    Rule("conflicting", lambda facts: _denied(facts) & (facts[_SAME] > 0), _contradicted),
    Rule("conflicting", lambda facts: _denied_elsewhere(facts) & (facts[_ANY] > 0), _contradicted),
    Rule("j1_only", lambda facts: _denied(facts) & facts["j1_offered"], of_statement),
    Rule("none", _denied, of_statement),
    Rule("unknown", lambda facts: facts["withdrawn"], LOW),
    Rule("likely", lambda facts: facts[_SAME] > 0, _by_same_specialty),
    Rule("possible", lambda facts: facts["j1_alone"] & (facts[_ANY] > 0), LOW),
    Rule("unknown", lambda facts: facts["j1_alone"], LOW),
    Rule("likely", lambda facts: facts[_ANY] >= LIKELY_ANY, _by_any_specialty),
    Rule("possible", lambda facts: facts[_ANY] > 0, MEDIUM),
    Rule("possible", _older_trainees, LOW),
    Rule("possible", _petitions, LOW),
    Rule("possible", lambda facts: facts["seems_exempt"], LOW),
    Rule("unknown", lambda facts: pd.Series(True, index=facts.index), LOW),
)


def decide(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Return the tier and the confidence (LOW, MEDIUM or HIGH) of each row: those of the first rule that holds."""
    holds = [rule.holds(facts).to_numpy(dtype="bool") for rule in RULES]
    levels = [rule.confidence if isinstance(rule.confidence, int) else rule.confidence(facts) for rule in RULES]
    tier = np.select(holds, [rule.tier for rule in RULES], RULES[-1].tier)
    confidence = np.select(holds, [np.broadcast_to(level, len(facts)) for level in levels], LOW)
    return tier, confidence.astype("int64")

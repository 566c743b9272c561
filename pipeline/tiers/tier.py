"""The sponsor tier of a program: the decision list, its reasons, and whether a person should ask.

What belongs here: the door of the room. Facts, rules and sentences are in `facts.py`, `rules.py` and `reasons.py`; the
method is docs/methods/sponsor_tier.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.tiers.facts import facts_of
from pipeline.tiers.reasons import tier_reasons
from pipeline.tiers.rules import LOW, decide

_CONFIDENCE: Final = np.array(["low", "medium", "high"])
_INFERRED: Final = ("likely", "possible", "unknown", "conflicting")


def sponsor_tiers(programs: pd.DataFrame) -> pd.DataFrame:
    """Judge each of `programs`, one row each:

      program_code;
      of `choose_policy`: h1b_stated, j1_stated, policy, evidence_scope, evidence_kind, evidence_date, and where at hand
        policy_confidence, policy_needs_confirmation, other_policies (lists of sentences), conditions (lists of names);
      of `filings_by_program`: trainee_filings_{same,any}_specialty with _recent, trainee_filings_before_payment and
        trainee_filings_payment_{demanded,suspended} with _new,
        latest_trainee_filing, and where at hand latest_trainee_filing_same_specialty;
      initial_approvals, continuing_approvals and, where at hand, affiliate_initial_approvals and
        affiliate_continuing_approvals, over petition_years (text such as 2020-2022, null where no full year is known);
      cap_exempt_category (null where no petitioner is known);
      where at hand accreditation (a word of ACCREDITATION);
      as_of: the day of the list.
    Counts may be null: nothing is known, which counts as none. Missing optional columns count as null.

    Returns, in the order given, program_code, sponsor_tier, tier_reasons (list of sentences, the weightiest first),
    tier_confidence (high, medium, low), needs_confirmation.
    """
    facts = facts_of(programs)
    tier, confidence = decide(facts)
    return pd.DataFrame(
        {
            "program_code": facts["program_code"],
            "sponsor_tier": pd.Series(tier, index=facts.index, dtype="str"),
            "tier_reasons": tier_reasons(facts),
            "tier_confidence": pd.Series(_CONFIDENCE[confidence], index=facts.index, dtype="str"),
            "needs_confirmation": _needs_confirmation(facts, tier, confidence),
        }
    )


def _needs_confirmation(facts: pd.DataFrame, tier: np.ndarray, confidence: np.ndarray) -> pd.Series:
    """Decide whether a person should ask the program."""
    silent_on_j1 = (facts["h1b_stated"] == "no") & (facts["j1_stated"] == "not_stated")
    return (
        np.isin(tier, _INFERRED)
        | (confidence == LOW)
        | ~facts["fresh"]
        | facts["policy_needs_confirmation"].astype("boolean").fillna(False).astype("bool")
        | (facts["policy"] == "contact")
        | facts["j1_alone"]
        | silent_on_j1
        | facts["outdated"]
    ).astype("bool")

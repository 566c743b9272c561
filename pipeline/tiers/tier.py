"""The sponsor tier of a program by the decision list of docs/methods/sponsor_tier.md."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.filings.table import PAYMENT_SINCE, RECENT_MONTHS
from pipeline.policies.choice import choose_policy
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES
from pipeline.tiers.reasons import tier_reasons

__all__ = ["COUNTS", "TIER_ORDER", "choose_policy", "sponsor_tiers"]

# From what speaks most for H-1B to what speaks most against it.
TIER_ORDER: Final = ("sponsors", "case_by_case", "likely", "possible", "unknown", "conflicting", "j1_only", "none")
LIKELY_ANY: Final = 5
LIKELY_ANY_MEDIUM: Final = 20
LIKELY_SAME_MEDIUM: Final = 2
LIKELY_SAME_HIGH: Final = 5
_CONFIDENCE: Final = np.array(["low", "medium", "high"])
_LOW, _MEDIUM, _HIGH = 0, 1, 2

COUNTS: Final = (
    "trainee_filings_same_specialty", "trainee_filings_same_specialty_recent",
    "trainee_filings_same_specialty_since_payment", "trainee_filings_any_specialty",
    "trainee_filings_any_specialty_recent", "trainee_filings_any_specialty_since_payment",
    "trainee_filings_any_specialty_new_since_payment", "initial_approvals",
    "continuing_approvals", "affiliate_initial_approvals", "affiliate_continuing_approvals",
)  # fmt: skip


def sponsor_tiers(programs: pd.DataFrame) -> pd.DataFrame:
    """Tier, reasons, confidence and need of confirmation, for each program in the order given.

    programs, one row each:
      program_code;
      of `choose_policy`: h1b_stated, j1_stated, policy, evidence_scope, evidence_kind, evidence_date, and where at hand
        policy_confidence, policy_needs_confirmation, other_policies (lists of sentences), conditions (lists of names);
      of `filings_by_program`: trainee_filings_{same,any}_specialty with _recent and _since_payment,
        latest_trainee_filing, and where at hand latest_trainee_filing_same_specialty;
      initial_approvals, continuing_approvals and, where at hand, affiliate_initial_approvals and
        affiliate_continuing_approvals, over petition_years (text such as 2020-2022, null where no full year is known);
      cap_exempt_category (null where no petitioner is known);
      as_of: the day of the list.
    Counts may be null: nothing is known, which counts as none. Missing optional columns count as null.

    Returns program_code, sponsor_tier, tier_reasons (list of sentences, the weightiest first), tier_confidence,
    needs_confirmation.
    """
    facts = _filled(programs)
    fresh = _fresh(facts)
    tier, confidence = _decided(facts, fresh)
    return pd.DataFrame(
        {
            "program_code": facts["program_code"],
            "sponsor_tier": pd.Series(tier, index=facts.index, dtype="str"),
            "tier_reasons": tier_reasons(facts, fresh),
            "tier_confidence": pd.Series(_CONFIDENCE[confidence], index=facts.index, dtype="str"),
            "needs_confirmation": _open(facts, tier, confidence, fresh),
        }
    )


def _filled(programs: pd.DataFrame) -> pd.DataFrame:
    """The programs with all columns read here, counts as whole numbers, and what the rules ask of them."""
    optional = (*COUNTS, "policy_confidence", "policy_needs_confirmation", "other_policies", "conditions", "petition_years",
                "latest_trainee_filing_same_specialty")  # fmt: skip
    facts = programs.assign(**dict.fromkeys([name for name in optional if name not in programs.columns], None))
    facts = facts.assign(
        **{name: pd.to_numeric(facts[name]).fillna(0).astype("int64") for name in COUNTS},
        **{name: pd.to_datetime(facts[name]) for name in ("evidence_date", "latest_trainee_filing", "as_of")},
        latest_trainee_filing_same_specialty=pd.to_datetime(facts["latest_trainee_filing_same_specialty"]),
        stance=facts["h1b_stated"].mask((facts["policy"] == "none") & (facts["h1b_stated"] == "not_stated"), "no"),
    )
    # "Each hospital decides" opens no door at this program, whatever visas it names; a denial beside it stands.
    open_elsewhere = (facts["policy"] == "contact") & facts["stance"].isin(["yes", "case_by_case"])
    facts["stance"] = facts["stance"].mask(open_elsewhere, "not_stated")
    return facts.assign(
        j1_alone=(facts["stance"] == "not_stated") & _offers_j1(facts) & (facts["policy"] != "contact"),
        petitions=facts["initial_approvals"] + facts["continuing_approvals"],
        affiliate_petitions=facts["affiliate_initial_approvals"] + facts["affiliate_continuing_approvals"],
        seems_exempt=facts["cap_exempt_category"].isin(EXEMPT_CATEGORIES),
    )


def _offers_j1(facts: pd.DataFrame) -> pd.Series:
    return facts["j1_stated"].isin(["yes", "case_by_case"])


def _fresh(facts: pd.DataFrame) -> pd.Series:
    """Whether the statement has a date, no more than 24 months before the day of the list."""
    return (facts["evidence_date"] >= facts["as_of"] - pd.DateOffset(months=RECENT_MONTHS)).fillna(False)


def _decided(facts: pd.DataFrame, fresh: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Tier and confidence (0 low, 1 medium, 2 high): the first rule that holds, in the order of the method note."""
    yes, case, no = (facts["stance"] == said for said in ("yes", "case_by_case", "no"))
    same, recent = facts["trainee_filings_same_specialty_recent"], facts["trainee_filings_any_specialty_recent"]
    own = facts["evidence_scope"] == "program"
    alone = facts["j1_alone"]
    older = (facts["trainee_filings_any_specialty"] > 0) | (facts["trainee_filings_same_specialty"] > 0)
    of_statement = _of_statement(facts, fresh)
    borne_out = np.clip(of_statement + (same > 0), _LOW, _HIGH)
    contradicted = np.where(fresh, _MEDIUM, _LOW)
    by_same = np.select([alone, same >= LIKELY_SAME_HIGH, same >= LIKELY_SAME_MEDIUM], [_LOW, _HIGH, _MEDIUM], _LOW)
    by_any = np.where(recent >= LIKELY_ANY_MEDIUM, _MEDIUM, _LOW)
    rules = [
        (yes, "sponsors", borne_out),
        (case, "case_by_case", borne_out),
        (no & (same > 0), "conflicting", contradicted),
        (no & ~own & (recent > 0), "conflicting", contradicted),
        (no & _offers_j1(facts), "j1_only", of_statement),
        (no, "none", of_statement),
        (same > 0, "likely", by_same),
        (alone & (recent > 0), "possible", _LOW),
        (alone, "j1_only", np.clip(of_statement - 1, _LOW, _HIGH)),
        (recent >= LIKELY_ANY, "likely", by_any),
        (recent > 0, "possible", _MEDIUM),
        (older, "possible", _LOW),
        ((facts["petitions"] > 0) | (facts["affiliate_petitions"] > 0), "possible", _LOW),
        (facts["seems_exempt"], "possible", _LOW),
    ]
    holds = [np.asarray(rule, dtype="bool") for rule, _, _ in rules]
    tier = np.select(holds, [name for _, name, _ in rules], "unknown")
    confidence = np.select(holds, [np.broadcast_to(level, len(facts)) for _, _, level in rules], _LOW)
    return tier, confidence.astype("int64")


def _of_statement(facts: pd.DataFrame, fresh: pd.Series) -> np.ndarray:
    """Confidence of what is stated: high, less a step for each weakness."""
    weaknesses = (
        (facts["evidence_scope"] == "institution").astype("int64")
        + (facts["evidence_kind"] == "restated")
        + ~fresh
        + (facts["policy_confidence"] == "low")
    )
    return np.clip(_HIGH - weaknesses.to_numpy(dtype="int64"), _LOW, _HIGH)


def _open(facts: pd.DataFrame, tier: np.ndarray, confidence: np.ndarray, fresh: pd.Series) -> pd.Series:
    """Whether a person should ask the program."""
    inferred = np.isin(tier, ["likely", "possible", "unknown", "conflicting"])
    for_it = facts["stance"].isin(["yes", "case_by_case"])
    before_payment = (facts["evidence_date"] <= PAYMENT_SINCE) & (facts["as_of"] > PAYMENT_SINCE)
    silent_on_j1 = (facts["stance"] == "no") & (facts["j1_stated"] == "not_stated")
    return (
        inferred
        | (confidence == _LOW)
        | ~fresh
        | facts["policy_needs_confirmation"].astype("boolean").fillna(False).astype("bool")
        | (facts["policy"] == "contact")
        | facts["j1_alone"]
        | silent_on_j1
        | (for_it & before_payment)
    ).astype("bool")

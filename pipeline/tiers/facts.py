"""What is known of each program, in the form in which the decision list and the reasons ask for it.

What belongs here: filling gaps, and facts on which several rules or sentences rest. What doesn't: what follows from them.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.law.regimes import before_payment
from pipeline.policies.statement_dates import last_day
from pipeline.schemas.recent_periods import recent_since
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES, OFFERED
from pipeline.tiers.accreditation import WITHDRAWN

_COUNTS: Final = (
    "trainee_filings_same_specialty", "trainee_filings_same_specialty_recent", "trainee_filings_any_specialty",
    "trainee_filings_any_specialty_recent", "trainee_filings_before_payment", "trainee_filings_payment_demanded",
    "trainee_filings_payment_demanded_new", "trainee_filings_payment_suspended",
    "trainee_filings_payment_suspended_new", "initial_approvals",
    "continuing_approvals", "affiliate_initial_approvals", "affiliate_continuing_approvals",
)  # fmt: skip
_DAYS: Final = (
    "evidence_date",
    "evidence_saved_on",
    "evidence_last_changed_on",
    "paused_until",
    "latest_trainee_filing",
    "latest_trainee_filing_same_specialty",
    "as_of",
)
_OPTIONAL: Final = (
    *_COUNTS, "policy_confidence", "policy_needs_confirmation", "other_policies", "conditions", "petition_years",
    "latest_trainee_filing_same_specialty", "accreditation", "evidence_saved_on", "evidence_last_changed_on",
    "paused_until",
)  # fmt: skip


def facts_of(programs: pd.DataFrame) -> pd.DataFrame:
    """Return `programs` (see `sponsor_tiers`) with every optional column, counts as whole numbers, days as dates, and:

    j1_offered, j1_alone: J-1 is stated; it is, and nothing of H-1B, not even to ask;
    no_newer_than: the day after which the statement can't have been made: its own, else of the last change or of saving;
    fresh: the statement has a date that is recent on the day of the list; a day of saving makes none fresh;
    outdated: H-1B is stated in a text from before the payment with new petitions;
    withdrawn: the accreditation was withdrawn, so that nothing follows from what the institution filed;
    petitions, affiliate_petitions: approvals of the institution's and of affiliated petitioners;
    seems_exempt: the petitioner seems exempt from the cap.
    """
    facts = programs.assign(**dict.fromkeys([name for name in _OPTIONAL if name not in programs.columns], None))
    facts = facts.assign(
        **{name: pd.to_numeric(facts[name]).fillna(0).astype("int64") for name in _COUNTS},
        **{name: pd.to_datetime(facts[name]) for name in _DAYS},
        j1_offered=facts["j1_stated"].isin(OFFERED),
        withdrawn=facts["accreditation"] == WITHDRAWN,
        seems_exempt=facts["cap_exempt_category"].isin(EXEMPT_CATEGORIES),
        no_newer_than=_no_newer_than(facts),
    )
    return facts.assign(
        j1_alone=(facts["h1b_stated"] == "not_stated") & facts["j1_offered"] & (facts["policy"] != "contact"),
        fresh=(facts["evidence_date"] >= recent_since(facts["as_of"])).fillna(False),
        outdated=facts["h1b_stated"].isin(OFFERED) & before_payment(facts["no_newer_than"], facts["as_of"]),
        petitions=facts["initial_approvals"] + facts["continuing_approvals"],
        affiliate_petitions=facts["affiliate_initial_approvals"] + facts["affiliate_continuing_approvals"],
    )


def _no_newer_than(facts: pd.DataFrame) -> pd.Series:
    stated = last_day(pd.to_datetime(facts["evidence_date"]), facts["evidence_kind"])
    changed, saved = (pd.to_datetime(facts[name]) for name in ("evidence_last_changed_on", "evidence_saved_on"))
    return stated.fillna(changed).fillna(saved)

"""Rules on for-profit owners: neither a school of 20 USC 1001(a), nor a nonprofit of 8 CFR 214.2(h)(19)(iv)."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import (
    ATTESTED,
    COMPANY,
    FOR_PROFIT,
    NONPROFIT,
    SCHOOL_BY_NAME,
    SCHOOL_OF_REGISTER,
    attested,
    for_profit,
    nonprofit,
)
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R0_conflict",
    category="unknown",
    basis=f"conflicting evidence of for-profit and nonprofit status, {law.NONPROFIT}; a person must look",
    text="For-profit ownership against 501(c), an attestation, or what else says nonprofit or public",
    rests_on=(*SCHOOL_OF_REGISTER, *FOR_PROFIT, *NONPROFIT, *ATTESTED, *COMPANY),
    ceiling="low",
)
def conflict(facts: Facts) -> Mask:
    """Find for-profit owners with evidence to the contrary, and companies that attest without being borne out."""
    contradicted = (for_profit(facts) | facts.has("school_for_profit")) & _nonprofit_or_public(facts)
    return contradicted | facts.has(*COMPANY) & attested(facts) & ~_borne_out(facts)


def _nonprofit_or_public(facts: Facts) -> Mask:
    """Find evidence against a for-profit owner.

    A listed company yields to the IRS, IPEDS and attestations only: what a hospital reports to CMS, and what a curated row
    says of its name, do not outweigh the filings of its owner.
    """
    determined = facts.has("nonprofit_irs", *SCHOOL_OF_REGISTER) | attested(facts)
    weaker = facts.has(
        "nonprofit_owner", "nonprofit_listed", "control", "principal_affiliate", "government_name", "government_owner"
    )
    return determined | weaker & ~facts.has("for_profit_listed")


def _borne_out(facts: Facts) -> Mask:
    """Find registers and curated rows that agree with an attestation."""
    schools = facts.has("control", "principal_affiliate", *SCHOOL_BY_NAME, *SCHOOL_OF_REGISTER)
    return nonprofit(facts) | schools | facts.has("research_institute", "lab_nonprofit", "lab_nonprofit_unread")


@rule(
    "R0_for_profit_school",
    category="likely_cap_subject",
    basis=f"proprietary school: outside {law.SCHOOL}",
    text="A proprietary school fails 20 USC 1001(a)",
    rests_on=FOR_PROFIT,
)
def for_profit_school(facts: Facts) -> Mask:
    """Find schools under for-profit control in IPEDS, and those of listed groups."""
    return facts.has("school_for_profit")


@rule(
    "R0_for_profit",
    category="likely_cap_subject",
    basis=f"for-profit: no nonprofit under {law.NONPROFIT}; {law.JOB}",
    text="A for-profit owner: neither affiliated nonprofit nor nonprofit research organization",
    rests_on=(*FOR_PROFIT, *COMPANY),
)
def for_profit_owner(facts: Facts) -> Mask:
    """Find listed companies, proprietary hospitals and investor-owned systems."""
    return for_profit(facts)

"""Conditions that rules of several prongs share, and the groups of signals behind them."""

from __future__ import annotations

from typing import Final

from pipeline.cap_exemption.signals import Facts, Mask

NONPROFIT: Final = ("nonprofit_irs", "nonprofit_owner", "nonprofit_listed")
TRAINING: Final = (
    "trains_physicians", "training_affiliate", "trainee_starts", "major_teaching", "medical_school_affiliation",
    "resident_programs",
)  # fmt: skip
# What a rule on training may rest on, though it is no training by itself.
TEACHING: Final = (*TRAINING, "minor_teaching", "limited_school_affiliation", "school_of_sponsor")
ATTESTED: Final = ("attested_higher_education", "attested_affiliate", "attested_research", "attested_acwia")
FOR_PROFIT: Final = (
    "for_profit_owner", "for_profit_system", "for_profit_listed", "for_profit_mixed", "school_for_profit",
)  # fmt: skip
COMPANY: Final = ("company_form", "ror_company")
SCHOOL_OF_REGISTER: Final = ("school_public", "school_nonprofit")
SCHOOL_BY_NAME: Final = ("school_name_public", "school_name_nonprofit")


def nonprofit(facts: Facts) -> Mask:
    """Find petitioners with any evidence of being a nonprofit."""
    return facts.has(*NONPROFIT)


def training(facts: Facts) -> Mask:
    """Find petitioners with any evidence that physicians train there."""
    return facts.has(*TRAINING)


def attested(facts: Facts) -> Mask:
    """Find employers that stated to the Department of Labor to be of one of the exempt kinds."""
    return facts.has(*ATTESTED)


def public_body(facts: Facts) -> Mask:
    """Find hospitals and agencies of a state, county, city or district, not of the federal government."""
    return facts.has("government_owner", "government_name") & ~facts.has("federal_care")


def for_profit(facts: Facts) -> Mask:
    """Find petitioners with evidence of a for-profit owner that still counts.

    What a hospital reports to CMS is sometimes wrong: it yields to a curated row and to IPEDS. An investor-owned system of
    2018 yields to a determination of the IRS and to curated control.
    """
    school = facts.has(*SCHOOL_OF_REGISTER, *SCHOOL_BY_NAME)
    reported = facts.has("for_profit_owner") & ~facts.has("control", "principal_affiliate") & ~school
    in_2018 = facts.has("for_profit_system") & ~facts.has("nonprofit_irs", "control") & ~school
    return facts.has("for_profit_listed", "for_profit_mixed") | reported | in_2018

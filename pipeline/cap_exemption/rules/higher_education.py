"""Rules on schools: institutions of higher education of 20 USC 1001(a), INA 214(g)(5)(A), and schools below college."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import SCHOOL_OF_REGISTER
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R1_public_school",
    category="exempt_higher_ed",
    basis=f"public institution of higher education, {law.SCHOOL}, {law.HIGHER_EDUCATION}",
    text="A public institution of higher education",
    rests_on=("school_public", "school_name_public", "school_lab", "attested_higher_education"),
)
def public_school(facts: Facts) -> Mask:
    """Find public schools of IPEDS, legal names of public schools, and labs that are a part of a school."""
    return facts.has("school_public", "school_name_public", "school_lab")


@rule(
    "R1_nonprofit_school",
    category="exempt_higher_ed",
    basis=f"private nonprofit institution of higher education, {law.SCHOOL}, {law.HIGHER_EDUCATION}",
    text="A private nonprofit institution of higher education",
    rests_on=("school_nonprofit", "school_name_nonprofit", "attested_higher_education", "nonprofit_irs"),
)
def nonprofit_school(facts: Facts) -> Mask:
    """Find private nonprofit schools of IPEDS, and legal names of such schools."""
    return facts.has("school_nonprofit", "school_name_nonprofit")


@rule(
    "R2_k12",
    category="likely_cap_subject",
    basis="primary or secondary school: no institution of higher education; exempt from the fee of INA 214(c)(9) only",
    text="A school below college: exempt from the fee, not from the cap",
    rests_on=("k12",),
    ceiling="medium",
)
def k12(facts: Facts) -> Mask:
    """Find school districts, charter schools and the like that IPEDS does not know as a college."""
    return facts.has("k12") & ~facts.has(*SCHOOL_OF_REGISTER)


@rule(
    "R1_attested_school",
    category="exempt_higher_ed",
    basis=f"attested institution of higher education, {law.SCHOOL}, {law.HIGHER_EDUCATION}",
    text="Calls itself a school by name or industry, and an institution of higher education to the Department of Labor",
    rests_on=("attested_higher_education", "nonprofit_irs"),
    ceiling="medium",
)
def attested_school(facts: Facts) -> Mask:
    """Find attested schools that are a school by name or industry, and no hospital."""
    school = facts.has("school_word", "naics_61") & ~facts.has("hospital_name", "k12")
    return facts.has("attested_higher_education") & school

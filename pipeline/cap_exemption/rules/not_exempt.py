"""Rules on employers without any evidence of an exemption, and what no rule decides."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import COMPANY, NONPROFIT, nonprofit, public_body
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R7_public_no_training",
    category="likely_cap_subject",
    basis=f"public body without a sign of research, training or affiliation; {law.JOB}",
    text="A public body with no evidence of training or research",
    rests_on=("government_owner", "government_name", "naics_92"),
    ceiling="low",
)
def public_without_training(facts: Facts) -> Mask:
    """Find public bodies by owner, name or industry."""
    plain = facts.has("naics_92") & ~facts.has("school_word", "hospital_name", "research_word", "association_name")
    return public_body(facts) | plain


@rule(
    "R7_nonprofit_no_link",
    category="likely_cap_subject",
    basis=f"nonprofit without a sign of affiliation or research; {law.JOB}",
    text="A nonprofit with no link to a school, to training or to research money worth the name",
    rests_on=(*NONPROFIT, "community_health_center"),
    ceiling="low",
)
def nonprofit_without_link(facts: Facts) -> Mask:
    """Find the nonprofits that are left, community health centers among them."""
    return nonprofit(facts) | facts.has("community_health_center")


@rule(
    "R7_association",
    category="likely_cap_subject",
    basis=f"foundation, society or the like without a sign of affiliation or research; {law.JOB}",
    text="Calls itself a foundation, society, council or the like, and shows no link",
    rests_on=("association_name",),
    ceiling="low",
)
def association(facts: Facts) -> Mask:
    """Find associations by name."""
    return facts.has("association_name") & ~facts.has("company_form", "school_word", "hospital_name", "research_word")


@rule(
    "R8_company",
    category="likely_cap_subject",
    basis=f"no sign of a school, a nonprofit, government or research; {law.JOB}",
    text="A company by its legal form, or outside schooling, care, government and research by its industry",
    rests_on=("naics_other", "naics_54", "naics_81", "naics_unknown", *COMPANY),
    ceiling="medium",
)
def company(facts: Facts) -> Mask:
    """Find companies by form or industry."""
    words = facts.has("research_word", "school_word", "hospital_name", "care_name", "association_name")
    return facts.has(*COMPANY, "naics_other") | (facts.has("naics_54", "naics_81", "naics_unknown") & ~words)


@rule(
    "R7_care_without_trace",
    category="likely_cap_subject",
    basis=f"care or teaching, but in no register and without a sign of affiliation; {law.JOB}",
    text="A provider of care or teaching of which no register, school or training is known",
    rests_on=("naics_61", "naics_62", "naics_54", "naics_81", "practice_name"),
    ceiling="low",
)
def care_without_trace(facts: Facts) -> Mask:
    """Find practices and small providers; hospitals, schools and institutes by name stay undecided."""
    small = facts.has("naics_62", "naics_61", "practice_name", "naics_54", "naics_81")
    return small & ~facts.has("hospital_name", "school_word", "research_word", "principal_affiliate")


@rule("R9_undecided", category="unknown", basis="no rule decides", text="What is left", ceiling="low")
def undecided(facts: Facts) -> Mask:
    """Find every petitioner: the last rule holds always."""
    return ~facts.has()

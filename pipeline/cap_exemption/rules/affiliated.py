"""Rules on nonprofits affiliated with a school: the four prongs of 8 CFR 214.2(h)(8)(iii)(F)(2)."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import NONPROFIT, TEACHING, nonprofit, public_body, training
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R4_control",
    category="exempt_affiliated_nonprofit",
    basis=f"{law.AFFILIATED}(i)-(iii): owned, controlled or operated by a school, or its member or branch",
    text="Prongs i to iii: owned, controlled or operated by a school, or its branch; or attested as affiliated",
    rests_on=("control", "attested_affiliate", "school_relative", *NONPROFIT, *TEACHING),
)
def control(facts: Facts) -> Mask:
    """Find bodies that a curated row puts under a school, and those that attest to be affiliated."""
    return facts.has("control", "attested_affiliate")


@rule(
    "R4_agreement",
    category="exempt_affiliated_nonprofit",
    basis=f"{law.AFFILIATED}(iv): affiliation agreement with a school inferred, training a fundamental activity",
    text=(
        "Prong iv: nonprofit teaching hospital listed as principal affiliate with a second piece of evidence, or with two "
        "pieces of a major affiliation"
    ),
    rests_on=("principal_affiliate", "school_relative", "federal_awards_large", *NONPROFIT, *TEACHING),
    ceiling="medium",
)
def agreement(facts: Facts) -> Mask:
    """Find likely agreements, which are not public; a public body needs 501(c), and federal care is another question."""
    eligible = (~public_body(facts) | facts.has("nonprofit_irs")) & ~facts.has("federal_care")
    return (_listed(facts) | _unlisted(facts)) & eligible


def _listed(facts: Facts) -> Mask:
    """Find principal affiliates of a school with a second piece of evidence."""
    second = training(facts) | facts.has("federal_awards_large", "school_relative")
    second |= facts.has("minor_teaching", "limited_school_affiliation") & nonprofit(facts)
    return facts.has("principal_affiliate") & second


def _unlisted(facts: Facts) -> Mask:
    """Find nonprofits where physicians train, with two pieces of evidence of a major affiliation."""
    pieces = facts.count("major_teaching", "school_of_sponsor", "school_relative", "medical_school_affiliation")
    return (pieces >= 2) & facts.has("trains_physicians", "trainee_starts") & nonprofit(facts)

"""Rules on employers that are likely exempt, on evidence short of a prong: public, federal and nonprofit teaching hospitals."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import (
    ATTESTED,
    COMPANY,
    NONPROFIT,
    TEACHING,
    attested,
    nonprofit,
    public_body,
    training,
)
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R5_federal_care",
    category="likely_exempt",
    basis=f"federal care: no categorical exemption; research ({law.RESEARCH}), an affiliation, or a waiver under INA 214(l)",
    text="VA and other federal care: not categorical",
    rests_on=("federal_care", *TEACHING),
    ceiling="low",
)
def federal_care(facts: Facts) -> Mask:
    """Find hospitals of the VA, the Department of Defense and other federal bodies."""
    return facts.has("federal_care")


@rule(
    "R5_public_teaching",
    category="likely_exempt",
    basis=(
        "public teaching hospital: public ownership is no prong by itself; an affiliation under "
        f"{law.AFFILIATED} is likely"
    ),
    text="A public hospital where physicians train",
    rests_on=("government_owner", "principal_affiliate", *TEACHING),
    ceiling="medium",
)
def public_teaching(facts: Facts) -> Mask:
    """Find public bodies with training, or listed as principal affiliate."""
    return public_body(facts) & (training(facts) | facts.has("principal_affiliate"))


@rule(
    "R6_nonprofit_teaching",
    category="likely_exempt",
    basis=f"nonprofit with training, affiliation or research: {law.AFFILIATED}(iv) or {law.RESEARCH} is likely",
    text="A nonprofit with training, an affiliation, much research money or exempt behaviour",
    rests_on=("principal_affiliate", "school_relative", "federal_awards_large", *NONPROFIT, *TEACHING),
    ceiling="medium",
)
def nonprofit_teaching(facts: Facts) -> Mask:
    """Find nonprofits with any link; a community health center needs trainees of its own."""
    link = training(facts) | facts.has(
        "principal_affiliate", "school_relative", "federal_awards_large", "school_of_sponsor"
    )
    return nonprofit(facts) & link & ~_health_center_without_trainees(facts)


@rule(
    "R6_attested",
    category="likely_exempt",
    basis=f"attested under ACWIA, borne out by no register: {law.AFFILIATED} or {law.RESEARCH} is likely",
    text="Attested as one of the exempt kinds, and no register bears it out or contradicts it",
    rests_on=ATTESTED,
    ceiling="medium",
)
def attested_only(facts: Facts) -> Mask:
    """Find employers with nothing but an attestation; ACWIA exempts schools below college, too, from its fee."""
    return attested(facts) & ~facts.has("k12")


@rule(
    "R6_behaviour",
    category="likely_exempt",
    basis=f"behaves as exempt, nonprofit status not seen: {law.AFFILIATED}(iv) is likely",
    text=(
        "No register says nonprofit, but it is listed as a principal affiliate, or it behaves as exempt, and nothing says "
        "for-profit"
    ),
    rests_on=("principal_affiliate", *TEACHING),
    ceiling="low",
)
def behaviour(facts: Facts) -> Mask:
    """Find providers of care and schools whose trainees start in summer, outside the calendar of the cap."""
    behaves = facts.has("trainee_starts", "trains_physicians") | (facts.has("principal_affiliate") & training(facts))
    listed = facts.has("principal_affiliate") & facts.has("care_name", "hospital_name", "naics_62", "naics_61")
    weak = facts.has(*COMPANY) | _health_center_without_trainees(facts)
    return (behaves & facts.has("naics_61", "naics_62", "naics_92") | listed) & ~weak


def _health_center_without_trainees(facts: Facts) -> Mask:
    return facts.has("community_health_center") & ~facts.has("trainee_starts")

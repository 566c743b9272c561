"""The decision list of docs/methods/cap_exempt.md: one small pure function a rule, on one record or on all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.cap_exemption.signals import Facts, Mask

RULES_VERSION: Final = "1.1"
LAW_AS_OF: Final = date(2026, 10, 1)


def nonprofit(facts: Facts) -> Mask:
    """Any sign that the petitioner is a nonprofit."""
    return facts.has("nonprofit_irs", "nonprofit_owner", "nonprofit_listed")


def training(facts: Facts) -> Mask:
    """Any sign that physicians train there."""
    return facts.has(
        "trains_physicians",
        "training_affiliate",
        "trainee_starts",
        "major_teaching",
        "medical_school_affiliation",
        "resident_programs",
    )


def attested(facts: Facts) -> Mask:
    """The employer stated to the Department of Labor that it is of one of the exempt kinds."""
    return facts.has("attested_higher_education", "attested_affiliate", "attested_research", "attested_acwia")


def public_body(facts: Facts) -> Mask:
    """A hospital or agency of a state, county, city or district, not of the federal government."""
    return facts.has("government_owner", "government_name") & ~facts.has("federal_care")


def for_profit(facts: Facts) -> Mask:
    """Any sign of a for-profit owner that still counts.

    What a hospital tells CMS is sometimes wrong: it yields to a curated row and to IPEDS. An investor-owned system of 2018
    yields to a determination of the IRS and to curated control.
    """
    school = facts.has("school_public", "school_nonprofit", "school_name_public", "school_name_nonprofit")
    told = facts.has("for_profit_owner") & ~facts.has("control", "principal_affiliate") & ~school
    then = facts.has("for_profit_system") & ~facts.has("nonprofit_irs", "control") & ~school
    return facts.has("for_profit_listed", "for_profit_mixed") | told | then


def r0_conflict(facts: Facts) -> Mask:
    """For-profit ownership against 501(c), an attestation, or what else says nonprofit or public.

    A listed company yields to the first two only: what a hospital tells CMS does not outweigh the filings of its owner.

    A company by its form that attests to be exempt is one too, where no register or curated row bears it out.
    """
    against = facts.has("nonprofit_irs", "school_public", "school_nonprofit") | attested(facts)
    # What a hospital tells CMS is no determination of the IRS: it yields to the filings of a listed company.
    against |= facts.has("nonprofit_owner") & ~facts.has("for_profit_listed")
    known = facts.has("control", "principal_affiliate", "government_name", "government_owner", "nonprofit_listed")
    against |= known & ~facts.has("for_profit_listed")
    borne_out = nonprofit(facts) | facts.has(
        "control", "principal_affiliate", "school_name_public", "school_name_nonprofit"
    )
    borne_out |= facts.has(
        "research_institute", "lab_nonprofit", "lab_nonprofit_unread", "school_public", "school_nonprofit"
    )
    company = facts.has("company_form", "ror_company") & attested(facts) & ~borne_out
    return (for_profit(facts) | facts.has("school_for_profit")) & against | company


def r0_for_profit_school(facts: Facts) -> Mask:
    """A proprietary school fails 20 USC 1001(a)."""
    return facts.has("school_for_profit")


def r0_for_profit(facts: Facts) -> Mask:
    """A for-profit owner: neither affiliated nonprofit nor nonprofit research organization."""
    return for_profit(facts)


def r2_k12(facts: Facts) -> Mask:
    """A school below college: exempt from the fee, not from the cap."""
    return facts.has("k12") & ~facts.has("school_public", "school_nonprofit")


def r3_government_research(facts: Facts) -> Mask:
    """An agency of which research is a fundamental activity."""
    return facts.has("government_research")


def r3_lab_nonprofit(facts: Facts) -> Mask:
    """A nonprofit or university consortium that runs a federally funded lab."""
    return facts.has("lab_nonprofit")


def r3_lab_unclear(facts: Facts) -> Mask:
    """A lab operator owned by nonprofits and schools, whose own status was not read."""
    return facts.has("lab_nonprofit_unread")


def r3_lab_mixed(facts: Facts) -> Mask:
    """A lab operator with for-profit members."""
    return facts.has("lab_mixed")


def r3_institute(facts: Facts) -> Mask:
    """A listed nonprofit research institute, or an attested one."""
    return facts.has("research_institute") | (facts.has("attested_research") & nonprofit(facts))


def r1_public_school(facts: Facts) -> Mask:
    """A public institution of higher education."""
    return facts.has("school_public", "school_name_public", "school_lab")


def r1_nonprofit_school(facts: Facts) -> Mask:
    """A private nonprofit institution of higher education."""
    return facts.has("school_nonprofit", "school_name_nonprofit")


def r1_attested_school(facts: Facts) -> Mask:
    """Calls itself a school by name or industry, and an institution of higher education to the Department of Labor."""
    school = facts.has("school_word", "naics_61") & ~facts.has("hospital_name", "k12")
    return facts.has("attested_higher_education") & school


def r4_control(facts: Facts) -> Mask:
    """Prongs i to iii: owned, controlled or operated by a school, or its branch; or attested as affiliated."""
    return facts.has("control", "attested_affiliate")


def r4_agreement(facts: Facts) -> Mask:
    """Prong iv: nonprofit teaching hospital listed as principal affiliate and one more sign, or two signs of a major affiliation."""
    second = training(facts) | facts.has("federal_awards_large", "school_relative")
    second |= facts.has("minor_teaching", "limited_school_affiliation") & nonprofit(facts)
    listed = facts.has("principal_affiliate") & second
    signs = facts.count("major_teaching", "school_of_sponsor", "school_relative", "medical_school_affiliation")
    behaves = facts.has("trainee_starts", "federal_awards_large", "trains_physicians")
    unlisted = (signs >= 2) & facts.has("trains_physicians", "trainee_starts") & behaves & nonprofit(facts)
    return (listed | unlisted) & (~public_body(facts) | facts.has("nonprofit_irs")) & ~facts.has("federal_care")


def r3_research_awards(facts: Facts) -> Mask:
    """A nonprofit, no hospital, that says research in its name or codes and receives federal research money."""
    research = facts.has("research_word", "research_code", "naics_54")
    return (
        nonprofit(facts)
        & research
        & (facts.has("federal_awards") | facts.has("research_code") & facts.has("research_word"))
        & ~facts.has("hospital_name", "practice_name", "k12", "company_form")
    )


def r5_federal_care(facts: Facts) -> Mask:
    """VA and other federal care: not categorical."""
    return facts.has("federal_care")


def r5_public_teaching(facts: Facts) -> Mask:
    """A public hospital where physicians train."""
    return public_body(facts) & (training(facts) | facts.has("principal_affiliate"))


def r6_nonprofit_teaching(facts: Facts) -> Mask:
    """A nonprofit with training, an affiliation, much research money or exempt behaviour."""
    link = training(facts) | facts.has(
        "principal_affiliate", "school_relative", "federal_awards_large", "school_of_sponsor"
    )
    return nonprofit(facts) & link & (~facts.has("community_health_center") | facts.has("trainee_starts"))


def r6_attested(facts: Facts) -> Mask:
    """Attested as one of the exempt kinds, and no register bears it out or contradicts it."""
    return attested(facts) & ~facts.has("k12")


def r6_behaviour(facts: Facts) -> Mask:
    """No register says nonprofit, but it is listed as a principal affiliate, or it behaves as exempt, and nothing says for-profit."""
    behaves = facts.has("trainee_starts", "trains_physicians") | (facts.has("principal_affiliate") & training(facts))
    listed = facts.has("principal_affiliate") & facts.has("care_name", "hospital_name", "naics_62", "naics_61")
    weak = facts.has("company_form", "ror_company") | (
        facts.has("community_health_center") & ~facts.has("trainee_starts")
    )
    return (behaves & facts.has("naics_61", "naics_62", "naics_92") | listed) & ~weak


def r7_public_no_training(facts: Facts) -> Mask:
    """A public body with no sign of training or research."""
    plain = facts.has("naics_92") & ~facts.has("school_word", "hospital_name", "research_word", "association_name")
    return public_body(facts) | plain


def r7_nonprofit_no_link(facts: Facts) -> Mask:
    """A nonprofit with no link to a school, to training or to research money worth the name."""
    return nonprofit(facts) | facts.has("community_health_center")


def r7_association(facts: Facts) -> Mask:
    """Calls itself a foundation, society, council or the like, and shows no link."""
    return facts.has("association_name") & ~facts.has("company_form", "school_word", "hospital_name", "research_word")


def r8_company(facts: Facts) -> Mask:
    """A company by its legal form, or outside schooling, care, government and research by its industry."""
    words = facts.has("research_word", "school_word", "hospital_name", "care_name", "association_name")
    return facts.has("company_form", "naics_other", "ror_company") | (
        facts.has("naics_54", "naics_81", "naics_unknown") & ~words
    )


def r7_care_without_trace(facts: Facts) -> Mask:
    """A provider of care or teaching of which no register, school or training is known."""
    small = facts.has("naics_62", "naics_61", "practice_name", "naics_54", "naics_81")
    return small & ~facts.has("hospital_name", "school_word", "research_word", "principal_affiliate")


def r9_undecided(facts: Facts) -> Mask:
    """What is left."""
    return ~facts.has()


@dataclass(frozen=True)
class Rule:
    """One rule of the list. supports: signals it may rest on; ceiling: the most confidence it can give."""

    id: str
    holds: Callable[[Facts], Mask]
    category: str
    basis: str
    supports: tuple[str, ...]
    ceiling: str = "high"
    against: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What the rule asks, in a sentence."""
        return (self.holds.__doc__ or "").strip().partition("\n")[0].rstrip(".")

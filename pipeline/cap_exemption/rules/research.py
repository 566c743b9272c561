"""Rules on research organizations, nonprofit or governmental: INA 214(g)(5)(B), 8 CFR 214.2(h)(19)(iii)(C)."""

from __future__ import annotations

from pipeline.cap_exemption.rules import law
from pipeline.cap_exemption.rules.conditions import NONPROFIT, nonprofit
from pipeline.cap_exemption.rules.model import rule
from pipeline.cap_exemption.signals import Facts, Mask


@rule(
    "R3_government_research",
    category="exempt_government_research",
    basis=f"governmental research organization, {law.RESEARCH}",
    text="An agency of which research is a fundamental activity",
    rests_on=("government_research", "federal_awards"),
)
def government_research(facts: Facts) -> Mask:
    """Find listed federal and state research agencies."""
    return facts.has("government_research")


@rule(
    "R3_lab_nonprofit",
    category="exempt_nonprofit_research",
    basis=f"nonprofit operator of a federally funded lab: nonprofit research organization, {law.RESEARCH}",
    text="A nonprofit or university consortium that runs a federally funded lab",
    rests_on=("lab_nonprofit", "federal_awards", "federal_awards_large", "research_code", *NONPROFIT),
)
def lab_nonprofit(facts: Facts) -> Mask:
    """Find listed labs with a nonprofit operator."""
    return facts.has("lab_nonprofit")


@rule(
    "R3_lab_unclear",
    category="likely_exempt",
    basis=f"operator of a federally funded lab owned by nonprofits and schools, own status not read; {law.RESEARCH}",
    text="A lab operator owned by nonprofits and schools, whose own status was not read",
    rests_on=("lab_nonprofit_unread",),
    ceiling="low",
)
def lab_unclear(facts: Facts) -> Mask:
    """Find listed labs whose operator's status with the IRS is not known."""
    return facts.has("lab_nonprofit_unread")


@rule(
    "R3_lab_mixed",
    category="unknown",
    basis=f"operator of a federally funded lab with for-profit members; {law.RESEARCH}",
    text="A lab operator with for-profit members",
    rests_on=("lab_mixed",),
    ceiling="low",
)
def lab_mixed(facts: Facts) -> Mask:
    """Find listed labs with for-profit members among their operators."""
    return facts.has("lab_mixed")


@rule(
    "R3_institute",
    category="exempt_nonprofit_research",
    basis=f"nonprofit research organization: research is a fundamental activity, {law.RESEARCH}",
    text="A listed nonprofit research institute, or an attested one",
    rests_on=(
        "research_institute", "research_code", "federal_awards", "federal_awards_large", "attested_research", *NONPROFIT,
    ),
)  # fmt: skip
def institute(facts: Facts) -> Mask:
    """Find listed institutes, and nonprofits that attest to be a research organization."""
    return facts.has("research_institute") | (facts.has("attested_research") & nonprofit(facts))


@rule(
    "R3_research_awards",
    category="exempt_nonprofit_research",
    basis=f"nonprofit with federal research money: research organization, {law.RESEARCH}",
    text="A nonprofit, no hospital, that says research in its name or codes and receives federal research money",
    rests_on=("federal_awards", "federal_awards_large", "research_code", "nonprofit_irs", "nonprofit_listed"),
    ceiling="medium",
)
def research_awards(facts: Facts) -> Mask:
    """Find nonprofits for which research is named and paid, or both named and coded."""
    named = facts.has("research_word", "research_code", "naics_54")
    borne_out = facts.has("federal_awards") | facts.has("research_code") & facts.has("research_word")
    other_kind = facts.has("hospital_name", "practice_name", "k12", "company_form")
    return nonprofit(facts) & named & borne_out & ~other_kind

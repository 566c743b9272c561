"""The decision list: the rules in their order, the first that holds decides. docs/methods/cap_exemption.md explains it."""

from __future__ import annotations

from typing import Final

from pipeline.cap_exemption.rules import affiliated, for_profit, higher_education, likely_exempt, not_exempt, research
from pipeline.cap_exemption.rules.model import Rule

RULES_VERSION: Final = "1.1"

DECISION_LIST: Final[tuple[Rule, ...]] = (
    for_profit.conflict,
    for_profit.for_profit_school,
    for_profit.for_profit_owner,
    # Institutes and labs before schools: several run a small graduate school under their own tax id.
    research.government_research,
    research.lab_nonprofit,
    research.lab_unclear,
    research.lab_mixed,
    research.institute,
    higher_education.public_school,
    higher_education.nonprofit_school,
    higher_education.k12,
    higher_education.attested_school,
    affiliated.control,
    affiliated.agreement,
    # After affiliation: teaching hospitals with research money are judged as hospitals.
    research.research_awards,
    likely_exempt.federal_care,
    likely_exempt.public_teaching,
    likely_exempt.nonprofit_teaching,
    likely_exempt.attested_only,
    likely_exempt.behaviour,
    not_exempt.public_without_training,
    not_exempt.nonprofit_without_link,
    not_exempt.association,
    not_exempt.company,
    not_exempt.care_without_trace,
    not_exempt.undecided,
)

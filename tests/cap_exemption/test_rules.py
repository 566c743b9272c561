"""Each rule on records of evidence, and what holds of the decision list as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cap_exemption import rules
from pipeline.cap_exemption.decision_list import DECISION_LIST
from pipeline.cap_exemption.judge import decide
from pipeline.cap_exemption.signals import SIGNALS, Facts
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, CONFIDENCE

EXEMPT = tuple(category for category in CAP_EXEMPT_CATEGORY if "exempt" in category)


def decided(*signals: str) -> str:
    places, _ = decide(Facts.of(signals))
    return DECISION_LIST[places[0]].id


@pytest.mark.parametrize(
    ("rule", "signals", "held"),
    [
        (rules.for_profit, ["for_profit_listed"], True),
        (rules.for_profit, ["for_profit_owner"], True),
        (rules.for_profit, ["for_profit_owner", "control"], False),
        (rules.for_profit, ["for_profit_owner", "school_nonprofit"], False),
        (rules.for_profit, ["for_profit_system", "nonprofit_irs"], False),
        (rules.for_profit, ["for_profit_system", "principal_affiliate"], True),
        (rules.for_profit, ["company_form"], False),
        (rules.r0_conflict, ["for_profit_owner", "nonprofit_irs"], True),
        (rules.r0_conflict, ["for_profit_mixed", "nonprofit_owner"], True),
        (rules.r0_conflict, ["for_profit_listed", "nonprofit_owner"], False),
        (rules.r0_conflict, ["for_profit_listed", "nonprofit_irs"], True),
        (rules.r0_conflict, ["for_profit_system", "nonprofit_owner"], True),
        (rules.r0_conflict, ["for_profit_listed", "principal_affiliate"], False),
        (rules.r0_conflict, ["for_profit_owner", "government_name"], True),
        (rules.r0_conflict, ["for_profit_listed"], False),
        (rules.r0_conflict, ["for_profit_listed", "attested_affiliate"], True),
        (rules.r0_conflict, ["school_for_profit", "attested_higher_education"], True),
        (rules.r0_conflict, ["company_form", "attested_acwia"], True),
        (rules.r0_conflict, ["company_form", "attested_affiliate", "control"], False),
        (rules.r0_conflict, ["for_profit_owner", "attested_not_covered"], False),
        (rules.attested, ["attested_not_covered"], False),
        (rules.training, ["resident_programs"], True),
        (rules.training, ["limited_school_affiliation"], False),
        (rules.r0_for_profit_school, ["school_for_profit"], True),
        (rules.r0_for_profit, ["for_profit_mixed"], True),
        (rules.r0_for_profit, ["trains_physicians", "naics_62"], False),
        (rules.r1_public_school, ["school_public"], True),
        (rules.r1_public_school, ["school_lab"], True),
        (rules.r1_public_school, ["school_word", "naics_61"], False),
        (rules.r1_nonprofit_school, ["school_nonprofit"], True),
        (rules.r1_nonprofit_school, ["school_for_profit"], False),
        (rules.r1_attested_school, ["attested_higher_education", "naics_61"], True),
        (rules.r1_attested_school, ["attested_higher_education", "naics_62", "hospital_name"], False),
        (rules.r1_attested_school, ["attested_acwia", "naics_61"], False),
        (rules.r6_attested, ["attested_acwia", "naics_62"], True),
        (rules.r6_attested, ["attested_not_covered", "naics_62"], False),
        (rules.r6_attested, ["attested_research", "k12"], False),
        (rules.r2_k12, ["k12"], True),
        (rules.r2_k12, ["k12", "school_public"], False),
        (rules.r3_government_research, ["government_research"], True),
        (rules.r3_government_research, ["government_name"], False),
        (rules.r3_lab_nonprofit, ["lab_nonprofit"], True),
        (rules.r3_lab_unclear, ["lab_nonprofit_unread"], True),
        (rules.r3_lab_mixed, ["lab_mixed"], True),
        (rules.r3_institute, ["research_institute"], True),
        (rules.r3_institute, ["attested_research"], False),
        (rules.r3_institute, ["attested_research", "nonprofit_irs"], True),
        (rules.r3_institute, ["research_word", "naics_54"], False),
        (rules.r4_control, ["control"], True),
        (rules.r4_control, ["attested_affiliate"], True),
        (rules.r4_control, ["school_relative"], False),
        (rules.r4_agreement, ["principal_affiliate", "trains_physicians"], True),
        (rules.r4_agreement, ["principal_affiliate"], False),
        (rules.r4_agreement, ["principal_affiliate", "school_relative"], True),
        (rules.r4_agreement, ["principal_affiliate", "minor_teaching"], False),
        (rules.r4_agreement, ["principal_affiliate", "minor_teaching", "nonprofit_irs"], True),
        (rules.r4_agreement, ["principal_affiliate", "trains_physicians", "government_owner"], False),
        (rules.r4_agreement, ["principal_affiliate", "trains_physicians", "government_owner", "nonprofit_irs"], True),
        (rules.r4_agreement, ["major_teaching", "school_of_sponsor", "trains_physicians", "nonprofit_owner"], True),
        (rules.r4_agreement, ["major_teaching", "school_of_sponsor", "trains_physicians"], False),
        (rules.r4_agreement, ["major_teaching", "trains_physicians", "nonprofit_owner"], False),
        (rules.r4_agreement, ["principal_affiliate", "resident_programs"], True),
        (rules.r4_agreement, ["principal_affiliate", "limited_school_affiliation", "nonprofit_owner"], True),
        (
            rules.r4_agreement,
            ["medical_school_affiliation", "major_teaching", "trains_physicians", "nonprofit_owner"],
            True,
        ),
        (rules.r3_research_awards, ["nonprofit_listed", "federal_awards", "research_word"], True),
        (rules.r3_research_awards, ["federal_awards", "research_word"], False),
        (rules.r3_research_awards, ["nonprofit_irs", "federal_awards", "research_word", "hospital_name"], False),
        (rules.r3_research_awards, ["nonprofit_irs", "research_code", "research_word"], True),
        (rules.r3_research_awards, ["nonprofit_irs", "research_code"], False),
        (rules.r5_federal_care, ["federal_care"], True),
        (rules.r5_public_teaching, ["government_owner", "trains_physicians"], True),
        (rules.r5_public_teaching, ["government_owner"], False),
        (rules.r5_public_teaching, ["government_owner", "trains_physicians", "federal_care"], False),
        (rules.r6_nonprofit_teaching, ["nonprofit_owner", "trains_physicians"], True),
        (rules.r6_nonprofit_teaching, ["nonprofit_owner"], False),
        (rules.r6_nonprofit_teaching, ["nonprofit_irs", "trains_physicians", "community_health_center"], False),
        (rules.r6_behaviour, ["trainee_starts", "naics_62"], True),
        (rules.r6_behaviour, ["trainee_starts", "naics_62", "company_form"], False),
        (rules.r6_behaviour, ["trainee_starts", "naics_54"], False),
        (rules.r7_public_no_training, ["government_name"], True),
        (rules.r7_public_no_training, ["naics_92"], True),
        (rules.r7_nonprofit_no_link, ["nonprofit_irs"], True),
        (rules.r7_nonprofit_no_link, ["naics_62"], False),
        (rules.r7_association, ["association_name"], True),
        (rules.r7_association, ["association_name", "company_form"], False),
        (rules.r8_company, ["naics_other"], True),
        (rules.r8_company, ["naics_54"], True),
        (rules.r8_company, ["naics_54", "research_word"], False),
        (rules.r8_company, ["naics_54", "research_word", "company_form"], True),
        (rules.r7_care_without_trace, ["naics_62"], True),
        (rules.r7_care_without_trace, ["naics_62", "hospital_name"], False),
        (rules.r9_undecided, [], True),
    ],
)
def test_a_rule_on_a_record(rule, signals, held):
    assert bool(rule(Facts.of(signals) if signals else Facts({}, 1))[0]) is held


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (["school_for_profit", "naics_61", "school_word"], "R0_for_profit_school"),
        (["for_profit_owner", "trains_physicians", "trainee_starts", "naics_62"], "R0_for_profit"),
        (["for_profit_mixed", "nonprofit_owner", "trains_physicians"], "R0_conflict"),
        (["school_nonprofit", "school_name_nonprofit", "control"], "R1_nonprofit_school"),
        (["research_institute", "school_nonprofit"], "R3_institute"),
        (["k12", "naics_61", "nonprofit_irs"], "R2_k12"),
        (["control", "government_owner", "trains_physicians"], "R4_control"),
        (["government_owner", "trains_physicians", "principal_affiliate"], "R5_public_teaching"),
        (["federal_care", "trains_physicians", "nonprofit_listed"], "R5_federal_care"),
        (["nonprofit_owner", "trains_physicians", "naics_62"], "R6_nonprofit_teaching"),
        (["community_health_center", "trains_physicians", "naics_62"], "R7_nonprofit_no_link"),
        (["attested_affiliate", "hospital_name", "naics_62"], "R4_control"),
        (["attested_higher_education", "naics_61", "school_word"], "R1_attested_school"),
        (["attested_acwia", "hospital_name", "naics_62"], "R6_attested"),
        (["attested_affiliate", "company_form", "naics_62"], "R0_conflict"),
        (["attested_not_covered", "nonprofit_owner", "trains_physicians", "naics_62"], "R6_nonprofit_teaching"),
        (["medical_school_affiliation", "nonprofit_owner", "naics_62"], "R6_nonprofit_teaching"),
        (["resident_programs", "government_owner", "naics_62"], "R5_public_teaching"),
        (["naics_62", "hospital_name"], "R9_undecided"),
        (["research_word", "naics_54"], "R9_undecided"),
    ],
)
def test_the_first_rule_that_holds_decides(signals, expected):
    assert decided(*signals) == expected


def test_the_list_is_well_formed():
    assert len({rule.id for rule in DECISION_LIST}) == len(DECISION_LIST)
    assert DECISION_LIST[-1].id == "R9_undecided"
    for rule in DECISION_LIST:
        assert rule.category in CAP_EXEMPT_CATEGORY
        assert rule.ceiling in CONFIDENCE
        assert set(rule.supports) <= set(SIGNALS)
        assert rule.meaning
        assert "verified" not in f"{rule.basis} {rule.meaning}".lower()


@given(st.sets(st.sampled_from(sorted(SIGNALS))))
def test_a_listed_for_profit_is_never_exempt(signals):
    place, _ = decide(Facts.of({*signals, "for_profit_listed"}))
    assert DECISION_LIST[place[0]].category in ("likely_cap_subject", "unknown")


@given(st.sets(st.sampled_from(sorted(set(SIGNALS) - {"k12", "for_profit_listed", "for_profit_mixed"}))))
def test_evidence_against_never_makes_exempt(signals):
    before, _ = decide(Facts.of(signals) if signals else Facts({}, 1))
    after, _ = decide(Facts.of({*signals, "school_for_profit"}))
    if DECISION_LIST[before[0]].category not in EXEMPT:
        assert DECISION_LIST[after[0]].category not in EXEMPT


@given(st.lists(st.sets(st.sampled_from(sorted(SIGNALS))), min_size=1, max_size=8))
def test_many_records_at_once_are_judged_as_each_alone(records):
    flags = {signal: np.array([signal in record for record in records]) for signal in SIGNALS}
    places, also = decide(Facts(flags, len(records)))
    for row, record in enumerate(records):
        alone, also_alone = decide(Facts.of(record) if record else Facts({}, 1))
        assert places[row] == alone[0]
        assert also[row] == also_alone[0]


def test_unknown_signals_are_refused():
    with pytest.raises(KeyError):
        Facts.of(["university_in_the_name"])
    with pytest.raises(KeyError):
        Facts({}, 1).has("university_in_the_name")

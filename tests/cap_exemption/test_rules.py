"""Each rule on records of evidence, and what holds of the decision list as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cap_exemption.decision_list import DECISION_LIST
from pipeline.cap_exemption.judge import decide
from pipeline.cap_exemption.signals import SIGNALS, Facts
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, CONFIDENCE, EXEMPT_CATEGORIES

RULES = {rule.id: rule for rule in DECISION_LIST}


@pytest.mark.parametrize(
    ("rule", "signals", "held"),
    [
        ("R0_for_profit", ["for_profit_listed"], True),
        ("R0_for_profit", ["for_profit_owner"], True),
        ("R0_for_profit", ["for_profit_owner", "control"], False),
        ("R0_for_profit", ["for_profit_owner", "school_nonprofit"], False),
        ("R0_for_profit", ["for_profit_system", "nonprofit_irs"], False),
        ("R0_for_profit", ["for_profit_system", "principal_affiliate"], True),
        ("R0_for_profit", ["company_form"], False),
        ("R0_conflict", ["for_profit_owner", "nonprofit_irs"], True),
        ("R0_conflict", ["for_profit_mixed", "nonprofit_owner"], True),
        ("R0_conflict", ["for_profit_listed", "nonprofit_owner"], False),
        ("R0_conflict", ["for_profit_listed", "nonprofit_irs"], True),
        ("R0_conflict", ["for_profit_system", "nonprofit_owner"], True),
        ("R0_conflict", ["for_profit_listed", "principal_affiliate"], False),
        ("R0_conflict", ["for_profit_owner", "government_name"], True),
        ("R0_conflict", ["for_profit_listed"], False),
        ("R0_conflict", ["for_profit_listed", "attested_affiliate"], True),
        ("R0_conflict", ["school_for_profit", "attested_higher_education"], True),
        ("R0_conflict", ["company_form", "attested_acwia"], True),
        ("R0_conflict", ["company_form", "attested_affiliate", "control"], False),
        ("R0_conflict", ["for_profit_owner", "attested_not_covered"], False),
        ("R6_attested", ["attested_not_covered"], False),
        ("R5_public_teaching", ["government_owner", "resident_programs"], True),
        ("R5_public_teaching", ["government_owner", "limited_school_affiliation"], False),
        ("R0_for_profit_school", ["school_for_profit"], True),
        ("R0_for_profit", ["for_profit_mixed"], True),
        ("R0_for_profit", ["trains_physicians", "naics_62"], False),
        ("R1_public_school", ["school_public"], True),
        ("R1_public_school", ["school_lab"], True),
        ("R1_public_school", ["school_word", "naics_61"], False),
        ("R1_nonprofit_school", ["school_nonprofit"], True),
        ("R1_nonprofit_school", ["school_for_profit"], False),
        ("R1_attested_school", ["attested_higher_education", "naics_61"], True),
        ("R1_attested_school", ["attested_higher_education", "naics_62", "hospital_name"], False),
        ("R1_attested_school", ["attested_acwia", "naics_61"], False),
        ("R6_attested", ["attested_acwia", "naics_62"], True),
        ("R6_attested", ["attested_not_covered", "naics_62"], False),
        ("R6_attested", ["attested_research", "k12"], False),
        ("R2_k12", ["k12"], True),
        ("R2_k12", ["k12", "school_public"], False),
        ("R3_government_research", ["government_research"], True),
        ("R3_government_research", ["government_name"], False),
        ("R3_lab_nonprofit", ["lab_nonprofit"], True),
        ("R3_lab_unclear", ["lab_nonprofit_unread"], True),
        ("R3_lab_mixed", ["lab_mixed"], True),
        ("R3_institute", ["research_institute"], True),
        ("R3_institute", ["attested_research"], False),
        ("R3_institute", ["attested_research", "nonprofit_irs"], True),
        ("R3_institute", ["research_word", "naics_54"], False),
        ("R4_control", ["control"], True),
        ("R4_control", ["attested_affiliate"], True),
        ("R4_control", ["school_relative"], False),
        ("R4_agreement", ["principal_affiliate", "trains_physicians"], True),
        ("R4_agreement", ["principal_affiliate"], False),
        ("R4_agreement", ["principal_affiliate", "school_relative"], True),
        ("R4_agreement", ["principal_affiliate", "minor_teaching"], False),
        ("R4_agreement", ["principal_affiliate", "minor_teaching", "nonprofit_irs"], True),
        ("R4_agreement", ["principal_affiliate", "trains_physicians", "government_owner"], False),
        ("R4_agreement", ["principal_affiliate", "trains_physicians", "government_owner", "nonprofit_irs"], True),
        ("R4_agreement", ["major_teaching", "school_of_sponsor", "trains_physicians", "nonprofit_owner"], True),
        ("R4_agreement", ["major_teaching", "school_of_sponsor", "trains_physicians"], False),
        ("R4_agreement", ["major_teaching", "trains_physicians", "nonprofit_owner"], False),
        ("R4_agreement", ["principal_affiliate", "resident_programs"], True),
        ("R4_agreement", ["principal_affiliate", "limited_school_affiliation", "nonprofit_owner"], True),
        (
            "R4_agreement",
            ["medical_school_affiliation", "major_teaching", "trains_physicians", "nonprofit_owner"],
            True,
        ),
        ("R3_research_awards", ["nonprofit_listed", "federal_awards", "research_word"], True),
        ("R3_research_awards", ["federal_awards", "research_word"], False),
        ("R3_research_awards", ["nonprofit_irs", "federal_awards", "research_word", "hospital_name"], False),
        ("R3_research_awards", ["nonprofit_irs", "research_code", "research_word"], True),
        ("R3_research_awards", ["nonprofit_irs", "research_code"], False),
        ("R5_federal_care", ["federal_care"], True),
        ("R5_public_teaching", ["government_owner", "trains_physicians"], True),
        ("R5_public_teaching", ["government_owner"], False),
        ("R5_public_teaching", ["government_owner", "trains_physicians", "federal_care"], False),
        ("R6_nonprofit_teaching", ["nonprofit_owner", "trains_physicians"], True),
        ("R6_nonprofit_teaching", ["nonprofit_owner"], False),
        ("R6_nonprofit_teaching", ["nonprofit_irs", "trains_physicians", "community_health_center"], False),
        ("R6_behaviour", ["trainee_starts", "naics_62"], True),
        ("R6_behaviour", ["trainee_starts", "naics_62", "company_form"], False),
        ("R6_behaviour", ["trainee_starts", "naics_54"], False),
        ("R7_public_no_training", ["government_name"], True),
        ("R7_public_no_training", ["naics_92"], True),
        ("R7_nonprofit_no_link", ["nonprofit_irs"], True),
        ("R7_nonprofit_no_link", ["naics_62"], False),
        ("R7_association", ["association_name"], True),
        ("R7_association", ["association_name", "company_form"], False),
        ("R8_company", ["naics_other"], True),
        ("R8_company", ["naics_54"], True),
        ("R8_company", ["naics_54", "research_word"], False),
        ("R8_company", ["naics_54", "research_word", "company_form"], True),
        ("R7_care_without_trace", ["naics_62"], True),
        ("R7_care_without_trace", ["naics_62", "hospital_name"], False),
        ("R9_undecided", [], True),
    ],
)
def test_a_rule_on_a_record(rule, signals, held):
    holds = RULES[rule].holds
    assert bool(holds(Facts.of(signals) if signals else Facts({}, 1))[0]) is held


@pytest.mark.parametrize(
    ("signals", "rule", "category", "cited"),
    [
        (["school_for_profit", "naics_61", "school_word"], "R0_for_profit_school", "likely_cap_subject", "20 USC 1001(a)"),
        (["for_profit_owner", "trains_physicians", "trainee_starts", "naics_62"], "R0_for_profit", "likely_cap_subject", "(h)(19)(iv)"),
        (["for_profit_mixed", "nonprofit_owner", "trains_physicians"], "R0_conflict", "unknown", "(h)(19)(iv)"),
        (["government_research", "naics_92"], "R3_government_research", "exempt_government_research", "214(g)(5)(B)"),
        (["lab_nonprofit", "naics_54"], "R3_lab_nonprofit", "exempt_nonprofit_research", "214(g)(5)(B)"),
        (["lab_nonprofit_unread", "company_form"], "R3_lab_unclear", "likely_exempt", "(h)(19)(iii)(C)"),
        (["lab_mixed", "company_form"], "R3_lab_mixed", "unknown", "(h)(19)(iii)(C)"),
        (["school_public", "naics_61"], "R1_public_school", "exempt_higher_ed", "214(g)(5)(A)"),
        (["school_nonprofit", "school_name_nonprofit", "control"], "R1_nonprofit_school", "exempt_higher_ed", "20 USC 1001(a)"),
        (["research_institute", "school_nonprofit"], "R3_institute", "exempt_nonprofit_research", "214(g)(5)(B)"),
        (["k12", "naics_61", "nonprofit_irs"], "R2_k12", "likely_cap_subject", "INA 214(c)(9)"),
        (["control", "government_owner", "trains_physicians"], "R4_control", "exempt_affiliated_nonprofit", "(F)(2)(i)-(iii)"),
        (["principal_affiliate", "trains_physicians"], "R4_agreement", "exempt_affiliated_nonprofit", "(F)(2)(iv)"),
        (["nonprofit_irs", "federal_awards", "research_word"], "R3_research_awards", "exempt_nonprofit_research", "(h)(19)(iii)(C)"),
        (["government_owner", "trains_physicians", "principal_affiliate"], "R5_public_teaching", "likely_exempt", "(F)(2)"),
        (["federal_care", "trains_physicians", "nonprofit_listed"], "R5_federal_care", "likely_exempt", "INA 214(l)"),
        (["nonprofit_owner", "trains_physicians", "naics_62"], "R6_nonprofit_teaching", "likely_exempt", "(F)(2)(iv)"),
        (["community_health_center", "trains_physicians", "naics_62"], "R7_nonprofit_no_link", "likely_cap_subject", "(F)(4)"),
        (["attested_affiliate", "hospital_name", "naics_62"], "R4_control", "exempt_affiliated_nonprofit", "(F)(2)"),
        (["attested_higher_education", "naics_61", "school_word"], "R1_attested_school", "exempt_higher_ed", "20 USC 1001(a)"),
        (["attested_acwia", "hospital_name", "naics_62"], "R6_attested", "likely_exempt", "ACWIA"),
        (["attested_affiliate", "company_form", "naics_62"], "R0_conflict", "unknown", "(h)(19)(iv)"),
        (["attested_not_covered", "nonprofit_owner", "trains_physicians", "naics_62"], "R6_nonprofit_teaching", "likely_exempt", "(F)(2)(iv)"),
        (["medical_school_affiliation", "nonprofit_owner", "naics_62"], "R6_nonprofit_teaching", "likely_exempt", "(F)(2)(iv)"),
        (["resident_programs", "government_owner", "naics_62"], "R5_public_teaching", "likely_exempt", "(F)(2)"),
        (["trainee_starts", "naics_62"], "R6_behaviour", "likely_exempt", "(F)(2)(iv)"),
        (["government_name", "naics_92"], "R7_public_no_training", "likely_cap_subject", "(F)(4)"),
        (["association_name", "naics_81"], "R7_association", "likely_cap_subject", "(F)(4)"),
        (["naics_other", "association_name", "company_form"], "R8_company", "likely_cap_subject", "(F)(4)"),
        (["naics_62", "practice_name"], "R7_care_without_trace", "likely_cap_subject", "(F)(4)"),
        (["naics_62", "hospital_name"], "R9_undecided", "unknown", "no rule decides"),
        (["research_word", "naics_54"], "R9_undecided", "unknown", "no rule decides"),
    ],
)  # fmt: skip
def test_the_first_rule_that_holds_decides(signals, rule, category, cited):
    places, _ = decide(Facts.of(signals))
    decided = DECISION_LIST[places[0]]
    assert (decided.id, decided.category) == (rule, category)
    assert cited in decided.basis


def test_the_list_is_well_formed():
    assert len({rule.id for rule in DECISION_LIST}) == len(DECISION_LIST)
    assert DECISION_LIST[-1].id == "R9_undecided"
    for rule in DECISION_LIST:
        assert rule.category in CAP_EXEMPT_CATEGORY
        assert rule.ceiling in CONFIDENCE
        assert set(rule.rests_on) <= set(SIGNALS)
        assert rule.text
        assert "verified" not in f"{rule.basis} {rule.text}".lower()


@given(st.sets(st.sampled_from(sorted(SIGNALS))))
def test_a_listed_for_profit_is_never_exempt(signals):
    place, _ = decide(Facts.of({*signals, "for_profit_listed"}))
    assert DECISION_LIST[place[0]].category in ("likely_cap_subject", "unknown")


@given(st.sets(st.sampled_from(sorted(set(SIGNALS) - {"k12", "for_profit_listed", "for_profit_mixed"}))))
def test_evidence_against_never_makes_exempt(signals):
    before, _ = decide(Facts.of(signals) if signals else Facts({}, 1))
    after, _ = decide(Facts.of({*signals, "school_for_profit"}))
    if DECISION_LIST[before[0]].category not in EXEMPT_CATEGORIES:
        assert DECISION_LIST[after[0]].category not in EXEMPT_CATEGORIES


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

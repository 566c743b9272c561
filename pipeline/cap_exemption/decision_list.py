"""The rules in their order, each with its legal basis and the signals it may rest on."""

from __future__ import annotations

from typing import Final

from pipeline.cap_exemption import rules
from pipeline.cap_exemption.rules import Rule

_A: Final = "INA 214(g)(5)(A)"
_B: Final = "INA 214(g)(5)(B), 8 CFR 214.2(h)(19)(iii)(C)"
_AFFILIATED: Final = f"{_A}, 8 CFR 214.2(h)(8)(iii)(F)(2)"
_JOB: Final = "a job may still qualify under 8 CFR 214.2(h)(8)(iii)(F)(4)"
_NONPROFIT: Final = ("nonprofit_irs", "nonprofit_owner", "nonprofit_listed")
_TRAINING: Final = (
    "trains_physicians", "training_affiliate", "trainee_starts", "major_teaching", "minor_teaching",
    "medical_school_affiliation", "limited_school_affiliation", "resident_programs", "school_of_sponsor",
)  # fmt: skip
_ATTESTED: Final = ("attested_higher_education", "attested_affiliate", "attested_research", "attested_acwia")
_FOR_PROFIT: Final = (
    "for_profit_owner",
    "for_profit_system",
    "for_profit_listed",
    "for_profit_mixed",
    "school_for_profit",
)

DECISION_LIST: Final[tuple[Rule, ...]] = (
    Rule(
        "R0_conflict",
        rules.r0_conflict,
        "unknown",
        "conflicting evidence of for-profit and nonprofit status, 8 CFR 214.2(h)(19)(iv); a person must look",
        ("school_public", "school_nonprofit", *_FOR_PROFIT, *_NONPROFIT, *_ATTESTED, "company_form", "ror_company"),
        ceiling="low",
    ),
    Rule(
        "R0_for_profit_school",
        rules.r0_for_profit_school,
        "likely_cap_subject",
        "proprietary school: outside 20 USC 1001(a)",
        _FOR_PROFIT,
    ),
    Rule(
        "R0_for_profit",
        rules.r0_for_profit,
        "likely_cap_subject",
        f"for-profit: no nonprofit under 8 CFR 214.2(h)(19)(iv); {_JOB}",
        (*_FOR_PROFIT, "company_form", "ror_company"),
    ),
    Rule(
        "R3_government_research",
        rules.r3_government_research,
        "exempt_government_research",
        f"governmental research organization, {_B}",
        ("government_research", "federal_awards"),
    ),
    Rule(
        "R3_lab_nonprofit",
        rules.r3_lab_nonprofit,
        "exempt_nonprofit_research",
        f"nonprofit operator of a federally funded lab: nonprofit research organization, {_B}",
        ("lab_nonprofit", "federal_awards", "federal_awards_large", "research_code", *_NONPROFIT),
    ),
    Rule(
        "R3_lab_unclear",
        rules.r3_lab_unclear,
        "likely_exempt",
        f"operator of a federally funded lab owned by nonprofits and schools, own status not read; {_B}",
        ("lab_nonprofit_unread",),
        ceiling="low",
    ),
    Rule(
        "R3_lab_mixed",
        rules.r3_lab_mixed,
        "unknown",
        f"operator of a federally funded lab with for-profit members; {_B}",
        ("lab_mixed",),
        ceiling="low",
    ),
    Rule(
        "R3_institute",
        rules.r3_institute,
        "exempt_nonprofit_research",
        f"nonprofit research organization: research is a fundamental activity, {_B}",
        (
            "research_institute",
            "research_code",
            "federal_awards",
            "federal_awards_large",
            "attested_research",
            *_NONPROFIT,
        ),
    ),
    Rule(
        "R1_public_school",
        rules.r1_public_school,
        "exempt_higher_ed",
        f"public institution of higher education, 20 USC 1001(a), {_A}",
        ("school_public", "school_name_public", "school_lab", "attested_higher_education"),
    ),
    Rule(
        "R1_nonprofit_school",
        rules.r1_nonprofit_school,
        "exempt_higher_ed",
        f"private nonprofit institution of higher education, 20 USC 1001(a), {_A}",
        ("school_nonprofit", "school_name_nonprofit", "attested_higher_education", "nonprofit_irs"),
    ),
    Rule(
        "R2_k12",
        rules.r2_k12,
        "likely_cap_subject",
        "primary or secondary school: no institution of higher education; exempt from the fee of INA 214(c)(9) only",
        ("k12",),
        ceiling="medium",
    ),
    Rule(
        "R1_attested_school",
        rules.r1_attested_school,
        "exempt_higher_ed",
        f"attested institution of higher education, 20 USC 1001(a), {_A}",
        ("attested_higher_education", "nonprofit_irs"),
        ceiling="medium",
    ),
    Rule(
        "R4_control",
        rules.r4_control,
        "exempt_affiliated_nonprofit",
        f"{_AFFILIATED}(i)-(iii): owned, controlled or operated by a school, or its member or branch",
        ("control", "attested_affiliate", "school_relative", *_NONPROFIT, *_TRAINING),
    ),
    Rule(
        "R4_agreement",
        rules.r4_agreement,
        "exempt_affiliated_nonprofit",
        f"{_AFFILIATED}(iv): affiliation agreement with a school inferred, training a fundamental activity",
        ("principal_affiliate", "school_relative", "federal_awards_large", *_NONPROFIT, *_TRAINING),
        ceiling="medium",
    ),
    Rule(
        "R3_research_awards",
        rules.r3_research_awards,
        "exempt_nonprofit_research",
        f"nonprofit with federal research money: research organization, {_B}",
        ("federal_awards", "federal_awards_large", "research_code", "nonprofit_irs", "nonprofit_listed"),
        ceiling="medium",
    ),
    Rule(
        "R5_federal_care",
        rules.r5_federal_care,
        "likely_exempt",
        f"federal care: no categorical exemption; research ({_B}), an affiliation, or a waiver under INA 214(l)",
        ("federal_care", *_TRAINING),
        ceiling="low",
    ),
    Rule(
        "R5_public_teaching",
        rules.r5_public_teaching,
        "likely_exempt",
        f"public teaching hospital: public ownership is no prong by itself; an affiliation under {_AFFILIATED} is likely",
        ("government_owner", "principal_affiliate", *_TRAINING),
        ceiling="medium",
    ),
    Rule(
        "R6_nonprofit_teaching",
        rules.r6_nonprofit_teaching,
        "likely_exempt",
        f"nonprofit with training, affiliation or research: {_AFFILIATED}(iv) or {_B} is likely",
        ("principal_affiliate", "school_relative", "federal_awards_large", *_NONPROFIT, *_TRAINING),
        ceiling="medium",
    ),
    Rule(
        "R6_attested",
        rules.r6_attested,
        "likely_exempt",
        f"attested under ACWIA, borne out by no register: {_AFFILIATED} or {_B} is likely",
        _ATTESTED,
        ceiling="medium",
    ),
    Rule(
        "R6_behaviour",
        rules.r6_behaviour,
        "likely_exempt",
        f"behaves as exempt, nonprofit status not seen: {_AFFILIATED}(iv) is likely",
        ("principal_affiliate", *_TRAINING),
        ceiling="low",
    ),
    Rule(
        "R7_public_no_training",
        rules.r7_public_no_training,
        "likely_cap_subject",
        f"public body without a sign of research, training or affiliation; {_JOB}",
        ("government_owner", "government_name", "naics_92"),
        ceiling="low",
    ),
    Rule(
        "R7_nonprofit_no_link",
        rules.r7_nonprofit_no_link,
        "likely_cap_subject",
        f"nonprofit without a sign of affiliation or research; {_JOB}",
        (*_NONPROFIT, "community_health_center"),
        ceiling="low",
    ),
    Rule(
        "R7_association",
        rules.r7_association,
        "likely_cap_subject",
        f"foundation, society or the like without a sign of affiliation or research; {_JOB}",
        ("association_name",),
        ceiling="low",
    ),
    Rule(
        "R8_company",
        rules.r8_company,
        "likely_cap_subject",
        f"no sign of a school, a nonprofit, government or research; {_JOB}",
        ("naics_other", "naics_54", "naics_81", "naics_unknown", "company_form", "ror_company"),
        ceiling="medium",
    ),
    Rule(
        "R7_care_without_trace",
        rules.r7_care_without_trace,
        "likely_cap_subject",
        f"care or teaching, but in no register and without a sign of affiliation; {_JOB}",
        ("naics_61", "naics_62", "naics_54", "naics_81", "practice_name"),
        ceiling="low",
    ),
    Rule("R9_undecided", rules.r9_undecided, "unknown", "no rule decides", (), ceiling="low"),
)

"""What employers attested in prevailing wage requests, and what a survey said of a hospital's teaching, as evidence."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.cap_exemption.findings.attestations import employers, with_applicants
from pipeline.cap_exemption.judge import judge_petitioners
from pipeline.cap_exemption.registers import read_registers
from pipeline.schemas.frames import to_arrow, to_frame
from tests.cap_exemption.frames import petitioners

HOSPITAL = ("RIVERBEND HOSPITAL", "OH", "RIVERBEND", "3333", "62")
SCHOOL = ("FERN VALLEY COLLEGE", "OH", "FERN", "4444", "61")
COMPANY = ("PINE PHYSICIANS LLC", "OH", "PINE", "5555", "62")


def cases(name: str, *answers: dict[str, object], fein: str | None = "343333333", state: str = "OH") -> pd.DataFrame:
    """One case for each of `answers`, which change the plain case."""
    plain = {
        "case_status": "Determination Issued",
        "determination_date": pd.Timestamp("2025-03-03"),
        "visa_class": "PERM",
        "employer_name": name,
        "trade_name_dba": None,
        "employer_city": "x",
        "employer_state": state,
        "employer_fein": fein,
        "covered_by_acwia": True,
        "higher_education": None,
        "affiliated_nonprofit": None,
        "research_organization": None,
        "wage_source": None,
        "snapshot_id": "dol_pwd/1",
    }
    rows = [{**plain, "case_number": f"P-{name}-{place}", **answer} for place, answer in enumerate(answers)]
    flags = ["covered_by_acwia", "higher_education", "affiliated_nonprofit", "research_organization"]
    return pd.DataFrame(rows).astype({**dict.fromkeys(flags, "boolean"), "wage_source": "str"})


def judged(row: tuple[str, str, str, str, str], **tables: pd.DataFrame) -> pd.Series:
    return judge_petitioners(petitioners(row), read_registers(tables)).iloc[0]


def signals(answer: pd.Series, source: str) -> dict[str, str]:
    pieces = [*answer["evidence"], *answer["counter_evidence"]]
    return {piece["signal"]: piece["strength"] for piece in pieces if piece["source"] == source}


@pytest.mark.parametrize(
    ("row", "answers", "found", "rule"),
    [
        (HOSPITAL, [{"affiliated_nonprofit": True}], {"attested_affiliate": "A"}, "R4_control"),
        (HOSPITAL, [{}], {"attested_acwia": "B"}, "R6_attested"),
        (HOSPITAL, [{"covered_by_acwia": False}], {"attested_not_covered": "C"}, "R9_undecided"),
        (HOSPITAL, [{"covered_by_acwia": None}], {}, "R9_undecided"),
        (HOSPITAL, [{"case_status": "Withdrawn", "affiliated_nonprofit": True}], {}, "R9_undecided"),
        (SCHOOL, [{"higher_education": True}], {"attested_higher_education": "A"}, "R1_attested_school"),
        (COMPANY, [{"affiliated_nonprofit": True}], {"attested_affiliate": "A"}, "R0_conflict"),
        # Half of the answers is enough, less is not.
        (
            HOSPITAL,
            [{"research_organization": True}, {"covered_by_acwia": False}],
            {"attested_research": "A"},
            "R6_attested",
        ),
        (
            HOSPITAL,
            [{"research_organization": True}, {"covered_by_acwia": False}, {"covered_by_acwia": False}],
            {"attested_not_covered": "C"},
            "R9_undecided",
        ),
    ],
)
def test_answers_as_evidence(row, answers, found, rule):
    answer = judged(row, prevailing_wage_determinations=cases(row[0], *answers, fein=f"34333{row[3]}"))
    assert (signals(answer, "dol_pwd"), answer["rule_id"]) == (found, rule)


def test_the_evidence_says_attested_and_how_often():
    table = cases("Riverbend Hospital", {"affiliated_nonprofit": True}, {"affiliated_nonprofit": True}, {})
    (piece,) = judged(HOSPITAL, prevailing_wage_determinations=table)["evidence"][:1]
    assert piece["value"] == "attested: Y in 2 of 3 cases, FY2025: Riverbend Hospital"
    assert (piece["field"], piece["locator"]) == ("ACWIA_AFFILIATED_NON_PROFIT", "343333333")


def test_tables_as_the_registry_stores_them_serve():
    pwd = to_frame(
        to_arrow(cases("Riverbend Hospital", {"affiliated_nonprofit": True}), "prevailing_wage_determinations")
    )
    services = to_frame(to_arrow(survey(medical_school_affiliation="major"), "cms_provider_of_services"))
    answer = judged(HOSPITAL, prevailing_wage_determinations=pwd, cms_provider_of_services=services)
    assert answer["rule_id"] == "R4_control"
    assert signals(answer, "cms_provider_of_services") == {"medical_school_affiliation": "B"}


def test_a_case_counts_once_as_it_ended():
    later = {
        "case_number": "P-1",
        "determination_date": pd.Timestamp("2025-11-03"),
        "case_status": "Redetermination Modified",
    }
    table = cases("Riverbend Hospital", {"case_number": "P-1", "covered_by_acwia": False}, later)
    (row,) = employers(table).to_dict("records")
    assert (row["answered"], row["covered"], row["years"]) == (1, 1, "FY2026")


def test_a_case_without_tax_id_is_counted_with_the_employer_of_that_name():
    table = pd.concat([cases("Riverbend Hospital", {}), cases("RIVERBEND HOSPITAL", {}, fein=None)])
    table["case_number"] = ["P-1", "P-2"]
    (row,) = employers(table).to_dict("records")
    assert (row["employer"], row["answered"]) == ("343333333", 2)


def test_another_employer_of_the_last_four_digits_gives_no_evidence():
    answer = judged(
        HOSPITAL, prevailing_wage_determinations=cases("Fern Valley College", {"affiliated_nonprofit": True})
    )
    assert signals(answer, "dol_pwd") == {}


def test_where_the_question_is_not_printed_the_source_of_the_wage_speaks():
    table = cases("Riverbend Hospital", {"covered_by_acwia": None, "wage_source": "OES (ACWIA)"})
    answer = judged(HOSPITAL, prevailing_wage_determinations=table)
    assert (signals(answer, "dol_pwd"), answer["rule_id"]) == ({"attested_acwia": "B"}, "R6_attested")
    (piece,) = [piece for piece in answer["evidence"] if piece["source"] == "dol_pwd"]
    assert (piece["field"], piece["value"]) == (
        "PWD_WAGE_SOURCE",
        "OES (ACWIA) in 1 of 1 cases, FY2025: Riverbend Hospital",
    )


@pytest.mark.parametrize("source", ["OES (All Industries)", "CBA", None])
def test_another_source_of_the_wage_is_no_answer(source):
    table = cases("Riverbend Hospital", {"covered_by_acwia": None, "wage_source": source})
    assert signals(judged(HOSPITAL, prevailing_wage_determinations=table), "dol_pwd") == {}


@pytest.mark.parametrize(("state", "known"), [("OH", True), ("KY", False)])
def test_the_employer_of_an_application_is_that_of_the_determination_it_rests_on(state, known):
    table = cases("Riverbend Education Trust", {"affiliated_nonprofit": True}, fein="349999999")
    filed = pd.DataFrame({"pw_case_number": [table["case_number"].iloc[0], None, "P-other"], "worksite_state": state,
                          "employer": ["RIVERBEND HOSPITAL", "PINE", "PINE"]})  # fmt: skip
    answer = judged(HOSPITAL, prevailing_wage_determinations=with_applicants(table, filed))
    assert signals(answer, "dol_pwd") == ({"attested_affiliate": "A"} if known else {})


def test_without_applications_determinations_stay_as_they_are():
    table = cases("Riverbend Hospital", {})
    none = pd.DataFrame({"pw_case_number": [], "worksite_state": [], "employer": []}, dtype="str")
    assert with_applicants(table, none)["filed_as"].isna().all()


def survey(**changes: object) -> pd.DataFrame:
    plain = {
        "facility_id": "360001",
        "name": "RIVERBEND HOSPITAL",
        "city": "RIVERBEND",
        "state": "OH",
        "ownership": None,
        "medical_school_affiliation": None,
        "residency_allopathic": None,
        "residency_dental": None,
        "active": True,
        "snapshot_id": "cms_provider_of_services/1",
    }
    flags = ["residency_allopathic", "residency_dental", "active"]
    return pd.DataFrame([{**plain, **changes}]).astype(dict.fromkeys(flags, "boolean"))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"medical_school_affiliation": "major"}, {"medical_school_affiliation": "B"}),
        ({"medical_school_affiliation": "limited"}, {"limited_school_affiliation": "C"}),
        ({"medical_school_affiliation": "graduate"}, {"limited_school_affiliation": "C"}),
        ({"medical_school_affiliation": "none"}, {}),
        ({}, {}),
        ({"residency_dental": True}, {"resident_programs": "B"}),
        ({"residency_dental": False}, {}),
        ({"ownership": "Proprietary"}, {"for_profit_owner": "C"}),
        ({"ownership": "Voluntary non-profit - Church"}, {"nonprofit_owner": "C"}),
        ({"medical_school_affiliation": "major", "active": False}, {}),
        ({"medical_school_affiliation": "major", "active": None}, {"medical_school_affiliation": "B"}),
    ],
)
def test_a_survey_as_evidence(changes, found):
    answer = judged(HOSPITAL, cms_provider_of_services=survey(**changes))
    assert signals(answer, "cms_provider_of_services") == found


def test_a_teaching_hospital_of_a_company_stays_cap_subject():
    answer = judged(
        HOSPITAL, cms_provider_of_services=survey(medical_school_affiliation="major", ownership="Proprietary")
    )
    assert answer["category"] == "likely_cap_subject"

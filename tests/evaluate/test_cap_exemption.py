"""Measuring cap-exemption answers: how cases are read, found and counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.cap_exemption import evaluate, read_cases
from pipeline.evaluate.cap_exemption_baselines import by_industry, by_keywords
from pipeline.evaluate.cap_exemption_find import find

HEADER = "employer_name,state,expected,basis,justification,difficulty\n"
COMMITTED = Path(__file__).parents[1] / "gold" / "cap_exemption" / "capexempt_dev.csv"


def gold(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "gold.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def petitioners(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "petitioner_id": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "state": [row[2] for row in rows],
            "spellings": [[row[1]] for row in rows],
            "initial_approvals": [row[3] for row in rows],
            "continuing_approvals": 0,
        }
    )


INSTITUTIONS = pd.DataFrame(
    {
        "institution_id": ["inst_1"],
        "name": ["Bayside Hospital (Harborview Town)"],
        "state": ["OH"],
        "aliases": [["Bayside Medical Education"]],
    }
)
LINKS = pd.DataFrame(
    {
        "employer": ["BAYSIDE RESEARCH INSTITUTE", "PUBLIC TRUST OF BAYSIDE", "BAYSIDE PARTNER"],
        "petitioner_id": ["p_research", "p_trust", "p_partner"],
        "institution_id": "inst_1",
        "relation": ["same", "same", "affiliate"],
        "decision": "accepted",
    }
)


BODIES = pd.DataFrame(
    [
        ("ipeds_hd:1", "ipeds_hd", "Longmeadow Community College", [], "OH"),
        ("cms_hospitals:1", "cms_hospitals", "STONEBRIDGE HOSPITAL", [], "KY"),
        ("inst_9", "acgme", "Stonebridge Hospital", ["Stonebridge Medical Education"], "KY"),
        ("curated:a:AGENCY", "curated:a", "National Agency of Weights", [], None),
        ("curated:b:CLINIC", "curated:b", "Alder Grove Clinic", [], "GA"),
        ("cms_hospitals:2", "cms_hospitals", "STANWOOD HEALTH CARE", [], "CA"),
    ],
    columns=["body_id", "source", "name", "aliases", "state"],
)


def found(name: str, state: str, people: pd.DataFrame, tmp_path: Path) -> str | None:
    cases = read_cases(gold(tmp_path, f"{name},{state},unknown,R9,x,easy"))
    return find(cases, people, INSTITUTIONS, LINKS, BODIES)[0]


PEOPLE = petitioners(
    ("p_small", "STANWOOD HEALTH CARE", "CA", 3),
    ("p_big", "STANWOOD HEALTH CARE INC", "CA", 90),
    ("p_research", "BAYSIDE RESEARCH INSTITUTE", "OH", 50),
    ("p_trust", "PUBLIC TRUST OF BAYSIDE", "OH", 20),
    ("p_partner", "BAYSIDE PARTNER", "OH", 99),
    ("p_consult", "TOTO CONSULTANCY SVCS LTD", "MD", 9),
    ("p_christ", "THE CHRIST HOSPITAL", "OH", 9),
    ("p_dba", "LAKE COUNTY DISTRICT D/B/A PARKWOOD HEALTH", "TX", 9),
    ("p_sail", "FULL WIND LLC", "FL", 9),
    ("p_univ", "GEORGE WILMINGTON UNIVERSITY", "DC", 9),
    ("p_cut", "WINIFRED HATHAWAY COLLEGE OF MEDICI", "NY", 9),
)


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("Stanwood Health Care", "CA", "p_big"),
        ("Bayside Hospital (Harborview Town)", "OH", "p_trust"),
        ("Harborview Town Bayside Hospital", "OH", "p_trust"),
        ("Bayside Medical Education", "OH", "p_trust"),
        ("Toto Consultancy Services", "NJ", "p_consult"),
        ("Christ Hospital", "NJ", None),
        ("Parkwood Health (Lake County District)", "TX", "p_dba"),
        ("Full Wind University", "FL", "p_sail"),
        ("George Wilmington University Hospital", "DC", None),
        ("Winifred Hathaway College of Medicine", "NY", "p_cut"),
        ("Nobody Knows Inc", "NY", None),
        ("Longmeadow Community College", "OH", "ipeds_hd:1"),
        ("Longmeadow Community College", "CA", None),
        ("Stonebridge Hospital", "KY", "inst_9"),
        ("Stonebridge Medical Education", "KY", "inst_9"),
        ("National Agency of Weights", "MD", "curated:a:AGENCY"),
        ("Alder Grove Clinic of Southtown Inc", "GA", "curated:b:CLINIC"),
        ("Alder Grove Clinic of Southtown Inc", "AL", None),
    ],
)
def test_a_case_is_found_as_a_person_would(name, state, expected, tmp_path):
    assert found(name, state, PEOPLE, tmp_path) == expected


def answers(**categories: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "petitioner_id": list(categories),
            "name": list(categories),
            "state": "OH",
            "category": list(categories.values()),
            "rule_id": "R",
            "confidence": "low",
            "evidence": [[] for _ in categories],
            "counter_evidence": [[{"source": "cms", "field": "f", "value": "v", "strength": "A"}] for _ in categories],
        }
    )


def test_figures_follow_the_definitions(tmp_path):
    people = petitioners(*((f"p{place}", f"BODY{place} OF NAME{place}", "OH", 1) for place in range(6)))
    path = gold(
        tmp_path,
        "Body0 of Name0,OH,exempt_higher_ed,R1,right,easy",
        "Body1 of Name1,OH,exempt_affiliated_nonprofit,R3;accept=likely_exempt,alternative,easy",
        "Body2 of Name2,OH,likely_exempt,R4,UNSURE: doubtful,hard",
        "Body3 of Name3,OH,likely_cap_subject,R0_forprofit,judged exempt,hard",
        "Body4 of Name4,OH,unknown,R6,unknown is right,hard",
        "Body5 of Name5,OH,likely_cap_subject,R7,unknown,hard",
        "Body9 of Name9,OH,likely_cap_subject,R7,absent,hard",
    )
    judged = answers(
        p0="exempt_higher_ed",
        p1="likely_exempt",
        p2="likely_cap_subject",
        p3="likely_exempt",
        p4="unknown",
        p5="unknown",
    )
    result = evaluate(path, judged, BODIES.iloc[:0], people, INSTITUTIONS, LINKS)
    assert result.figures["n"] == 7
    assert (result.figures["not_found"], result.figures["found_as_institution"]) == (1, 0)
    assert result.figures["strict_accuracy"] == pytest.approx(2 / 5)
    assert result.figures["lenient_accuracy"] == pytest.approx(3 / 6, abs=1e-4)
    assert result.figures["coverage"] == pytest.approx(4 / 5)
    assert result.figures["for_profit_exempt"] == 1
    text = "\n".join(result.lines)
    assert "not found: Body9 of Name9 (OH)" in text
    assert "doubtful label: Body2 of Name2" in text
    assert "accepted alternative: Body1 of Name1" in text


def test_an_institution_without_petition_counts_as_found(tmp_path):
    judged = answers(p0="exempt_higher_ed")
    body = BODIES.iloc[[0]].assign(**judged.iloc[0][["category", "rule_id", "confidence"]].to_dict())
    body = body.assign(category="unknown", evidence=[[]], counter_evidence=[[]])
    path = gold(tmp_path, "Longmeadow Community College,OH,exempt_higher_ed,R1,x,easy")
    result = evaluate(path, judged, body, petitioners(("p0", "OTHER BODY", "TX", 1)), INSTITUTIONS, LINKS)
    assert (result.figures["found"], result.figures["found_as_institution"]) == (1, 1)
    assert any(
        "as institution Longmeadow Community College (ipeds_hd; no petitioner found)" in line for line in result.lines
    )


@pytest.mark.parametrize(
    ("name", "naics", "keywords", "industry"),
    [
        ("UNIVERSITY OF PHOENIX", "61", "exempt_higher_ed", "exempt_higher_ed"),
        ("HCA FLORIDA HOSPITAL", "62", "exempt_affiliated_nonprofit", "exempt_affiliated_nonprofit"),
        ("BLUE RIDGE RESEARCH LLC", "54", "exempt_nonprofit_research", "likely_cap_subject"),
        ("ACME SOFTWARE INC", "54", "likely_cap_subject", "likely_cap_subject"),
        ("PINE DENTAL", "62", "likely_cap_subject", "exempt_affiliated_nonprofit"),
    ],
)
def test_baselines_fall_for_the_traps(name, naics, keywords, industry):
    assert (by_keywords(name, naics), by_industry(name, naics)) == (keywords, industry)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("employer_name,state\nX,OH\n", "no column expected"),
        (HEADER + "X,OH,certainly_exempt,R1,x,easy\n", "line 2: unknown category certainly_exempt"),
        (HEADER + "X,OH,unknown,R1;accept=maybe,x,easy\n", "line 2: unknown category maybe"),
    ],
)
def test_an_unusable_gold_file_is_named(tmp_path, content, message):
    path = tmp_path / "gold.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=message):
        read_cases(path)


def test_a_missing_gold_file_is_named(tmp_path):
    with pytest.raises(GoldError, match=r"nothing\.csv"):
        read_cases(tmp_path / "nothing.csv")


def test_the_committed_cases_can_be_read():
    cases = read_cases(COMMITTED)
    assert len(cases) > 50
    assert {case.kind for case in cases} == {"hospital", "school", "other"}

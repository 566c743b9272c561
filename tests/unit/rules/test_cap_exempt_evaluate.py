"""Measuring cap-exemption answers: how cases are read, found and counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.capexempt import evaluate, find, read_gold

HEADER = "employer_name,state,expected,basis,justification,difficulty\n"
COMMITTED = Path(__file__).parents[2] / "gold" / "capexempt" / "capexempt_dev.csv"


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


def found(name: str, state: str, people: pd.DataFrame, tmp_path: Path) -> str | None:
    cases = read_gold(gold(tmp_path, f"{name},{state},unknown,R9,x,easy"))
    return find(cases, people, INSTITUTIONS, LINKS)[0]


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
    result = evaluate(path, judged, people, INSTITUTIONS, LINKS)
    assert result.figures["n"] == 7
    assert result.figures["not_found"] == 1
    assert result.figures["strict_accuracy"] == pytest.approx(2 / 5)
    assert result.figures["lenient_accuracy"] == pytest.approx(3 / 6, abs=1e-4)
    assert result.figures["coverage"] == pytest.approx(4 / 5)
    assert result.figures["for_profit_exempt"] == 1
    text = "\n".join(result.lines)
    assert "not found: Body9 of Name9 (OH)" in text
    assert "doubtful label: Body2 of Name2" in text
    assert "accepted alternative: Body1 of Name1" in text


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
        read_gold(path)


def test_a_missing_gold_file_is_named(tmp_path):
    with pytest.raises(GoldError, match=r"nothing\.csv"):
        read_gold(tmp_path / "nothing.csv")


def test_the_committed_cases_can_be_read():
    cases = read_gold(COMMITTED)
    assert len(cases) > 50
    assert {case.kind for case in cases} == {"hospital", "school", "other"}

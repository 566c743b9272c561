"""The curated tables and how their phrases meet names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.cap_exemption.curated import TABLES, Curated, freezes, read, rulings, signal_of
from pipeline.cap_exemption.findings.curated import curated_findings, match_phrases
from pipeline.cap_exemption.signals import SIGNALS
from pipeline.linkage.names.normalise import canonical
from pipeline.reference.load import ReferenceTableError


def names(*printed: str, state: str = "NY", industry: str = "62") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": range(len(printed)),
            "printed": printed,
            "form": [canonical(name) for name in printed],
            "state": state,
            "cut": [len(name) == 34 for name in printed],
            "industry": industry,
        }
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_every_row_raises_a_known_signal_and_names_its_source(table):
    rows = read(table.file)
    assert len(rows) > 0
    assert rows["source"].ne("").all()
    assert pd.to_datetime(rows["as_of"]).notna().all()
    for kind in rows["kind"].unique():
        raised = signal_of(table, kind)
        assert raised is not None, kind
        assert raised[0] in SIGNALS
        assert raised[1] in ("A", "B", "C")


def test_no_phrase_stands_twice_for_a_state_in_one_table():
    for table in TABLES:
        rows = read(table.file)
        assert not rows.duplicated(["phrase", "match", "state"]).any(), table.file


def test_freezes_end_after_they_begin():
    orders = freezes()
    assert (orders["until_day"] > orders["from_day"]).all()


def test_rulings_have_their_columns():
    columns = ["name", "state", "tax_id_last4", "category", "reason", "ruled_on", "who", "source"]
    assert list(rulings().columns)[: len(columns)] == columns


@pytest.mark.parametrize(
    ("printed", "state", "industry", "signal"),
    [
        ("THE PERMANENTE MEDICAL GROUP INC", "CA", "62", "for_profit_listed"),
        ("KAISER FOUNDATION HOSPITALS", "CA", "62", "control"),
        ("SOUTHERN CA PERMANENTE MED GRP", "CA", "62", "for_profit_listed"),
        ("UT-BATTELLE LLC", "TN", "54", "lab_nonprofit"),
        ("LAWRENCE LIVERMORE NATL SECURITY L", "CA", "54", "lab_mixed"),
        ("SANDIA NATIONAL LABORATORIES", "NM", "54", "for_profit_listed"),
        ("DHHS/NATIONAL INSTITUTES OF HEALTH", "MD", "54", "government_research"),
        ("USDA AGRICULTURAL RESEARCH SVC", "CA", "54", "government_research"),
        ("HOUSTON INDEPENDENT SCH DIST", "TX", "61", "k12"),
        ("KIPP TEXAS INC", "TX", "61", "k12"),
        ("RESEARCH FDN FOR STATE UNIV OF NY", "NY", "54", "control"),
        ("REGENTS OF THE UNIVERSITY OF MICHIGAN", "MI", "61", "school_name_public"),
        ("MA INST OF TECH", "MA", "61", "school_name_nonprofit"),
        ("DEPT OF VETERANS AFFAIRS MED CTR", "NY", "62", "federal_care"),
        ("DALLAS COUNTY HOSPITAL DISTRICT", "TX", "62", "government_owner"),
        ("BRIGHAM AND WOMEN S HOSPITAL", "MA", "62", "principal_affiliate"),
        ("SALK INST FOR BIOLOGICAL STUDIES", "CA", "54", "research_institute"),
    ],
)
def test_names_of_a_class_are_known(printed, state, industry, signal):
    asked = names(printed, state=state, industry=industry)
    found = curated_findings(asked, pd.Series([industry]))
    assert signal in set(found["signal"])


@pytest.mark.parametrize(
    ("printed", "state", "industry", "signal"),
    [
        ("NASA FEDERAL CREDIT UNION", "MD", "52", "government_research"),
        ("RAND CONSTRUCTION CORPORATION", "VA", "23", "research_institute"),
        ("AURORA INNOVATION INC", "PA", "54", "principal_affiliate"),
        ("UPMC HEALTH PLAN INC", "PA", "52", "principal_affiliate"),
        ("COMMUNITY COLLEGE OF PHILADELPHIA", "PA", "61", "k12"),
        ("THE METHODIST HOSPITAL", "FL", "62", "principal_affiliate"),
        ("FORSYTH MEMORIAL HOSPITAL", "NC", "62", "research_institute"),
        ("UNIVERSITY OF CHICAGO MEDICAL CENTER", "IL", "62", "school_name_nonprofit"),
        ("UNIVERSITY OF KANSAS HOSPITAL AUTHORITY", "KS", "62", "school_name_public"),
        ("IVY TECH SOLUTIONS INC", "IL", "54", "school_name_public"),
        ("PROHEALTH CARE INC", "WI", "62", "for_profit_listed"),
    ],
)
def test_names_that_only_sound_alike_are_not_taken(printed, state, industry, signal):
    asked = names(printed, state=state, industry=industry)
    assert signal not in set(curated_findings(asked, pd.Series([industry]))["signal"])


def test_the_longest_phrase_is_reported_once_for_each_table():
    found = match_phrases(names("NYU LANGONE HOSPITALS", "NYU LANGONE HEALTH SYSTEM"))
    assert list(found["key"]) == [0, 1]


def test_nothing_is_found_in_no_names():
    assert curated_findings(names(), pd.Series(dtype="str")).empty


def test_a_phrase_that_is_no_name_of_one_body_is_refused_with_its_line(reference_copy: Path) -> None:
    table = reference_copy / "cap" / "cap_exempt_k12.csv"
    table.write_text(f"{table.read_text('utf-8')}Hospital,starts,,,x,label,source,2026-10-01\n", "utf-8")
    read.cache_clear()
    with pytest.raises(ReferenceTableError, match="line 152: 'Hospital' says nothing of one body"):
        read("cap_exempt_k12.csv")
    read.cache_clear()


def test_kinds_without_a_signal_raise_nothing():
    assert signal_of(Curated("x.csv", (("known", "control", "B"),)), "other") is None

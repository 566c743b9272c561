"""The curated tables and how their phrases meet names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.cap_exemption.curated import CURATED, Curated, read_phrases, rulings, signal_of
from pipeline.cap_exemption.findings.curated import curated_findings
from pipeline.cap_exemption.signals import SIGNALS
from pipeline.linkage.names.normalise import canonical
from pipeline.reference.load import ReferenceTableError
from pipeline.schemas.vocabulary import STRENGTH


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


@pytest.mark.parametrize("table", CURATED, ids=lambda table: table.file)
def test_every_row_raises_a_known_signal_and_names_its_source(table):
    rows = read_phrases(table.file)
    assert len(rows) > 0
    assert rows["source"].ne("").all()
    assert pd.to_datetime(rows["as_of"]).notna().all()
    for kind in rows["kind"].unique():
        raised = signal_of(table, kind)
        assert raised is not None, kind
        assert raised[0] in SIGNALS
        assert raised[1] in STRENGTH


def test_no_phrase_is_twice_in_a_table_for_a_state():
    for table in CURATED:
        rows = read_phrases(table.file)
        assert not rows.duplicated(["phrase", "match", "state"]).any(), table.file


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
    found = curated_findings(asked, pd.Series([industry]), {})
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
    assert signal not in set(curated_findings(asked, pd.Series([industry]), {})["signal"])


def curated(*printed: str, state: str = "NY", industry: str = "62") -> pd.DataFrame:
    """Findings on petitioners of one name each."""
    asked = names(*printed, state=state, industry=industry)
    return curated_findings(asked, pd.Series([industry] * len(printed)), {}).set_index("key")


@pytest.mark.parametrize(
    ("printed", "state", "phrase"),
    [
        # starts: the first words
        ("ABILENE REGIONAL MEDICAL CENTER LP", "TX", "Abilene Regional Medical Center"),
        # contains: whole words anywhere
        ("USDA AGRICULTURAL RESEARCH SERVICE", "MD", "Agricultural Research Service"),
        # cut at 34 characters: a phrase but for the end of its last word
        ("LAWRENCE LIVERMORE NATIONAL SECURI", "CA", "Lawrence Livermore National Security"),
    ],
)
def test_evidence_names_the_phrase_that_was_met(printed, state, phrase):
    found = curated(printed, state=state, industry="54")
    assert phrase in set(found["locator"])
    assert found["source"].isin([table.source for table in CURATED]).all()


def test_only_a_cut_name_is_completed():
    assert "lab_mixed" in set(curated("LAWRENCE LIVERMORE NATIONAL SECURI", state="CA", industry="54")["signal"])
    assert curated("LAWRENCE LIVERMORE NATIONAL SECUR", state="CA", industry="54").empty


def test_an_exact_phrase_is_the_whole_name():
    assert list(curated("AEROSPACE", industry="54")["signal"]) == ["lab_nonprofit"]
    assert curated("AEROSPACE SYSTEMS", industry="54").empty


def test_a_school_and_its_affiliate_are_told_apart_by_the_longer_phrase():
    found = curated("UNIVERSITY OF PENNSYLVANIA", "UNIVERSITY OF PENNSYLVANIA HEALTH SYSTEM", state="PA")
    assert set(found.loc[[0], "signal"]) == {"school_name_nonprofit"}
    assert set(found.loc[[1], "signal"]) == {"control"}


def test_the_administrator_of_a_listed_lab_is_evidence_too():
    labs = pd.DataFrame(
        {
            "ffrdc": ["Ames Laboratory"],
            "administrator_kind": ["university"],
            "snapshot_id": ["ncses/2026-11-20_aaaaaaaa"],
        }
    )
    found = curated_findings(names("AMES LABORATORY", state="IA"), pd.Series(["54"]), {"ncses_ffrdcs": labs})
    rows = {row["source"]: row for row in found.to_dict("records")}
    assert set(rows) == {"curated:labs.csv", "ncses"}
    assert (rows["ncses"]["signal"], rows["ncses"]["value"]) == ("school_lab", "university")


def test_the_longest_phrase_is_reported_once_for_each_table():
    found = curated_findings(names("NYU LANGONE HOSPITALS", "NYU LANGONE HEALTH SYSTEM"), pd.Series(["62", "62"]), {})
    assert list(found["key"]) == [0, 1]


def test_nothing_is_found_in_no_names():
    assert curated_findings(names(), pd.Series(dtype="str"), {}).empty


def test_a_phrase_that_is_no_name_of_one_body_is_refused_with_its_line(reference_copy: Path) -> None:
    table = reference_copy / "cap" / "k12.csv"
    table.write_text(f"{table.read_text('utf-8')}Hospital,starts,,,k12,zoological schools,source,2026-10-01\n", "utf-8")
    read_phrases.cache_clear()
    with pytest.raises(ReferenceTableError, match="line 152: 'Hospital' says nothing of one body"):
        read_phrases("k12.csv")
    read_phrases.cache_clear()


def test_kinds_without_a_signal_raise_nothing():
    assert signal_of(Curated("x.csv", (("known", "control", "B"),)), "other") is None

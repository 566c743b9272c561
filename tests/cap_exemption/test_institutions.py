"""Institutions judged for themselves: sponsors, schools, hospitals and curated bodies, petition or not."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.cap_exemption.explain import explain
from pipeline.cap_exemption.institutions import judge_institutions
from pipeline.cap_exemption.registers import read_registers
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame

INSTITUTIONS = pd.DataFrame(
    {
        "institution_id": ["inst_1"],
        "name": ["Hilltop Memorial Hospital"],
        "aliases": [["Hilltop Medical Education"]],
        "city": ["Hilltop"],
        "state": ["OH"],
        "ein": [None],
        "unitid": [None],
        "facility_ids": [["360002"]],
    }
)
TABLES = {
    "ipeds_institutions": pd.DataFrame(
        {
            "unitid": ["100001", "100002"],
            "name": ["Longmeadow Community College", "University of Wealth"],
            "aliases": [[], []],
            "city": ["Longmeadow", "Reno"],
            "state": ["OH", "NV"],
            "ein": ["341111111", "882222222"],
            "control": [1, 3],
            "degree_granting": [True, True],
            "grants_medical_degree": [False, False],
            "snapshot_id": "ipeds_hd/1",
        }
    ),
    "cms_hospitals": pd.DataFrame(
        {
            "facility_id": ["360002", "360003"],
            "name": ["HILLTOP MEMORIAL HOSPITAL", "QUIET VALLEY HOSPITAL"],
            "city": ["HILLTOP", "QUIET VALLEY"],
            "state": ["OH", "OH"],
            "ownership": ["Voluntary non-profit - Private", "Voluntary non-profit - Private"],
            "snapshot_id": "cms_hospitals/1",
        }
    ),
}


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    return judge_institutions(INSTITUTIONS, read_registers(TABLES))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("ipeds_hd:100001", "R1_public_school"),
        ("ipeds_hd:100002", "R0_for_profit_school"),
        ("inst_1", "R6_nonprofit_teaching"),
        ("cms_hospitals:360002", "R6_nonprofit_teaching"),
        ("cms_hospitals:360003", "R7_nonprofit_no_link"),
    ],
)
def test_bodies_of_registers(judged, body, rule):
    assert judged.set_index("body_id").loc[body, "rule_id"] == rule


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("National Institute of Standards and Technology", "exempt_government_research"),
        ("HCA", "likely_cap_subject"),
        ("MITRE", "exempt_nonprofit_research"),
    ],
)
def test_curated_bodies(judged, name, category):
    rows = judged[(judged["name"] == name) & judged["source"].str.startswith("curated:")]
    assert set(rows["category"]) == {category}


def test_nothing_is_said_to_come_from_petitions(judged):
    sources = {piece["source"] for pieces in judged["evidence"] for piece in pieces}
    assert "uscis_h1b_employers" not in sources


def test_it_fits_the_registry_and_can_be_explained(judged):
    published = to_frame(to_arrow(judged, "institution_cap_exemption"))
    assert violations(published, "institution_cap_exemption") == []
    row = published[published["body_id"] == "inst_1"].iloc[0]
    assert sum(line.startswith("  held") for line in explain(row)) == 1


def test_without_registers_the_curated_bodies_are_left():
    bare = judge_institutions(empty_frame("institutions"), read_registers({}))
    assert len(bare) > 1000
    assert bare["source"].str.startswith("curated:").all()

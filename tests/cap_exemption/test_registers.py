"""What each register says of a petitioner that it knows: one small table in, signals and strengths out."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.cap_exemption.findings.name_table import name_table
from pipeline.cap_exemption.registers import read_registers, register_findings
from tests.cap_exemption.frames import petitioners

NAME = {"name": "Harborview Institute", "state": "OH", "city": "Fern", "ein": "340001234", "aliases": []}
SCHOOL = {**NAME, "unitid": "1", "snapshot_id": "ipeds_hd/1"}
IRS = {**NAME, "sort_name": None, "ntee": None, "snapshot_id": "irs_eo_bmf/1"}
ROR = {**NAME, "ror_id": "r", "types": ["nonprofit"], "relationships": None, "snapshot_id": "ror/1"}
NCSES = {"institution": "Harborview Institute", "state": "OH", "snapshot_id": "ncses/1"}
SYSTEM = {**NAME, "health_system_id": "h1", "snapshot_id": "ahrq_compendium/1"}
FACILITY = {**NAME, "facility_id": "360001", "snapshot_id": "cms_hospitals/1"}
HOSPITAL = {
    **NAME,
    "compendium_hospital_id": "c1",
    "health_system_id": "h1",
    "health_system_name": "Harborview Health",
    "ccn": "360001",
    "snapshot_id": "ahrq_compendium/2",
}


def signals(
    tables: dict[str, list[dict[str, object]]], name: str = "HARBORVIEW INSTITUTE"
) -> dict[tuple[str, str], str]:
    """(source, signal) -> strength, for one petitioner of that name in Fern, Ohio."""
    petitioner = petitioners((name, "OH", "FERN", "1234", "62"))
    frames = {table: pd.DataFrame(rows) for table, rows in tables.items()}
    found = register_findings(name_table(petitioner), read_registers(frames))
    return {(row["source"], row["signal"]): row["strength"] for row in found.to_dict("records")}


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("ipeds_institutions", {**SCHOOL, "control": 1, "degree_granting": True}, {("ipeds_hd", "school_public"): "A"}),
        (
            "ipeds_institutions",
            {**SCHOOL, "control": 2, "degree_granting": True},
            {("ipeds_hd", "school_nonprofit"): "A"},
        ),
        ("ipeds_institutions", {**SCHOOL, "control": 2, "degree_granting": False}, {}),
        (
            "ipeds_institutions",
            {**SCHOOL, "control": 3, "degree_granting": None},
            {("ipeds_hd", "school_for_profit"): "A"},
        ),
        ("irs_exempt_organizations", {**IRS, "subsection": "03"}, {("irs_eo_bmf", "nonprofit_irs"): "A"}),
        (
            "irs_exempt_organizations",
            {**IRS, "subsection": "03", "ntee": "U20"},
            {("irs_eo_bmf", "nonprofit_irs"): "A", ("irs_eo_bmf", "research_code"): "B"},
        ),
        ("irs_exempt_organizations", {**IRS, "subsection": "07", "ntee": "U20"}, {}),
        ("ror_organizations", ROR, {("ror", "nonprofit_listed"): "C"}),
        ("ror_organizations", {**ROR, "types": ["funder", "company"]}, {("ror", "ror_company"): "C"}),
        ("ror_organizations", {**ROR, "types": ["company", "facility"]}, {}),
        (
            "ror_organizations",
            {**ROR, "types": [], "relationships": [{"kind": "Parent", "name": "University of Springdale"}]},
            {("ror", "school_relative"): "C"},
        ),
        ("ror_organizations", {**ROR, "types": [], "relationships": [{"kind": "child", "name": "Fern College"}]}, {}),
        (
            "ncses_obligations",
            {**NCSES, "obligations": 999.0},
            {("ncses", "federal_awards"): "B", ("ncses", "nonprofit_listed"): "B"},
        ),
        (
            "ncses_obligations",
            {**NCSES, "obligations": 1000.0},
            {
                ("ncses", "federal_awards"): "B",
                ("ncses", "federal_awards_large"): "B",
                ("ncses", "nonprofit_listed"): "B",
            },
        ),
        (
            "ahrq_health_systems",
            {**SYSTEM, "majority_investor_owned": True, "teaching_intensity": 2},
            {("ahrq_compendium", "for_profit_system"): "B"},
        ),
        (
            "ahrq_health_systems",
            {**SYSTEM, "majority_investor_owned": False, "teaching_intensity": 2},
            {("ahrq_compendium", "major_teaching"): "B"},
        ),
        (
            "ahrq_health_systems",
            {**SYSTEM, "majority_investor_owned": None, "teaching_intensity": 1},
            {("ahrq_compendium", "minor_teaching"): "C"},
        ),
        ("cms_hospitals", {**FACILITY, "ownership": "Physician"}, {("cms_hospitals", "for_profit_owner"): "A"}),
        (
            "cms_hospitals",
            {**FACILITY, "ownership": "Government - State"},
            {("cms_hospitals", "government_owner"): "B"},
        ),
        ("cms_hospitals", {**FACILITY, "ownership": "Government - Federal"}, {}),
        ("cms_hospitals", {**FACILITY, "ownership": "Department of Defense"}, {("cms_hospitals", "federal_care"): "B"}),
        ("cms_hospitals", {**FACILITY, "ownership": "Tribal"}, {}),
        ("ahrq_hospitals", HOSPITAL, {}),
    ],
)
def test_a_record_and_what_it_says(table, row, expected):
    assert signals({table: [row]}) == expected


def test_hospitals_of_the_compendium_bring_their_system_and_their_owner():
    found = signals(
        {
            "ahrq_hospitals": [HOSPITAL],
            "ahrq_health_systems": [
                {
                    **SYSTEM,
                    "name": "Elsewhere Health",
                    "ein": "990009999",
                    "majority_investor_owned": True,
                    "teaching_intensity": 0,
                }
            ],
            "cms_hospitals": [{**FACILITY, "name": "Another Hospital", "ein": "990008888", "ownership": "Proprietary"}],
        }
    )
    assert found == {("ahrq_compendium", "for_profit_system"): "B", ("ahrq_compendium", "for_profit_owner"): "B"}


def test_a_system_is_owned_as_most_of_its_hospitals_are():
    facilities = [
        {
            **FACILITY,
            "name": f"Elsewhere {place}",
            "ein": "990008888",
            "facility_id": f"36000{place}",
            "ownership": ownership,
        }
        for place, ownership in enumerate(
            ["Voluntary non-profit - Church", "Voluntary non-profit - Other", "Proprietary"]
        )
    ]
    hospitals = [
        {**HOSPITAL, "name": f"Elsewhere {place}", "ein": "990008888", "ccn": f"36000{place}"} for place in range(3)
    ]
    system = {**SYSTEM, "majority_investor_owned": False, "teaching_intensity": 0}
    tables = {"ahrq_health_systems": [system], "ahrq_hospitals": hospitals, "cms_hospitals": facilities}
    assert signals(tables) == {("ahrq_compendium", "nonprofit_owner"): "C"}
    assert signals({**tables, "cms_hospitals": facilities[1:]}) == {}


def test_a_school_s_tax_id_counts_only_for_a_body_that_calls_itself_one():
    school = {**SCHOOL, "name": "Harborview City University", "control": 1, "degree_granting": True}
    assert signals({"ipeds_institutions": [school]}, "HARBORVIEW CITY UNIVERSITY") == {
        ("ipeds_hd", "school_public"): "A"
    }
    assert signals({"ipeds_institutions": [school]}, "HARBORVIEW CITY") == {}


def test_a_hospital_of_a_common_name_must_be_in_the_city():
    hospital = {**FACILITY, "name": "Mercy Hospital", "ein": "990009999", "ownership": "Proprietary"}
    near, far = hospital, {**hospital, "city": "Toledo"}
    assert signals({"cms_hospitals": [near]}, "MERCY HOSPITAL") == {("cms_hospitals", "for_profit_owner"): "A"}
    assert signals({"cms_hospitals": [far]}, "MERCY HOSPITAL") == {}


def test_no_register_says_nothing():
    assert signals({}) == {}

"""Applications for trainees: which count, what supports them, whose they are, and what they add up to for a program."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.filings import table
from pipeline.filings.employers import linked_employers
from pipeline.filings.summary import filings_by_program
from pipeline.filings.table import annual_wage, employment, trainee_applications
from pipeline.schemas.frames import to_arrow

ROW: dict[str, Any] = {
    "case_number": "I-200-1", "case_status": "Certified", "decision_date": "2025-03-01", "visa_class": "H-1B",
    "job_title": "Internal Medicine Resident", "soc_code": "29-1216.00", "full_time": True, "begin_date": "2025-07-01",
    "workers": 1, "employer_name": "Example Hospital", "trade_name_dba": None, "employer_state": "OH",
    "worksite_city": "Columbus", "worksite_state": "OH", "wage_from": 68_000.0, "wage_unit": "Year",
    "secondary_entity_name": None, "snapshot_id": "dol_lca/2025-06-01_00000000",
}  # fmt: skip
LINK: dict[str, Any] = {
    "employer_name": "EXAMPLE  HOSPITAL", "employer_state": None, "worksite_state": None, "worksite_city": None,
    "institution_id": "inst_a", "relation": "same", "institution": "Example Medical Center",
    "institution_city": "Columbus", "institution_state": "OH",
}  # fmt: skip


def lca(*changes: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([ROW | {"case_number": f"I-200-{number}"} | change for number, change in enumerate(changes)])
    for name in ("begin_date", "decision_date"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.astype({"workers": "Int64"})


def links(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([LINK | change for change in changes])


NO_LINKS = links({}).iloc[:0]


def trainee_filings(lca_filings: pd.DataFrame, employer_links: pd.DataFrame) -> pd.DataFrame:
    """The applications as they are read, and whose they are."""
    return table.trainee_filings(trainee_applications(lca_filings), employer_links)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"case_status": None, "visa_class": None}, True),
        ({"case_status": "Certified - Withdrawn"}, False),
        ({"case_status": "Withdrawn"}, False),
        ({"case_status": "Denied"}, False),
        ({"case_status": "Rejected"}, False),
        ({"visa_class": "E-3 Australian"}, False),
        ({"visa_class": None}, False),  # the layout has the column, and no class was chosen
        ({"visa_class": "H-1B1 Chile"}, False),
        ({"job_title": "Hospitalist", "soc_code": "29-1229.02"}, False),
        ({"job_title": "Pharmacy Resident", "soc_code": "29-1051.00"}, False),
        ({"employer_name": None}, False),
    ],
)
def test_which_applications_count(change: dict[str, Any], counts: bool) -> None:
    assert len(trainee_filings(lca(change), NO_LINKS)) == int(counts)


def test_newest_decision_of_a_case_speaks() -> None:
    same_case = {"case_number": "I-200-9"}
    withdrawn = same_case | {"case_status": "Certified - Withdrawn", "decision_date": "2025-05-01"}
    assert trainee_filings(lca(same_case, withdrawn), NO_LINKS).empty
    earlier = withdrawn | {"decision_date": "2025-01-01"}
    assert len(trainee_filings(lca(same_case, earlier), NO_LINKS)) == 1


@pytest.mark.parametrize(
    ("amount", "unit", "yearly"),
    [
        (35.0, "Hour", 72_800.0), (1_400.0, "Week", 72_800.0), (2_800.0, "Bi-Weekly", 72_800.0), (6_000.0, "Month", 72_000.0),
        (70_000.0, "Year", 70_000.0), (70_000.0, None, None), (None, "Year", None),
    ],
)  # fmt: skip
def test_wage_by_the_year(amount: float | None, unit: str | None, yearly: float | None) -> None:
    found = annual_wage(lca({"wage_from": amount, "wage_unit": unit})).iloc[0]
    assert (None if pd.isna(found) else found) == yearly


@pytest.mark.parametrize(
    ("change", "linked", "confidence"),
    [
        ({}, True, "high"),
        ({"wage_from": 240_000.0}, True, "medium"),
        ({"wage_from": 240_000.0, "full_time": False}, True, "high"),
        ({"job_title": "Instructor / Fellow", "soc_code": "29-1229"}, True, "high"),
        ({"job_title": "Instructor / Fellow", "soc_code": "29-1229"}, False, "medium"),
        ({"job_title": "Instructor / Fellow", "soc_code": "29-1229", "begin_date": "2025-01-05"}, True, "medium"),
        ({"job_title": "Instructor / Fellow", "soc_code": "29-1229", "wage_from": 240_000.0}, True, "low"),
        ({"job_title": "Mayo Clinic Scholar", "soc_code": "29-1229"}, True, "low"),
        (
            {"job_title": "Resident in Diagnostic Imaging", "soc_code": "29-9099.00", "wage_from": 50_000.0},
            False,
            "low",
        ),
        ({"job_title": "Resident Physician", "soc_code": "29-9099.00", "wage_from": 44_678.0}, False, "medium"),
        ({"wage_from": 46_000.0, "begin_date": "2017-07-01"}, False, "high"),
    ],
)
def test_confidence_after_the_other_cells(change: dict[str, Any], linked: bool, confidence: str) -> None:
    found = trainee_filings(lca(change), links({}) if linked else NO_LINKS).iloc[0]
    assert found["confidence"] == confidence, found["evidence"]


def test_evidence_speaks_for_each_cell() -> None:
    found = trainee_filings(lca({"job_title": "Internal Medicine Resident PGY-2"}), links({})).iloc[0]
    assert found["evidence"] == [
        "title: says resident",
        "title: postgraduate year 2",
        "title: names Internal Medicine",
        "supports: SOC 29-1216.00 is a code of physicians",
        "supports (weakly): $68,000 a year, as trainees are paid",
        "supports: begins in July 2025, when training years begin",
        "supports: the employer is that of Example Medical Center",
        "supports: the worksite is in Columbus, OH",
    ]


def test_missing_cells_are_silent() -> None:
    bare = lca({"begin_date": None, "wage_from": None, "worksite_state": None, "worksite_city": None})
    found = trainee_filings(bare, NO_LINKS).iloc[0]
    assert found["evidence"][-1] == "open: the employer is linked to no sponsoring institution"
    assert len(found["evidence"]) == 4
    assert found["confidence"] == "high"


def test_trainee_at_another_site_is_shown_so() -> None:
    change = {"worksite_city": "Dayton", "secondary_entity_name": "Partner Hospital"}
    near = trainee_filings(lca(change), links({})).iloc[0]
    assert near["institution_id"] == "inst_a"
    assert "supports: the worksite at Partner Hospital is in Dayton, OH, in the institution's state" in near["evidence"]
    far = trainee_filings(lca({"worksite_city": "Boston", "worksite_state": "MA"}), links({})).iloc[0]
    assert far["institution_id"] == "inst_a"
    assert any(line.startswith("open: the worksite is in Boston, MA, not in Columbus, OH") for line in far["evidence"])


@pytest.mark.parametrize(
    ("offered", "institution", "relation"),
    [
        ([{}, {"institution_id": "inst_b", "relation": "affiliate"}], "inst_a", "same"),
        ([{"employer_state": "TX"}], None, None),
        ([{"employer_state": "OH"}, {"institution_id": "inst_b"}], "inst_a", "same"),
        (
            [
                {"relation": "affiliate", "institution_city": "Dayton"},
                {"institution_id": "inst_b", "relation": "affiliate"},
            ],
            "inst_b",
            "affiliate",
        ),
        (
            [
                {"relation": "affiliate", "institution_city": "Dayton"},
                {"institution_id": "inst_b", "relation": "affiliate", "institution_city": "Akron"},
            ],
            None,
            None,
        ),
        ([{"employer_name": "Other Hospital"}], None, None),
    ],
)
def test_institution_of_the_employer(
    offered: list[dict[str, Any]], institution: str | None, relation: str | None
) -> None:
    found = trainee_filings(lca({}), links(*offered)).iloc[0]
    cells = [None if pd.isna(found[name]) else found[name] for name in ("institution_id", "relation")]
    assert cells == [institution, relation], found["evidence"]


def test_an_employer_of_several_institutions_is_attributed_to_none_and_says_so() -> None:
    several = ({"institution": "A Hospital"}, {"institution_id": "inst_b", "institution": "B Hospital"})
    found = trainee_filings(lca({}), links(*several)).iloc[0]
    assert pd.isna(found["institution_id"]) and list(found["possible_institution_ids"]) == ["inst_a", "inst_b"]
    [said] = [line for line in found["evidence"] if "files for several of this list" in line]
    assert "not attributed" in said and "A Hospital; B Hospital" in said
    assert list(trainee_filings(lca({}), links({})).iloc[0]["possible_institution_ids"]) == []


def test_links_need_only_the_key_columns() -> None:
    slim = links({})[["employer_name", "institution_id", "relation"]]
    filings = lca({}).rename(columns={"employer_name": "employer"})
    found = linked_employers(filings, slim).iloc[0]
    assert found["institution_id"] == "inst_a"
    assert found["employer_says"] == "supports: the employer is that of a sponsoring institution"
    assert pd.isna(found["worksite_says"])


def test_ids_without_case_number() -> None:
    bare = {"case_number": None}
    found = trainee_filings(lca(bare, bare, bare | {"worksite_city": "Dayton"}), NO_LINKS)
    assert found["filing_id"].is_unique
    assert found["filing_id"].str.fullmatch(r"lca_[0-9a-f]{16}").all()
    one = trainee_filings(lca(bare), NO_LINKS)
    assert set(one["filing_id"]) <= set(found["filing_id"])


BARE = {"case_number": None}
AGAIN = {"case_number": "I-200-0", "case_status": "Withdrawn"}
MIXED = lca(
    {}, BARE, BARE, BARE | {"worksite_city": "Dayton"}, {"job_title": "Clinical Fellow"}, {"job_title": "Hospitalist"}, AGAIN,
    AGAIN | {"decision_date": "2025-05-01", "case_number": "I-200-4"}, {"wage_from": 1.0}, {"wage_from": None}, {},
    {"employer_name": "Example Group"}, {"employer_name": "Example Group", "worksite_city": "Dayton"},
    {"employer_name": "Stranger"}, {"worksite_state": "MA", "worksite_city": "Boston"}, {"begin_date": "2025-01-05"},
    {"full_time": False}, {"soc_code": "29-9099.00", "job_title": "Resident Physician"},
)  # fmt: skip
OFFERED = links(
    {},
    {"institution_id": "inst_b", "relation": "affiliate"},
    {"employer_name": "Example Group", "relation": "affiliate"},
    {"employer_name": "Example Group", "relation": "affiliate", "institution_id": "inst_b"},
)
IN_ORDER = trainee_filings(MIXED, OFFERED)


@settings(max_examples=8)
@given(st.permutations(range(len(MIXED))), st.permutations(range(len(OFFERED))))
def test_order_of_rows_does_not_matter(order: list[int], order_of_links: list[int]) -> None:
    pd.testing.assert_frame_equal(trainee_filings(MIXED.iloc[order], OFFERED.iloc[order_of_links]), IN_ORDER)


def test_the_table_is_of_its_schema() -> None:
    assert to_arrow(IN_ORDER, "trainee_filings").num_rows == len(IN_ORDER) > 10


def test_no_application_and_no_trainee() -> None:
    for rows in (lca({}).iloc[:0], lca({"job_title": "Nurse", "soc_code": "29-1141"})):
        found = trainee_filings(rows, NO_LINKS)
        assert found.empty
        assert to_arrow(found, "trainee_filings").num_rows == 0


def test_columns_a_layout_lacks_may_be_missing() -> None:
    slim = lca({})[["job_title", "soc_code", "employer_name", "snapshot_id"]].assign(workers=pd.array([1], "Int64"))
    assert len(trainee_filings(slim, NO_LINKS)) == 1


PROGRAMS = pd.DataFrame(
    {
        "program_code": ["1400000001", "4200000001", "4210000001", "4610000001", "1400000002"],
        "institution_id": ["inst_a"] * 4 + ["inst_b"],
        "state": ["MA"] * 5,
        "specialty": ["Internal Medicine", "Radiology-Diagnostic", None, "Thoracic Surgery - Integrated", None],
        "specialty_code": ["140", "420", "421", "461", "140"],
    }
)


def test_counts_for_programs() -> None:
    rows = lca(
        {},
        {"begin_date": "2023-01-01"},
        {"begin_date": "2026-07-01"},
        {"job_title": "Clinical Fellow in Radiology", "soc_code": "29-1224"},
        {"job_title": "Abdominal Radiology Fellow", "soc_code": "29-1224"},
        {"job_title": "Resident Physician in Cardiothoracic Surgery", "soc_code": "29-1249"},
        {"job_title": "Resident Physician", "soc_code": "29-1229"},
        {"job_title": "Mayo Clinic Scholar", "soc_code": "29-1229"},
        {"employer_name": "Stranger"},
    )
    counts = filings_by_program(trainee_filings(rows, links({})), PROGRAMS, dt.date(2026, 1, 15)).set_index(
        "program_code"
    )
    same = counts["trainee_filings_same_specialty"].to_dict()
    assert same == {"1400000001": 3, "4200000001": 0, "4210000001": 1, "4610000001": 1, "1400000002": 0}
    assert counts["trainee_filings_any_specialty"].tolist() == [7, 7, 7, 7, 0]
    assert counts.loc["1400000001", "trainee_filings_same_specialty_recent"] == 2
    assert counts.loc["1400000001", "trainee_filings_by_regime"] == [
        {"payment_regime": "before_payment", "employment": None, "same_specialty": 2, "any_specialty": 6},
        {"payment_regime": "not_known", "employment": None, "same_specialty": 1, "any_specialty": 1},
    ]
    assert counts.loc["1400000002", "trainee_filings_by_regime"] == []
    assert counts.loc["1400000001", "latest_trainee_filing"] == pd.Timestamp(2026, 7, 1)
    assert counts.loc["4210000001", "latest_trainee_filing_same_specialty"] == pd.Timestamp(2025, 7, 1)
    assert pd.isna(counts.loc["1400000002", "latest_trainee_filing"])


def test_counts_without_any_filing() -> None:
    none = trainee_filings(lca({}).iloc[:0], NO_LINKS)
    counts = filings_by_program(none, PROGRAMS, dt.date(2026, 1, 15))
    assert counts["program_code"].tolist() == PROGRAMS["program_code"].tolist()
    assert counts["trainee_filings_any_specialty"].sum() == 0


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, None),
        ({"new_employment": 0, "continued_employment": 0}, None),
        ({"new_employment": 1}, "new"),
        ({"new_concurrent_employment": 2}, "new"),
        ({"continued_employment": 1}, "continuing"),
        ({"change_employer": 1, "new_employment": 0}, "change_of_employer"),
        ({"amended_petition": 1, "new_employment": 1}, "several"),
    ],
)
def test_kinds_of_employment_are_told_apart(cells: dict[str, int], said: str | None) -> None:
    names = ("new_employment", "new_concurrent_employment", "continued_employment", "change_previous_employment",
             "change_employer", "amended_petition")  # fmt: skip
    rows = pd.DataFrame([dict.fromkeys(names) | cells])
    found = employment(rows).iloc[0]
    assert (None if pd.isna(found) else found) == said


@pytest.mark.parametrize(
    ("received", "case_number", "begin_date", "day", "regime"),
    [
        ("2025-10-02", None, "2026-03-01", "2025-10-02", "payment_demanded"),
        (None, "I-200-25059-734998", "2025-08-30", "2025-02-28", "before_payment"),
        (None, "I-203-26180-000001", "2026-12-01", "2026-06-29", "payment_demanded"),
        (None, "I-200-25999-734998", "2025-07-01", None, "before_payment"),  # no 999th day; begun before the payment
        (None, None, "2025-07-01", None, "before_payment"),
        (None, None, "2025-10-01", None, "not_known"),  # received on either side of 21 September 2025
        (None, None, "2026-04-30", None, "payment_demanded"),
        (None, None, "2026-09-01", None, "not_known"),  # two regimes came and went in the six months before
        (None, None, None, None, "not_known"),
    ],
)
def test_the_regime_is_that_of_the_day_of_receipt(
    received: str | None, case_number: str | None, begin_date: str | None, day: str | None, regime: str
) -> None:
    rows = lca({"received_date": received, "case_number": case_number, "begin_date": begin_date})
    [filing] = trainee_filings(rows, NO_LINKS).to_dict("records")
    assert (None if pd.isna(filing["received_date"]) else str(filing["received_date"])[:10]) == day
    assert filing["payment_regime"] == regime

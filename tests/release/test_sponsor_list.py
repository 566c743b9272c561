"""History, consistency and the review queue."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.release.approvals import approvals_by_institution, petition_years, petitioners_of_institutions
from pipeline.release.consistency import inconsistencies, rows_of_another_release
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.review import cap_exemption_review, page_review, review_queue, ruling_review, source_review
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame
from pipeline.schemas.registry import TABLES


def petitions(*rows: tuple[int, str, int, int], coverage: str = "full") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["fiscal_year", "employer", "initial_approvals", "continuing_approvals"])
    return frame.assign(petitioner_site_id="site_" + frame["employer"], coverage=coverage)


@pytest.mark.parametrize(
    ("full", "partial", "years", "label"),
    [
        ([2019, 2020, 2021, 2022], [2023], (2020, 2021, 2022), "2020-2022"),
        ([2016, 2018, 2019], [], (2016, 2018, 2019), "2016, 2018, 2019"),
        ([2022], [2023], (2022,), "2022"),
        ([], [2020, 2021], (2020, 2021), "2020-2021 (partial)"),
        ([], [], (), None),
    ],
)
def test_the_years_that_are_counted(
    full: list[int], partial: list[int], years: tuple[int, ...], label: str | None
) -> None:
    frames = [
        petitions(*((year, "A", 1, 1) for year in given), coverage=coverage)
        for given, coverage in ((full, "full"), (partial, "partial"))
    ]
    found = petition_years(pd.concat(frames, ignore_index=True))
    assert (found.years, found.label) == (years, label)


def link(employer: str, relation: str, decision: str = "accepted") -> dict[str, object]:
    site = {"employer": employer, "tax_id_last4": "1234", "state": "MA", "city": "BOSTON"}
    return site | {
        "petitioner_site_id": f"site_{employer}",
        "petitioner_id": f"pet_{employer}",
        "institution_id": "inst_1",
        "relation": relation,
        "decision": decision,
        "method": "exact",
        "single_sign": False,
    }


def institution(identity: str, state: str, *places: str, metro: str | None = None) -> dict[str, object]:
    return {"institution_id": identity, "state": state, "places": list(places), "metro_area": metro}


SPONSORS = pd.DataFrame([institution("inst_1", "MA"), institution("inst_2", "MA")])


def test_only_accepted_links_count_and_affiliates_are_apart() -> None:
    links = pd.DataFrame([link("A", "same"), link("B", "affiliate"), link("C", "same", "review")])
    names = pd.DataFrame({"petitioner_id": ["pet_A", "pet_B", "pet_C"], "name": ["A", "B", "C"]})
    filed = petitions((2022, "A", 3, 4), (2022, "B", 5, 6), (2022, "C", 7, 8), (2014, "A", 100, 100))
    own = petitioners_of_institutions(filed, links, names, SPONSORS, (2022,))
    assert own["name"].tolist() == ["B", "A"]
    [row] = approvals_by_institution(own).to_dict("records")
    assert (row["initial_approvals"], row["continuing_approvals"]) == (3, 4)
    assert (row["affiliate_initial_approvals"], row["affiliate_continuing_approvals"]) == (5, 6)


def test_a_parent_known_by_its_system_alone_is_shown_and_counted_for_none_of_its_hospitals() -> None:
    parent = link("P", "affiliate") | {"method": "system"}
    links = pd.DataFrame([link("B", "affiliate"), parent, parent | {"institution_id": "inst_2"}])
    names = pd.DataFrame({"petitioner_id": ["pet_B", "pet_P"], "name": ["B", "P"]})
    filed = petitions((2022, "B", 5, 6), (2022, "P", 50, 60))
    own = petitioners_of_institutions(filed, links, names, SPONSORS, (2022,))
    assert own.set_index(["institution_id", "name"])[["files_for", "attributed"]].to_dict("index") == {
        ("inst_1", "P"): {"files_for": 2, "attributed": False},
        ("inst_1", "B"): {"files_for": 1, "attributed": True},
        ("inst_2", "P"): {"files_for": 2, "attributed": False},
    }
    [row] = approvals_by_institution(own).to_dict("records")
    assert (row["institution_id"], row["affiliate_initial_approvals"]) == ("inst_1", 5)


def test_an_affiliate_of_several_counts_for_none_where_it_files_from_another_state() -> None:
    """The Cleveland Clinic's petitions in Ohio are not those of its hospital in Florida, nor Dignity Health's in Arizona of nine in California."""
    at = {"inst_1": "MA", "inst_2": "OH", "inst_3": "FL", "inst_4": "NY"}
    links = pd.DataFrame(
        [
            *(link("B", "affiliate") | {"institution_id": identity} for identity in at),
            link("B", "affiliate") | {"petitioner_site_id": "site_BB", "institution_id": "inst_2", "state": None},
            link("C", "affiliate") | {"institution_id": "inst_2"},
            link("S", "same") | {"institution_id": "inst_2"},
            link("S", "affiliate") | {"institution_id": "inst_1"},
        ]
    )
    names = pd.DataFrame({"petitioner_id": ["pet_B", "pet_C", "pet_S"], "name": ["B", "C", "S"]})
    places = {"inst_3": ["Weston, FL", "Boston, MA"]}
    metro = {"inst_4": "Boston-Providence, MA-NY"}
    sponsors = [institution(one, state, *places.get(one, []), metro=metro.get(one)) for one, state in at.items()]
    own = petitioners_of_institutions(petitions((2022, "B", 5, 6)), links, names, pd.DataFrame(sponsors), (2022,))
    counted = dict(zip(zip(own["institution_id"], own["name"], strict=True), own["attributed"], strict=True))
    assert counted == {
        ("inst_1", "B"): True,
        ("inst_2", "B"): False,
        ("inst_3", "B"): True,  # a program there
        ("inst_4", "B"): True,  # one metropolitan area
        ("inst_2", "C"): True,  # files for none but this one
        ("inst_2", "S"): True,  # the institution itself
        ("inst_1", "S"): True,
    }


def whole() -> dict[str, pa.Table]:
    return {name: to_arrow(empty_frame(name), name) for name in TABLES}


def test_empty_tables_fit_together() -> None:
    assert inconsistencies(whole(), to_arrow(empty_frame("acgme_programs"), "acgme_programs")) == []


def test_a_lost_program_and_a_strange_institution_are_told() -> None:
    programs = pd.DataFrame({"program_code": ["1" * 10], "program_name": ["A"], "specialty_code": ["111"]})
    links = pd.DataFrame([link("A", "same") | {"score": 90.0, "reasons": [["x"]][0], "approvals": 1}])
    tables = whole() | {"petitioner_links": to_arrow(links, "petitioner_links")}
    said = inconsistencies(tables, to_arrow(programs, "acgme_programs"))
    assert any("1 programs are lost from the list" in line for line in said)
    assert any("petitioner_links names 1 ids that institutions does not have" in line for line in said)


def test_one_petitioner_cannot_be_two_institutions_unless_a_person_said_so() -> None:
    rows = [link("A", "same"), link("A", "same") | {"institution_id": "inst_2"}]
    frame = pd.DataFrame(rows).assign(score=90.0, approvals=1)
    frame["reasons"] = [["x"], ["y"]]
    for method, told in (("exact", True), ("judgement", False)):
        tables = whole() | {"petitioner_links": to_arrow(frame.assign(method=method), "petitioner_links")}
        said = inconsistencies(tables, to_arrow(empty_frame("acgme_programs"), "acgme_programs"))
        assert any("several institutions" in line for line in said) is told


def test_no_accepted_link_rests_on_one_sign_unasked() -> None:
    single = link("A", "same") | {
        "single_sign": True,
        "city": "X",
        "state": "NY",
        "tax_id_last4": "1234",
        "score": 72.0,
        "approvals": 1,
    }
    frame = pd.DataFrame([single, link("B", "same") | {"score": 90.0, "approvals": 1}])
    frame["reasons"] = [["x"], ["y"]]
    asked = {
        "rank": 1, "kind": "petitioner_link", "subject": "A (1234, X, NY)", "question": "?", "approvals": 1, "uncertainty": 0.5,
        "subject_id": "pet_A", "candidate_id": "inst_1",
    }  # fmt: skip
    for queue, told in (([], True), ([asked | {"candidate_id": "inst_2"}], True), ([asked], False)):
        rows = pd.DataFrame(queue) if queue else empty_frame("review_queue")
        tables = whole() | {
            "petitioner_links": to_arrow(frame, "petitioner_links"),
            "review_queue": to_arrow(rows, "review_queue"),
        }
        said = inconsistencies(tables, to_arrow(empty_frame("acgme_programs"), "acgme_programs"))
        assert any("1 links rest on one sign alone" in line for line in said) is told


def test_the_queue_is_ordered_by_what_is_at_stake() -> None:
    policies = empty_frame("visa_policies")
    links = pd.DataFrame(
        {
            "kind": "petitioner_link",
            "subject": ["small", "big", "sure"],
            "candidate": "X",
            "question": "?",
            "reasons": [["a"], ["b"], ["c"]],
            "approvals": [1, 100, 100],
            "uncertainty": [1.0, 0.5, 0.1],
            "subject_id": ["1", "2", "3"],
            "candidate_id": "inst_1",
        }
    )
    none = cap_exemption_review(empty_frame("cap_exemption"), empty_frame("petitioners"), frozenset())
    queue = review_queue([links, none, page_review(policies)])
    assert queue["subject"].tolist() == ["big", "sure", "small"] and queue["rank"].tolist() == [1, 2, 3]
    assert to_arrow(queue, "review_queue").num_rows == 3


def test_every_conflict_on_cap_exemption_is_in_the_queue() -> None:
    piece = {"source": "cms_hospitals", "field": "Hospital Ownership", "value": "Proprietary"}
    judged = pd.DataFrame(
        {
            "petitioner_id": ["linked", "other", "decided", "silent"],
            "name": ["Linked", "Other", "Decided", "Silent"],
            "state": ["OH", None, "OH", "OH"],
            "category": ["unknown", "unknown", "likely_cap_subject", "unknown"],
            "evidence": [[], [], [], []],
            "counter_evidence": [[piece], [piece], [piece], []],
        }
    )
    petitioners = judged[["petitioner_id"]].assign(initial_approvals=3, continuing_approvals=4)
    rows = cap_exemption_review(judged, petitioners, frozenset(["linked"]))
    assert rows[["subject", "approvals", "uncertainty"]].to_numpy().tolist() == [
        ["Linked (OH)", 7, 1.0],
        ["Other (no state)", 7, 0.5],
    ]
    assert rows["reasons"].tolist()[0] == ["Hospital Ownership = Proprietary (cms_hospitals)"]


def test_rows_made_for_another_release_are_told() -> None:
    inputs = ReleaseInputs(dt.date(2026, 11, 20), "0.1.0+abc", ())
    row = {"release_id": inputs.release_id, "as_of": dt.date(2026, 11, 20)}
    for rows, told in (([row], False), ([], False), ([row, row | {"release_id": "2026-11-20_00000000"}], True),
                       ([row | {"as_of": dt.date(2026, 11, 21)}], True)):  # fmt: skip
        types = pa.schema([("release_id", pa.string()), ("as_of", pa.date32())])
        lines = rows_of_another_release(pa.Table.from_pylist(rows, types), inputs)
        assert bool(lines) is told and all(inputs.release_id in line and "Refresh again" in line for line in lines)


def test_broken_bounds_and_rulings_that_cannot_be_used_are_in_the_queue() -> None:
    snapshots = pd.DataFrame(
        {"snapshot_id": ["cms_hospitals/x"], "source": ["cms_hospitals"], "part": ["all"], "coverage": ["full"],
         "sample": [False], "used": [True], "rows_in": [3_000]}
    )  # fmt: skip
    quarantine = pd.DataFrame({"source": ["cms_hospitals"] * 400, "row": range(1, 401)})
    rows = review_queue([source_review(snapshots, quarantine), ruling_review(["mine.csv, line 3: verdict is blank"])])
    assert rows["kind"].tolist() == ["ruling", "source_size", "source_size"]
    assert rows["subject_id"].tolist() == ["mine.csv, line 3", "cms_hospitals", "cms_hospitals"]
    assert rows["subject"].str.contains("3,000 rows").any() and rows["subject"].str.contains("quarantined").any()
    assert violations(to_frame(to_arrow(rows, "review_queue")), "review_queue") == []
    assert source_review(snapshots.assign(rows_in=5_000), quarantine.iloc[:0]).empty and ruling_review([]).empty


LISTED = {
    "program_code": "1" * 10, "program_name": "A", "institution": "A", "institution_id": "inst_1", "accreditation": "accredited", "visa_category": "?",
    "h1b_stated": "not_stated", "j1_stated": "not_stated", "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown",
    "tier_confidence": "low", "needs_confirmation": True, "as_of": dt.date(2026, 11, 20), "release_id": "r",
}  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "likelihood", "told"),
    [
        ("not_stated", (0.1, 0.2, 0.3), False), ("both", (None, None, None), False), ("both", (0.1, 0.2, 0.3), True),
        ("contact", (0.1, 0.2, 0.3), True), ("not_stated", (None, None, None), True), ("not_stated", (0.3, 0.2, 0.4), True),
    ],
)  # fmt: skip
def test_a_likelihood_stands_beside_no_policy_and_within_its_interval(
    policy: str, likelihood: tuple[float | None, ...], told: bool
) -> None:
    ends = ("sponsoring_likelihood_low", "sponsoring_likelihood", "sponsoring_likelihood_high")
    row = LISTED | {"policy": policy} | dict(zip(ends, likelihood, strict=True))
    tables = whole() | {"functional_h1b_sponsors": to_arrow(pd.DataFrame([row]), "functional_h1b_sponsors")}
    said = inconsistencies(tables, to_arrow(empty_frame("acgme_programs"), "acgme_programs"))
    assert any("have a likelihood that isn't theirs" in line for line in said) is told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, ""),
        ({"h1b_stated": "yes", "j1_stated": "yes", "policy": "both", "visa_category": "A", "sponsor_tier": "sponsors"}, ""),
        ({"j1_stated": "yes", "policy": "j1_only", "visa_category": "J"}, ""),
        ({"j1_stated": "yes", "policy": "j1_only", "visa_category": "C"}, "visa_category"),  # silence is no no
        ({"h1b_stated": "no", "j1_stated": "yes", "policy": "j1_only", "visa_category": "C", "sponsor_tier": "j1_only"}, ""),
        ({"h1b_stated": "no", "policy": "contact", "visa_category": "D", "sponsor_tier": "j1_only"}, "sponsor_tier"),
        ({"h1b_stated": "no", "policy": "contact", "visa_category": "D", "sponsor_tier": "conflicting"}, ""),
        ({"h1b_stated": "case_by_case", "policy": "contact", "visa_category": "B", "sponsor_tier": "case_by_case"}, "policy"),
        ({"policy": "contact", "conditions": ["transfer_only"]}, "conditions"),
        ({"sponsor_tier": "sponsors"}, "sponsor_tier"),
    ],
)  # fmt: skip
def test_what_a_program_states_says_the_same_in_every_column(said: dict[str, object], told: str) -> None:
    row = LISTED | {"policy": "not_stated", "conditions": []} | said
    tables = whole() | {"functional_h1b_sponsors": to_arrow(pd.DataFrame([row]), "functional_h1b_sponsors")}
    lines = inconsistencies(tables, to_arrow(empty_frame("acgme_programs"), "acgme_programs"))
    assert [line.partition("have a ")[2].partition(" ")[0] for line in lines if "follow from" in line] == [told] * bool(
        told
    )

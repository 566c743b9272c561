"""The lines of a delta: what comes, goes and changes, and what is the same under another id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.release.delta import COLUMNS, as_json_lines, delta
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import CHANGE_CAUSE, DELTA_CHANGE, DELTA_FIELDS, DELTA_KIND, EVIDENCE_KIND
from tests.release.made import STATES_BOTH, petitioner, program, redirect, released, tables

CODE = "1400000001"


@pytest.fixture
def compare(tmp_path: Path):
    """Lines of two releases, as their JSON says them; the second has the tables and snapshots of the first where none are given."""

    def lines(old: dict[str, Any], new: dict[str, Any], **how: Any) -> list[dict[str, Any]]:
        before = released(tmp_path, 1, tables(**old))
        now = released(tmp_path, 2, tables(**new), **how)
        found = [json.loads(line) for line in as_json_lines(delta(before, now)).splitlines()]
        assert all(tuple(line) == COLUMNS for line in found)
        assert as_json_lines(delta(before, now)) == (now.folder / "delta.jsonl").read_text("utf-8")
        return found

    return lines


def brief(line: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(line[name] for name in ("kind", "id", "change", "field", "old", "new"))


def test_equal_releases_differ_in_nothing(compare) -> None:
    same = {"programs": [program(CODE, **STATES_BOTH)], "petitioners": [petitioner("pet_1")]}
    assert compare(same, same) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"h1b_stated": "yes"}, ("policy", "added", "h1b_stated", "not_stated", "yes")),
        ({"h1b_stated": "yes"}, {}, ("policy", "removed", "h1b_stated", "yes", "not_stated")),
        ({"h1b_stated": "yes"}, {"h1b_stated": "no"}, ("policy", "changed", "h1b_stated", "yes", "no")),
        ({}, {"conditions": ["transfer_only"]}, ("policy", "added", "conditions", [], ["transfer_only"])),
        ({}, {"paused_until": pd.Timestamp("2026-12-31")}, ("policy", "added", "paused_until", None, "2026-12-31")),
        ({"sponsor_tier": "likely"}, {}, ("tier", "changed", "sponsor_tier", "likely", "unknown")),
        ({}, {"cap_exempt_category": "likely_exempt"}, ("cap_exemption", "added", "cap_exempt_category", None, "likely_exempt")),
        ({}, {"trainee_filings_same_specialty_recent": 2}, ("filings", "added", "trainee_filings_same_specialty_recent", None, 2)),
        ({"state_freeze": "no new"}, {}, ("freeze", "removed", "state_freeze", "no new", None)),
        ({"city": None}, {"city": "Boston"}, ("program", "changed", "city", None, "Boston")),
        ({}, {"accreditation": "probation"}, ("program", "changed", "accreditation", "accredited", "probation")),
    ],
)  # fmt: skip
def test_a_value_that_comes_goes_or_changes(
    compare, old: dict[str, Any], new: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    [line] = compare({"programs": [program(CODE, **old)]}, {"programs": [program(CODE, **new)]})
    kind, *rest = expected
    assert brief(line) == (kind, CODE, *rest)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"trainee_filings_same_specialty_recent": 0}),
        ({"conditions": ["transfer_only", "exceptional"]}, {"conditions": ["exceptional", "transfer_only"]}),
        (STATES_BOTH, STATES_BOTH | {"evidence_quote": "We take them.", "evidence_url": "https://y.example"}),
        ({}, {"needs_confirmation": False, "tier_confidence": "high"}),
    ],
)
def test_what_says_the_same_is_no_change(compare, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert compare({"programs": [program(CODE, **old)]}, {"programs": [program(CODE, **new)]}) == []


def test_programs_that_come_and_go_are_told_with_all_that_is_known_of_them(compare) -> None:
    lines = compare({"programs": [program("1400000001")]}, {"programs": [program("1400000002", **STATES_BOTH)]})
    assert [brief(line) for line in lines] == [
        ("program", "1400000001", "removed", None, "Medicine", None),
        ("program", "1400000002", "added", None, None, "Medicine"),
        ("policy", "1400000002", "added", "h1b_stated", None, "yes"),
        ("policy", "1400000002", "added", "j1_stated", None, "yes"),
        ("tier", "1400000001", "removed", "sponsor_tier", "unknown", None),
        ("tier", "1400000002", "added", "sponsor_tier", None, "unknown"),
    ]
    assert {line["cause"] for line in lines} == {None}


def test_a_stated_policy_has_its_evidence_and_cause(compare) -> None:
    [line, _] = compare(
        {"programs": [program(CODE)]},
        {"programs": [program(CODE, **STATES_BOTH)]},
        snapshots=["program_pages/a", "x/y"],
    )
    assert line["evidence"] == {
        "quote": "We take both.", "url": "https://x.example", "date": "2026-05-01", "kind": "page", "scope": "program",
        "snapshot": "program_pages/a",
    }  # fmt: skip
    assert line["cause"] == "read_again"  # the page was at hand before, and nothing was found on it


def test_a_new_page_is_another_statement_and_one_that_is_gone_is_withdrawn(compare) -> None:
    first = {"programs": [program("1400000001", **STATES_BOTH), program("1400000002")]}
    other = STATES_BOTH | {"h1b_stated": "no", "evidence_snapshot": "program_pages/b", "evidence_quote": "J-1 only."}
    second = {"programs": [program("1400000001"), program("1400000002", **other)]}
    lines = compare(first, second, snapshots=["program_pages/b"])
    told = {(line["id"], line["cause"], line["evidence"]["quote"]) for line in lines}
    assert told == {
        ("1400000001", "withdrawn", "We take both."),
        ("1400000002", "first_statement", "J-1 only."),
    }


def test_a_petitioner_under_another_id_neither_came_nor_went(compare) -> None:
    old = {
        "petitioners": [petitioner("pet_1", name="ONE"), petitioner("pet_2"), petitioner("pet_3"), petitioner("pet_5")]
    }
    new = {
        "petitioners": [
            petitioner("pet_2"),
            petitioner("pet_4", name="FOUR"),
            petitioner("pet_6", category="likely_exempt"),
        ],
        "redirects": [redirect("pet_1", "pet_4"), redirect("pet_3", "pet_2"), redirect("pet_0", "pet_2")],
    }
    expected = [
        ("petitioner", "pet_2", "changed", "petitioner_id", "pet_3", "pet_2"),
        ("petitioner", "pet_4", "changed", "name", "ONE", "FOUR"),
        ("petitioner", "pet_4", "changed", "petitioner_id", "pet_1", "pet_4"),
        ("petitioner", "pet_5", "removed", None, "GOOD HOSPITAL", None),
        ("petitioner", "pet_6", "added", None, None, "GOOD HOSPITAL"),
    ]
    assert [brief(line) for line in compare(old, new)] == expected


def test_redirects_hold_when_the_later_release_is_the_first_one(tmp_path: Path) -> None:
    old = released(tmp_path, 1, tables(petitioners=[petitioner("pet_1")]))
    made = tables(petitioners=[petitioner("pet_2")], redirects=[redirect("pet_1", "pet_2")])
    new = released(tmp_path, 2, made)
    [line] = delta(new, old).to_dict("records")
    assert brief(line) == ("petitioner", "pet_1", "changed", "petitioner_id", "pet_2", "pet_1")


def test_a_program_whose_institution_has_another_id_has_not_moved(compare) -> None:
    old = {"programs": [program("1400000001", institution_id="inst_1"), program("1400000002", institution_id="inst_2")]}
    new = {
        "programs": [program("1400000001", institution_id="inst_3"), program("1400000002", institution_id="inst_4")],
        "redirects": [redirect("inst_1", "inst_3")],
    }
    [line] = compare(old, new)
    assert brief(line) == ("program", "1400000002", "changed", "institution_id", "inst_2", "inst_4")


def test_what_an_older_release_did_not_have_tells_nothing(tmp_path: Path) -> None:
    before = released(tmp_path, 1, tables(programs=[program(CODE)]))
    now = released(tmp_path, 2, tables(programs=[program(CODE, routes=["transfer_or_extension"])]))
    path = before.path("functional_h1b_sponsors")
    pd.read_parquet(path).drop(columns="routes").to_parquet(path)
    (before.folder / "redirects.parquet").unlink()
    files = [file for file in before.manifest["files"] if file["name"] != "redirects.parquet"]
    older = type(before)(before.folder, {**before.manifest, "files": files, "schema_version": "0"})
    assert delta(older, now).empty


def test_kinds_fields_and_words_are_the_closed_ones(sample_release: Path, tmp_path: Path) -> None:
    before = released(tmp_path, 1, tables())
    lines = delta(before, Release.open(sample_release))
    assert set(lines["kind"]) <= set(DELTA_KIND) and set(lines["change"]) <= set(DELTA_CHANGE)
    assert set(lines["cause"].dropna()) <= set(CHANGE_CAUSE)
    assert all(
        field is None or field in DELTA_FIELDS[kind] for kind, field in zip(lines["kind"], lines["field"], strict=True)
    )
    assert {one["kind"] for one in lines["evidence"].dropna()} <= set(EVIDENCE_KIND)
    assert not lines.duplicated(["kind", "id", "field"]).any()

"""Which release another is compared with, and what counts as a change of policy."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.release.causes import AtHand
from pipeline.release.changes import listed_before, policy_changes, previous_release
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import point_latest, publish
from pipeline.release.reader import Release, known_releases
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import to_arrow, to_frame

STATES_BOTH = {
    "visa_category": "A", "policy": "both", "h1b_stated": "yes", "j1_stated": "yes", "evidence_quote": "We take both.",
    "evidence_url": "https://x.example", "evidence_scope": "program", "evidence_kind": "page",
    "evidence_date": pd.Timestamp("2026-05-01"), "evidence_snapshot": "program_pages/a",
}  # fmt: skip
SILENT = {"visa_category": "?", "policy": "not_stated", "h1b_stated": "not_stated", "j1_stated": "not_stated"}


def listed(*rows: dict[str, object]) -> pd.DataFrame:
    """The list, one program for each row, as the registry has it."""
    always = {
        "program_name": "Medicine", "specialty_code": "140", "institution_id": "inst_1", "institution": "X",
        "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown", "tier_confidence": "low",
        "needs_confirmation": True, "as_of": pd.Timestamp("2026-11-20"), "release_id": "r",
        "accreditation": "accredited",
    }  # fmt: skip
    numbered = [always | {"program_code": f"14000000{n:02d}"} | row for n, row in enumerate(rows)]
    return to_frame(to_arrow(pd.DataFrame(numbered), "functional_h1b_sponsors"))


def at_hand(row: dict[str, object]) -> AtHand:
    """The evidence of a release that knows one statement, or none."""
    snapshots = frozenset(str(row[name]) for name in row if name == "evidence_snapshot")
    return AtHand(snapshots, frozenset())


def changed(old: dict[str, object], new: dict[str, object]) -> pd.DataFrame:
    frame = policy_changes(listed(new), listed(old), "2026-10-05_aaaaaaaa", (at_hand(old), at_hand(new)))
    conformed = to_frame(to_arrow(frame, "policy_changes"))
    assert violations(conformed, "policy_changes") == []
    return conformed


@pytest.mark.parametrize(
    ("new", "cause"),
    [
        ({"policy": "j1_only", "h1b_stated": "no", "evidence_snapshot": "program_pages/b"}, "other_statement"),
        ({"policy": "j1_only", "h1b_stated": "no"}, "read_again"),
        ({"step3_required_for_h1b": "yes", "evidence_snapshot": "program_pages/b"}, "other_statement"),
        ({"step3_deadline": "by March 1", "evidence_snapshot": "program_pages/b"}, "other_statement"),
        ({"conditions": ["transfer_only"]}, "read_again"),
    ],
)
def test_what_is_a_change(new: dict[str, object], cause: str) -> None:
    [row] = changed(STATES_BOTH, STATES_BOTH | new).to_dict("records")
    assert (row["cause"], row["old_policy"], row["old_quote"]) == (cause, "both", "We take both.")
    assert row["new_policy"] == new.get("policy", "both") and row["previous_release"] == "2026-10-05_aaaaaaaa"


@pytest.mark.parametrize(
    ("old", "new", "cause"), [(SILENT, STATES_BOTH, "first_statement"), (STATES_BOTH, SILENT, "withdrawn")]
)
def test_a_statement_that_comes_or_goes(old: dict[str, object], new: dict[str, object], cause: str) -> None:
    [row] = changed(old, new).to_dict("records")
    assert row["cause"] == cause
    assert (pd.isna(row["old_quote"]), pd.isna(row["new_quote"])) == (old is SILENT, new is SILENT)


@pytest.mark.parametrize(
    "new",
    [
        {},
        {"evidence_quote": "We sponsor both.", "evidence_url": "https://y.example", "evidence_snapshot": "other"},
        {"sponsor_tier": "likely", "needs_confirmation": False},
    ],
)
def test_other_words_or_another_tier_are_no_change(new: dict[str, object]) -> None:
    assert changed(STATES_BOTH, STATES_BOTH | new).empty


def test_programs_that_come_or_go_are_no_change() -> None:
    nothing = at_hand({})
    for now, before in (((SILENT, STATES_BOTH), (SILENT,)), ((SILENT,), (SILENT, STATES_BOTH))):
        assert policy_changes(listed(*now), listed(*before), "r", (nothing, nothing))["program_code"].empty


def inputs(day: int, code: str = "0.1.0+abc") -> ReleaseInputs:
    return ReleaseInputs(
        dt.date(2026, 11, day), code, ({"id": "a/x", "sha256": "0", "sample": False, "parts": ["all"]},)
    )


def released(curated: Path, given: ReleaseInputs, *rows: dict[str, object]) -> str:
    whole = replace(given, previous=previous_release(curated, given))
    tables = {"functional_h1b_sponsors": to_arrow(listed(*rows or (SILENT,)), "functional_h1b_sponsors")}
    return publish(curated, whole, tables, {}).release_id


def test_each_release_is_compared_with_the_one_before(tmp_path: Path) -> None:
    assert previous_release(tmp_path, inputs(1)) is None
    first = released(tmp_path, inputs(1))
    second = released(tmp_path, inputs(1, "0.1.0+def"))  # on the same day, by other code
    third = released(tmp_path, inputs(2))
    assert previous_release(tmp_path, inputs(1, "0.1.0+def")) == first
    assert previous_release(tmp_path, inputs(2)) == second and previous_release(tmp_path, inputs(3)) == third


def test_making_a_release_again_gives_the_same_one(tmp_path: Path) -> None:
    made = [released(tmp_path, inputs(day)) for day in (1, 2)]
    assert [released(tmp_path, inputs(day)) for day in (1, 2, 1)] == [*made, made[0]]


def test_an_older_day_is_not_compared_with_a_newer_one(tmp_path: Path) -> None:
    released(tmp_path, inputs(9))
    assert previous_release(tmp_path, inputs(5)) is None
    third = released(tmp_path, inputs(3))
    point_latest(tmp_path, next(tmp_path.glob("releases/2026-11-09_*")))
    assert previous_release(tmp_path, inputs(5)) == third


def test_what_is_being_staged_is_no_release(tmp_path: Path) -> None:
    name = released(tmp_path, inputs(1))
    (tmp_path / "releases" / name).rename(tmp_path / "releases" / f".staging-{name}")
    assert previous_release(tmp_path, inputs(2)) is None


def test_the_release_before_is_read_back(tmp_path: Path) -> None:
    name = released(tmp_path, inputs(1), STATES_BOTH)
    assert listed_before(Release.open(tmp_path / "releases" / name))["h1b_stated"].tolist() == ["yes"]
    assert listed_before(None).empty


def test_a_release_of_an_older_schema_tells_no_changes(tmp_path: Path) -> None:
    name = released(tmp_path, inputs(1), STATES_BOTH)
    path = tmp_path / "releases" / name / "functional_h1b_sponsors.parquet"
    pd.read_parquet(path).drop(columns="conditions").to_parquet(path)
    assert listed_before(Release.open(path.parent)).empty


def test_a_damaged_release_is_passed_over(tmp_path: Path) -> None:
    first, second, third = (released(tmp_path, inputs(day)) for day in (1, 2, 3))
    releases = tmp_path / "releases"
    (releases / third / "functional_h1b_sponsors.parquet").write_bytes(b"PAR1")
    assert previous_release(tmp_path, inputs(4)) == second
    (releases / second / "manifest.json").write_text("{")
    assert previous_release(tmp_path, inputs(4)) == first
    (releases / first / "functional_h1b_sponsors.parquet").unlink()
    assert previous_release(tmp_path, inputs(4)) is None
    [line] = known_releases(tmp_path).damaged
    assert second in line and "can't be read" in line and "Move that folder away" in line


def test_a_release_whose_forerunner_is_damaged_is_made_against_another(tmp_path: Path) -> None:
    first, second, third = (released(tmp_path, inputs(day)) for day in (1, 2, 3))
    (tmp_path / "releases" / second / "functional_h1b_sponsors.parquet").write_bytes(b"")
    assert previous_release(tmp_path, inputs(3)) == third  # of the same inputs, and readable
    assert previous_release(tmp_path, inputs(2)) == first

"""A release is whole or not there, and the last one survives every crash."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.release.inputs import DayError, ReleaseInputs, release_day
from pipeline.release.publish import ACCEPTED, COMPARISON, last_release, point_latest, publish
from pipeline.release.reader import Release, ReleaseError
from pipeline.schemas.frames import to_arrow


def inputs(day: int = 1) -> ReleaseInputs:
    return ReleaseInputs(
        dt.date(2026, 11, day), "0.1.0+abc", ({"id": "uscis/x", "sha256": "0", "sample": False, "parts": ["FY2021"]},)
    )


def tables(reason: str = "bad") -> dict[str, pa.Table]:
    rows = pd.DataFrame(
        {"source": ["uscis"], "snapshot_id": ["uscis/x"], "row": [2], "reason": [reason], "content": ["1,2"]}
    )
    return {"quarantine": to_arrow(rows, "quarantine")}


def test_a_release_can_be_read_through_latest(tmp_path: Path) -> None:
    made = publish(tmp_path, inputs(), tables(), {"figures": {"programs": 1}})
    latest = tmp_path / "latest"
    assert latest.resolve() == made.folder
    release = Release.open(latest)
    assert release.table("quarantine")["reason"].tolist() == ["bad"]
    assert release.manifest["figures"] == {"programs": 1} and release.damage() == []
    assert "## quarantine" in (latest / "data_dictionary.md").read_text()


def test_the_same_inputs_give_the_same_bytes_and_no_second_release(tmp_path: Path) -> None:
    first = publish(tmp_path, inputs(), tables(), {})
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    again = publish(tmp_path, inputs(), tables(), {})
    assert again.unchanged and again.folder == first.folder
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [first.release_id]


def test_other_content_from_the_same_inputs_is_an_error(tmp_path: Path) -> None:
    first = publish(tmp_path, inputs(), tables(), {})
    with pytest.raises(ReleaseError, match="other content"):
        publish(tmp_path, inputs(), tables("worse"), {})
    assert Release.open(first.folder).damage() == []


@pytest.mark.parametrize(
    ("module", "step"), [(pq, "write_table"), (os, "fsync"), (os, "rename"), (Path, "symlink_to"), (os, "replace")]
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("no space left on device")])
def test_a_crash_at_any_step_leaves_the_last_release_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    step: str,
    error: BaseException | type[BaseException],
) -> None:
    first = publish(tmp_path, inputs(1), tables(), {})

    def crash(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(module, step, crash)
        with pytest.raises((KeyboardInterrupt, OSError)):
            publish(tmp_path, inputs(2), tables(), {})
    assert (tmp_path / "latest").resolve() == first.folder
    assert Release.open(tmp_path / "latest").damage() == []
    second = publish(tmp_path, inputs(2), tables(), {})
    assert (tmp_path / "latest").resolve() == second.folder
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == sorted(
        [first.release_id, second.release_id]
    )


def test_latest_never_moves_back_unless_somebody_says_so(tmp_path: Path) -> None:
    newer = publish(tmp_path, inputs(9), tables(), {})
    older = publish(tmp_path, inputs(5), tables(), {})
    assert newer.latest and not older.latest and older.folder.is_dir()
    assert (tmp_path / "latest").resolve() == newer.folder
    assert publish(tmp_path, inputs(5), tables(), {}, back=True).latest
    assert (tmp_path / "latest").resolve() == older.folder


def test_why_a_change_was_accepted_is_kept_and_changes_no_table(tmp_path: Path) -> None:
    made = publish(tmp_path, inputs(), tables(), {COMPARISON: {"compared_with": "x"}})
    before = {path.name: path.read_bytes() for path in made.folder.glob("*.parquet")}
    again = publish(tmp_path, inputs(), tables(), {ACCEPTED: "the sample was on purpose"})
    assert again.unchanged and Release.open(made.folder).manifest[ACCEPTED] == "the sample was on purpose"
    assert {path.name: path.read_bytes() for path in made.folder.glob("*.parquet")} == before
    assert publish(tmp_path, inputs(), tables(), {}).unchanged
    assert Release.open(made.folder).manifest[ACCEPTED] == "the sample was on purpose"


def test_where_latest_is_no_link_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(ReleaseError, match=r"latest is a folder, not a link to a release\. Move it away"):
        publish(tmp_path, inputs(), tables(), {})
    assert not (tmp_path / "releases").exists()


def test_a_damaged_release_of_the_same_inputs_is_named_with_its_path(tmp_path: Path) -> None:
    made = publish(tmp_path, inputs(), tables(), {})
    (made.folder / "quarantine.parquet").write_bytes(b"x")
    with pytest.raises(ReleaseError, match=rf"{made.folder} exists and is damaged .*Move it away"):
        publish(tmp_path, inputs(), tables(), {})


def test_the_last_release_is_that_of_latest_else_the_newest_that_can_be_read(tmp_path: Path) -> None:
    assert last_release(tmp_path) is None
    first, second, third = (publish(tmp_path, inputs(day), tables(), {}) for day in (1, 2, 3))
    point_latest(tmp_path, first.folder)
    assert (found := last_release(tmp_path)) and found.id == first.release_id
    (tmp_path / "latest").unlink()
    (third.folder / "manifest.json").write_text("{")
    assert (found := last_release(tmp_path)) and found.id == second.release_id


def test_the_id_depends_on_every_input() -> None:
    base = inputs()
    others = [
        inputs(2),
        ReleaseInputs(base.as_of, "0.1.0+def", base.snapshots),
        ReleaseInputs(base.as_of, base.code_version, ()),
        replace(base, previous="2026-10-01_aaaaaaaa"),
        replace(base, archive="1f"),
        replace(base, rulings="1f"),
    ]
    assert len({base.release_id, *(other.release_id for other in others)}) == 7
    assert base.release_id.startswith("2026-11-01_")


@pytest.mark.parametrize("text", ["0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31", "2026-13-01", "soon", ""])
def test_a_day_that_no_table_can_hold_is_refused(text: str) -> None:
    with pytest.raises(DayError):
        release_day(text)
    assert release_day("1990-01-01") < release_day("2100-12-31")

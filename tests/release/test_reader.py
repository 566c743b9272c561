"""A release is read in one way, and what can't be read is a line that says what to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from pathlib import Path

import pandas as pd
import pytest

from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import publish
from pipeline.release.reader import Release, ReleaseError
from pipeline.schemas.frames import empty_frame, to_arrow


def released(curated: Path, day: int = 1, sample: bool = False) -> Release:
    """A release of a quarantine of three rows and of no petitions, as of a day of November 2026."""
    rows = pd.DataFrame({"source": "uscis", "snapshot_id": "uscis/x", "row": [2, 3, 4], "reason": ["a", "b", "b"]})
    tables = {
        "quarantine": to_arrow(rows, "quarantine"),
        "petitions": to_arrow(empty_frame("petitions"), "petitions"),
    }
    snapshot = {"id": "uscis/x", "sha256": "0", "sample": sample, "parts": ["FY2021"]}
    publish(curated, ReleaseInputs(dt.date(2026, 11, day), "0.1.0+abc", (snapshot,)), tables, {})
    return Release.open(curated / "latest")


def test_a_table_comes_whole_or_by_columns_in_the_types_of_the_registry(tmp_path: Path) -> None:
    release = released(tmp_path)
    assert release.id.startswith("2026-11-01_") and release.made_from == "your downloads"
    pd.testing.assert_frame_equal(release.table("petitions"), empty_frame("petitions"))
    assert release.table("quarantine", ["row"]).to_dict("list") == {"row": [2, 3, 4]}
    assert release.arrow("quarantine").column_names == list(release.columns("quarantine"))
    assert release.path("quarantine").parent == release.folder


def test_a_release_is_opened_by_its_folder_or_one_around_it_and_its_id(tmp_path: Path) -> None:
    curated = tmp_path / "data" / "curated"
    first, last = released(curated), released(curated, day=2)
    for where in (tmp_path / "data", curated, curated / "latest", last.folder, str(curated)):
        assert Release.open(where).id == Release.open(where, "latest").id == last.id
    for where in (tmp_path / "data", curated, first.folder):
        assert Release.open(where, first.id).id == first.id
    with pytest.raises(ReleaseError, match=f"is release {last.id}, not {first.id}"):
        Release.open(curated / "latest", first.id)
    with pytest.raises(ReleaseError, match=r"there is no release at .*2026-01-01_00000000"):
        Release.open(curated, "2026-01-01_00000000")
    for name in ("../../x", "", "2026-11-01", f"{first.id}/.."):
        with pytest.raises(ReleaseError, match="is no id of a release"):
            Release.open(curated, name)


def test_sql_sees_each_table_by_its_name(tmp_path: Path) -> None:
    release = released(tmp_path / "it's here")
    rows = release.query(
        "SELECT reason, count(*) AS rows FROM quarantine WHERE row > ? GROUP BY reason ORDER BY 1", [2]
    )
    assert rows.to_dict("records") == [{"reason": "b", "rows": 2}]
    with release.connect() as connection:
        assert connection.execute("SELECT count(*) FROM petitions").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM read_text('{}')", "COPY (SELECT 1) TO '{}'", "ATTACH '{}' AS other", "SET memory_limit = '1GB'"],
)
def test_sql_reaches_nothing_outside_the_release(tmp_path: Path, sql: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    with pytest.raises(ReleaseError), released(tmp_path / "curated").connect() as connection:
        connection.execute(sql.format(outside))
    assert outside.read_text() == "secret"


def test_an_open_release_stays_the_one_it_was(tmp_path: Path) -> None:
    first = released(tmp_path)
    second = released(tmp_path, day=2)
    assert first.id != second.id and first.path("quarantine").parent.name == first.id


def test_what_it_was_made_from_is_known(tmp_path: Path) -> None:
    assert "embedded sample" in released(tmp_path, sample=True).made_from


def test_own_files_beside_a_sample_are_named(tmp_path: Path) -> None:
    release = released(tmp_path, sample=True)
    [one] = release.manifest["snapshots"][:1]
    own = {**release.manifest, "snapshots": [one, {"id": "confirmations/x", "sample": False, "parts": []}]}
    said = Release(release.folder, own).made_from
    assert said == "your own files (confirmations) and, for all that is not in them, the embedded sample"


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"there is no release at .*h1b-sponsors refresh"):
        Release.open(tmp_path / "latest")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ReleaseError, match=r"manifest\.json can't be read"):
        Release.open(tmp_path)


def test_what_a_release_lacks_says_what_to_do(tmp_path: Path) -> None:
    release = released(tmp_path)
    for read in (release.path, release.arrow, release.table, release.columns):
        with pytest.raises(ReleaseError, match=r"has no table institutions\. Run: h1b-sponsors refresh"):
            read("institutions")
    with pytest.raises(ReleaseError, match="has no table of_tomorrow"):
        release.table("of_tomorrow")
    pd.DataFrame({"x": [1]}).to_parquet(release.folder / "of_tomorrow.parquet")
    assert release.table("of_tomorrow").to_dict("list") == {"x": [1]}
    with pytest.raises(ReleaseError, match="quarantine has no column colour"):
        release.table("quarantine", ["row", "colour"])
    for sql in ("SELECT * FROM institutions", "SELECT colour FROM quarantine"):
        with pytest.raises(ReleaseError, match="h1b-sponsors refresh"):
            release.query(sql)


def test_a_table_of_an_older_version_is_not_read_in_part(tmp_path: Path) -> None:
    release = released(tmp_path)
    release.table("quarantine").drop(columns="content").to_parquet(release.path("quarantine"))
    with pytest.raises(ReleaseError, match="quarantine has no column content"):
        release.table("quarantine")


def test_damage_is_found_and_never_read(tmp_path: Path) -> None:
    release = released(tmp_path)
    release.path("quarantine").write_bytes(b"x")
    assert release.damage() == ["quarantine.parquet is not as the manifest says"]
    for read in (release.arrow, release.columns):
        with pytest.raises(ReleaseError, match=r"quarantine\.parquet is damaged"):
            read("quarantine")
    with pytest.raises(ReleaseError, match="h1b-sponsors refresh"):
        release.query("SELECT 1")
    release.path("quarantine").unlink()
    assert release.damage() == ["quarantine.parquet is missing"]


BROKEN = {
    "truncated": lambda text: text[: len(text) // 2],
    "empty": lambda _: b"",
    "no text": lambda _: b"\xff\xfe",
    "no object": lambda _: b"[]",
    "nothing in it": lambda _: b"{}",
    "other types": lambda text: text.replace(b'"files": [', b'"files": [7, '),
    "no day": lambda text: text.replace(b"2026-11-01", b"sometime1"),
    "too deep": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_damaged_manifest_is_a_line_with_its_path(tmp_path: Path, case: str) -> None:
    release = released(tmp_path)
    manifest = release.folder / "manifest.json"
    manifest.write_bytes(BROKEN[case](manifest.read_bytes()))
    with pytest.raises(ReleaseError, match=r"latest/manifest\.json can't be read .*Move that folder away") as told:
        Release.open(tmp_path / "latest")
    assert "\n" not in str(told.value)


def test_what_latest_may_be_instead_of_a_link_to_a_release(tmp_path: Path) -> None:
    release = released(tmp_path)
    release.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ReleaseError, match=r"latest points to releases/.*, which is gone"):
        Release.open(tmp_path / "latest")
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError, match="can't be read"):
        Release.open(tmp_path / "file")


@pytest.mark.parametrize("seed", range(20))
def test_damage_anywhere_in_a_table_is_an_error_of_the_release_or_found_by_its_hash(tmp_path: Path, seed: int) -> None:
    release = released(tmp_path)
    path = release.path("quarantine")
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(1 + seed % 7):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content[: chance.choice([len(content), len(content) // 2, 3])])
    for read in (
        lambda: release.table("quarantine"),
        lambda: release.columns("quarantine"),
        lambda: release.query("SELECT * FROM quarantine"),
    ):
        with contextlib.suppress(ReleaseError):
            read()
    assert release.damage() == ["quarantine.parquet is not as the manifest says"]

"""The index beside the releases: what is there, and news of it."""

from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pipeline.release import index
from pipeline.release.index import FEED_ENTRIES, write_index
from pipeline.release.publish import roll_back
from tests.release.made import STATES_BOTH, program, released, tables

ATOM = "{http://www.w3.org/2005/Atom}"
CODE = "1400000001"


def versions(curated: Path) -> dict:
    return json.loads((curated / "versions.json").read_text("utf-8"))


def feed(curated: Path) -> ET.Element:
    return ET.fromstring((curated / "feed.xml").read_bytes())


def test_versions_tell_of_each_release_the_newest_first(tmp_path: Path) -> None:
    first = released(tmp_path, 1, tables(), notes={"law_as_of": "2026-10-07"})
    second = released(tmp_path, 2, tables(), sample=True)
    said = versions(tmp_path)
    assert said["latest"] == second.id and [one["id"] for one in said["versions"]] == [second.id, first.id]
    newest, oldest = said["versions"]
    assert (newest["previous"], newest["latest"], newest["sample"]) == (first.id, True, True)
    assert (oldest["previous"], oldest["latest"], oldest["law_as_of"]) == (None, False, "2026-10-07")
    for one in said["versions"]:
        files = [path for path in (tmp_path / one["path"]).iterdir() if path.name != "manifest.json"]
        assert one["bytes"] == sum(path.stat().st_size for path in files) and one["files"] == len(files)


def test_of_one_day_the_latest_stands_first(tmp_path: Path) -> None:
    made = [released(tmp_path, 1, tables(), code=f"0.1.0+{n}").id for n in range(4)]
    assert versions(tmp_path)["versions"][0]["id"] == versions(tmp_path)["latest"] == made[-1]


def test_a_rollback_is_in_the_index(tmp_path: Path) -> None:
    first, second = released(tmp_path, 1, tables()), released(tmp_path, 2, tables())
    assert versions(tmp_path)["latest"] == second.id
    roll_back(tmp_path, first.id)
    assert versions(tmp_path)["latest"] == first.id


def test_a_release_that_retention_removed_is_in_it_no_more(tmp_path: Path) -> None:
    first = released(tmp_path, 1, tables())
    shutil.rmtree(first.folder)
    second = released(tmp_path, 2, tables())
    assert [one["id"] for one in versions(tmp_path)["versions"]] == [second.id]


def test_the_feed_is_atom_with_an_entry_for_each_release(tmp_path: Path) -> None:
    first = released(tmp_path, 1, tables(programs=[program(CODE, institution="A <b> & C")]))
    second = released(
        tmp_path, 2, tables(programs=[program(CODE, institution="A <b> & C", **STATES_BOTH)]), snapshots=["x/y"]
    )
    root = feed(tmp_path)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):  # RFC 4287, 4.1.1 and 4.1.2: each has these once
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    assert root.findtext(f"{ATOM}author/{ATOM}name") and root.find(f"{ATOM}link[@rel='self']") is not None
    entries = root.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}updated") for one in entries] == ["2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"]
    assert root.findtext(f"{ATOM}updated") == "2026-11-02T00:00:00Z"
    assert len({one.findtext(f"{ATOM}id") for one in [root, *entries]}) == 3
    content = entries[0].find(f"{ATOM}content")
    assert content is not None and content.get("type") == "html"
    assert "<strong>A &lt;b&gt; &amp; C</strong>" in (content.text or "")
    for entry, release in zip(entries, (second, first), strict=True):
        link = entry.find(f"{ATOM}link[@rel='alternate']")
        assert link is not None and (tmp_path / link.get("href", "")).resolve() == release.folder / "release_notes.md"


def test_the_same_releases_give_the_same_bytes_and_ids_stay(tmp_path: Path) -> None:
    released(tmp_path, 1, tables())
    names = ("versions.json", "feed.xml")
    before = [(tmp_path / name).read_bytes() for name in names]
    [entry] = feed(tmp_path).findall(f"{ATOM}entry")
    write_index(tmp_path)
    assert [(tmp_path / name).read_bytes() for name in names] == before
    released(tmp_path, 2, tables())
    assert entry.findtext(f"{ATOM}id") in [one.findtext(f"{ATOM}id") for one in feed(tmp_path).findall(f"{ATOM}entry")]


@pytest.mark.parametrize("name", ["versions.json", "feed.xml"])
def test_a_crash_before_the_index_is_written_is_put_right_by_the_next_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    released(tmp_path, 1, tables())
    replace = os.replace

    def crash(source: Path, target: Path) -> None:
        if Path(target).name == name:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            released(tmp_path, 2, tables())
    latest = (tmp_path / "latest").resolve().name
    assert latest.startswith("2026-11-02")  # the release itself is whole, and is what readers have
    assert (versions(tmp_path)["latest"] == latest) == (name == "feed.xml")
    third = released(tmp_path, 3, tables())
    assert [one["id"] for one in versions(tmp_path)["versions"]][:2] == [third.id, latest]
    assert len(feed(tmp_path).findall(f"{ATOM}entry")) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".publish-lock",
        "feed.xml",
        "latest",
        "releases",
        "versions.json",
    ]


def test_a_damaged_release_and_one_without_notes_do_not_stop_it(tmp_path: Path) -> None:
    first, second = released(tmp_path, 1, tables()), released(tmp_path, 2, tables())
    (first.folder / "release_notes.md").unlink()
    (second.folder / "manifest.json").write_text("{")
    write_index(tmp_path)
    assert [one["id"] for one in versions(tmp_path)["versions"]] == [first.id] and versions(tmp_path)["latest"] is None
    [entry] = feed(tmp_path).findall(f"{ATOM}entry")
    assert "As of 2026-11-01" in (entry.findtext(f"{ATOM}content") or "")


def test_the_feed_holds_the_newest_releases_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FEED_ENTRIES > 12
    monkeypatch.setattr(index, "FEED_ENTRIES", 1)
    released(tmp_path, 1, tables())
    second = released(tmp_path, 2, tables())
    [entry] = feed(tmp_path).findall(f"{ATOM}entry")
    assert second.id in (entry.findtext(f"{ATOM}title") or "")


def test_nothing_in_notes_breaks_the_feed(tmp_path: Path) -> None:
    release = released(tmp_path, 1, tables())
    (release.folder / "release_notes.md").write_bytes(b"\x00\x0b\xff <script>x</script> ]]> &bad; \xef\xbf\xbf")
    write_index(tmp_path)
    [entry] = feed(tmp_path).findall(f"{ATOM}entry")
    assert "<script" not in (entry.findtext(f"{ATOM}content") or "")

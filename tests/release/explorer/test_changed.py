"""What changed since the release before, in the file and on the page."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect

from pipeline.release.derived.contents import Contents
from pipeline.release.explorer.changed import changed
from pipeline.release.places import EXPLORER
from pipeline.release.reader import Release
from tests.release.explorer.acts import ADDRESS, HOSTILE, LIST, Open
from tests.release.explorer.written import write_whole_explorer


@pytest.fixture(scope="module")
def second(sample_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """A release before which the first program stated nothing, the second was not there and one was that left; its texts would act."""
    release = Release.open(sample_release)
    names = [file["name"].removesuffix(".parquet") for file in release.manifest["files"]]
    tables = {name: pq.read_table(release.path(name)) for name in names}
    rows = sorted(tables[LIST].to_pylist(), key=lambda row: row["h1b_stated"] != "yes")
    silent = {name: None for name in rows[0] if name.startswith("evidence_")}
    silent |= {"h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "not_stated"}
    said = {"evidence_quote": HOSTILE, "evidence_url": ADDRESS}
    folder, before = tmp_path_factory.mktemp("second"), tmp_path_factory.mktemp("before")
    earlier = [rows[0] | silent, rows[0] | {"program_code": "1409999999", "specialty": HOSTILE}, *rows[2:]]
    schema = tables[LIST].schema
    tables[LIST] = type(tables[LIST]).from_pylist([rows[0] | said, *rows[1:]], schema)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
        pq.write_table(table, before / f"{name}.parquet")
    pq.write_table(type(tables[LIST]).from_pylist(earlier, schema), before / f"{LIST}.parquet")
    manifest = {**release.manifest, "release_id": "2026-01-01_before", "snapshots": []}
    return Contents(folder, tables, release.manifest, Release(before, manifest))


def test_each_change_of_a_program_is_told_with_its_evidence(second: Contents) -> None:
    told = changed(second)
    assert told["previous"] == "2026-01-01_before"
    by_change = {one["change"]: one["rows"] for one in told["changes"]}
    codes = second.tables[LIST]["program_code"].to_pylist()
    [states] = by_change["newly_states"]
    assert (states["code"], states["quote"], states["url"]) == (codes[0], HOSTILE, ADDRESS)
    assert "H-1B not stated" in states["before"] and "H-1B yes" in states["now"]
    assert [row["code"] for row in by_change["new_in_list"]] == [codes[1]]
    assert [row["code"] for row in by_change["left_list"]] == ["1409999999"]
    json.dumps(told, allow_nan=False)
    assert changed(dataclasses.replace(second, previous=None)) == {"previous": None, "changes": []}


def test_the_page_tells_what_changed_as_text(opened: Open, second: Contents) -> None:
    write_whole_explorer(second)
    page = opened(release=second.folder)
    page.locator("#changes-open").press("Enter")
    expect(page.locator("#changes-title")).to_be_focused()
    expect(page.locator("[data-change=left_list]")).to_contain_text(HOSTILE)
    states = page.locator("[data-change=newly_states]")
    expect(states).to_contain_text(HOSTILE)
    assert page.locator("#changes :is(img, script), #changes [href^=javascript]").count() == 0
    states.locator("button.open").press("Enter")
    expect(page.locator("#drawer-title")).to_be_visible()
    expect(page.locator("#changes")).not_to_be_visible()


def test_a_first_release_says_that_there_is_none_before(opened: Open, sample_release: Path) -> None:
    assert (sample_release / EXPLORER / "changed.js").read_text("utf-8") == (
        'h1b.changed = {"previous":null,"changes":[]};\n'
    )
    page = opened()
    page.locator("#changes-open").press("Enter")
    expect(page.locator("#changes")).to_contain_text("none before it to compare")

"""The explorer's files say what the tables say, are the same at each writing, and stay small."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from bs4 import BeautifulSoup

from pipeline.applicants.questions import open_points
from pipeline.release.derived.contents import Contents
from pipeline.release.digests import digest
from pipeline.release.explorer.files import VENDORED, page
from pipeline.release.explorer.grid import FACETS, grid
from pipeline.release.explorer.words import OPEN_POINTS, TONES, words
from pipeline.release.places import EXPLORER, explorer_evidence
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import SPONSOR_TIER, VISA_CATEGORY
from tests.release.explorer.written import write_whole_explorer

LIST = "functional_h1b_sponsors"


@pytest.fixture(scope="module")
def contents(sample_release: Path) -> Contents:
    release = Release.open(sample_release)
    names = [file["name"].removesuffix(".parquet") for file in release.manifest["files"]]
    return Contents(release.folder, {name: pq.read_table(release.path(name)) for name in names}, release.manifest)


@pytest.fixture(scope="module")
def listed(sample_release: Path) -> dict[str, Any]:
    text = (sample_release / EXPLORER / "list.js").read_text("utf-8")
    return json.loads(text.removeprefix("const h1b = ").removesuffix(";\n"))


def received(path: Path) -> tuple[str, dict[str, Any]]:
    name, value = json.loads(f"[{path.read_text('utf-8').removeprefix('h1b.received(').removesuffix(');' + chr(10))}]")
    return name, value


def values(column: dict[str, Any]) -> list[Any]:
    if "sets" in column:
        return [[column["values"][place] for place in column["sets"][code]] for code in column["codes"]]
    return [None if code < 0 else column["values"][code] for code in column["codes"]]


def test_the_grid_says_what_the_list_says(listed: dict[str, Any], contents: Contents) -> None:
    rows = contents.tables[LIST].to_pylist()
    columns = listed["grid"]["columns"]
    assert listed["grid"]["rows"] == len(rows)
    for name in (
        "program_code",
        "program_name",
        "institution",
        "city",
        "state",
        "visa_category",
        "sponsor_tier",
        "routes",
    ):
        assert values(columns[name]) == [row[name] for row in rows], name
    assert Counter(values(columns["freeze"]))["frozen"] == sum(row["state_freeze"] is not None for row in rows)
    stated = [row["sponsoring_likelihood"] is None for row in rows]
    assert [value == "stated" for value in values(columns["likelihood"])] == stated
    assert [value is None for value in columns["percent"]["numbers"]] == stated


def test_fields_hold_subspecialties_and_combined_programs(listed: dict[str, Any]) -> None:
    columns = listed["grid"]["columns"]
    fields = dict(zip(values(columns["specialty"]), values(columns["field"]), strict=True))
    genetics = next(name for name in fields if name and "/Medical Genetics" in name)
    assert "Medical Genetics and Genomics" in fields[genetics] and len(fields[genetics]) == 2


def test_every_choice_has_words_and_unknown_is_apart(listed: dict[str, Any]) -> None:
    facets = {facet["name"]: facet for facet in listed["grid"]["facets"]}
    assert list(facets) == [facet.name for facet in FACETS]
    for name, facet in facets.items():
        assert len(facet["words"]) == len(listed["grid"]["columns"][name]["values"]), name
        assert facet["about"] and facet["label"]
        assert not any("_" in word for word in facet["words"]), name
    unknown = {name: {facets[name]["words"][place] for place in facets[name]["unknown"]} for name in facets}
    assert unknown["visa_category"] == {"?: needs confirmation"} and "unknown" in unknown["sponsor_tier"]


def test_what_is_unknown_never_has_the_colour_of_a_no() -> None:
    assert set(TONES["visa_category"]) == set(VISA_CATEGORY) and set(TONES["sponsor_tier"]) == set(SPONSOR_TIER)
    assert TONES["visa_category"]["?"] == TONES["sponsor_tier"]["unknown"] == "unknown"
    assert {name for name, tone in (TONES["visa_category"] | TONES["sponsor_tier"]).items() if tone == "no"} == {
        "D",
        "N",
        "none",
    }


def test_each_institution_has_one_script_with_its_programs(sample_release: Path, contents: Contents) -> None:
    rows = contents.tables[LIST].to_pylist()
    ids = {row["institution_id"] for row in contents.tables["institutions"].to_pylist()}
    folder = sample_release / EXPLORER
    assert {path.stem for path in folder.glob("evidence/*/*.js")} == ids
    shown = dict(received(folder / explorer_evidence(one)) for one in sorted(ids))
    for row in rows:
        program = shown[row["institution_id"]]["programs"][row["program_code"]]
        assert program["visa_category"] == row["visa_category"]
        assert program.get("evidence_quote") == row["evidence_quote"]
        assert program["open"] == list(open_points(row)) and program["ask"]
    assert max(path.stat().st_size for path in folder.rglob("*.js") if "tabulator" not in path.name) < 500_000


def test_open_points_have_words(contents: Contents) -> None:
    assert {point for row in contents.tables[LIST].to_pylist() for point in open_points(row)} <= set(OPEN_POINTS)
    assert set(words()["open_points"]) == set(OPEN_POINTS)


def test_the_same_release_gives_the_same_bytes(sample_release: Path, contents: Contents, tmp_path: Path) -> None:
    again = Contents(tmp_path, contents.tables, contents.manifest)
    write_whole_explorer(again)
    there, made = ({path.relative_to(root).as_posix(): digest(path) for path in sorted((root / EXPLORER).rglob("*")) if path.is_file()}
                   for root in (sample_release, tmp_path))  # fmt: skip
    assert there == made


def test_the_banner_says_what_the_release_is(contents: Contents) -> None:
    shown = BeautifulSoup(page(contents), "lxml").select_one("body > header")
    assert shown is not None
    said = shown.get_text(" ")
    assert contents.manifest["release_id"] in said and "A sample, no current list" in said and "Law as of" in said
    assert re.search(r"\d+ days", said) and "inferred" in said
    real = BeautifulSoup(
        page(Contents(contents.folder, contents.tables, {**contents.manifest, "sample": False})), "lxml"
    )
    assert "Real data" in real.get_text() and "A sample" not in real.get_text()


def test_the_page_loads_what_lies_beside_it_and_nothing_else(sample_release: Path) -> None:
    folder = sample_release / EXPLORER
    html = (folder / "index.html").read_text("utf-8")
    read = BeautifulSoup(html, "lxml")
    loaded = [str(tag.get("src") or tag.get("href")) for tag in read.select("script, link, img, iframe")]
    assert loaded and all((folder / name).is_file() for name in loaded)
    assert not [tag for tag in read.select("script") if tag.get_text() or tag.get("type")]
    assert not read.select("style, [style]") and "default-src 'self'" in html
    own = [path.read_text("utf-8") for path in folder.glob("*.js") if path.name != "list.js"]
    assert not [
        text
        for text in own
        if re.search(r"innerHTML|insertAdjacentHTML|document\.write|fetch\(|\beval\b|import\(", text)
    ]


def test_the_grid_library_is_as_published(sample_release: Path) -> None:
    folder = sample_release / EXPLORER / "tabulator"
    assert {path.name: digest(path) for path in folder.iterdir()} == VENDORED


def test_without_its_tables_nothing_is_written(contents: Contents, tmp_path: Path) -> None:
    alone = Contents(tmp_path, {LIST: contents.tables[LIST]}, contents.manifest)
    write_whole_explorer(alone)
    assert list(tmp_path.iterdir()) == []


def test_what_changed_since_the_release_before_is_a_choice(contents: Contents) -> None:
    code = contents.tables[LIST]["program_code"][0].as_py()
    row = dict.fromkeys(contents.tables["policy_changes"].schema.names) | {"program_code": code, "cause": "withdrawn"}
    changes = type(contents.tables[LIST]).from_pylist([row], contents.tables["policy_changes"].schema)
    columns = grid({**contents.tables, "policy_changes": changes})["columns"]
    assert Counter(values(columns["change"]))["withdrawn"] == 1


def test_size_and_age_are_choices_in_bands(contents: Contents) -> None:
    listed = contents.tables[LIST]
    as_of = dt.date(2026, 11, 20)
    days = [
        as_of,
        dt.date(2026, 5, 20),
        dt.date(2026, 5, 19),
        dt.date(2025, 11, 19),
        dt.date(2024, 11, 20),
        dt.date(2024, 11, 19),
    ]
    sizes = [1, 5, 6, 11, 50, 51, None, None]
    rows = [
        row | {"as_of": as_of, "positions_approved": size, "evidence_date": day, "evidence_quote": quote}
        for row, size, day, quote in zip(
            listed.to_pylist(), sizes, [*days, None, None], [*["said"] * 7, None], strict=False
        )
    ]
    columns = grid({LIST: type(listed).from_pylist(rows, listed.schema)})["columns"]
    assert values(columns["size"]) == ["0", "0", "6", "11", "21", "51", None, None]
    assert values(columns["age"]) == ["0", "0", "half", "1", "1", "2", "undated", None]

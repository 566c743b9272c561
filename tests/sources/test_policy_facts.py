"""Tables of facts: strict on words, forgiving of rows; what comes with the package is read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.policy_facts import FACTS, SOURCE
from pipeline.sources.probe import probe

HEADER = ",".join(FACTS.columns)
ROW = (
    "Example Hospital,Neurology residency,Neurology,Boston,ma,https://x.example/visa,yes,no,j1_only,not_stated,,program,2019,"
    "Neurology takes J-1 holders only.,high"
)


def read(folder: Path, *rows: str) -> Parsed:
    path = folder / "facts.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    probed = probe(path, path.name)
    assert SOURCE.recognise(probed) == FACTS
    parsed = SOURCE.read(probed, FACTS, Hints({"retrieved_on": "2026-11-30"}))
    to_arrow(parsed.tables["policy_facts"].assign(snapshot_id="policy_facts/a"), "policy_facts")
    return parsed


def test_a_row_is_a_fact(tmp_path: Path) -> None:
    [fact] = read(tmp_path, ROW).tables["policy_facts"].to_dict("records")
    assert (fact["institution"], fact["state"], fact["policy"], fact["page_year"]) == (
        "Example Hospital",
        "MA",
        "j1_only",
        2019,
    )
    assert fact["fact_id"].startswith("fact_") and fact["step3_deadline"] != fact["step3_deadline"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("https://x.example/visa", "", "no web address"),
        ("https://x.example/visa", "javascript:alert(1)", "no web address"),
        (",2019,", ",soon,", "page_year is no year"),
        (",2019,", ",2031,", "page_year is no year"),
        ("Example Hospital", "", "no institution"),
        ("Neurology takes J-1 holders only.", "", "no summary"),
    ],
)
def test_a_row_that_is_no_fact_is_quarantined(tmp_path: Path, old: str, new: str, reason: str) -> None:
    parsed = read(tmp_path, ROW, ROW.replace(old, new).replace("Neurology residency", "Pediatrics residency"))
    assert parsed.quarantine["reason"].tolist() == [reason] and parsed.rows_kept == 1


def test_the_same_fact_twice_counts_once(tmp_path: Path) -> None:
    assert read(tmp_path, ROW, ROW).quarantine["reason"].tolist() == [
        "a second row for the same institution, program and address"
    ]


def test_a_file_of_unknown_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"facts\.csv, line 2: .*'maybe'"):
        read(tmp_path, ROW.replace(",yes,no,", ",yes,maybe,"))


def test_what_comes_with_the_package_is_in_every_archive_and_read_whole(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "nothing")
    assert archive.own == 0 and archive.damaged == ()
    loaded = load_chosen(SOURCE, archive)
    assert len(loaded.tables["policy_facts"]) > 300 and loaded.quarantine.empty

"""`h1b-sponsors fetch [SOURCE…]`, `accept` and what `status` says of both, as a person sees them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.archive.intake import add
from pipeline.archive.reading import open_archive
from pipeline.cli import app
from pipeline.commands import fetch as command
from pipeline.fetch.source_outcome import FileOutcome, keep_outcomes
from pipeline.fetch.source_settings import SINCE_VARIABLE, SOURCES_VARIABLE
from pipeline.settings import CONTACT_VARIABLE, DATA_DIR_VARIABLE
from pipeline.sources.catalogue import SOURCES
from tests.fetch.published import PUBLISHED


def run(data: Path, *words: str, **environment: str) -> Result:
    settings = {
        CONTACT_VARIABLE: "https://example.org/contact", DATA_DIR_VARIABLE: str(data), SOURCES_VARIABLE: "", SINCE_VARIABLE: "",
        "COLUMNS": "200",
    }  # fmt: skip
    return CliRunner().invoke(app, list(words), env=settings | environment)


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "fetch_sources", lambda *args, **options: pytest.fail("it fetched"))


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        ((), {}, "no official source is enabled. Set H1B_FETCH_SOURCES=all"),
        (("ror",), {}, "ror: not enabled"),
        (("ror",), {SOURCES_VARIABLE: "irs_eo_bmf"}, "ror: not enabled"),
        (("nowhere",), {SOURCES_VARIABLE: "all"}, "'nowhere' is no source that is fetched"),
        ((), {SOURCES_VARIABLE: "ror, nowhere"}, "'nowhere' is no source that is fetched"),
        ((), {SOURCES_VARIABLE: "all", CONTACT_VARIABLE: ""}, "Set H1B_FETCH_CONTACT"),
        ((), {SOURCES_VARIABLE: "all", SINCE_VARIABLE: "1999"}, "a fiscal year from 2009"),
        (("pages", "--shard", "9/7"), {}, "is no shard"),
    ],
)
def test_it_asks_nobody_before_it_is_told_to(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    result = run(tmp_path, "fetch", *words, **environment)
    assert result.exit_code == 1 and message in result.output and len(result.output.splitlines()) == 1


def test_options_of_pages_are_for_pages(tmp_path: Path) -> None:
    assert run(tmp_path, "fetch", "ror", "--limit", "3").exit_code == 2


def test_what_a_person_saves_is_told_with_place_and_terms(tmp_path: Path) -> None:
    result = run(tmp_path, "fetch", "acgme", "nrmp")
    assert result.exit_code == 0 and "https://apps.acgme.org/ads/Public" in result.output
    assert (
        "https://systems.aamc.org/eras" in result.output
        and "none yet" in result.output
        and "www.nrmp.org" in result.output
    )


RESULTS = [
    (["new", "unchanged"], 0), (["kept", "not_there"], 0), (["failed", "new"], 3), (["held", "unchanged"], 3), (["failed"], 1),
    (["by_hand", "failed"], 1),
]  # fmt: skip


@pytest.mark.parametrize(("results", "code"), RESULTS)
def test_the_exit_code_says_how_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, results: list[str], code: int
) -> None:
    outcomes = [
        FileOutcome("ror", "dump", "", one, "https://zenodo.org/", "2026-11-30T00:00:00+00:00", detail="[b]why[/b]")
        for one in results
    ]  # type: ignore[arg-type]

    def told(
        folder: object, sources: object, since: int, settings: object, reporter: object, **options: object
    ) -> list[FileOutcome]:
        for outcome in outcomes:
            reporter(outcome)  # type: ignore[operator]
        return outcomes

    monkeypatch.setattr(command, "fetch_sources", told)
    result = run(tmp_path, "fetch", **{SOURCES_VARIABLE: "ror"})
    assert result.exit_code == code and "[b]why[/b]" in result.output


def test_a_file_that_a_person_adds_is_held_back_and_accepted_like_one_that_is_fetched(tmp_path: Path) -> None:
    published = PUBLISHED["cms_hospitals: hospitals"]
    for name, rows in (("whole.csv", 6_000), ("less.csv", 4_600)):
        (tmp_path / name).write_bytes(published.content("", rows, "a"))
    data = tmp_path / "data"
    before = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert [one.verdict for one in add([tmp_path / "whole.csv"], data / "raw", SOURCES, lambda: before)] == ["took"]
    added = run(data, "add", str(tmp_path / "less.csv"))
    assert added.exit_code == 3 and "held" in added.output and "0 taken, 1 held back" in added.output
    [held] = [one.id for one in open_archive(data / "raw") if one.held_back]
    shown = run(data, "status").output
    assert f"held back: {held}: all: 4,600 rows" in shown and f"accept {held} --reason" in shown

    assert run(data, "accept", held, "--reason", " ").exit_code == 2
    assert run(data, "accept", "cms_hospitals/none", "--reason", "x").exit_code == 1
    assert run(data, "accept", held, "--reason", "CMS dropped small\nhospitals").exit_code == 0
    assert run(data, "accept", held, "--reason", "again").exit_code == 1
    assert "accepted: " in run(data, "status").output and "CMS dropped small hospitals" in run(data, "status").output


def test_status_says_what_could_not_be_fetched(tmp_path: Path) -> None:
    refused = FileOutcome("uscis_h1b_employers", "yearly files", "FY2022", "by_hand", "https://www.uscis.gov/", "2026-11-30T00:00:00+00:00", "http_403", "By hand: save it")  # fmt: skip
    keep_outcomes(tmp_path / "fetch" / "sources", "uscis_h1b_employers", [refused])
    shown = run(tmp_path, "status").output
    assert "not fetched on 2026-11-30: uscis_h1b_employers yearly files FY2022: By hand: save it" in shown
    (tmp_path / "fetch" / "sources" / "uscis_h1b_employers.json").write_text("{")
    assert run(tmp_path, "status").exit_code == 0

"""Files that were taken once and then stopped every refresh, ran for minutes or spoke to the terminal: at the door and in a refresh.

The files lie in tests/gold/hostile. In a refresh they come from an archive into which an earlier door had let them.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
import shutil
import time
from pathlib import Path
from typing import Final

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.loading import load_chosen
from pipeline.archive.manifest import Manifest
from pipeline.archive.quarantined_rows import WHOLE_FILE
from pipeline.archive.reading import open_archive
from pipeline.archive.store import file_away, sha256_of, snapshots
from pipeline.cli import app
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT
from pipeline.sources.base import Part
from pipeline.sources.catalogue import SOURCES, source
from tests.conftest import made_once, refresh

CASES: Final = PROJECT / "tests" / "gold" / "hostile"
NOW: Final = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
URL: Final = "https://hospital.example/gme"
OBEYED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def case(folder: Path, name: str) -> Path:
    """The file of that name, unpacked where it is too large to lie in the project as it is."""
    if (CASES / f"{name}.gz").exists():
        (folder / name).write_bytes(gzip.decompress((CASES / f"{name}.gz").read_bytes()))
        return folder / name
    return CASES / name


def offered(folder: Path, *paths: Path) -> list[Outcome]:
    url = URL if paths[0].suffix in (".html", ".pdf") else None
    return list(add(paths, folder / "raw", SOURCES, lambda: NOW, Provenance(url=url)))


REFUSED: Final = {
    "h_meta_date3.html": "saved on 0001-01-01",
    "h_sf_date.html": "saved on 0001-01-01",
    "c_9999.csv": "line 2: date is '9999-01-05'",
    "c_future.csv": "line 2: date is '2099-01-05'",
    "REFRESH_IndexError_1.pdf": "a damaged PDF (IndexError",
    "p_xform_bomb.pdf": "draws more than any page needs",
    "sum_overflow.csv": "line 2: none of its 12,000 rows can be read; the first: a number too large to be a count",
    "x_bad_bz2.xlsx": "damaged or cut off",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_door_refuses_in_a_line_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    began = time.process_time()
    bad, good = offered(tmp_path, case(tmp_path, name), CASES / "undef.html")
    assert bad.verdict == "refused" and REFUSED[name] in bad.detail and name in bad.detail and "\n" not in bad.detail
    assert (good.verdict, len(snapshots(tmp_path / "raw"))) == ("took", 1) or good.verdict == "refused"
    assert time.process_time() - began < 5


def test_a_codec_that_always_fails_is_no_encoding(tmp_path: Path) -> None:
    [outcome] = offered(tmp_path, CASES / "undef.html")
    assert outcome.verdict == "took"
    assert len(load_chosen(source("program_pages"), open_archive(tmp_path / "raw")).tables["program_pages"]) == 1


def test_a_header_of_32_000_columns_is_refused_by_its_names(tmp_path: Path) -> None:
    twice, none = tmp_path / "twice.csv", tmp_path / "none.csv"
    twice.write_text(",".join(["a,b"] * 16_000) + "\n1\n")
    none.write_text(",".join(f"{number:x}" for number in range(13_000)) + "\n1\n")
    first, second = offered(tmp_path, twice, none)
    assert "names a, b twice" in first.detail and "no known layout" in second.detail


def test_names_of_any_length_are_filed_and_the_rest_of_the_archive_too(tmp_path: Path) -> None:
    outcomes = offered(tmp_path, CASES / "z_cjk150.zip")
    assert [outcome.verdict for outcome in outcomes] == ["took", "took"]
    [name] = {one.manifest.original_name for one in snapshots(tmp_path / "raw")} - {"b.csv"}
    assert name.endswith(".csv") and len(name.encode()) <= 150


def test_pages_whose_hashes_begin_alike_are_two_snapshots(tmp_path: Path) -> None:
    pages = [CASES / "coll_a.html", CASES / "coll_b.html"]
    assert len({sha256_of(page) for page in pages}) == 2 and len({sha256_of(page)[:8] for page in pages}) == 1
    assert [outcome.verdict for outcome in offered(tmp_path, *pages)] == ["took", "took"]
    assert [outcome.verdict for outcome in offered(tmp_path, *pages)] == ["skipped", "skipped"]
    filed = {one.id: one.manifest.sha256 for one in snapshots(tmp_path / "raw")}
    assert sorted(filed.values()) == sorted(sha256_of(page) for page in pages)


def let_in(raw: Path, path: Path, source_id: str, layout: str, part: str) -> str:
    """File a file as an earlier door did, which did not look so closely. Returns its snapshot."""
    manifest = Manifest(
        source=source_id, layout=layout, original_name=path.name, added_at=NOW.isoformat(), sha256=sha256_of(path),
        bytes=path.stat().st_size, licence="", sample=False, rows_in=1, rows_quarantined=0, coverage=(Part(part, 12_000, False),),
        url=URL if source_id == "program_pages" else None,
        hints={"retrieved_on": "2026-11-20"} | ({"url": URL} if source_id == "program_pages" else {}),
    )  # fmt: skip
    return file_away(raw, path, manifest).id


LET_IN: Final = {
    "h_meta_date3.html": ("program_pages", "html", f"page:{URL}/1"),
    "h_sf_date.html": ("program_pages", "html", f"page:{URL}/2"),
    "REFRESH_IndexError_1.pdf": ("program_pages", "pdf", f"page:{URL}/3"),
    "p_xform_bomb.pdf": ("program_pages", "pdf", f"page:{URL}/4"),
    "c_9999.csv": ("confirmations", "csv", "1304121045 9999-01-05"),
    "c_future.csv": ("confirmations", "csv", "1304121045 2099-01-05"),
    "sum_overflow.csv": ("uscis_h1b_employers", "A", "FY2020"),
}

REPLACED: Final = "sum_overflow.csv"  # the file of the same year that can be read stays in use


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with hostile files, let in and taken, and a release made of it."""

    def make(data: Path) -> None:
        for name, (source_id, layout, part) in LET_IN.items():
            let_in(data / "raw", case(data, name), source_id, layout, part)
        for name in ("hostile_acgme.csv", "hostile_uscis.csv", "undef.html", "z_esc.zip"):
            offered(data, CASES / name)
        (data / "summary.txt").write_text(refresh(), "utf-8")

    return made_once(tmp_path_factory, "hostile", make)


def test_a_file_that_fails_in_a_refresh_is_quarantined_by_name_and_the_rest_is_published(refreshed: Path) -> None:
    release = Release.open(refreshed / "curated" / "latest")
    rows = release.table("quarantine")
    files = rows[rows["row"] == WHOLE_FILE].set_index("snapshot_id")["reason"]
    names = {one.id: one.manifest.original_name for one in snapshots(refreshed / "raw")}
    assert {names[str(snapshot)] for snapshot in files.index} == set(LET_IN) - {REPLACED}
    for snapshot, reason in files.items():
        assert REFUSED[names[str(snapshot)]].removeprefix("line 2: ") in reason
    assert len(release.table("functional_h1b_sponsors")) == 8
    assert release.manifest["figures"]["unreadable_files"] == sorted(files.index)
    summary = " ".join((refreshed / "summary.txt").read_text("utf-8").split())
    assert "6 files, left out" in summary
    [unused] = [str(why) for why in release.table("snapshots")["unused_reason"].dropna() if "can't be read" in str(why)]
    assert REFUSED[REPLACED].removeprefix("line 2: ") in unused and "What was used before it is still used" in summary


COMMANDS: Final = (
    ["query"],
    ["query", "--format", "csv"],
    ["query", "--format", "json"],
    ["explain", "1400512991"],
    ["explain", "1400512995"],
    ["explain", "RLO"],
    ["explain-match", "\x1b[2JESC HOSPITAL"],
    ["status"],
    ["review"],
    ["filings"],
    ["contact-list"],
    ["contact-list", "--format", "csv"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_that_a_terminal_obeys_is_printed(
    refreshed: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(refreshed))
    shown = CliRunner().invoke(app, command, input="q\n")
    assert shown.exit_code in (0, 1), shown.output
    assert shown.output and OBEYED.findall(shown.output) == []


def test_the_door_prints_names_of_files_harmlessly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))
    shutil.copy(CASES / "hostile_acgme.csv", tmp_path / "\x1b[2Ja\u202eb\n.csv")
    shown = CliRunner().invoke(app, ["add", str(CASES / "z_esc.zip"), *map(str, tmp_path.glob("*.csv"))])
    assert OBEYED.findall(shown.output) == [] and "[red]m[/red].csv" in shown.output
    assert len(shown.output.splitlines()) == 4


def test_no_cell_is_run_by_a_spreadsheet(refreshed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(refreshed))
    for command in ("query", "contact-list"):
        written = tmp_path / f"{command}.csv"
        assert CliRunner().invoke(app, [command, "--format", "csv", "--output", str(written)]).exit_code == 0
        cells = pd.read_csv(written, dtype="str").stack()
        assert not cells.str.match(r"[=+\-@\t＝＋－＠﹦﹢﹣﹫]").any() and not cells.str.contains(OBEYED).any()


def test_websites_lose_names_and_passwords(refreshed: Path) -> None:
    listed = Release.open(refreshed / "curated" / "latest").table("functional_h1b_sponsors")
    websites = listed.set_index("program_code")["website"]
    assert websites["1400512996"] == "https://evil.org" and websites["1400512990"] == "HTTPS://EVIL.org"
    assert websites[["1400512992", "1400512994", "1400512995"]].isna().all()

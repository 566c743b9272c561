"""The cache of large parses: the same tables as the reader, never out of date, never trusted blindly, never needed."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive import parsed_cache
from pipeline.archive.intake import add
from pipeline.archive.loading import Loaded, choose_readable, load_chosen
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.archive.store import snapshots
from pipeline.sources.base import Hints, Layout, Parsed, Probe, Source, SourceError
from pipeline.sources.catalogue import SOURCES, source
from tests.sources.test_nrmp_results import FIRST, SECOND, draw

USCIS = "uscis_h1b_employers"
HEADER = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"
ROWS = [
    "2021,BOSTON MEDICAL CENTER,3,0,5,0,62,4567,MA,BOSTON,02118",
    "2022,Null,1,0,1,0,62,,NY,,",
    "2022,A,x,0,1,0,62,1,NY,B,1",
]


@pytest.fixture
def cache(tmp_path: Path) -> ParsedCache:
    return ParsedCache(tmp_path / "work" / "parsed", min_bytes=1)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """An archive with one small file of petitions, which has a row that is quarantined."""
    file = tmp_path / "petitions.csv"
    file.write_text("\n".join([HEADER, *ROWS]) + "\n")
    (outcome,) = add([file], tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert outcome.verdict == "took", outcome
    return tmp_path / "raw"


def loaded(raw: Path, cache: ParsedCache | None, reader: Source | None = None) -> Loaded:
    return load_chosen(reader or source(USCIS), open_archive(raw), cache)


def counted(calls: list[str]) -> Source:
    """The reader, which records each file that it reads."""
    real = source(USCIS)

    def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
        calls.append(probe.name)
        return real.read(probe, layout, hints)

    return replace(real, read=read)


def entries(cache: ParsedCache) -> list[Path]:
    return sorted((cache.folder / USCIS).glob("*"))


def same(left: Loaded, right: Loaded) -> None:
    assert left.tables.keys() == right.tables.keys()
    for name, frame in left.tables.items():
        pd.testing.assert_frame_equal(frame, right.tables[name])
    pd.testing.assert_frame_equal(left.quarantine, right.quarantine)
    assert len(left.quarantine)


def test_a_file_is_parsed_once_and_the_tables_are_the_readers_own(raw: Path, cache: ParsedCache) -> None:
    calls: list[str] = []
    reader = counted(calls)
    plain = loaded(raw, None)
    for _ in range(3):
        same(loaded(raw, cache, reader), plain)
    assert len(calls) == 1 and len(entries(cache)) == 1


def test_adding_a_file_fills_the_cache(raw: Path, cache: ParsedCache, tmp_path: Path) -> None:
    list(
        add(
            [tmp_path / "petitions.csv"],
            tmp_path / "other",
            SOURCES,
            lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
            None,
            cache,
        )
    )
    calls: list[str] = []
    same(loaded(tmp_path / "other", cache, counted(calls)), loaded(tmp_path / "other", None))
    assert not calls


def test_files_that_take_long_are_read_on_both_cores_once(tmp_path: Path, cache: ParsedCache) -> None:
    """After an upgrade nothing is kept; one that can't be read is left to what reads it later."""
    files = [tmp_path / f"{year}.csv" for year in (2021, 2022, 2023)]
    for file in files:
        file.write_text("\n".join([HEADER, ROWS[0].replace("2021", file.stem), ROWS[2].replace("2022", file.stem), ""]))
    clock = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert [one.verdict for one in add(files, tmp_path / "raw", SOURCES, lambda: clock)] == ["took"] * 3
    real, readers = source(USCIS), tmp_path / "readers"

    def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
        with readers.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if b"2023" in probe.path.read_bytes():
            raise SourceError(probe.name, "it is damaged", remedy="Look at it")
        return real.read(probe, layout, hints)

    archive, reader = open_archive(tmp_path / "raw"), replace(real, read=read)
    choose_readable(archive.of_source(USCIS), [reader], cache)
    assert len(entries(cache)) == 2
    pids = readers.read_text().split()
    assert len(pids) == 3 and len(set(pids)) == min(2, len(os.sched_getaffinity(0)))
    same(loaded(tmp_path / "raw", cache, reader), loaded(tmp_path / "raw", None, reader))


def test_small_files_are_kept_together_and_the_tables_are_the_readers_own(raw: Path, tmp_path: Path) -> None:
    calls: list[str] = []
    reader, plain = counted(calls), loaded(raw, None)
    for _ in range(2):
        same(loaded(raw, ParsedCache(tmp_path / "parsed"), reader), plain)
    assert len(calls) == 1
    assert [path.name for path in (tmp_path / "parsed" / "small").iterdir()] == [f"{USCIS}.parquet"]


def test_a_damaged_file_of_small_ones_is_made_anew(raw: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    plain = loaded(raw, None)
    same(loaded(raw, ParsedCache(tmp_path / "parsed")), plain)
    [file] = (tmp_path / "parsed" / "small").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    same(loaded(raw, ParsedCache(tmp_path / "parsed")), plain)
    assert "is damaged" in caplog.text


def test_what_is_no_longer_used_is_not_kept(raw: Path, tmp_path: Path) -> None:
    cache = ParsedCache(tmp_path / "parsed")
    loaded(raw, cache)
    cache.keep_only(USCIS, [])
    calls: list[str] = []
    loaded(raw, ParsedCache(tmp_path / "parsed"), counted(calls))
    assert len(calls) == 1


def test_a_list_as_pdf_is_kept_whatever_its_size(tmp_path: Path) -> None:
    file = draw(tmp_path / "results.pdf", FIRST, SECOND)
    cache = ParsedCache(tmp_path / "parsed")
    clock = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    list(add([file], tmp_path / "raw", SOURCES, lambda: clock, None, cache))
    plain = load_chosen(source("nrmp"), open_archive(tmp_path / "raw"))
    kept = load_chosen(replace(source("nrmp"), read=_never), open_archive(tmp_path / "raw"), cache)
    pd.testing.assert_frame_equal(kept.tables["nrmp_tracks"], plain.tables["nrmp_tracks"])


def _never(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    raise AssertionError("the file is read again")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("name", ["parsed.json", "uscis_petition_rows.parquet", "quarantine.parquet"])
@pytest.mark.parametrize("harm", [truncated, flipped, Path.unlink])
def test_a_damaged_entry_is_reported_in_a_line_and_made_anew(
    raw: Path, cache: ParsedCache, caplog: pytest.LogCaptureFixture, name: str, harm: Callable[[Path], None]
) -> None:
    plain = loaded(raw, cache)
    harm(entries(cache)[0] / name)
    calls: list[str] = []
    with caplog.at_level(logging.WARNING):
        same(loaded(raw, cache, counted(calls)), plain)
    assert len(calls) == 1 and len(caplog.messages) == 1
    assert "damaged" in caplog.messages[0] and "\n" not in caplog.messages[0]
    same(loaded(raw, cache, counted(calls)), plain)
    assert len(calls) == 1


def test_another_version_of_the_readers_reads_again_and_the_old_entry_goes(
    raw: Path, cache: ParsedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(raw, cache)
    before = entries(cache)
    monkeypatch.setattr(parsed_cache, "readers_version", lambda: "another")
    calls: list[str] = []
    loaded(raw, cache, counted(calls))
    assert len(calls) == 1 and len(entries(cache)) == 1 and entries(cache) != before


def test_other_hints_are_another_entry(raw: Path, cache: ParsedCache) -> None:
    (one,) = snapshots(raw)
    other = type(one)(one.path, type(one.manifest)(**{**one.manifest.__dict__, "hints": {"fiscal_year": "2020"}}))
    assert cache._place(one) != cache._place(other)


def test_a_crash_while_writing_leaves_no_entry_and_the_next_run_clears_up(
    raw: Path, cache: ParsedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(parsed_cache.os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            loaded(raw, cache)
    assert not entries(cache)
    (cache.folder / USCIS / ".staging-left").mkdir(parents=True, exist_ok=True)
    loaded(raw, cache)
    assert len(entries(cache)) == 1


def test_a_full_disk_costs_time_and_not_the_run(
    raw: Path, cache: ParsedCache, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    plain = loaded(raw, None)
    monkeypatch.setattr(parsed_cache.pq, "write_table", full)
    with caplog.at_level(logging.WARNING):
        same(loaded(raw, cache), plain)
    assert "No space left" in caplog.messages[0] and not entries(cache)


def test_the_cache_may_be_deleted(raw: Path, cache: ParsedCache) -> None:
    plain = loaded(raw, cache)
    shutil.rmtree(cache.folder)
    same(loaded(raw, cache), plain)


def test_changed_bytes_are_noticed_before_the_cache_is_read(raw: Path, cache: ParsedCache) -> None:
    loaded(raw, cache)
    (one,) = snapshots(raw)
    one.path.write_bytes(one.path.read_bytes().replace(b"BOSTON", b"AUSTIN"))
    with pytest.raises(Exception, match="bytes have changed"):
        loaded(raw, cache)

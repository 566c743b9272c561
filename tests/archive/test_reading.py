"""The archive opened for reading: bytes by snapshot id, as they were archived or not at all."""

from __future__ import annotations

import datetime as dt
import errno
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.archive.intake import Outcome, add
from pipeline.archive.loading import choose_readable, load_chosen
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.quarantined_rows import WHOLE_FILE
from pipeline.archive.reading import Archive, open_archive
from pipeline.archive.store import ArchiveError
from pipeline.sources.base import Hints, Layout, Parsed, Probe, Source, SourceError
from pipeline.sources.catalogue import SOURCES, source

NRMP = "state,institution,city,specialty_track,nrmp_code,specialty_code,track_type"


def table(year: int, *tracks: str) -> str:
    rows = [f"ALABAMA,Hospital {track},Birmingham,Surgery,{track},440,C,5,4" for track in tracks]
    return "\n".join([f"{NRMP},quota_{year},matched_{year}", *rows, ""])


def filed(folder: Path, **files: str) -> Archive:
    """An archive of the files, added at once; the clock moves on with each look at it."""
    incoming = folder / "incoming"
    incoming.mkdir()
    for name, content in files.items():
        (incoming / f"{name}.csv").write_text(content)
    seconds = iter(range(60))
    outcomes = add(
        [incoming], folder / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, 0, 0, next(seconds), tzinfo=dt.UTC)
    )
    assert [outcome.verdict for outcome in outcomes] == ["took"] * len(files)
    return open_archive(folder / "raw")


def test_bytes_are_those_that_were_archived_or_an_error(tmp_path: Path) -> None:
    content = table(2025, "1007440C0")
    archive = filed(tmp_path, one=content)
    [snapshot] = archive.of_source("nrmp")
    assert archive.own == 1 and archive.snapshot(snapshot.id) == snapshot and not archive.of_source("ror")
    assert archive.read_bytes(snapshot.id) == content.encode()
    snapshot.path.write_text(content.replace("Surgery", "Surgory"))
    with pytest.raises(ArchiveError, match=rf"{snapshot.id}: the bytes have changed"):
        archive.read_bytes(snapshot.id)
    with pytest.raises(ArchiveError, match="nrmp/none: there is no such snapshot"):
        archive.read_bytes("nrmp/none")


def test_an_archive_that_is_not_there_yet_has_what_comes_with_the_package(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "raw")
    assert archive.own == 0 and {snapshot.manifest.source for snapshot in archive} == {"policy_facts"}
    assert load_chosen(source("nrmp"), archive).tables["nrmp_tracks"].empty


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_files_added_at_once_share_a_time_and_the_fuller_counts(tmp_path: Path, names: tuple[str, str]) -> None:
    """Neither their names nor the seconds between them decide."""
    one, two = table(2025, "1007440C0"), table(2025, "1007440C0", "1007440C1")
    archive = filed(tmp_path, **dict(zip(names, (one, two), strict=True)))
    assert len({snapshot.manifest.added_at for snapshot in archive.of_source("nrmp")}) == 1
    assert len(load_chosen(source("nrmp"), archive).tables["nrmp_tracks"]) == 2


HUB = (
    "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP\n"
    "2021,GOOD HOSPITAL,1,0,2,0,62,1234,MA,BOSTON,02118\n"
)


def stumbling(error: Exception) -> Source:
    """The source of petitions with a reader that meets what nobody expected."""

    def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
        raise error

    return replace(source("uscis_h1b_employers"), read=read)


def taken(folder: Path, *sources: Source) -> list[Outcome]:
    (folder / "in.csv").write_text(HUB)
    (folder / "next.csv").write_text(table(2025, "1007440C0"))
    clock = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    return list(add([folder / "in.csv", folder / "next.csv"], folder / "raw", sources, lambda: clock))


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x\ny"), OSError("Invalid data stream"), RecursionError(), MemoryError()]
)
def test_whatever_a_reader_stumbles_over_is_that_files_failure(tmp_path: Path, error: Exception) -> None:
    bad, good = taken(tmp_path, stumbling(error), source("nrmp"))
    assert bad.verdict == "refused" and good.verdict == "took"
    assert bad.detail.startswith(f"in.csv: can't be read ({type(error).__name__}") and "\n" not in bad.detail
    taken(tmp_path, source("uscis_h1b_employers"))
    loaded = load_chosen(stumbling(error), open_archive(tmp_path / "raw"))
    [row] = loaded.quarantine.to_dict("records")
    assert row["row"] == WHOLE_FILE and row["reason"].startswith(f"can't be read ({type(error).__name__}")
    assert loaded.tables["uscis_petition_rows"].empty


def test_a_disk_that_fails_is_nobodys_data(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        taken(tmp_path, stumbling(OSError(errno.ENOSPC, "No space left on device")))


def test_what_the_registry_does_not_allow_is_refused_at_the_door(tmp_path: Path) -> None:
    """A reader that lets a year pass."""
    good = source("uscis_h1b_employers")

    def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
        parsed = good.read(probe, layout, hints)
        frame = parsed.tables["uscis_petition_rows"].assign(fiscal_year=-1)
        return replace(parsed, tables={"uscis_petition_rows": frame})

    bad, _ = taken(tmp_path, replace(good, read=read), source("nrmp"))
    assert bad.verdict == "refused" and "fiscal_year" in bad.detail and "holds a value" in bad.detail


def test_where_a_newer_file_cannot_be_read_the_one_before_it_stays_in_use(tmp_path: Path) -> None:
    reader = source("uscis_h1b_employers")
    for day, (name, text) in enumerate({"old.csv": HUB, "new.csv": HUB.replace("HOSPITAL", "CLINIC")}.items(), 1):
        (tmp_path / name).write_text(text)
        clock = dt.datetime(2026, 11, day, tzinfo=dt.UTC)
        assert [one.verdict for one in add([tmp_path / name], tmp_path / "raw", [reader], lambda at=clock: at)] == [
            "took"
        ]

    def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
        if b"CLINIC" in probe.path.read_bytes():
            raise SourceError(probe.name, "it has changed its form", remedy="Look at it")
        return reader.read(probe, layout, hints)

    archive, cache = open_archive(tmp_path / "raw"), ParsedCache(tmp_path / "parsed")
    own = archive.of_source(reader.id)
    older = replace(reader, read=read)
    for kept in (None, cache, cache):
        choices = choose_readable(own, [older], kept)
        assert [(one.snapshot.path.name, one.reason) for one in choices] == [
            ("old.csv", None),
            ("new.csv", "can't be read: it has changed its form. Look at it"),
        ]
        loaded = load_chosen(older, archive, kept)
        assert set(loaded.tables["uscis_petition_rows"]["snapshot_id"]) == {choices[0].snapshot.id}
        assert loaded.quarantine.empty
    assert choose_readable(own, [reader], cache)[0].snapshot.path.name == "new.csv"

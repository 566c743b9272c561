"""Packed files of the archive are read as what they hold, and damaged ones stop nothing else."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

from pipeline.archive.intake import add
from pipeline.archive.loading import Loaded, load_chosen
from pipeline.archive.packed import SUFFIX
from pipeline.archive.reading import open_archive
from pipeline.archive.store import MANIFEST, sha256_of
from pipeline.sources.catalogue import SOURCES, source

TABLE = (
    "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP\n"
    "2021,GOOD HOSPITAL,1,0,2,0,62,1234,MA,BOSTON,02118\n"
)


def loaded(folder: Path, packed: bytes) -> Loaded:
    """What is read where the one file of the archive is `packed`."""
    (folder / "hub.csv").write_text(TABLE)
    [outcome] = add([folder / "hub.csv"], folder / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    place = folder / "raw" / str(outcome.snapshot_id)
    file = place / f"hub.csv{SUFFIX}"
    (place / "hub.csv").unlink()
    file.write_bytes(packed)
    manifest = json.loads((place / MANIFEST).read_text())
    manifest |= {"original_name": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size}
    (place / MANIFEST).write_text(json.dumps(manifest))
    place.rename(place.with_name(f"{place.name[:11]}{manifest['sha256'][:8]}"))
    return load_chosen(source("uscis_h1b_employers"), open_archive(folder / "raw"))


def test_a_packed_file_is_read_as_what_it_holds(tmp_path: Path) -> None:
    rows = loaded(tmp_path, gzip.compress(TABLE.encode(), mtime=0)).tables["uscis_petition_rows"]
    assert rows["employer"].tolist() == ["GOOD HOSPITAL"]


def test_a_damaged_one_is_quarantined_whole(tmp_path: Path) -> None:
    found = loaded(tmp_path, gzip.compress(TABLE.encode(), mtime=0)[:-9])
    assert found.tables["uscis_petition_rows"].empty
    assert "the gzip file is damaged" in found.quarantine["reason"].iloc[0]

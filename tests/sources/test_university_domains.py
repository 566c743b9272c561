"""Web domains of universities."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources import university_domains
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "ipeds" / "us_university_domains.csv"
HEADER = "name,state_province,domains,web_pages"


def read(path: Path) -> Parsed:
    seen = probe(path)
    layout = university_domains.SOURCE.recognise(seen)
    assert layout is not None
    parsed = university_domains.SOURCE.read(seen, layout, Hints())
    to_arrow(parsed.tables["university_domains"], "university_domains")
    return parsed


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "domains.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def test_reads_domains(tmp_path: Path) -> None:
    parsed = read(
        write(
            tmp_path,
            "University of Pittsburgh Medical Center,Pennsylvania,UPMC.edu|upmc.com|upmc.edu,https://www.upmc.com/",
            "Marywood University,,marywood.edu,http://www.marywood.edu/",
        )
    )
    first, second = parsed.tables["university_domains"].to_dict("records")
    assert first == {
        "name": "University of Pittsburgh Medical Center",
        "state_name": "Pennsylvania",
        "domains": ["upmc.com", "upmc.edu"],
    }
    assert pd.isna(second["state_name"])
    assert [part.name for part in university_domains.SOURCE.parts(parsed, Hints())] == ["all"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (",,a.edu,", "no name"),
        ("A University,,,", "no domain in domains"),
        ("A University,,http://a.edu/,", "no domain in domains"),
        ("A University,,a.edu|,", "no domain in domains"),
        ("A University,,localhost,", "no domain in domains"),
        ("A University,a.edu", "2 cells where the header has 4"),
    ],
)
def test_bad_rows_are_quarantined(tmp_path: Path, bad: str, reason: str) -> None:
    parsed = read(write(tmp_path, "Marywood University,,marywood.edu,", bad))
    assert (parsed.rows_in, parsed.rows_kept) == (2, 1)
    assert parsed.quarantine["row"].tolist() == [3]
    assert reason in parsed.quarantine["reason"].iloc[0]


def test_a_header_alone_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"domains\.csv.*no row below it"):
        read(write(tmp_path))


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/ipeds")
def test_real_file() -> None:
    parsed = read(REAL)
    assert (parsed.rows_in, parsed.rows_kept) == (2348, 2348)

"""`explain`: the answer for a program and for an institution on one screen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.schemas.vocabulary import SPONSOR_TIER_WORDS
from pipeline.settings import DATA_DIR_VARIABLE


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result.stdout if not code else result.output


def listed(data: Path) -> pd.DataFrame:
    return pd.read_parquet(data / "curated" / "latest" / "functional_h1b_sponsors.parquet")


@pytest.mark.parametrize("stated", [True, False])
def test_a_program_on_one_screen(sample_data: Path, stated: bool) -> None:
    rows = listed(sample_data)
    row = rows[(rows["evidence_quote"].notna() == stated) & (rows["petitioners"].map(len) > 0)].iloc[0]
    said = run(sample_data, "explain", row["program_code"])
    assert len(said.splitlines()) <= 45
    flat = " ".join(said.split())
    for part in (SPONSOR_TIER_WORDS[row["sponsor_tier"]], "Filed for trainees, past practice", "Files, inferred:", "tax id ending",
                 "Freeze", "Payment on", "Ask the GME office:", "Read on: docs/guide.md#", "nothing here is legal advice"):  # fmt: skip
        assert part in flat, part
    assert (row["evidence_url"] in said) if stated else "Stated: nothing is at hand" in flat
    assert "How those petitioners were linked" not in flat


def test_an_institution_by_its_initials_and_its_whole_proof(sample_data: Path) -> None:
    short = run(sample_data, "explain", "MGH")
    assert "Massachusetts General Hospital" in short and "Visa, as stated:" in short and "Ask the GME office:" in short
    whole = run(sample_data, "explain", "MGH", "--full")
    assert "How those petitioners were linked" in whole and len(whole) > 2 * len(short)
    assert "tax id ending" in whole


def test_a_misspelt_institution_is_told_what_comes_near(sample_data: Path) -> None:
    assert "Did you mean Cedars-Sinai Medical Center" in run(sample_data, "explain", "Cedar Sinay", code=2)

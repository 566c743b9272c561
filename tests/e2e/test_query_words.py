"""`query` as a person types it: usual names, misspellings, and every filter, on the release of the small sample."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands.console import out
from pipeline.settings import DATA_DIR_VARIABLE
from pipeline.specialties.vocabulary import fellowship_names


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.stdout if not code else result.output


def rows(data: Path, *words: str) -> pd.DataFrame:
    return pd.DataFrame(json.loads(run(data, "query", *words, "--format", "json")))


@pytest.mark.parametrize("command", ["query", "contact-list", "filings"])
@pytest.mark.parametrize(
    ("option", "word", "said"),
    [
        ("--metro", "Bostn", "did you mean Boston-Cambridge-Newton, MA-NH"),
        ("--state", "Californa", "did you mean California (CA)"),
        ("--specialty", "Medcal Genetics", "Medical Genetics and Genomics"),
        ("--institution", "Cedar Sinay", "Cedars-Sinai Medical Center"),
    ],
)
def test_a_misspelt_name_is_no_empty_answer(sample_data: Path, command: str, option: str, word: str, said: str) -> None:
    told = run(sample_data, command, option, word, code=2)
    assert said in told and "0 programs" not in told


def test_usual_names_find_what_the_long_ones_do(sample_data: Path) -> None:
    assert len(rows(sample_data, "--specialty", "Peds/Genetics")) == len(
        rows(sample_data, "--specialty", "Pediatrics/Medical Genetics")
    )
    southern = rows(sample_data, "--metro", "Southern California")
    assert len(southern) and southern["metro_area"].str.endswith(", CA").all()
    assert set(rows(sample_data, "--state", "Massachusetts")["state"]) == {"MA"}
    assert rows(sample_data, "--institution", "MGH")["institution"].str.contains("Massachusetts General").all()


def test_each_filter_leaves_what_it_names(sample_data: Path) -> None:
    whole = pd.read_parquet(sample_data / "curated" / "latest" / "functional_h1b_sponsors.parquet")
    fellowships = fellowship_names()
    for words, holds in (
        (("--step3", "yes"), whole["step3_required_for_h1b"] == "yes"),
        (("--step3", "not stated"), whole["step3_required_for_h1b"] == "not_stated"),
        (("--freeze",), whole["state_freeze"].notna()),
        (("--no-freeze",), whole["state_freeze"].isna()),
        (("--cap-subject",), whole["cap_exempt_category"] == "likely_cap_subject"),
        (("--level", "fellowship"), whole["specialty"].isin(fellowships)),
        (("--level", "residency"), ~whole["specialty"].isin(fellowships)),
        (("--route", "consulate"), whole["routes"].map(lambda routes: not len(routes) or "consulate" in routes)),
        (("--route", "transfer"), whole["routes"].map(lambda r: not len(r) or "transfer_or_extension" in r)),
        (("--condition", "transfer-only"), whole["conditions"].map(lambda terms: "transfer_only" in terms)),
        (("--evidence-since", "2022"), pd.to_datetime(whole["evidence_date"]) >= "2022-01-01"),
    ):
        found = rows(sample_data, *words)
        codes = set() if found.empty else set(found["program_code"])
        assert codes == set(whole.loc[holds, "program_code"]), words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--route", "boat"), "unknown route 'boat'; known are consulate"),
        (("--level", "student"), "unknown level 'student'; known are residency, fellowship, preliminary"),
        (("--step3", "maybe"), "unknown step3 'maybe'"),
        (("--evidence-since", "lately"), "'lately' is no day"),
    ],
)
def test_an_unknown_word_is_told(sample_data: Path, words: tuple[str, str], said: str) -> None:
    assert said in run(sample_data, "query", *words, code=2)


def test_what_a_narrow_table_leaves_out_is_said(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 80)
    narrow = " ".join(run(sample_data, "query", "--state", "MA").split())
    assert "At this width without city, cap exemption (inferred), evidence, of, freeze, listed" in narrow
    monkeypatch.setattr(out, "width", 220)
    wide = run(sample_data, "query", "--state", "MA")
    assert "At this width" not in wide and "institution's" in wide and "listed" in wide


def test_known_words_that_fit_nothing_together_say_so(sample_data: Path) -> None:
    said = run(sample_data, "query", "--specialty", "Dermatology", "--state", "Guam")
    assert "Every word asked is known" in said

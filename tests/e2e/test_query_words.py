"""`query` as a person types it: usual names, misspellings, and every filter, on the release of the small sample."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands.console import out
from pipeline.schemas.vocabulary import VISA_CATEGORY
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT
from pipeline.specialties.vocabulary import fellowship_names

# What one of the two layouts need not have: titles of what stands at the head of lines, or is blank; lines that a terminal wraps.
_TITLES = {
    "status",
    "code",
    "institution",
    "place",
    "specialty",
    "program_code",
    "score",
    "source",
    "state",
    "level",
    "freeze",
    "known",
    "next",
    "statement",
    "terms",
    "demanded",
    "suspended",
    "yours",
}
_LONG_LINES = ("Coverage, ", "Made from ")


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


@pytest.mark.parametrize(
    "words",
    [
        ("query", "--state", "MA"),
        ("filings", "--state", "MA"),
        ("shortlist", "--profile", str(PROJECT / "docs" / "profile.example.toml")),
        ("sql", "SELECT program_code, specialty, institution, city FROM sponsors WHERE state = 'MA'"),
        ("status",),
    ],
)
@pytest.mark.parametrize("width", [80, 100, 140, 240])
def test_at_no_width_a_word_is_broken_or_left_out(
    sample_data: Path, monkeypatch: pytest.MonkeyPatch, width: int, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(out, "width", 400)
    whole = set(re.findall(r"[\w'/-]{4,}", run(sample_data, *words)))
    monkeypatch.setattr(out, "width", width)
    shown = run(sample_data, *words)
    said = set(re.findall(r"[\w'/-]{4,}", shown))
    assert whole - said <= _TITLES and said - whole <= _TITLES
    long = [line for line in shown.splitlines() if len(line) > width and not line.startswith(_LONG_LINES)]
    assert words[0] == "status" or long == []


def test_the_city_and_the_order_are_said(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 80)
    narrow = " ".join(run(sample_data, "query", "--state", "MA").split())
    assert "Boston, MA" in narrow and "In order: what is stated" in narrow and "1 program." not in narrow
    assert "1 program. Visa" in " ".join(
        run(sample_data, "query", "--institution", "Cedars-Sinai", "--specialty", "Peds/Genetics").split()
    )


def test_those_without_a_percentage_stand_where_their_tier_does(sample_data: Path) -> None:
    found = rows(sample_data)
    open_ = found[found["sponsor_tier"].isin(["likely", "possible", "unknown"])]
    middle = open_.groupby("sponsor_tier")["sponsoring_likelihood"].transform("median")
    shares = open_["sponsoring_likelihood"].astype("float64").fillna(middle).dropna().tolist()
    assert shares == sorted(shares, reverse=True)
    groups = found["sponsor_tier"].replace(["possible", "unknown"], "likely")
    order = ["sponsors", "case_by_case", "likely", "conflicting", "j1_only", "none"]
    assert list(dict.fromkeys(groups)) == [tier for tier in order if tier in set(groups)]


def test_a_limit_says_what_it_leaves_out(sample_data: Path) -> None:
    said = run(sample_data, "query", "--state", "MA", "--limit", "2")
    assert re.search(r"\n\d\d programs, 2 shown \(all: --limit \d\d\)\.", said)
    assert len(rows(sample_data, "--state", "MA", "--limit", "2")) > 2, "a file has all"


def test_what_the_lists_have_is_said_of_specialties_and_places_not_of_institutions(sample_data: Path) -> None:
    assert "Coverage, all programs in MA:" in run(sample_data, "query", "--state", "MA")
    assert "Coverage" not in run(sample_data, "query", "--institution", "Cedars-Sinai")


def test_who_denies_an_h1b_can_be_left_out(sample_data: Path) -> None:
    assert set(rows(sample_data, "--h1b")["visa_category"]) <= {"A", "B", "J", "?"}
    assert set(rows(sample_data, "--category", "unknown")["visa_category"]) == {"?"}


def test_known_words_that_fit_nothing_together_say_so(sample_data: Path) -> None:
    said = run(sample_data, "query", "--specialty", "Dermatology", "--state", "Guam")
    assert "Every word asked is known" in said


def test_a_category_that_nobody_has_is_told_with_the_others(sample_data: Path) -> None:
    listed = rows(sample_data)
    place = ("--state", str(listed["state"].iloc[0]))
    counts = rows(sample_data, *place)["visa_category"].value_counts()
    nobodys = next(letter for letter in VISA_CATEGORY if letter not in counts)
    said = run(sample_data, "query", *place, "--category", nobodys)
    assert "0 programs" in said and all(f"{letter} {count:,}" in said for letter, count in counts.items())

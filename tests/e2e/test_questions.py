"""The five questions of docs/questions.md, as a user types them, on the embedded sample and on the national files."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT

QUESTIONS = PROJECT / "docs" / "questions.md"
SOUTHERN = "Los Angeles|Riverside|San Diego|Oxnard|Santa Barbara|Bakersfield|San Luis Obispo|El Centro"


@pytest.fixture(params=["embedded_data", "national_data"])
def data(request: pytest.FixtureRequest) -> Path:
    """A data folder with a release: the embedded sample's, then the national one."""
    return request.getfixturevalue(request.param)


def asked(heading: int, part: str = "") -> list[list[str]]:
    """Words of the commands under a heading of the document, without `h1b-sponsors`."""
    section = re.split(r"^## \d\. ", QUESTIONS.read_text("utf-8"), flags=re.MULTILINE)[heading]
    text = re.sub(r"\\\n\s+", "", section)
    return [
        shlex.split(line)[1:] for line in re.findall(r"^    (h1b-sponsors .*)$", text, re.MULTILINE) if part in line
    ]


def run(data: Path, words: list[str]) -> str:
    result = CliRunner().invoke(app, words, env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def table(data: Path, words: list[str]) -> pd.DataFrame:
    return pd.DataFrame(json.loads(run(data, [*words, "--format", "json"])))


def test_genetics_that_sponsors_or_may_cap_exempt_with_evidence(data: Path) -> None:
    (words,) = asked(1)
    rows = table(data, words)
    assert len(rows) >= 30 and rows["specialty"].str.contains("Genetic").all()
    assert rows["specialty"].str.contains("/").any() and (rows["specialty"] == "Medical Genetics and Genomics").any()
    assert rows["state"].nunique() >= 10
    assert rows["cap_exempt_category"].isin(EXEMPT_CATEGORIES).all()
    assert set(rows["sponsor_tier"]) <= {"sponsors", "case_by_case", "likely", "possible"}
    assert rows["tier_reasons"].map(len).min() >= 1 and rows["cap_exempt_basis"].notna().all()
    stated = rows[rows["sponsor_tier"].isin(["sponsors", "case_by_case"])]
    assert stated[["evidence_quote", "evidence_url", "evidence_kind"]].notna().all().all()


def test_southern_california_by_category(data: Path) -> None:
    (words,) = asked(2)
    everything = words[: words.index("--category")]
    whole = table(data, everything)
    assert whole["metro_area"].str.contains(SOUTHERN).all() and len(whole) >= 15
    assert whole["specialty"].str.contains("Internal Medicine|Family Medicine|Pediatrics").all()
    apart = [run(data, [*everything, "--category", category, "--format", "csv"]) for category in "ABJCDN?"]
    codes = [pd.read_csv(io.StringIO(text), dtype="str")["program_code"].tolist() for text in apart]
    assert sorted(code for part in codes for code in part) == sorted(whole["program_code"])


def test_the_sample_has_category_b_and_c_in_southern_california(embedded_data: Path) -> None:
    (words,) = asked(2)
    found = table(embedded_data, words[: words.index("--category")])
    assert {"B", "C"} <= set(found["visa_category"])
    denied = found[found["visa_category"] == "C"]
    assert denied[["evidence_quote", "evidence_url"]].notna().all().all()


def test_who_filed_in_boston_and_massachusetts(data: Path) -> None:
    boston, state = (table(data, words) for words in asked(3))
    assert boston["metro_area"].str.contains("Boston").all() and set(state["state"]) == {"MA"}
    names = " ".join(state["institution"])
    assert "Beth Israel Deaconess" in names and "Brigham" in names
    assert state["specialty"].nunique() >= 5 and set(state["level"]) <= {"resident", "fellow", "trainee_unspecified"}
    regimes = state[["before_payment", "payment_demanded", "payment_suspended", "not_known"]]
    assert (regimes.sum(axis=1) == state["filings"]).all()
    assert state["recent"].sum() > 50 and (state["recent"] <= state["filings"]).all()
    said = run(data, asked(3)[1])
    assert "demanded" in said and "past practice" in said


@pytest.mark.parametrize("place", [0, 1])
def test_one_institution_whole(data: Path, place: int) -> None:
    short, said = run(data, asked(4)[place][:2]), run(data, [*asked(4)[place][:2], "--full"])
    assert "Filed for trainees, past practice" in short and len(short.splitlines()) <= 60 and len(short) < len(said)
    heads = ("programs", "Petitions, fiscal years", "Approved petitions by fiscal year", "How those petitioners were linked",
             "Applications for trainees", "Cap exemption", "Letters and answers")  # fmt: skip
    places = [said.index(head) for head in heads]
    assert places == sorted(places)
    assert "stated policy at hand" in said or "http" in said
    questions = said[places[-1] :]
    assert questions.count("  - ") >= 4 and "$100,000" in questions and "Step 3" in questions


def test_the_shortlist_of_the_example(data: Path) -> None:
    words = asked(5)[0]
    rows = table(data, words)
    assert len(rows) >= 30 and set(rows["light"]) <= {"green", "yellow", "red"}
    for _, group in rows.groupby("light", sort=False):
        assert group["score"].is_monotonic_decreasing
    assert (rows.loc[rows["cap_exempt_category"] == "likely_cap_subject", "light"] == "red").all()


def test_every_program_of_the_input_is_in_the_list_once(data: Path) -> None:
    """Read off the archived files themselves, not off what a reader made of them."""
    tables = [pd.read_csv(path, dtype="str") for path in (data / "raw" / "acgme").glob("*/*.csv*")]
    codes = {code for table in tables if "program_name" in table.columns for code in table["program_code"]}
    listed = pd.read_parquet(data / "curated" / "latest" / "functional_h1b_sponsors.parquet")["program_code"]
    assert len(codes) > 100 and listed.is_unique and codes == set(listed)


def test_the_way_to_genetics_inside_one_institution(data: Path) -> None:
    listed = pd.read_parquet(data / "curated" / "latest" / "functional_h1b_sponsors.parquet")
    genetics = listed[(listed["specialty_code"] == "130") & (listed["related_programs"].map(len) > 0)]
    kinds = {one["relation"] for row in genetics["related_programs"] for one in row}
    assert {"before", "combined"} <= kinds
    row = genetics[genetics["related_programs"].map(lambda row: any(one["relation"] == "before" for one in row))].iloc[
        0
    ]
    said = " ".join(run(data, ["explain", row["program_code"], "--full"]).split())
    assert "Same institution, trained in before it:" in said

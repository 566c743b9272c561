"""`h1b-sponsors shortlist` on the release of the sample."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT

EXAMPLE = str(PROJECT / "docs" / "profile.example.toml")


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.stdout if not code else result.output


def test_the_table_is_in_three_lights_and_says_how_unknown_counts(sample_data: Path) -> None:
    said = run(sample_data, "shortlist", "--profile", EXAMPLE)
    green, yellow, red = (f"\n{said}".index(f"\n{light} ") for light in ("green", "yellow", "red"))
    assert green < yellow < red
    assert "counts 2.5, never as a no" in said and "of other specialties, levels or places left out" in said


def test_csv_keeps_the_parts_of_each_score(sample_data: Path) -> None:
    rows = pd.read_csv(io.StringIO(run(sample_data, "shortlist", "--profile", EXAMPLE, "--format", "csv")))
    assert list(rows.columns) == [*SHORTLIST.columns, "sample"] and rows["program_code"].is_unique and len(rows) > 20
    weights = pd.Series(
        {"visa_fit": 5, "evidence_strength": 3, "recency": 2, "place": 2, "specialty_fit": 2, "size": 1}
    )
    by_hand = (rows[list(CRITERIA)].fillna(2.5) * weights).sum(axis=1) / weights.sum()
    assert (by_hand - rows["score"]).abs().max() < 0.006
    denied = rows[rows["h1b_stated"] == "no"]
    assert len(denied) and set(denied["light"]) <= {"red", "yellow"}
    assert set(rows.loc[rows["sponsor_tier"] == "unknown", "light"]) <= {"yellow", "red"}
    silent = (rows["sponsor_tier"] == "unknown") & (rows["j1_stated"] == "not_stated")
    assert silent.any() and rows.loc[silent, "visa_fit"].isna().all()
    assert rows["why"].str.contains("visa fit").all()


def test_xlsx_has_the_rows_and_the_meaning_of_each_column(sample_data: Path, tmp_path: Path) -> None:
    book = tmp_path / "shortlist.xlsx"
    run(sample_data, "shortlist", "--profile", EXAMPLE, "--format", "xlsx", "--output", str(book))
    sheets = pd.read_excel(book, engine="calamine", sheet_name=None, dtype="str")
    columns = list(sheets["shortlist"].columns)
    assert columns == sheets["definitions"]["column"].tolist() and columns[1] == "sample"
    assert [column for column in columns if column != "sample"] == list(SHORTLIST.columns)
    assert set(sheets["shortlist"]["sample"]) == {"yes: no current list"}
    assert sheets["definitions"]["meaning"].notna().all() and len(sheets["shortlist"]) > 20
    assert sheets["shortlist"]["program_code"].str.fullmatch(r"\d{10}").all()


def test_one_light_can_be_asked_for(sample_data: Path) -> None:
    shown = run(sample_data, "shortlist", "--profile", EXAMPLE, "--light", "red")
    assert "\nyellow " not in shown and "parts" not in shown.replace("--parts", "")
    assert "evidence" in run(sample_data, "shortlist", "--profile", EXAMPLE, "--light", "red", "--parts")
    said = run(sample_data, "shortlist", "--profile", EXAMPLE, "--light", "red", "--format", "csv")
    assert set(pd.read_csv(io.StringIO(said))["light"]) == {"red"}


@pytest.mark.parametrize(
    ("profile", "words", "said"),
    [
        ('visas = ["H-1B"]\nspecialties = ["Podiatry"]', [], "unknown specialty 'Podiatry'"),
        ('visas = ["H-1B"]', ["--light", "blue"], "unknown light 'blue'"),
        ('visas = ["H-1B"]', ["--format", "xlsx"], "--output FILE"),
        (None, [], "No such file"),
    ],
)
def test_what_a_user_did_wrong_is_told_in_a_line(
    sample_data: Path, tmp_path: Path, profile: str | None, words: list[str], said: str
) -> None:
    path = tmp_path / "profile.toml"
    if profile is not None:
        path.write_text(profile)
    command = ["shortlist", "--profile", str(path), *words]
    result = CliRunner().invoke(app, command, env={DATA_DIR_VARIABLE: str(sample_data)})
    assert result.exit_code != 0 and "Traceback" not in result.output
    lines = [line for line in result.output.splitlines() if line.strip() and "no current list" not in line]
    assert len(lines) == 1 and said in lines[0]


def test_what_is_closed_to_the_applicant_is_red_with_its_reason_on_the_screen(
    sample_data: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text('visas = ["H-1B"]\n[applicant]\nwhere = "abroad"\nschool = "foreign"\n')
    rows = pd.read_csv(io.StringIO(run(sample_data, "shortlist", "--profile", str(profile), "--format", "csv")))
    closed = rows[rows["why"].str.contains("closed", na=False)]
    assert (closed["light"] == "red").all()
    said = run(sample_data, "shortlist", "--profile", str(profile), "--light", "red", "--limit", "500")
    assert "against" in said and (closed.empty or "closed to" in " ".join(said.split()))


def test_own_interest_and_notes_are_kept_and_shown(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "curated").mkdir(parents=True)
    (data / "curated" / "latest").symlink_to(sample_data / "curated" / "latest")
    first = pd.read_csv(io.StringIO(run(data, "shortlist", "--profile", EXAMPLE, "--format", "csv")), dtype="str")
    code = first["program_code"].iloc[-1]
    assert "own_notes.csv" in run(data, "note", code, "--interest", "4", "--text", "asked in May")
    again = pd.read_csv(io.StringIO(run(data, "shortlist", "--profile", EXAMPLE, "--format", "csv")), dtype="str")
    row = again.set_index("program_code").loc[code]
    assert (row["interest"], row["notes"]) == ("4", "asked in May")
    assert "no program 9999999999" in run(data, "note", "9999999999", "--interest", "4", code=2)
    assert "say --interest" in run(data, "note", code, code=2)

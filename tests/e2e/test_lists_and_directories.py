"""Program lists and saved directory pages, from the door to what the commands show of them. All content is invented."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE
from tests.conftest import AS_OF, made_once
from tests.sources.test_directory_pages import VISAS, document, explorer, freida

LIST = """program_code,program_name,specialty_code,specialty,sponsor_code,sponsor_name,city,state,zip,accreditation_status,website,list_year
1409900001,Riverton Medical Center Program,140,Internal Medicine,,Riverton Medical Center,Riverton,OH,44000,Continued Accreditation,,2026
M409900002,Riverton Medical Center Program,,Internal Medicine/Pediatrics,,Riverton Medical Center,Riverton,OH,44000,Probationary Accreditation,,2026
9999900003,Riverton Medical Center Program,999,Transitional Year,,Riverton Medical Center,Riverton,OH,44000,Voluntary Withdrawal,,2026
3209900004,Riverton Medical Center Program,320,Pediatrics,,Riverton Medical Center,Riverton,OH,44000,Initial Accreditation,,2026
"""
CONFIRMED = (
    "program_code,date,how,j1,h1b,step3,note\nM409900002,2026-10-01,email,yes,no,not stated,H-1B is not sponsored\n"
)
PAGE = "<html><body><h1>Visas, Internal Medicine Residency</h1><p>We sponsor J-1 visas. We do not sponsor H-1B visas.</p></body></html>"
PEDIATRICS = {"field_program_id": "3209900004", "title": "Riverton Medical Center Program"}
COMBINED = {"field_program_id": "M409900002", "title": "Riverton Medical Center Program"}


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release of the list and pages above; treat it as read-only."""

    def make(data: Path) -> None:
        files = data / "incoming"
        files.mkdir()
        for name, text in {
            "programs.csv": LIST,
            "confirmations.csv": CONFIRMED,
            "internal.html": freida(document()),
            "pediatrics.html": freida(document(program=PEDIATRICS)),
            "combined.html": freida(document(program=COMBINED)),
            "explorer.html": explorer(*VISAS),
        }.items():
            (files / name).write_text(text, "utf-8")
        run("add", str(files))
        (data / "page.html").write_text(PAGE, "utf-8")
        run("add", str(data / "page.html"), "--url", "https://riverton.example/visas", "--program", "1409900001")
        (data / "summary.txt").write_text(run("refresh", "--as-of", AS_OF), "utf-8")

    return made_once(tmp_path_factory, "listed", make)


@pytest.fixture(autouse=True)
def _folder(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(listed))


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "curated" / "latest" / f"{name}.parquet")


def test_what_is_stated_of_each_program(listed: Path) -> None:
    found = table(listed, "functional_h1b_sponsors").set_index("program_code")
    stated = found[["h1b_stated", "j1_stated", "evidence_kind", "sponsor_tier"]].fillna("none")
    assert {str(code): tuple(row) for code, row in zip(found.index, stated.to_numpy().tolist(), strict=True)} == {
        "1409900001": ("no", "yes", "page", "j1_only"),  # the program's own page before two directories
        "3209900004": ("yes", "yes", "directory", "sponsors"),
        "9999900003": ("not_stated", "not_stated", "none", "unknown"),
        "M409900002": ("no", "yes", "confirmed", "j1_only"),
    }
    assert found["accreditation"].to_dict() == {
        "1409900001": "accredited", "M409900002": "probation", "9999900003": "withdrawn", "3209900004": "new",
    }  # fmt: skip
    assert found.loc["3209900004", "img_percent"] == 61.5


def test_contradictions_are_in_the_review_queue(listed: Path) -> None:
    queue = table(listed, "review_queue")
    assert queue["kind"].tolist() == ["visa_policy"] * 3
    assert {subject[-11:-1] for subject in queue["subject"]} == {"1409900001", "M409900002"}
    assert "3 visa policies" in (listed / "summary.txt").read_text("utf-8")
    assert len(table(listed, "directory_answers")) == 4


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (("--status", "new"), {"3209900004"}),
        (("--status", "probation", "--status", "withdrawn"), {"M409900002", "9999900003"}),
        (("--status", "not-listed"), set()),
        (("--track", "transitional"), {"9999900003"}),
        (("--track", "preliminary"), set()),
    ],
)
def test_programs_are_told_apart_by_status_and_track(words: tuple[str, ...], codes: set[str]) -> None:
    shown = run("query", *words)
    assert {code for code in ("1409900001", "M409900002", "9999900003", "3209900004") if code in shown} == codes


@pytest.mark.parametrize(("option", "word"), [("--status", "closed"), ("--track", "rural")])
def test_an_unknown_status_or_track_is_told_in_a_line(option: str, word: str) -> None:
    result = CliRunner().invoke(app, ["query", option, word])
    assert result.exit_code == 2 and f"unknown {option[2:]} '{word}'; known are" in result.output


def test_explain_shows_accreditation_answers_and_the_contradiction() -> None:
    said = " ".join(run("explain", "1409900001", "--full").split())
    assert "Accreditation: accredited (as listed: Continued Accreditation)" in said
    assert "as it answered in AMA FREIDA (2025-03-28): 61.5 % of schools abroad" in said
    assert "An answer of the program in a directory of 28 March 2025 says otherwise: H-1B yes." in said
    assert "Answered in AAMC Residency Explorer: J-1 Sponsorship through ECFMG: Yes" in said
    assert "Accreditation: probation" in run("explain", "m409900002", "--full")


def test_a_program_whose_accreditation_was_withdrawn_gets_no_letter() -> None:
    letters = run("contact-list", "--contact", "to_ask", "--contact", "answered")
    assert "3209900004" in letters and "M409900002" in letters and "9999900003" not in letters
    assert "accreditation probation" in letters


def test_the_shortlist_takes_status_and_track(tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    profile.write_text('visas = ["H-1B"]\n[weights]\nimg_share = 2\n', "utf-8")
    assert "1 program." in run("shortlist", "--profile", str(profile), "--status", "new")
    assert "1 program." in run("shortlist", "--profile", str(profile), "--track", "transitional")
    assert "4 programs" in run("shortlist", "--profile", str(profile))

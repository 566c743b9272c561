"""One page, read and shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE

PAGE = (
    "<html><head><title>Residency</title></head><body><h1>Pediatrics Residency</h1><p>Six residents a year.</p>"
    "<p>We sponsor J-1 visas. H-1B visas are not sponsored.</p><p>The cooks are excellent.</p></body></html>"
)


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["read-page", *words], env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return path


def test_the_evidence_is_marked_among_its_neighbours(page: Path) -> None:
    said = run(page.parent, str(page), "--program", "Pediatrics")
    assert "»We sponsor J-1 visas. H-1B visas are not sponsored.«" in said
    assert "Six residents a year." in said and "The cooks are excellent." in said
    assert "j1_only" in said and "under       Pediatrics Residency" in said
    assert "The two readers agree" in said and "By weights: j1_only" in said
    assert "Six residents" not in run(page.parent, str(page), "--context", "0").split("Evidence")[1]


def test_why_shows_the_phrases_and_claims_of_each_sentence_near_visas(page: Path) -> None:
    said = run(page.parent, str(page), "--program", "Pediatrics", "--why").split("Sentence by sentence")[1]
    yes, no = said.split("We sponsor J-1 visas.")[1].split("H-1B visas are not sponsored.")
    assert "sponsor (support)" in yes and "j1 yes" in yes and "h1b" not in yes
    assert "not (neg" in no and "h1b no" in no
    assert "cooks" not in said


def test_json_gives_the_sentence_its_block_and_characters(page: Path) -> None:
    said = json.loads(run(page.parent, str(page), "--specialty", "Pediatrics", "--json"))
    assert (said["policy"], said["j1"], said["h1b"], said["program"]) == ("j1_only", "yes", "no", "Pediatrics")
    [piece] = said["evidence"]
    assert piece["headings"] == ["Pediatrics Residency"]
    assert (
        piece["end"] - piece["start"]
        == len("We sponsor J-1 visas. H-1B visas are not sponsored.")
        == len(piece["quote"])
    )


def test_another_programs_policy_is_not_this_ones(page: Path) -> None:
    assert json.loads(run(page.parent, str(page), "--program", "Neurology", "--json"))["policy"] == "not_stated"
    said = run(page.parent, str(page), "--program", "Neurology")
    assert "No sentence on this page states a policy on visas." in said


def test_an_address_is_read_from_the_archive(page: Path, tmp_path: Path) -> None:
    data, url = tmp_path / "data", "https://hospital.example/visa"
    told = ["add", str(page), "--url", url, "--program", "3200500911", "--institution", "X Hospital"]
    assert CliRunner().invoke(app, told, env={DATA_DIR_VARIABLE: str(data)}).exit_code == 0
    said = json.loads(run(data, f"{url}/#visas", "--json"))
    assert (said["policy"], said["program"], said["institution"]) == ("j1_only", "Pediatrics", "X Hospital")
    assert said["snapshot"].startswith("program_pages/") and said["media"] == "html"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"  \n", "is empty"),
        (b"\x00\x01\x02", "neither HTML, PDF nor plain text"),
        (b"%PDF-1.4 broken", "page"),
    ],
)
def test_what_can_not_be_read_is_told_in_a_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "page"
    if content is not None:
        path.write_bytes(content)
    output = run(tmp_path, str(path), code=1)
    assert said in output and len(output.strip().splitlines()) == 1


def test_an_address_that_is_not_archived_says_what_to_do(tmp_path: Path) -> None:
    output = run(tmp_path, "https://nowhere.example/visa", code=1)
    assert "h1b-sponsors add FILE --url https://nowhere.example/visa" in output


def test_plain_text_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text("Visa policy\n\nNo visas are sponsored.\n")
    assert json.loads(run(tmp_path, str(path), "--json"))["policy"] == "none"


def test_the_page_can_neither_style_nor_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<p>[bold]loud[/bold] [/never] :warning: \x1b[2J\u202e J-1 visas are [link=https://e.example]accepted[/link].</p>"
    )
    said = run(tmp_path, str(path))
    assert "[bold]loud[/bold] [/never] :warning:" in said and "[link=https://e.example]" in said
    assert "\x1b[2J" not in said and "\u202e" not in said

"""Saved pages of program directories, drawn here after descriptions of them; programs and answers are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.recognition import recognise
from pipeline.fetch.addresses import normalise
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import to_arrow, to_frame
from pipeline.sources import program_pages
from pipeline.sources.base import Hints, SourceError
from pipeline.sources.catalogue import SOURCES
from pipeline.sources.directory_pages.source import SOURCE
from pipeline.sources.directory_pages.visas import accepted_visas, visas_by_row
from pipeline.sources.probe import probe

SAVED = {"retrieved_on": "2026-11-20", "snapshot_id": "directory_pages/a"}
SURVEY = {
    "field_visa_status": ["J-1 through ECFMG", "H-1B"], "field_first_year_positions": 12, "field_pct_img": 61.5,
    "field_pct_do": 10.2, "field_pct_usmd": 28.3, "field_website": "https://riverton.example/im",
    "field_accepting_next_year": True,
}  # fmt: skip
PROGRAM = {
    "title": "Riverton Medical Center Program", "field_program_id": "1409900001", "changed": "2025-03-28T08:08:20+00:00",
    "field_address": {"locality": "Riverton", "administrative_area": "OH"}, "field_accredited_length": 3,
}  # fmt: skip
PERSON = {
    "type": "node--contact",
    "id": "p1",
    "attributes": {"field_first_name": "Nobody", "field_email": "n@riverton.example"},
}


def document(survey: dict[str, Any] | None = None, program: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON:API document of a program, with what is changed in its survey and its own attributes."""
    relationships = {
        "field_specialty": {"data": {"type": "taxonomy_term--specialty", "id": "t1"}},
        "field_survey": {"data": [{"type": "node--survey", "id": "s1"}]},
        "field_program_director": {"data": {"type": "node--contact", "id": "p1"}},
    }
    node = {
        "type": "node--program",
        "id": "a1",
        "attributes": PROGRAM | (program or {}),
        "relationships": relationships,
    }
    included = [
        PERSON,
        {"type": "taxonomy_term--specialty", "id": "t1", "attributes": {"name": "Internal Medicine"}},
        {"type": "node--survey", "id": "s0", "attributes": {"field_visa_status": ["F-1"]}},
        {"type": "node--survey", "id": "s1", "attributes": SURVEY | (survey or {})},
    ]
    return {"data": node, "included": included}


def freida(
    *answers: Any, title: str = "Riverton Medical Center Program | FREIDA Internal Medicine", before: str = ""
) -> str:
    state = {f"G.{number}": {"b": answer} for number, answer in enumerate(answers, start=1)}
    return (
        f"{before}<!doctype html><html><head><title>{title}</title></head><body><app-root><h1>Riverton Medical Center Program</h1>"
        f'</app-root><script id="ng-state" type="application/json">{json.dumps(state)}</script></body></html>'
    )


VISAS = (("J-1 Sponsorship through ECFMG", "Yes"), ("H1-B", "Yes"), ("F-1 (OPT Program)", "&ndash;"))
FOOTNOTE = "Only residents who are U.S. citizens, permanent residents, or asylees are counted. Dashes mean that no data were provided."


def explorer(
    *rows: tuple[str, str], code: str = "1409900001C", more: str = "", title: str = "Residency Explorer&trade; Tool"
) -> str:
    cells = "".join(f"<tr><th>{label}</th><td><span class='fa'></span> {answer}</td></tr>" for label, answer in rows)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body>"
        '<h1 class="program-detail-name">Riverton Medical Center Program</h1><h3>Riverton Medical Center <span>Internal Medicine</span></h3>'
        f"<div><label>ACGME Program Code:</label> <span>{code}</span></div>"
        "<div><label>Address:</label> <span>Riverton Medical Center</span> <span>1 Main St</span> <span>Riverton, OH 44000</span></div>"
        '<div><label>Website:</label> <a href="https://riverton.example/im">riverton.example</a></div>'
        f'<table><thead><tr><th colspan="2">Visa Status Information</th></tr></thead>{cells}</table>{more}'
        f"<h2>Average for ACGME Internal Medicine Programs</h2><table><tr><th>International graduates</th><td>44%</td></tr></table><p>{FOOTNOTE}</p></body></html>"
    )


def read(tmp_path: Path, page: str, **hints: str) -> dict[str, Any]:
    """The one row of a page that is recognised as a directory's, and as no web page."""
    path = tmp_path / "saved.html"
    path.write_text(page, "utf-8")
    seen = probe(path)
    source, layout = recognise(seen, SOURCES)
    assert source is SOURCE
    assert program_pages.SOURCE.recognise(seen) is None
    parsed = source.read(seen, layout, Hints(SAVED | hints))
    frame = to_frame(to_arrow(parsed.tables["directory_answers"].assign(snapshot_id="s"), "directory_answers"))
    assert violations(frame, "directory_answers") == []
    row = frame.astype(object).where(frame.notna(), None).iloc[0]
    assert "Nobody" not in str(row.to_dict()) and "@" not in str(row.to_dict())
    return {str(name): value for name, value in row.items()}


def stances(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["j1"], row["h1b"], row["f1"]


def test_reads_a_page_of_freida(tmp_path: Path) -> None:
    row = read(tmp_path, freida(document()))
    assert stances(row) == ("yes", "yes", "not_stated")
    assert row["visa_answers"] == "J-1 through ECFMG; H-1B"
    assert (row["img_percent"], row["do_percent"], row["us_md_percent"]) == (61.5, 10.2, 28.3)
    assert (row["program_code"], row["answered_in"]) == ("1409900001", "ama_freida")
    assert (row["specialty"], row["city"], row["state"]) == ("Internal Medicine", "Riverton", "OH")
    assert (row["first_year_positions"], row["length_years"], row["website"]) == (
        12,
        3.0,
        "https://riverton.example/im",
    )
    assert str(row["answered_on"])[:10] == "2025-03-28" and str(row["retrieved_on"])[:10] == "2026-11-20"
    assert row["accepting_next_year"] is True and row["accepting_current_year"] is None


def test_reads_a_page_of_residency_explorer(tmp_path: Path) -> None:
    row = read(tmp_path, explorer(*VISAS))
    assert stances(row) == ("yes", "yes", "not_stated"), "the footnote on citizens is no policy"
    assert row["img_percent"] is None, "the average of a specialty is nobody's answer"
    assert (row["program_code"], row["program_name"]) == ("1409900001", "Riverton Medical Center Program")
    assert (row["specialty"], row["city"], row["state"]) == ("Internal Medicine", "Riverton", "OH")
    assert row["website"] == "https://riverton.example/im" and row["answered_on"] is None


@pytest.mark.parametrize(
    ("survey", "visas"),
    [
        ({"field_visa_status": []}, ("not_stated",) * 3),
        ({"field_visa_status": None}, ("not_stated",) * 3),
        ({"field_visa_status": ""}, ("not_stated",) * 3),
        ({"field_visa_status": "J1"}, ("yes", "not_stated", "not_stated")),
        ({"field_visa_status": "H-1B, J-1, F-1 OPT"}, ("yes", "yes", "yes")),
        ({"field_visa_status": [{"value": "h1b", "label": "H-1B"}]}, ("not_stated", "yes", "not_stated")),
        ({"field_visa_status": [{"value": "H-1B", "label": "No"}, {"value": "J-1", "label": "Yes"}]}, ("yes", "no", "not_stated")),
        ({"field_visa_status": [{"value": False, "label": "H-1B"}, {"value": True, "label": "J-1"}]}, ("yes", "not_stated", "not_stated")),
        ({"field_visa_status": ["J-1 (ECFMG) only"]}, ("yes", "no", "no")),
        ({"field_visa_status": [{"value": "F-1"}]}, ("not_stated", "not_stated", "yes")),
    ],
)  # fmt: skip
def test_visas_of_freida_in_their_forms(tmp_path: Path, survey: dict[str, Any], visas: tuple[str, str, str]) -> None:
    assert stances(read(tmp_path, freida(document(survey)))) == visas


@pytest.mark.parametrize(
    ("values", "visas"),
    [
        (["J-1 through ECFMG", "H-1B", "F-1"], ("yes", "yes", "yes")),
        (["J-1 visa only"], ("yes", "no", "no")),
        (["Only J-1"], ("yes", "no", "no")),
        (["J-1 through ECFMG only"], ("yes", "not_stated", "not_stated")),
        (["J-1 and H-1B only"], ("yes", "yes", "no")),
        (["No visas accepted"], ("no", "no", "no")),
        (["We do not sponsor visas"], ("no", "no", "no")),
        (["No H-1B"], ("not_stated", "no", "not_stated")),
        (["J-1; no H-1B"], ("yes", "no", "not_stated")),
        (["No J-1 or H-1B"], ("no", "no", "not_stated")),
        (["No J-1, H-1B"], ("no", "not_stated", "not_stated")),
        (["J-1 and H-1B not accepted"], ("not_stated", "no", "not_stated")),
        (["J-1 accepted, H-1B not accepted"], ("yes", "no", "not_stated")),
        (["H-1B: Not reported"], ("not_stated", "not_stated", "not_stated")),
        (["H-1B: -", "J-1: Yes"], ("yes", "not_stated", "not_stated")),
        (["H-1B case by case"], ("not_stated", "case_by_case", "not_stated")),
        (["H-1B for transfers"], ("not_stated", "case_by_case", "not_stated")),
        (["H‑1B", "J – 1"], ("yes", "yes", "not_stated")),
        (["None"], ("not_stated", "not_stated", "not_stated")),
        (["Not reported"], ("not_stated", "not_stated", "not_stated")),
        (["-"], ("not_stated", "not_stated", "not_stated")),
        (["U.S. citizens"], ("not_stated", "not_stated", "not_stated")),
        (["H-1B", "no H-1B"], ("not_stated", "not_stated", "not_stated")),
    ],
)
def test_a_list_of_accepted_visas(values: list[str], visas: tuple[str, str, str]) -> None:
    found = accepted_visas(values)
    assert (found.j1, found.h1b, found.f1) == visas


@pytest.mark.parametrize(
    ("answer", "stance"),
    [
        ("Yes", "yes"), ("yes.", "yes"), ("No", "no"), ("–", "not_stated"), ("-", "not_stated"), ("--", "not_stated"),
        ("", "not_stated"), ("Not reported", "not_stated"), ("N/A", "not_stated"), ("No data provided", "not_stated"),
        ("Data not provided", "not_stated"), ("Not applicable", "not_stated"), ("Unknown", "not_stated"),
        ("Case by case", "case_by_case"), ("Yes, for exceptional applicants", "case_by_case"), ("Contact program", "not_stated"),
        ("None", "not_stated"),
    ],
)  # fmt: skip
def test_an_answer_beside_a_visa(answer: str, stance: str) -> None:
    assert visas_by_row([("H1-B", answer), ("Step 3", "No")]).h1b == stance


@given(
    st.lists(
        st.sampled_from(
            ["", "-", "–", "--", " ", "N/A", "Not reported", "Not provided", "No data", "Unknown", "No answer"]
        )
    )
)
def test_silence_is_never_a_stance(answers: list[str]) -> None:
    listed = accepted_visas(answers)
    rowed = visas_by_row([(label, answer) for answer in answers for label, _ in VISAS])
    for found in (listed, rowed):
        assert (found.j1, found.h1b, found.f1) == ("not_stated", "not_stated", "not_stated")


def test_explorer_without_some_rows_in_another_order_and_with_columns_of_others(tmp_path: Path) -> None:
    shares = (
        "<table><thead><tr><th></th><th>Specialty average</th><th>This program</th></tr></thead>"
        "<tr><th>% IMG</th><td>44%</td><td>52.5%</td></tr><tr><th>Osteopathic graduates (%)</th><td>15%</td><td>&ndash;</td></tr></table>"
        "<table><tr><th>Accreditation Effective Date</th><td>07/01/2024</td></tr><tr><th>Accreditation Status</th><td>Continued Accreditation</td></tr>"
        "<tr><th>Total</th><td>36</td></tr><tr><th>Accredited Length of Training (years)</th><td>3</td></tr></table>"
    )
    row = read(tmp_path, explorer(("H1-B", "No"), code="1409900001P", more=shares))
    assert stances(row) == ("not_stated", "no", "not_stated")
    assert (row["img_percent"], row["do_percent"], row["total_positions"], row["length_years"]) == (52.5, None, 36, 3.0)
    assert (
        row["accreditation_status"] == "Continued Accreditation" and str(row["accreditation_date"])[:10] == "2024-07-01"
    )


@pytest.mark.parametrize(
    ("label", "answer", "name", "share"),
    [
        ("International Medical Graduates (IMGs)", "45.5%", "img_percent", 45.5),
        ("Percent IMG", "45", "img_percent", 45.0),
        ("IMG", "12", "img_percent", None),  # a number of persons
        ("% of IMG applicants interviewed", "12", "img_percent", None),
        ("Non-U.S. IMG", "12%", "img_percent", None),
        ("DO", "7 %", "do_percent", 7.0),
        ("Do residents work at night? (%)", "7%", "do_percent", None),
        ("US MD", "30%", "us_md_percent", 30.0),
    ],
)
def test_shares_of_explorer_are_those_of_trainees(
    tmp_path: Path, label: str, answer: str, name: str, share: float | None
) -> None:
    assert read(tmp_path, explorer((label, answer)))[name] == share


def test_a_table_of_two_plain_cells(tmp_path: Path) -> None:
    rows = "<table><tr><td>H-1B visa</td><td>Yes</td></tr><tr><td>J-1</td><td>\u2212</td></tr></table>"
    assert stances(read(tmp_path, explorer(more=rows))) == ("not_stated", "yes", "not_stated")


def test_the_program_of_a_page_is_the_one_it_is_about(tmp_path: Path) -> None:
    others = {
        "data": [
            {"type": "node--program", "attributes": {"title": f"Elsewhere {n}", "field_program_id": f"140990001{n}"}}
            for n in range(3)
        ]
    }
    own = document()
    listed = {"data": [own["data"]], "included": own["included"]}
    for answers in ((others, own), (own, others), (others, listed)):
        assert read(tmp_path, freida({"user": {"data": [1]}}, *answers))["img_percent"] == 61.5
    with pytest.raises(SourceError, match="3 programs"):
        read(tmp_path, freida(others))


def test_a_code_with_a_letter_and_a_program_without_a_survey(tmp_path: Path) -> None:
    page = document(program={"field_program_id": "M409900001"})
    page["included"] = []
    row = read(tmp_path, freida(page))
    assert row["program_code"] == "M409900001" and stances(row) == ("not_stated",) * 3 and row["visa_answers"] is None


@pytest.mark.parametrize(
    ("survey", "name", "value"),
    [
        ({"field_pct_img": "61.5%"}, "img_percent", 61.5), ({"field_pct_img": 0}, "img_percent", 0.0), ({"field_pct_img": "-"}, "img_percent", None),
        ({"field_pct_img": 999}, "img_percent", None), ({"field_pct_img": True}, "img_percent", None),
        ({"field_first_year_positions": "1,204"}, "first_year_positions", 1204),
        ({"field_first_year_positions": 999}, "first_year_positions", None),
        ({"field_website": "javascript:alert(1)"}, "website", None),
        ({"field_date_received": "2025-06-30"}, "answered_on", pd.Timestamp("2025-06-30")),
    ],
)  # fmt: skip
def test_figures_as_they_are_given(tmp_path: Path, survey: dict[str, Any], name: str, value: object) -> None:
    assert read(tmp_path, freida(document(survey)))[name] == value


LOGIN = "<html><head><title>{}</title></head><body><h1>Sign in</h1><p>Please sign in to go on. We use cookies.</p></body></html>"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (freida(document(program={"field_program_id": "14099"})), "program code '14099' is not ten digits"),
        (freida(document({"field_pct_img": 615})), "field_pct_img is 615, more than 100 percent"),
        (LOGIN.format("Sign in | FREIDA"), "AMA FREIDA with no program's answers: a sign-in or cookie page"),
        (freida(), "AMA FREIDA with no program's answers"),
        (freida(document()).replace('"included"', '"included'), "AMA FREIDA with no program's answers"),
        ("<!-- saved from url=(0040)https://freida.ama-assn.org/program/1 -->" + LOGIN.format("AMA Login"), "AMA FREIDA with no"),
        ('<link rel="canonical" href="https://www.residencyexplorer.org/Account/Login">' + LOGIN.format("Log in"),
         "AAMC Residency Explorer without a program's answers: a sign-in or cookie page"),
        (LOGIN.format("Residency Explorer&trade; Tool: Sign In"), "AAMC Residency Explorer without a program's answers"),
        (explorer(*VISAS, code=""), "without a program's answers"),
        (explorer(*VISAS, code="Riverton"), "program code 'Riverton' is not ten digits"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_page_without_answers(tmp_path: Path, page: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"saved\.html") as caught:
        read(tmp_path, page if page.startswith(("<html", "<!")) else f"<html>{page}</html>")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_page_of_a_directory_is_no_web_page_whatever_address_is_given(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    path.write_text("<html><body><p>J-1 and H-1B visas are sponsored.</p></body></html>")
    with pytest.raises(SourceError, match="a page of AMA FREIDA without a program's answers"):
        program_pages.SOURCE.read(
            probe(path), program_pages.HTML, Hints({"url": "https://freida.ama-assn.org/program/1409900001"})
        )


def test_a_program_s_own_page_that_names_a_directory_is_a_web_page(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    page = '<html><head><title>Residency | Riverton</title></head><body><p>See us in <a href="https://freida.ama-assn.org/program/1">FREIDA</a> and Residency Explorer.</p></body></html>'
    path.write_text(page)
    assert recognise(probe(path), SOURCES)[0] is program_pages.SOURCE


@pytest.mark.parametrize(
    "address",
    [
        "https://freida.ama-assn.org/program/1409900001",
        "http://www.residencyexplorer.org/",
        "https://FREIDA.AMA-ASSN.ORG:443/a",
        "https://x.residencyexplorer.org./a",
    ],
)
def test_a_directory_is_never_fetched(address: str) -> None:
    assert normalise(address) is None
    assert normalise("https://freida.ama-assn.org.example/") is not None

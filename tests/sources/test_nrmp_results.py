"""NRMP program results as PDF: pages drawn here in the published layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfgen.canvas import Canvas

from pipeline.schemas.frames import to_arrow
from pipeline.sources import nrmp, program_pages
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

HEIGHT = landscape(letter)[1]
TITLE = "NRMP Program Results 2021-2022 Main Residency Match\N{REGISTERED SIGN}"
COLUMNS = {0: 30, 1: 380, 2: 450, 3: 500, 4: 560, 5: 610}  # x of name, code and the two pairs
FOOTER = "* Did not fill all available positions"
Line = tuple[str, ...]


def institution(name: str, city: str) -> list[Line]:
    return [(name,), ("Program", "", "2022", "", "2021"), (city, "Code", "Quota", "Matched", "Quota", "Matched")]


FIRST: list[Line] = [
    ("ALABAMA",),
    *institution("Brookwood Baptist Health-AL", "Birmingham"),
    ("Internal Medicine", "1903140C0", "8", "8", "6", "5*"),
    ("Medicine-Preliminary", "1903140P0", "1", "0*", "--", "--"),
    *institution("Univ of Alabama Med Ctr-Birmingham", "Birmingham"),
    ("Anesthesiology", "1007040C0", "14", "14", "12", "12"),
]
SECOND: list[Line] = [
    ("ALABAMA",),
    *institution("Univ of Alabama Med Ctr-Birmingham (Continued)", "Birmingham"),
    ("Child Neurology", "1007185C0", "--", "--", "2", "2"),
    ("Program", "", "2022", "", "2021"),
    ("Huntsville", "Code", "Quota", "Matched", "Quota", "Matched"),
    ("Family Medicine/Huntsville", "1009120C0", "12", "12", "12", "12"),
    ("ALASKA",),
    *institution("Alaska Family Med Residency-AK", "Anchorage"),
    ("Family Medicine", "1015120C0", "12", "12", "12", "12"),
]


def draw(path: Path, *pages: list[Line], numbers: tuple[int, ...] = (1, 2), count: int = 2, title: str = TITLE) -> Path:
    """Draw pages; dashes and stars lie a little off the line of the figures, as NRMP prints them."""
    canvas = Canvas(str(path), pagesize=landscape(letter))
    for number, lines in zip(numbers, pages, strict=True):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(200, HEIGHT - 30, title)
        for place, line in enumerate(lines):
            y = HEIGHT - 60 - 16 * place
            for column, cell in enumerate(line):
                plain = cell.rstrip("*")
                canvas.drawString(COLUMNS[column], y + (1.5 if plain == "--" else 0), plain)
                if plain != cell:
                    canvas.drawString(COLUMNS[column] + 14, y + 2, "*")
        canvas.drawString(30, 20, FOOTER)
        canvas.drawString(600, 20, f"Page {number} of {count}")
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> Parsed:
    seen = probe(path)
    assert nrmp.SOURCE.recognise(seen) == nrmp.RESULTS
    assert program_pages.SOURCE.recognise(seen) is None, "a list of tracks is no program page"
    parsed = nrmp.SOURCE.read(seen, nrmp.RESULTS, Hints())
    to_arrow(parsed.tables["nrmp_tracks"], "nrmp_tracks")
    return parsed


def test_reads_tracks_of_all_pages(tmp_path: Path) -> None:
    parsed = read(draw(tmp_path / "results.pdf", FIRST, SECOND))
    assert (parsed.rows_in, parsed.rows_kept) == (6, 6)
    columns = ["state", "institution", "city", "specialty", "nrmp_code", "match_year", "quota", "matched"]
    birmingham = "Univ of Alabama Med Ctr-Birmingham"
    assert parsed.tables["nrmp_tracks"][columns].to_numpy().tolist() == [
        ["AL", "Brookwood Baptist Health-AL", "Birmingham", "Internal Medicine", "1903140C0", 2021, 6, 5],
        ["AL", birmingham, "Birmingham", "Anesthesiology", "1007040C0", 2021, 12, 12],
        ["AL", birmingham, "Birmingham", "Child Neurology", "1007185C0", 2021, 2, 2],
        ["AL", birmingham, "Huntsville", "Family Medicine/Huntsville", "1009120C0", 2021, 12, 12],
        ["AK", "Alaska Family Med Residency-AK", "Anchorage", "Family Medicine", "1015120C0", 2021, 12, 12],
        ["AL", "Brookwood Baptist Health-AL", "Birmingham", "Internal Medicine", "1903140C0", 2022, 8, 8],
        ["AL", "Brookwood Baptist Health-AL", "Birmingham", "Medicine-Preliminary", "1903140P0", 2022, 1, 0],
        ["AL", birmingham, "Birmingham", "Anesthesiology", "1007040C0", 2022, 14, 14],
        ["AL", birmingham, "Huntsville", "Family Medicine/Huntsville", "1009120C0", 2022, 12, 12],
        ["AK", "Alaska Family Med Residency-AK", "Anchorage", "Family Medicine", "1015120C0", 2022, 12, 12],
    ]
    parts = nrmp.SOURCE.parts(parsed, Hints())
    assert [(part.name, part.rows, part.full) for part in parts] == [
        ("2021 AK", 1, True), ("2021 AL", 4, True), ("2022 AK", 1, True), ("2022 AL", 4, True),
    ]  # fmt: skip


def test_a_missing_page_is_refused(tmp_path: Path) -> None:
    path = draw(tmp_path / "results.pdf", FIRST, SECOND, numbers=(1, 3), count=3)
    with pytest.raises(SourceError, match="a page is missing: page 1 of 2 has no such footer"):
        read(path)


@pytest.mark.parametrize(
    "strange",
    [
        ("Internal Medicine", "1903140C0", "8", "8", "6"),
        ("Internal Medicine", "1903140C0", "8", "8", "six", "5"),
        ("A line", "of prose"),
    ],
)
def test_a_line_of_another_form_is_refused(tmp_path: Path, strange: Line) -> None:
    path = draw(tmp_path / "results.pdf", [*FIRST, strange, FIRST[-1]], numbers=(1,), count=1)
    with pytest.raises(SourceError, match="page 1 has a line of an unknown form"):
        read(path)


def test_another_pdf_is_not_taken_for_results(tmp_path: Path) -> None:
    path = draw(tmp_path / "other.pdf", FIRST, SECOND, title="Program Brochure 2022")
    assert nrmp.SOURCE.recognise(probe(path)) is None

"""ACGME report 8, and report 1 with its column of preliminary positions: PDFs drawn here after descriptions of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfgen.canvas import Canvas

from pipeline.schemas.frames import to_arrow
from pipeline.sources.acgme.source import NEW_REPORT, REPORT
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Hints, Layout, Parsed, SourceError
from pipeline.sources.probe import probe

SIZE = 8
Row = Sequence[str]  # cells, whose lines are parted by |
NEW_TITLES = ("Newly Accredited Programs", "Academic Year 2025-2026", "Internal Medicine Programs")


def draw(
    path: Path, titles: Sequence[str], edges: Sequence[float], labels: Row, rows: Sequence[Row], found: str
) -> Path:
    """Draw a report: cells begin at the edges of their columns, one line below the other."""
    canvas = Canvas(str(path), pagesize=landscape(letter))
    canvas.setFont("Helvetica", SIZE)
    y = landscape(letter)[1] - 40
    for title in titles:
        canvas.drawString(300, y, title)
        y -= 14
    for row in (labels, *rows):
        cells = [cell.split("|") for cell in row]
        for edge, lines in zip(edges, cells, strict=True):
            for number, line in enumerate(lines):
                canvas.drawString(edge, y - number * (SIZE + 2), line)
        y -= max(map(len, cells)) * (SIZE + 2) + 6
    canvas.drawString(36, y, found)
    canvas.drawString(36, 30, "© 2026 Accreditation Council for Graduate Medical Education (ACGME)")
    canvas.save()
    return path


def read(path: Path, layout: Layout) -> Parsed:
    seen = probe(path)
    assert ACGME.recognise(seen) == layout
    parsed = ACGME.read(seen, layout, Hints())
    text = parsed.tables["acgme_programs"].to_csv()
    assert "Nobody" not in text and "MD" not in text, "no director is kept"
    to_arrow(parsed.tables["acgme_programs"], "acgme_programs")
    return parsed


THREE = "[1409900001] Riverton Medical Center|Program"
FOUR = "[M409900002] Rivers of the South Program"
# Column by column: edge, label, and the cells of two programs.
COLUMNS = {
    "name": ("Program Code / Name", THREE, FOUR),
    "director": ("Program Director", "Jane Nobody, MD", "John Nobody, MD"),
    "status": ("Accreditation|Status", "Initial Accreditation", "Initial|Accreditation"),
    "date": ("Accreditation|Date", "09/12/2025", "01/24/2026"),
    "specialty": ("Specialty", "Internal medicine", "Internal Medicine/Pediatrics"),
    "state": ("State", "New Mexico", "CA"),
}
ORDERS = (
    ("name", "director", "status", "date", "specialty", "state"),
    ("name", "state", "director", "date"),
    ("name", "specialty", "state", "status", "director", "date"),
)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("label", ["Accreditation|Date", "Original|Accreditation|Date", "Original Accreditation Date"])
def test_reads_newly_accredited_programs(tmp_path: Path, order: tuple[str, ...], label: str) -> None:
    columns = COLUMNS | {"date": (label, *COLUMNS["date"][1:])}
    labels, first, second = ([columns[name][place] for name in order] for place in range(3))
    edges = [36 + 120 * place for place in range(len(order))]
    path = draw(tmp_path / "new.pdf", NEW_TITLES, edges, labels, [first, second], "2 newly accredited programs found")
    parsed = read(path, NEW_REPORT)
    frame = parsed.tables["acgme_programs"]
    assert frame["program_code"].tolist() == ["1409900001", "M409900002"]
    assert frame["program_name"].tolist() == ["Riverton Medical Center Program", "Rivers of the South Program"]
    assert frame["state"].tolist() == ["NM", "CA"]
    assert frame["original_accreditation_date"].dt.strftime("%Y-%m-%d").tolist() == ["2025-09-12", "2026-01-24"]
    assert (frame["list_year"] == 2025).all()
    if "status" in order:
        assert (frame["accreditation_status"] == "Initial Accreditation").all()
    if "specialty" in order:
        assert frame["specialty_code"].tolist() == ["140", "700"]
    [part] = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == ("report_8:2025", 2, False)


def test_a_list_of_new_programs_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    labels, first, second = ([COLUMNS[name][place] for name in ORDERS[0]] for place in range(3))
    edges = [36 + 120 * place for place in range(6)]
    path = draw(tmp_path / "new.pdf", NEW_TITLES, edges, labels, [first, second], "3 newly accredited programs found")
    with pytest.raises(SourceError, match="3 programs found, 2 rows were read"):
        read(path, NEW_REPORT)


def one(tmp_path: Path, labels: Row, *rows: Row) -> pd.DataFrame:
    titles = ("List of Programs by Specialty", "Internal medicine Programs", "Academic Year 2026-2027")
    edges = (36, 200, 350, 480, 600, 690)[: len(labels)]
    path = draw(tmp_path / "report.pdf", titles, edges, labels, rows, f"{len(rows)} programs found")
    return read(path, REPORT).tables["acgme_programs"]


LABELS = ("Program Number / Name", "Address", "Program|Director", "Accreditation|Status", "Effective|Date")
ADDRESS = "1 Main Street|Riverton, OH 44000"


@pytest.mark.parametrize(
    "label", ["Offers|Preliminary|Positions", "Preliminary|Positions", "Preliminary Positions", "Offers|Preliminary"]
)
def test_preliminary_positions_are_read_where_they_are_printed(tmp_path: Path, label: str) -> None:
    start = ("[140990000{}] A Program", ADDRESS, "Jane Nobody, MD", "Continued Accreditation", "01/24/2025")
    rows = [
        [start[0].format(number), *start[1:], answer] for number, answer in enumerate(("Yes", "No", "", "?"), start=1)
    ]
    found = one(tmp_path, (*LABELS, label), *rows)
    assert found["preliminary_positions"].astype(object).where(found["preliminary_positions"].notna(), None).tolist() == [
        True, False, None, None,
    ]  # fmt: skip
    assert found["sponsor_name"].isna().all(), "the street stands first where no sponsor is printed"


@pytest.mark.parametrize(
    ("director", "status", "whole"),
    [
        ("Jane Nobody, MD Initial", "Accreditation", "Initial Accreditation"),
        ("Jane Nobody, MD|Continued Accreditation", "without Outcomes", "Continued Accreditation without Outcomes"),
        ("Jane Nobody, MD Probationary Accreditation", "", "Probationary Accreditation"),
        ("Jane Nobody, MD", "Initial Accreditation|with Warning", "Initial Accreditation with Warning"),
        ("Jane Nobody, MD|with Warning", "Initial Accreditation", "Initial Accreditation with Warning"),
    ],
)
def test_words_of_a_status_that_stand_in_the_director_s_cell(
    tmp_path: Path, director: str, status: str, whole: str
) -> None:
    other = ("[1409900002] B Program", ADDRESS, "John Nobody, MD", "Continued Accreditation", "01/24/2025")
    found = one(tmp_path, LABELS, ("[1409900001] A Program", ADDRESS, director, status, "01/24/2025"), other)
    assert found["accreditation_status"].tolist() == [whole, "Continued Accreditation"]

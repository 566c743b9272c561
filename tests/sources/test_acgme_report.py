"""ACGME report 1: PDFs drawn here in the forms that real reports take, and in those that mislead a reader."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from pipeline.schemas.frames import to_arrow
from pipeline.sources import program_pages
from pipeline.sources.acgme.report_rows import join_lines
from pipeline.sources.acgme.source import REPORT
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

WIDTH, HEIGHT = landscape(letter)
DIRECTOR = "Program Director Name, MD, Associate Professor"


@dataclass(frozen=True)
class Program:
    code: str
    name: str
    address: tuple[str, ...]
    status: str = "Continued Accreditation"
    day: str = "01/24/2025"
    director: str = DIRECTOR


@dataclass(frozen=True)
class Style:
    """How the report is drawn. `over`: cells that run over their neighbour instead of wrapping."""

    edges: tuple[float, ...] = (36, 210, 420, 560, 690)
    labels: tuple[str, ...] = (
        "Program Number / Name", "Address", "Program Director", "Accreditation Status", "Effective Date",
    )  # fmt: skip
    over: frozenset[str] = frozenset()
    centred_labels: bool = False
    padding: float = 4
    size: float = 8
    by_word: bool = False
    titles: tuple[str, ...] = ("List of Programs by Specialty", "Internal medicine Programs", "Academic Year 2026-2027")
    found: str = "{n} programs found"
    header_on: str = "every"
    shift: dict[int, float] = field(default_factory=dict)


PROGRAMS = (
    Program("1400121447", "University of Alabama Medical Center (Montgomery) Program",
            ("University of Alabama School of Medicine Montgomery Campus", "2055 East South Boulevard", "Suite 200",
             "Montgomery, AL 36116", "Ph: (334) 555-0100", "im@example.edu")),
    Program("1402431142", "Massachusetts General Hospital/Brigham and Women’s Hospital/Harvard Medical School Program",
            ("Massachusetts General Hospital", "55 Fruit Street, Gray 730", "Boston, MA 02114"),
            status="Continued Accreditation without Outcomes"),
    Program("1403400002", "Three Crosses Regional Hospital Program",
            ("Three Crosses Regional Hospital", "2560 Samaritan Drive", "Las Cruces, NM 88001-1234"),
            status="Initial Accreditation", day="09/12/2025"),
    Program("1400500315", "University of California Riverside School of Medicine Program",
            ("UC Riverside", "900 University Avenue", "Riverside, CA 92521"), status="Initial Accreditation with Warning"),
    Program("1404200100", "San Juan City Hospital Program",
            ("PO Box 70344", "San Juan, PR 00936"), status="Probationary Accreditation"),
)  # fmt: skip


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of `text` no wider than `width`, broken at spaces."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(longer, "Helvetica", size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def draw(canvas: Canvas, x: float, y: float, text: str, style: Style) -> None:
    canvas.setFont("Helvetica", style.size)
    if not style.by_word:
        canvas.drawString(x, y, text)
        return
    for word in text.split(" "):
        canvas.drawString(x, y, word)
        x += stringWidth(f"{word} ", "Helvetica", style.size)


def report(
    path: Path, programs: tuple[Program, ...] = PROGRAMS, style: Style | None = None, bottom: float = 60
) -> Path:
    """Draw a report. Rows that don't fit go on over the page, below a repeated header, where `bottom` cuts."""
    style = style or Style()
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    leading = style.size + 2
    page = 1
    shift = 0.0

    def header(y: float) -> float:
        if style.header_on == "first" and page > 1:
            return y
        widths = [right - left for left, right in zip(style.edges, (*style.edges[1:], WIDTH - 20), strict=False)]
        blocks = [label.split("|") for label in style.labels]
        for edge, width, lines in zip(style.edges, widths, blocks, strict=True):
            for number, line in enumerate(lines):
                inset = (width - stringWidth(line, "Helvetica", style.size)) / 2 if style.centred_labels else 0
                draw(canvas, edge + shift + inset, y - number * leading, line, style)
        return y - leading * max(map(len, blocks)) - style.padding

    def footer() -> None:
        draw(canvas, 36, 30, "© 2026 Accreditation Council for Graduate Medical Education (ACGME)", style)
        draw(canvas, WIDTH - 100, 30, f"Page {page} of 9", style)

    y = HEIGHT - 40
    for title in style.titles:
        draw(canvas, 300, y, title, style)
        y -= leading + 4
    shift = style.shift.get(1, 0.0)
    y = header(y - 6)
    for program in programs:
        edges = (*style.edges, WIDTH - 20)
        columns: list[list[str]] = []
        for number, (name, cell) in enumerate(
            (
                ("name", (f"[{program.code}] {program.name}",)),
                ("address", program.address),
                ("director", (program.director,)),
                ("status", (program.status,)),
                ("date", (program.day,)),
            )
        ):
            width = 2000.0 if name in style.over else edges[number + 1] - edges[number] - 4
            columns.append([line for text in cell for line in wrapped(text, width, style.size)])
        for line in range(max(map(len, columns))):
            if y < bottom:
                footer()
                canvas.showPage()
                page += 1
                shift = style.shift.get(page, 0.0)
                y = header(HEIGHT - 40)
            for edge, lines in zip(style.edges, columns, strict=False):
                if line < len(lines):
                    draw(canvas, edge + shift, y, lines[line], style)
            y -= leading
        y -= style.padding
    if style.found:
        draw(canvas, 36, y - 4, style.found.format(n=len(programs)), style)
    footer()
    canvas.save()
    return path


def read(path: Path) -> Parsed:
    seen = probe(path)
    layout = ACGME.recognise(seen)
    assert layout is not None, "recognised as an ACGME file"
    assert layout.name == "report_1"
    parsed = ACGME.read(seen, layout, Hints())
    to_arrow(parsed.tables["acgme_programs"], "acgme_programs")
    return parsed


def rows(path: Path) -> dict[str, dict[str, object]]:
    frame = read(path).tables["acgme_programs"]
    return {str(row["program_code"]): row for row in frame.to_dict("records")}


def test_reads_every_column_of_every_row(tmp_path: Path) -> None:
    found = rows(report(tmp_path / "report.pdf"))
    assert list(found) == [program.code for program in PROGRAMS]
    for program in PROGRAMS:
        row = found[program.code]
        assert row["program_name"] == program.name
        assert row["accreditation_status"] == program.status
        assert f"{row['effective_date']:%m/%d/%Y}" == program.day
        assert row["specialty"] == "Internal medicine"
        assert row["specialty_code"] == "140"
        assert row["list_year"] == 2026
    first = found["1400121447"]
    assert first["sponsor_name"] == "University of Alabama School of Medicine Montgomery Campus"
    assert (first["city"], first["state"], first["zip"]) == ("Montgomery", "AL", "36116")
    assert found["1403400002"]["zip"] == "88001-1234"


def test_an_address_that_begins_with_a_street_has_no_sponsor(tmp_path: Path) -> None:
    row = rows(report(tmp_path / "report.pdf"))["1404200100"]
    assert row["sponsor_name"] != row["sponsor_name"] or row["sponsor_name"] is None
    assert (row["city"], row["state"]) == ("San Juan", "PR")


@pytest.mark.parametrize("slant", [0, 10, 45, -30, 90])
def test_a_watermark_across_the_page_stands_in_no_cell(tmp_path: Path, slant: int) -> None:
    plain = read(report(tmp_path / "plain.pdf")).tables["acgme_programs"]
    mark = Canvas(str(tmp_path / "mark.pdf"), pagesize=(WIDTH, HEIGHT))
    mark.translate(WIDTH / 2, HEIGHT / 2)
    mark.rotate(slant)
    mark.setFont("Helvetica", 70)
    mark.setFillGray(0.8)
    mark.drawCentredString(0, 0, "DRAFT COPY")
    mark.save()
    writer = PdfWriter(clone_from=tmp_path / "plain.pdf")
    for page in writer.pages:
        page.merge_page(PdfReader(tmp_path / "mark.pdf").pages[0])
    writer.write(tmp_path / "marked.pdf")
    assert read(tmp_path / "marked.pdf").tables["acgme_programs"].equals(plain)


STYLES = {
    "names run over their neighbours": Style(over=frozenset({"name"})),
    "addresses run over their neighbours": Style(over=frozenset({"address"})),
    "everything runs over": Style(over=frozenset({"name", "address", "director", "status"})),
    "narrow columns": Style(edges=(36, 130, 260, 340, 420)),
    "labels on two lines": Style(
        labels=("Program Number / Name", "Address", "Program|Director", "Accreditation|Status", "Effective|Date")
    ),
    "labels in the middle of their columns": Style(centred_labels=True),
    "labels in the middle, on two lines": Style(
        labels=("Program Number / Name", "Address", "Program|Director", "Accreditation|Status", "Effective|Date"),
        centred_labels=True,
    ),
    "rows without space between them": Style(padding=0),
    "drawn word by word": Style(by_word=True),
    "a header on the first page only": Style(header_on="first"),
    "later pages set off to the right": Style(shift={2: 18, 3: 18, 4: 18}),
    "small letters": Style(size=5),
}


@pytest.mark.parametrize("bottom", [60, 300, 420])
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_reads_the_same_however_it_is_drawn(tmp_path: Path, style: Style, bottom: float) -> None:
    found = rows(report(tmp_path / "report.pdf", style=style, bottom=bottom))
    assert list(found) == [program.code for program in PROGRAMS]
    for program in PROGRAMS:
        row = found[program.code]
        assert row["program_name"] == program.name
        assert row["accreditation_status"] == program.status
        assert f"{row['effective_date']:%m/%d/%Y}" == program.day
        assert f"{row['city']}, {row['state']} {row['zip']}" in program.address
        if program.code != "1404200100":
            assert row["sponsor_name"] == program.address[0]


def test_never_keeps_a_director(tmp_path: Path) -> None:
    for style in (Style(), Style(over=frozenset({"name", "address", "director", "status"}))):
        text = read(report(tmp_path / "report.pdf", style=style)).tables["acgme_programs"].to_csv()
        assert "Director" not in text
        assert "Professor" not in text
        assert "@" not in text
        assert "555" not in text


def test_a_cell_that_ends_where_the_next_begins_is_cut_there(tmp_path: Path) -> None:
    # The name runs on, to the very edge of the address column.
    name = "Three Crosses Regional Hospital Program"
    edge = 36 + stringWidth(f"[1403400002] {name}", "Helvetica", 8)
    style = Style(edges=(36, edge, edge + 210, edge + 350, edge + 470), over=frozenset({"name"}))
    row = rows(report(tmp_path / "report.pdf", PROGRAMS[2:3], replace(style, found="1 program found")))["1403400002"]
    assert row["program_name"] == name
    assert row["sponsor_name"] == "Three Crosses Regional Hospital"


@pytest.mark.parametrize("align", ["TOP", "MIDDLE", "BOTTOM"])
@pytest.mark.parametrize("grid", [True, False])
def test_cells_set_at_the_foot_or_in_the_middle_of_their_row(tmp_path: Path, align: str, grid: bool) -> None:
    text = ParagraphStyle("cell", fontName="Helvetica", fontSize=8, leading=10)
    data = [[Paragraph(label, text) for label in Style().labels]]
    for program in PROGRAMS:
        cells = (f"[{program.code}] {program.name}", "<br/>".join(program.address), program.director, program.status)
        data.append([Paragraph(cell, text) for cell in (*cells, program.day)])
    table = Table(data, colWidths=(170, 200, 140, 120, 80), repeatRows=1)
    lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey)] if grid else []
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), align), ("TOPPADDING", (0, 0), (-1, -1), 4), *lines]))
    path = tmp_path / "table.pdf"
    title = [Paragraph("Internal medicine Programs", text)]
    foot = [Paragraph(f"{len(PROGRAMS)} programs found", text)]
    SimpleDocTemplate(str(path), pagesize=(WIDTH, HEIGHT)).build([*title, table, *foot])
    found = rows(path)
    for program in PROGRAMS[:4]:
        row = found[program.code]
        assert row["program_name"] == program.name
        assert row["sponsor_name"] == program.address[0]
        assert row["accreditation_status"] == program.status


def test_a_table_set_as_plain_text_in_fixed_columns(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    canvas.setFont("Courier", 6)
    y = HEIGHT - 40

    def line(*cells: str) -> None:
        nonlocal y
        canvas.drawString(
            30, y, "".join(cell.ljust(width) for cell, width in zip(cells, (55, 60, 50, 40, 12), strict=False))
        )
        y -= 8

    line("Program Number / Name", "Address", "Program Director", "Accreditation Status", "Effective Date")
    for program in PROGRAMS[2:4]:
        line(f"[{program.code}] Three Crosses", program.address[0], DIRECTOR, program.status, program.day)
        line("Program", program.address[1])
        line("", program.address[2])
    line("2 programs found")
    canvas.save()
    for program in PROGRAMS[2:4]:
        row = rows(path)[program.code]
        assert (row["program_name"], row["sponsor_name"]) == ("Three Crosses Program", program.address[0])
        assert row["accreditation_status"] == program.status


@pytest.mark.parametrize(
    ("titles", "specialty", "year"),
    [
        (("Internal medicine Programs",), "Internal medicine", None),
        (("List of Programs by Specialty: Pediatrics/Medical Genetics (765)",), "Pediatrics/Medical Genetics", None),
        (
            ("List of Accredited Programs", "Specialty: Child neurology", "Academic Year 2024-2025"),
            "Child neurology",
            2024,
        ),
        (("List of Urology Programs", "United States"), "Urology", None),
        (("List of Programs by Specialty", "All Accredited Programs"), None, None),
        ((), None, None),
    ],
)
def test_specialty_and_year_come_from_the_title(
    tmp_path: Path, titles: tuple[str, ...], specialty: str | None, year: int | None
) -> None:
    frame = read(report(tmp_path / "report.pdf", style=Style(titles=titles))).tables["acgme_programs"]
    assert frame["specialty"].isna().all() if specialty is None else (frame["specialty"] == specialty).all()
    assert frame["list_year"].isna().all() if year is None else (frame["list_year"] == year).all()


def test_further_columns_are_left(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    style = Style(labels=(*Style().labels[:4], "Effective|Date"))
    report(path, style=style)
    # The column of preliminary positions is printed for some specialties only.
    extra = io.BytesIO()
    canvas = Canvas(extra, pagesize=(WIDTH, HEIGHT))
    canvas.setFont("Helvetica", 8)
    canvas.drawString(740, HEIGHT - 40 - 14 * 3 - 6, "Offers")
    canvas.drawString(740, HEIGHT - 40 - 14 * 3 - 16, "Preliminary")
    for y in range(150, 520, 10):
        canvas.drawString(740, y, "Yes")
    canvas.save()
    writer = PdfWriter(clone_from=str(path))
    writer.pages[0].merge_page(PdfReader(extra).pages[0])
    writer.write(str(path))
    found = rows(path)
    assert len(found) == len(PROGRAMS)
    assert all(row["effective_date"] == row["effective_date"] for row in found.values())


def test_parts_name_the_specialty(tmp_path: Path) -> None:
    parsed = read(report(tmp_path / "report.pdf"))
    (part,) = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == ("report_1:140", 5, True)


def test_bad_rows_are_quarantined_and_counted(tmp_path: Path) -> None:
    programs = (
        *PROGRAMS[:2],
        replace(PROGRAMS[1], name="Another name for the same code"),
        replace(PROGRAMS[2], day="31/31/2025"),
        replace(PROGRAMS[3], code="X400500315"),
    )
    parsed = read(report(tmp_path / "report.pdf", programs))
    assert (parsed.rows_in, parsed.rows_kept) == (5, 2)
    assert sorted(parsed.quarantine["reason"]) == [
        "a second row for the same program",
        "no day in effective_date",
        "program code is not ten digits, nor M and nine",
    ]


@pytest.mark.parametrize(
    ("style", "programs", "words"),
    [
        (Style(found="6 programs found"), PROGRAMS, "the report says 6 programs found, 5 rows were read"),
        (Style(found=""), PROGRAMS, "no line `N programs found`"),
        (Style(labels=("Program Number / Name", "Address", "Director's name", "Accreditation Status", "Effective Date")),
         PROGRAMS, "page 1 has no column Program Director"),
        (Style(), (replace(PROGRAMS[0], address=("A Hospital", "Springfield, XX 12345")),), "unknown state 'XX'"),
        (Style(), (replace(PROGRAMS[0], address=("A Hospital", "Boston, MA 02114", "Mobile, AL 36601")),),
         "two addresses in one row"),
        (Style(), (replace(PROGRAMS[0], status="Somebody's Name, MD"),), "unknown accreditation status"),
        (Style(), (), "the report lists no program"),
    ],
)  # fmt: skip
def test_says_what_is_wrong(tmp_path: Path, style: Style, programs: tuple[Program, ...], words: str) -> None:
    with pytest.raises(SourceError, match=r"report\.pdf") as caught:
        read(report(tmp_path / "report.pdf", programs, style))
    assert words in str(caught.value)


def test_a_report_cut_off_is_refused(tmp_path: Path) -> None:
    whole = report(tmp_path / "whole.pdf", bottom=420)
    writer = PdfWriter()
    for page in PdfReader(whole).pages[:-1]:
        writer.add_page(page)
    writer.write(str(tmp_path / "cut.pdf"))
    with pytest.raises(SourceError, match="programs found"):
        read(tmp_path / "cut.pdf")


def locked(path: Path, target: Path, password: str) -> Path:
    writer = PdfWriter(clone_from=str(path))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    writer.write(str(target))
    return target


def test_a_password_is_named(tmp_path: Path) -> None:
    path = locked(report(tmp_path / "report.pdf"), tmp_path / "locked.pdf", "secret")
    seen = probe(path)
    assert ACGME.recognise(seen) is None, "what can't be read isn't known to be ACGME's"
    with pytest.raises(SourceError, match=r"locked\.pdf: a password-protected PDF"):
        ACGME.read(seen, REPORT, Hints())
    layout = program_pages.SOURCE.recognise(seen)
    assert layout is not None
    with pytest.raises(SourceError, match=r"locked\.pdf: a password-protected PDF"):
        program_pages.SOURCE.read(seen, layout, Hints())


def test_a_pdf_locked_only_against_printing_is_read(tmp_path: Path) -> None:
    assert len(rows(locked(report(tmp_path / "report.pdf"), tmp_path / "locked.pdf", ""))) == 5


def scanned(path: Path) -> Path:
    canvas = Canvas(str(path))
    # A grey picture of four by four points, as the smallest scan there is.
    pixels = b"P5 4 4 255\n" + bytes(range(0, 256, 16))
    canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, 600, 800)
    canvas.save()
    return path


def test_a_scan_is_named(tmp_path: Path) -> None:
    seen = probe(scanned(tmp_path / "scan.pdf"))
    assert ACGME.recognise(seen) is None
    for source, layout in ((ACGME, REPORT), (program_pages.SOURCE, program_pages.PDF)):
        with pytest.raises(SourceError, match=r"scan\.pdf: a scanned PDF"):
            source.read(seen, layout, Hints())


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.95])
def test_a_damaged_pdf_is_named(tmp_path: Path, keep: float) -> None:
    content = report(tmp_path / "report.pdf").read_bytes()
    path = tmp_path / "damaged.pdf"
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(SourceError, match=r"damaged\.pdf"):
        ACGME.read(probe(path), REPORT, Hints())


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Massachusetts General Hospital/", "Brigham"], "Massachusetts General Hospital/Brigham"),
        (["Long Island-", "Jewish"], "Long Island-Jewish"),
        (["Banner -", "Tucson"], "Banner - Tucson"),
        (["Children's", "/Hospital"], "Children's/Hospital"),
        (["Children's", "/ Hospital"], "Children's / Hospital"),
        (["One  two", " three "], "One two three"),
        ([], ""),
    ],
)
def test_join_lines(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text


WORDS = st.sampled_from(
    [
        "University",
        "Hospital",
        "Medical",
        "Center",
        "of",
        "School",
        "(Campus)",
        "St",
        "Mary's",
        "Health",
        "System",
        "A/B",
    ]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), min_size=1, max_size=14),
    bottom=st.integers(60, 420),
    over=st.sets(st.sampled_from(["name", "address", "director", "status"])),
)
def test_no_text_of_a_row_goes_to_another(tmp_path: Path, names: list[str], bottom: int, over: set[str]) -> None:
    programs = tuple(
        Program(
            f"140{number:07d}", f"{name} Program", (f"Sponsor{number}", f"{number} Main Street", "Boston, MA 02114")
        )
        for number, name in enumerate(names)
    )
    found = rows(report(tmp_path / "report.pdf", programs, Style(over=frozenset(over)), bottom))
    assert list(found) == [program.code for program in programs]
    for number, program in enumerate(programs):
        row = found[program.code]
        assert (row["program_name"], row["sponsor_name"], row["city"]) == (program.name, f"Sponsor{number}", "Boston")

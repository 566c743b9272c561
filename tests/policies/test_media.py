"""PDF, plain text and odd encodings to blocks."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

from pipeline.documents.html import blocks_of_html
from pipeline.documents.plain_lines import UnreadablePageError, blocks_of_pdf, blocks_of_text
from pipeline.policies.reading import read_page


def pdf(lines: list[str]) -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=letter)
    for number, line in enumerate(lines):
        page.drawString(72, 720 - 14 * number, line)
    page.showPage()
    page.save()
    return buffer.getvalue()


def test_pdf_lines_become_paragraphs() -> None:
    content = pdf(
        [
            "Urology Residency",
            "The department will sponsor the J-1 for all matched residents",
            "who need a visa to train with us. The H-1B is not sponsored",
            "for residents or fellows of the hospital.",
        ]
    )
    reading = read_page(content, "pdf", program="Urology")
    assert (reading.policy, reading.h1b) == ("j1_only", "no")
    assert any("train with us" in block.text and "matched residents" in block.text for block in blocks_of_pdf(content))


def test_encrypted_pdf_is_unreadable() -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf(["We sponsor J-1 visas."]))))
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(UnreadablePageError):
        blocks_of_pdf(buffer.getvalue())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"<html>no pdf</html>"])
def test_broken_pdf_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadablePageError):
        blocks_of_pdf(content)


def test_scanned_pdf_is_unreadable() -> None:
    with pytest.raises(UnreadablePageError, match="scan"):
        blocks_of_pdf(pdf([]))


def test_text_lines_bullets_and_questions() -> None:
    blocks = blocks_of_text("Visas\n\nDo you sponsor?\nYes.\n\nWe sponsor:\n- J-1\n  - H-1B\n")
    assert [(b.kind, b.text) for b in blocks] == [
        ("heading", "Visas"), ("question", "Do you sponsor?"), ("paragraph", "Yes."), ("paragraph", "We sponsor:"),
        ("list_item", "- J-1"), ("list_item", "- H-1B"),
    ]  # fmt: skip
    assert blocks[2].question == "Do you sponsor?"
    assert blocks[4].intro == "We sponsor:"
    assert blocks[4].headings == ("Visas",)


def test_wrapped_text_is_joined() -> None:
    text = "The hospital sponsors the J-1 visa for all of its foreign residents and\nfellows, and it does not sponsor the H-1B visa.\n"
    assert len(blocks_of_text(text)) == 1


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("<p>R\xe9sum\xe9</p>".encode("latin-1"), None),
        ("<p>R\xe9sum\xe9</p>".encode(), None),
        ("<meta charset=iso-8859-1><p>R\xe9sum\xe9</p>".encode("latin-1"), None),
        ("<p>R\xe9sum\xe9</p>".encode("utf-16"), None),
        ("<p>R\xe9sum\xe9</p>".encode("cp1252"), "no-such-charset"),
        ("<p>R\xe9sum\xe9</p>".encode("latin-1"), "latin-1"),
    ],
)
def test_encodings(content: bytes, encoding: str | None) -> None:
    assert [block.text for block in blocks_of_html(content, encoding)] == ["R\xe9sum\xe9"]


def test_blocks_know_their_surroundings() -> None:
    page = (
        b"<h1>Apply</h1><h2>Visas</h2><p>You must be:</p><ul><li>a citizen</li></ul><details><summary>Cost?</summary>"
        b"<p>None.</p></details><dl><dt>Term</dt><dd>Value</dd></dl><table><tr><th>A<th>B<tr><td>1<td>2</table>"
    )
    blocks = {block.text: block for block in blocks_of_html(page)}
    assert blocks["a citizen"].intro == "You must be:"
    assert blocks["a citizen"].headings == ("Apply", "Visas")
    assert blocks["None."].question == "Cost?"
    assert blocks["Term\nValue"].cells[0] == ("Term", "Value")
    assert blocks["1 2"].cells == (("A", "1"), ("B", "2"))


@pytest.mark.parametrize("raised", ["2", "²", "1" * 5000, "TM"])
def test_raised_signs_stop_no_page(raised: str) -> None:
    (block,) = blocks_of_html(f"<p>We sponsor J-1<sup>{raised}</sup></p>".encode())
    assert block.text.startswith("We sponsor J-1")

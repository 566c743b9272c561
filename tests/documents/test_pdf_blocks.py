"""The lines of a PDF as blocks, and PDFs that can't be read."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

from pipeline.documents.page import blocks_of
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.errors import UserError
from pipeline.policies.reading import read_page


def pdf(lines: list[str]) -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=letter)
    for number, line in enumerate(lines):
        page.drawString(72, 720 - 14 * number, line)
    page.showPage()
    page.save()
    return buffer.getvalue()


def encrypted() -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf(["We sponsor J-1 visas."]))))
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
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
    texts = [block.text for block in blocks_of(content, "pdf")]
    assert any("train with us" in text and "matched residents" in text for text in texts)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted(), "password"),
        (b"", "damaged"),
        (b"%PDF-1.7 broken", "damaged"),
        (b"<html>no pdf</html>", "damaged"),
        (pdf([]), "scan"),
    ],
    ids=["encrypted", "empty", "broken", "no pdf", "scan"],
)
def test_a_pdf_without_text_is_an_error_that_a_user_can_mend(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePageError, match=reason) as raised:
        blocks_of(content, "pdf")
    assert isinstance(raised.value, UserError) and "\n" not in str(raised.value)

"""A PDF to blocks, by its lines of text; tables come as their lines.

What belongs here: opening the file and taking its lines. What a line is (heading, item, paragraph) is in `plain_lines`.
"""

from __future__ import annotations

import io

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.blocks import Block
from pipeline.documents.plain_lines import blocks_of_lines
from pipeline.errors import UserError

MAX_PAGES = 200


class UnreadablePageError(UserError):
    """A document that holds no text to read: encrypted, broken, or only pictures."""


def blocks_of_pdf(content: bytes) -> tuple[Block, ...]:
    """Return the blocks of a PDF, page by page.

    Raises UnreadablePageError where the file is encrypted, broken or without text (a scan).
    """
    lines: list[str] = []
    complete = True
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            complete = len(document.pages) <= MAX_PAGES
            for page in document.pages[:MAX_PAGES]:
                lines.extend(line["text"] for line in page.extract_text_lines(return_chars=False))
                page.close()
    except (PDFPasswordIncorrect, PDFSyntaxError, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise UnreadablePageError(
            f"PDF cannot be read ({type(error).__name__}). Download it again, or save it without a password"
        ) from error
    if not any(line.strip() for line in lines):
        raise UnreadablePageError("PDF holds no text; it may be a scan. Run text recognition (OCR) over it first")
    return blocks_of_lines(lines, complete)

"""A PDF to blocks, by its lines of text and its ruled tables.

What belongs here: opening the file. Where its lines are is in `pdf_lines`, what a line is in `plain_lines`.
"""

from __future__ import annotations

import io

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.blocks import Block, Raw, structured
from pipeline.documents.pdf_lines import Part, parts_of
from pipeline.documents.plain_lines import raws_of_lines
from pipeline.errors import UserError

MAX_PAGES = 200


class UnreadablePageError(UserError):
    """A document that holds no text to read: encrypted, broken, or only pictures."""


def blocks_of_pdf(content: bytes) -> tuple[Block, ...]:
    """Return the blocks of a PDF, page by page.

    Raises UnreadablePageError where the file is encrypted, broken or without text (a scan).
    """
    parts: list[Part] = []
    complete = True
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            complete = len(document.pages) <= MAX_PAGES
            for page in document.pages[:MAX_PAGES]:
                parts.extend(parts_of(page))
                page.close()
    except (PDFPasswordIncorrect, PDFSyntaxError, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise UnreadablePageError(
            f"PDF cannot be read ({type(error).__name__}). Download it again, or save it without a password"
        ) from error
    raws = _raws(parts)
    if not any(raw.text.strip() for raw in raws):
        raise UnreadablePageError("PDF holds no text; it may be a scan. Run text recognition (OCR) over it first")
    return structured(raws, complete)


def _raws(parts: list[Part]) -> list[Raw]:
    """Return the raw blocks; lines that follow each other are read together, over the ends of pages too."""
    raws: list[Raw] = []
    lines: list[str] = []
    for part in parts:
        texts = [item for item in part if isinstance(item, str)]
        lines += texts
        if len(texts) < len(part):
            raws += [*raws_of_lines(lines), *(item for item in part if isinstance(item, Raw))]
            lines = []
    return [*raws, *raws_of_lines(lines)]

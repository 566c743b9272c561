"""A PDF to blocks, by its lines of text; tables come as their lines.

What belongs here: taking the lines of a file. What a line is (heading, item, paragraph) is in `plain_lines`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.documents.apart import run_apart
from pipeline.documents.blocks import Block
from pipeline.documents.pdf import GLANCE_WORK, MAX_PDF_PAGES, drawn_pages
from pipeline.documents.pdf_pieces import page_marks, text_of
from pipeline.documents.plain_lines import blocks_of_lines
from pipeline.documents.unreadable import scanned

MAX_PAGES: Final = 200


def blocks_of_pdf(content: bytes) -> tuple[Block, ...]:
    """Return the blocks of a PDF, page by page.

    Raises UnreadablePageError where the file is encrypted, broken or without text (a scan).
    """
    lines, pages = run_apart(_lines, content, MAX_PAGES)
    if not any(character.isalpha() for line in lines for character in line):
        raise scanned()
    return blocks_of_lines(lines, pages <= MAX_PAGES)


def pdf_text(content: bytes, limit: int = MAX_PDF_PAGES) -> str:
    """Return the text of the first `limit` pages of a PDF, a line each. Raises UnreadablePageError where it can't be read."""
    return "\n".join(run_apart(_lines, content, limit)[0])


def first_page_text(path: Path) -> str:
    """Return the text of a PDF's first page in the order in which it is drawn. Raises UnreadablePageError where it can't be read."""
    return run_apart(_first_text, path)


def _lines(content: bytes, limit: int) -> tuple[list[str], int]:
    """Return the lines of the first `limit` pages, and the number of all pages."""
    lines: list[str] = []
    pages = 0
    for page, pages in drawn_pages(content, limit):  # noqa: B007
        lines.extend(line["text"] for line in page.extract_text_lines(return_chars=False))
    return lines, pages


def _first_text(path: Path) -> str:
    return next(text_of(page_marks(page)[0]) for page, _ in drawn_pages(path, 1, GLANCE_WORK))

"""A PDF to blocks, by its lines of text and its ruled tables.

What belongs here: taking the parts of a file. Where its lines are is in `pdf_lines`, what a line is in `plain_lines`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.documents.apart import run_apart
from pipeline.documents.blocks import Block, Raw, structured
from pipeline.documents.pdf import GLANCE_WORK, MAX_PDF_PAGES, drawn_pages
from pipeline.documents.pdf_lines import Part, parts_of
from pipeline.documents.pdf_pieces import page_marks, text_of
from pipeline.documents.plain_lines import raws_of_lines
from pipeline.documents.unreadable import scanned

MAX_PAGES: Final = 200


def blocks_of_pdf(content: bytes) -> tuple[Block, ...]:
    """Return the blocks of a PDF, page by page.

    Raises UnreadablePageError where the file is encrypted, broken or without text (a scan).
    """
    parts, pages = run_apart(_parts, content, MAX_PAGES)
    raws = _raws(parts)
    if not any(character.isalpha() for raw in raws for character in raw.text):
        raise scanned()
    return structured(raws, pages <= MAX_PAGES)


def pdf_text(content: bytes, limit: int = MAX_PDF_PAGES) -> str:
    """Return the text of the first `limit` pages of a PDF, a line each. Raises UnreadablePageError where it can't be read."""
    parts = run_apart(_parts, content, limit)[0]
    return "\n".join(item if isinstance(item, str) else item.text for part in parts for item in part)


def first_page_text(path: Path) -> str:
    """Return the text of a PDF's first page in the order in which it is drawn. Raises UnreadablePageError where it can't be read."""
    return run_apart(_first_text, path)


def _parts(content: bytes, limit: int) -> tuple[list[Part], int]:
    """Return the lines and tables of the first `limit` pages, and the number of all pages."""
    parts: list[Part] = []
    pages = 0
    for page, pages in drawn_pages(content, limit):  # noqa: B007
        parts.extend(parts_of(page))
    return parts, pages


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


def _first_text(path: Path) -> str:
    return next(text_of(page_marks(page)[0]) for page, _ in drawn_pages(path, 1, GLANCE_WORK))

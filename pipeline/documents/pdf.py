"""PDF files to pages as they are drawn, opened with care: passwords, damage and bombs are named, never a crash.

What belongs here: what any reader of PDFs needs, to be called inside `apart.run_apart`. What is counted is the work that a file
asks for, not the time that a machine takes: so the same file is read or refused everywhere. Format: ISO 32000-1 (PDF 1.7), by
way of pdfplumber and pdfminer.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.unreadable import UnreadablePageError, damaged

MAX_PDF_PAGES: Final = 2000
# In microseconds, about: what the instructions of a file take, a byte of them and a letter. NRMP's 187 pages take 18 million.
MAX_WORK: Final = 40_000_000
MAX_PAGE_WORK: Final = 10_000_000  # a page of half a million letters
GLANCE_WORK: Final = 2_000_000  # at the first page, to recognise a file
_FORM_WORK: Final = 10_000  # thirty times its time: forms within forms draw the same few bytes again and again
_BYTE_WORK: Final = 3
_GLYPH_WORK: Final = 20  # its place on a line is still to be found
_POINT_WORK: Final = 5


def drawn_pages(file: Path | bytes, limit: int = MAX_PDF_PAGES, allowed: int = MAX_WORK) -> Iterator[tuple[Page, int]]:
    """Yield the first `limit` pages of a PDF, each laid out, with the number of all its pages.

    Raises UnreadablePageError where it needs a password, is damaged, has no page or more than MAX_PDF_PAGES, and where it
    asks for more work than `allowed`, or one of its pages for more than MAX_PAGE_WORK.
    """
    try:
        with pdfplumber.open(io.BytesIO(file) if isinstance(file, bytes) else file) as document:
            found = list(itertools.islice(PDFPage.create_pages(document.doc), MAX_PDF_PAGES + 1))
            if not 0 < len(found) <= MAX_PDF_PAGES:
                pages = "no page" if not found else f"over {MAX_PDF_PAGES:,} pages"
                raise UnreadablePageError(f"a PDF of {pages}", "Add the PDF as published")
            left = allowed
            for number, described in enumerate(found[:limit], start=1):
                page = Page(document, described, page_number=number)
                work = _Work(min(left, MAX_PAGE_WORK))
                page._layout = _layout(page, work)
                left -= work.spent
                yield page, len(found)
                page.close()
    except (UnreadablePageError, MemoryError):
        raise
    # A hostile PDF makes the libraries fail in many ways; each means the same to the person who added it.
    except Exception as error:
        # pdfplumber wraps what pdfminer raises.
        inner = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(inner, PDFPasswordIncorrect):
            raise UnreadablePageError(
                "a password-protected PDF", "Save it without a password and add it again"
            ) from error
        raise damaged("PDF", inner if isinstance(inner, Exception) else error) from error


class _Work:
    """What a page has requested, of what it may."""

    def __init__(self, allowed: int) -> None:
        self.allowed, self.spent = allowed, 0

    def spend(self, units: int) -> None:
        """Count `units`. Raises UnreadablePageError where that is more than allowed."""
        self.spent += units
        if self.spent > self.allowed:
            raise UnreadablePageError("a PDF that draws more than any page needs", "Add the PDF as published")


class _Device(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's, which counts what is drawn."""

    work: _Work

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self.work.spend(_GLYPH_WORK)
        return super().render_char(*args, **kwargs)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        self.work.spend(_POINT_WORK * len(path))
        super().paint_path(gstate, stroke, fill, evenodd, path)


class _Interpreter(PDFPageInterpreter):
    """pdfminer's, which counts the instructions that it is given; forms within forms count each time they are drawn."""

    device: _Device

    def execute(self, streams: Sequence[object]) -> None:
        for stream in streams:
            size = len(stream_value(stream).get_data())
            self.device.work.spend(_BYTE_WORK * size + (_FORM_WORK if self.parent_stream_ids else 0))
        super().execute(streams)


def _layout(page: Page, work: _Work) -> Any:
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    device.work = work
    _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result()

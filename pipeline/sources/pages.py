"""Pages at the sources' border: HTML and PDF files, bounded in size, whose faults become a SourceError that names the file.

What belongs here: opening. How a PDF becomes text is in `pipeline.documents.pdf`; what a page says is for the readers.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from pypdf import PdfReader

from pipeline.documents import pdf
from pipeline.sources.base import Probe, SourceError

MAX_PAGE_BYTES: Final = 20 << 20


def check_size(probe: Probe) -> None:
    """Check that a PDF or HTML file has MAX_PAGE_BYTES at most, without reading it. Raises SourceError otherwise."""
    if probe.size > MAX_PAGE_BYTES:
        raise SourceError(
            probe.name,
            f"{probe.size / 2**20:.0f} MB, where a page may have {MAX_PAGE_BYTES >> 20} MB",
            remedy="Save only the page itself, without its videos and pictures",
        )


@contextmanager
def pdf_faults(probe: Probe) -> Iterator[None]:
    """Turn a PdfError inside the block into a SourceError that names the file."""
    try:
        yield
    except pdf.PdfError as error:
        raise SourceError(probe.name, error.problem, remedy=error.remedy) from error


def open_pdf(probe: Probe) -> PdfReader:
    """Open a PDF file. Raises SourceError where it is too large, needs a password or is damaged."""
    check_size(probe)
    with pdf_faults(probe):
        return pdf.open_pdf(probe.path)


def open_pdf_with_text(probe: Probe) -> PdfReader:
    """Open a PDF file as `open_pdf` does; raises SourceError for a scan, too."""
    reader = open_pdf(probe)
    with pdf_faults(probe):
        pdf.check_text(reader)
    return reader


def first_page_text(probe: Probe) -> str:
    """Return the text of a PDF's first page, for recognising it; "" for a PDF that can't be opened, which is then no source's own."""
    try:
        reader = open_pdf(probe)
        with pdf_faults(probe):
            return next(pdf.page_texts(reader, limit=1), "")
    except SourceError:
        return ""


def soup_of(markup: bytes) -> BeautifulSoup:
    """Parse HTML to a tree; its encoding is taken from its byte-order mark, its own declaration or its bytes."""
    with warnings.catch_warnings():
        # XHTML that begins with an XML declaration is HTML here all the same.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")

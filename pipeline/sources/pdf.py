"""PDF and HTML files, opened with care: sizes bounded, passwords and scans named, characters put back into cells."""

from __future__ import annotations

import statistics
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from pdfminer.layout import LTChar, LTFigure, LTLine, LTRect
from pdfplumber.page import Page
from pypdf import PasswordType, PdfReader

from pipeline.sources.base import Probe, SourceError

MAX_PAGE_BYTES: Final = 20 << 20
MAX_PDF_PAGES: Final = 2000
MAX_PDF_CONTENT: Final = 200 << 20
GAP: Final = 3  # as many spaces part cells; two happen inside a name
_TEXT_PAGES: Final = 25


def check_size(probe: Probe) -> None:
    """SourceError for a PDF or HTML file over MAX_PAGE_BYTES; nothing of it is read."""
    if probe.size > MAX_PAGE_BYTES:
        raise SourceError(
            probe.name,
            f"{probe.size / 2**20:.0f} MB, where a page may have {MAX_PAGE_BYTES >> 20} MB",
            remedy="Save only the page itself, without its videos and pictures",
        )


def open_pdf(probe: Probe) -> PdfReader:
    """The PDF, opened. Raises SourceError where it is too large, needs a password or is damaged."""
    check_size(probe)
    try:
        reader = PdfReader(probe.path)
        # Many PDFs are "encrypted" with an empty password only to forbid printing: those open.
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        pages = 0 if locked else len(reader.pages)
    # A hostile PDF makes the library fail in many ways; each means the same to the person who added it.
    except Exception as error:
        raise SourceError(
            probe.name, f"a damaged PDF ({type(error).__name__}: {error})", remedy="Download it again"
        ) from error
    if locked:
        raise SourceError(probe.name, "a password-protected PDF", remedy="Save it without a password and add it again")
    if not 0 < pages <= MAX_PDF_PAGES:
        raise SourceError(
            probe.name, f"{pages} pages, where 1 to {MAX_PDF_PAGES} are expected", remedy="Add the PDF as published"
        )
    return reader


def pdf_texts(probe: Probe, reader: PdfReader, limit: int = _TEXT_PAGES) -> Iterator[str]:
    """Text of the first `limit` pages, in reading order as far as the file gives it. Raises SourceError if damaged."""
    for number, page in enumerate(reader.pages[:limit], start=1):
        try:
            text = page.extract_text()
        except Exception as error:
            raise SourceError(
                probe.name, f"page {number} can't be read ({type(error).__name__}: {error})", remedy="Download it again"
            ) from error
        yield text


def check_pdf_text(probe: Probe, reader: PdfReader) -> None:
    """SourceError if none of the first pages holds a letter: a scan, which is a picture of text."""
    if not any(character.isalpha() for text in pdf_texts(probe, reader) for character in text):
        raise SourceError(
            probe.name, "a scanned PDF: pictures without text", remedy="Run text recognition (OCR) over it first"
        )


def check_pdf_streams(probe: Probe, reader: PdfReader) -> None:
    """SourceError for a PDF whose pages unpack to more than MAX_PDF_CONTENT bytes: it would fill the memory."""
    total = 0
    for number, page in enumerate(reader.pages, start=1):
        try:
            contents = page.get_contents()
            total += len(contents.get_data()) if contents is not None else 0
        except Exception as error:
            raise SourceError(
                probe.name, f"page {number} can't be unpacked ({type(error).__name__})", remedy="Download it again"
            ) from error
        if total > MAX_PDF_CONTENT:
            raise SourceError(
                probe.name, f"pages that unpack to over {MAX_PDF_CONTENT >> 20} MB", remedy="Add the PDF as published"
            )


def soup_of(markup: bytes) -> BeautifulSoup:
    """HTML as a tree; its encoding is taken from its byte-order mark, its own declaration or its bytes."""
    with warnings.catch_warnings():
        # XHTML that begins with an XML declaration is HTML here all the same.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")


@dataclass(frozen=True)
class Piece:
    """Characters drawn without a gap: what is written at once. x and y in points from the page's top left."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str
    starts: tuple[float, ...]  # x of each character

    @property
    def size(self) -> float:
        """Height of the letters."""
        return self.bottom - self.top

    def cut(self, place: int) -> tuple[Piece, Piece]:
        """The piece before its character `place`, and from there on."""
        x = self.starts[place]
        return (
            Piece(self.x0, x, self.top, self.bottom, self.text[:place], self.starts[:place]),
            Piece(x, self.x1, self.top, self.bottom, self.text[place:], self.starts[place:]),
        )


def page_marks(page: Page) -> tuple[list[Piece], list[float]]:
    """Pieces of a page in the order in which they were drawn, and the heights of lines ruled over half its width.

    The order of drawing, not that on paper, keeps a cell that runs over its neighbour apart from it. Characters are
    taken from pdfminer's layout under pdfplumber's page, which costs less than half of pdfplumber's own objects.
    """
    found: list[Piece] = []
    run: list[LTChar] = []
    ruled: dict[float, float] = defaultdict(float)
    height = float(page.height)
    for item in _flat(page.layout):
        if isinstance(item, LTChar):
            if not item.upright:
                continue
            if run and not _goes_on(run[-GAP:], item):
                found.extend(_piece(run, height))
                run = []
            run.append(item)
        elif isinstance(item, (LTLine, LTRect)):
            for y in {item.y0, item.y1}:
                ruled[round(height - y, 1)] += item.width
    found.extend(_piece(run, height))
    return found, sorted(y for y, width in ruled.items() if width > float(page.width) / 2)


def _flat(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        # Forms, which are drawn as a whole, hold marks of their own.
        if isinstance(item, LTFigure):
            yield from _flat(item)
        else:
            yield item


def _goes_on(end: list[LTChar], letter: LTChar) -> bool:
    last = end[-1]
    if abs(letter.y0 - last.y0) > 0.25 * letter.size:
        return False
    # Tables set as plain text part their columns by spaces.
    if len(end) == GAP and not letter.get_text().isspace() and all(spot.get_text().isspace() for spot in end):
        return False
    # Kerning moves letters a little; justified text stretches the spaces.
    widest = 1.0 if last.get_text().isspace() or letter.get_text().isspace() else 0.15
    return -0.15 * letter.size <= letter.x0 - last.x1 <= widest * letter.size


def _piece(run: list[LTChar], height: float) -> list[Piece]:
    texts = [letter.get_text() for letter in run]
    inked = [place for place, text in enumerate(texts) if not text.isspace()]
    if not inked:
        return []
    first, last = inked[0], inked[-1] + 1
    letters = run[first:last]
    # A ligature is one glyph of several letters.
    starts = tuple(letter.x0 for letter, text in zip(letters, texts[first:last], strict=True) for _ in text)
    bottom = height - statistics.median(letter.y0 for letter in letters)
    top = height - max(letter.y1 for letter in letters)
    return [Piece(letters[0].x0, letters[-1].x1, top, bottom, "".join(texts[first:last]), starts)]

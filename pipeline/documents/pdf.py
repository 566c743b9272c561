"""PDF bytes to text, opened with care: passwords, scans, damage and bombs are named, never a crash.

What belongs here: what any reader of PDFs needs. What a page says, and where its words are on it, is read elsewhere.
Format: ISO 32000-1 (PDF 1.7), by way of pypdf.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from pypdf import PasswordType, PdfReader

from pipeline.errors import UserError

MAX_PDF_PAGES: Final = 2000
MAX_PDF_CONTENT: Final = 200 << 20
_TEXT_PAGES: Final = 25


class PdfError(UserError):
    """A PDF that can't be used: the problem and the remedy, phrases without a full stop. Which file it is, the caller knows."""

    def __init__(self, problem: str, remedy: str = "Download it again") -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}. {remedy}")


def open_pdf(file: Path | IO[bytes]) -> PdfReader:
    """Open a PDF. Raises PdfError where it needs a password, is damaged, or has no page or more than MAX_PDF_PAGES."""
    try:
        reader = PdfReader(file)
        # Many PDFs are "encrypted" with an empty password only to forbid printing: those open.
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        pages = 0 if locked else len(reader.pages)
    # A hostile PDF makes the library fail in many ways; each means the same to the person who added it.
    except Exception as error:
        raise damaged(error) from error
    if locked:
        raise PdfError("a password-protected PDF", "Save it without a password and add it again")
    if not 0 < pages <= MAX_PDF_PAGES:
        raise PdfError(f"{pages} pages, where 1 to {MAX_PDF_PAGES} are expected", "Add the PDF as published")
    return reader


def damaged(error: Exception) -> PdfError:
    """Return what to raise where a library of PDFs failed with `error`."""
    return PdfError(f"a damaged PDF ({type(error).__name__}: {error})")


def page_texts(reader: PdfReader, limit: int = _TEXT_PAGES) -> Iterator[str]:
    """Yield the text of the first `limit` pages, in reading order as far as the file gives it. Raises PdfError if damaged."""
    for number, page in enumerate(reader.pages[:limit], start=1):
        try:
            text = page.extract_text()
        except Exception as error:
            raise PdfError(f"page {number} can't be read ({type(error).__name__}: {error})") from error
        yield text


def check_text(reader: PdfReader) -> None:
    """Check that one of the first pages holds a letter. Raises PdfError for a scan, which is a picture of text."""
    if not any(character.isalpha() for text in page_texts(reader) for character in text):
        raise PdfError("a scanned PDF: pictures without text", "Run text recognition (OCR) over it first")


def check_streams(reader: PdfReader) -> None:
    """Check that the pages unpack to MAX_PDF_CONTENT bytes at most. Raises PdfError else: they would fill the memory."""
    total = 0
    for number, page in enumerate(reader.pages, start=1):
        try:
            contents = page.get_contents()
            total += len(contents.get_data()) if contents is not None else 0
        except Exception as error:
            raise PdfError(f"page {number} can't be unpacked ({type(error).__name__})") from error
        if total > MAX_PDF_CONTENT:
            raise PdfError(f"pages that unpack to over {MAX_PDF_CONTENT >> 20} MB", "Add the PDF as published")

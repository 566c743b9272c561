"""Lines of plain text or of a PDF page to blocks: headings, list items, questions, wrapped paragraphs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.blocks import HEADING, ITEM, PARAGRAPH, Block, Raw, rewrapped, structured
from pipeline.text.characters import normalise

MAX_PDF_PAGES = 200
MAX_LINES = 50_000
MAX_TEXT = 4_000_000  # characters; what comes after is not read
_BULLET = re.compile(r"([-*•▪◦‣●○■□➢✓✔✗✘–]|o(?= [A-Z])|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]) {0,8}(?=\S)")
_LABEL = re.compile(r"(?:[QA]|Question|Answer) ?[:.] {0,8}", re.IGNORECASE)


class UnreadablePageError(ValueError):
    """A document that holds no text to read: encrypted, broken, or only pictures."""


def blocks_of_text(content: bytes | str, encoding: str | None = None) -> tuple[Block, ...]:
    """Blocks of a plain-text page; lines of a wrapped paragraph are joined, blank lines part blocks."""
    if isinstance(content, bytes):
        content = _decoded(content, encoding)
    lines = content[:MAX_TEXT].splitlines()
    return structured(_raws(lines[:MAX_LINES]), complete=len(content) <= MAX_TEXT and len(lines) <= MAX_LINES)


def blocks_of_pdf(content: bytes) -> tuple[Block, ...]:
    """Blocks of a PDF's text lines, page by page.

    Raises UnreadablePageError if the file is encrypted, broken or has no text (a scan). Tables come as their lines.
    """
    lines: list[str] = []
    complete = True
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            complete = len(document.pages) <= MAX_PDF_PAGES
            for page in document.pages[:MAX_PDF_PAGES]:
                lines.extend(line["text"] for line in page.extract_text_lines(return_chars=False))
                page.close()
    except (PDFPasswordIncorrect, PDFSyntaxError, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise UnreadablePageError(f"PDF cannot be read: {type(error).__name__}") from error
    if not any(line.strip() for line in lines):
        raise UnreadablePageError("PDF holds no text; it may be a scan")
    return structured(_raws(lines), complete)


def _decoded(content: bytes, encoding: str | None) -> str:
    for name in (encoding, "utf-8-sig"):
        try:
            if name:
                return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", "replace")


def _raws(lines: Iterable[str]) -> Iterator[Raw]:
    """Raw blocks; runs of lines without a blank between them are looked at for wrapped paragraphs."""
    run: list[Raw] = []
    for line in lines:
        text = normalise(line)
        raw = _raw(_indent(line), text, alone=not run) if text else None
        if raw is not None:
            run.append(raw)
        elif run:
            yield from rewrapped(run)
            run = []
    if run:
        yield from rewrapped(run)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _raw(indent: int, text: str, alone: bool) -> Raw:
    bullet = _BULLET.match(text)
    if bullet and len(text) > bullet.end():
        return Raw(ITEM, text, level=1 + min(indent, 40) // 3)
    label = _LABEL.match(text)
    if label:
        return Raw(PARAGRAPH, text[label.end() :] or text)
    if alone and _is_title(text):
        return Raw(HEADING, text, level=3)
    return Raw(PARAGRAPH, text)


def _is_title(text: str) -> bool:
    """A short line of its own that is no sentence."""
    words = text.split()
    if any(mark in text for mark in ":(,✓✔☑✅✗✘✖☒❌"):
        return False
    return len(text) <= 70 and len(words) <= 9 and text[-1] not in '.?!:;,"' and text[0].isupper()

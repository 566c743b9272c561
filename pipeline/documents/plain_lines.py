"""Lines of plain text to blocks: headings, list items, questions, wrapped paragraphs.

What belongs here: what a line is by its own form and place. Where the lines of a PDF come from is in `pdf`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.documents.blocks import HEADING, ITEM, PARAGRAPH, Block, Raw, rewrapped, structured
from pipeline.documents.decoding import decoded
from pipeline.documents.html_tables import MARKS
from pipeline.text.characters import normalise, wordset

MAX_LINES = 50_000
MAX_TEXT = 4_000_000  # characters; what comes after is not read
_BULLET = re.compile(r"([-*•▪◦‣●○■□➢✓✔✗✘–]|o(?= [A-Z])|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]) {0,8}(?=\S)")
_ANSWERING = wordset("yes no not none never")  # words with which an answer opens
_LABEL = re.compile(r"(?:[QA]|Question|Answer) ?[:.] {0,8}", re.IGNORECASE)


def blocks_of_text(content: bytes | str, encoding: str | None = None) -> tuple[Block, ...]:
    """Return the blocks of a plain-text page; lines of a wrapped paragraph are joined, blank lines separate blocks.

    encoding: the charset of the HTTP header, if any (see `decoding`).
    """
    if isinstance(content, bytes):
        content = decoded(content, encoding)
    lines = content[:MAX_TEXT].splitlines()
    complete = len(content) <= MAX_TEXT and len(lines) <= MAX_LINES
    return structured(raws_of_lines(lines[:MAX_LINES]), complete)


def raws_of_lines(lines: Iterable[str]) -> Iterator[Raw]:
    """Yield the raw blocks of printed lines; runs of lines without a blank between them are looked at for wrapped paragraphs."""
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
    """Decide whether `text` is a short line of its own that is no sentence."""
    words = text.split()
    if words[0].lower().strip("([") in _ANSWERING or text.lower() in MARKS:
        return False
    if any(mark in text for mark in ":(,✓✔☑✅✗✘✖☒❌"):
        return False
    return len(text) <= 70 and len(words) <= 9 and text[-1] not in '.?!:;,"' and text[0].isupper()

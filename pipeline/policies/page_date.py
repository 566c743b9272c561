"""The date a page gives for itself, as a whole. Dates of single entries are in `dated_entries`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.declared_dates import DeclaredDates

MONTHS = {name: number for number, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
     "sep sept september", "oct october", "nov november", "dec december"), 1) for name in names.split()}  # fmt: skip
_NOTHING_DECLARED = DeclaredDates()
MAX_BLOCKS = 2_000  # blocks with something like a year

_LABEL = re.compile(
    r"\b(?:last (?:updated|modified|revised|reviewed|changed|edited)|updated|revised|revision|version|modified|reviewed"
    r"|adopted|approved|page date|as of revision|posted|effective date)\b[ a-z:]{0,24}?[ :-]{0,3}(?=[A-Z0-9v(])",
    re.IGNORECASE,
)
_OF_LABELS = ("dated", "modified", "revis", "version", "reviewed", "changed", "edited", "page date", "posted",
              "effective", "adopted", "approved")  # fmt: skip
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d{1,2})(?:-(\d{1,2}))?(?=\b|T)")
_US = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)?\d\d)\b")
_WORDS = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? )?([A-Za-z]{3,9})\.?(?: (\d{1,2})(?:st|nd|rd|th)?,?)? ((?:19|20)\d\d)\b"
)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
# A date of a foot stands right behind its label: "Last updated: 5/2/2024", "May 2, 2024", "2 May 2024", "2024-05-02".
_FULL = re.compile(r"\W{0,3}(?:on )?(?:\w{3,9}day,? )?(?:[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [A-Za-z]{3,9} \d{4}|[A-Za-z]{3,9} \d{4}"
                   r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2})")  # fmt: skip
_OF_CYCLE = re.compile(r"\b(?:application|applications|applying|recruitment|interview|match|eras)\b.{0,25}\b(?:cycle|season|year|period)"
                       r"|\b(?:cycle|season)\b", re.IGNORECASE)  # fmt: skip
_ACADEMIC = re.compile(r"\b(20\d\d) ?[-–/] ?(20\d\d|\d\d)\b")


def page_date(blocks: tuple[Block, ...], texts: Texts, declared: DeclaredDates = _NOTHING_DECLARED) -> date | None:
    """Return the date that a page gives for itself, None where it gives none.

    It is the day of "last updated", "revised" or "version" in its text, else in its foot; else the last change, then the
    publication, that it declares; else the start of the academic year or cycle that it is for. Missing days and months are
    filled with the first; an academic year starts on 1 July. Copyright and Match years and dates inside the policy do not
    count. texts: those of `blocks`.
    """
    likely = [blocks[number] for number in sorted(texts.naming(("20", "19", "/")))[:MAX_BLOCKS]]
    for block in likely:
        for label in _labels(block.text):
            found = dated(block.text[label.end() : label.end() + 40])
            if found is not None:
                return found
    foot = _of_foot(declared.foot)
    if foot is not None:
        return foot
    for printed in (*declared.modified, *declared.published):
        found = dated(printed)
        if found is not None:
            return found
    year = _cycle(likely)
    return date(year, 7, 1) if year else None


def _of_foot(foot: str) -> date | None:
    """Return the first labelled date of a page's foot; an address or a number beside it is none."""
    for label in _labels(foot):
        words = foot[label.end() : label.end() + 40]
        found = dated(words) if _FULL.match(words) else None
        if found is not None:
            return found
    return None


def _cycle(blocks: list[Block]) -> int | None:
    """Return the first year of the newest application cycle that is named as one, else of the first academic year."""
    named = [year for block in blocks for year in _academic_years(block.text, of_cycle=True)]
    if named:
        return max(named)
    return next((year for block in blocks for year in _academic_years(block.text)), None)


def _labels(text: str) -> Iterator[re.Match[str]]:
    """Return the places of "last updated", "version" and the like; most texts hold none of their words."""
    lower = text.lower()
    if any(word in lower for word in _OF_LABELS):
        yield from _LABEL.finditer(text)


def dated(text: str) -> date | None:
    """Return the first date in `text`; missing days and months are filled with the first."""
    iso = _ISO.search(text)
    if iso:
        return _valid(int(iso[1]), int(iso[2]), int(iso[3] or 1))
    us = _US.search(text)
    if us:
        year = int(us[3]) if len(us[3]) == 4 else 2000 + int(us[3])
        return _valid(year, int(us[1]), int(us[2]))
    for words in _WORDS.finditer(text):
        month = MONTHS.get(words[2].lower())
        if month:
            return _valid(int(words[4]), month, int(words[1] or words[3] or 1))
    year = _YEAR.search(text)
    return date(int(year[1]), 1, 1) if year else None


def _academic_years(text: str, *, of_cycle: bool = False) -> Iterator[int]:
    """Yield the first years of spans such as 2026-2027; of_cycle: those alone that are called a cycle, season or year of
    applications."""
    if "©" in text or "copyright" in text.lower():
        return
    for span in _ACADEMIC.finditer(text):
        first = int(span[1])
        second = int(span[2]) if len(span[2]) == 4 else first // 100 * 100 + int(span[2])
        around = text[max(0, span.start() - 40) : span.end() + 40]
        if second == first + 1 and not (of_cycle and not _OF_CYCLE.search(around)):
            yield first


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

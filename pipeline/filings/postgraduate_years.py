"""Postgraduate years in job titles: PGY-2, PGYIII, Resident II, third-year resident.

What belongs here: how years are written. What a year says of the level is in `levels.py`.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.specialties.words import plain

_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_NUMBER: Final = r"(\d{1,2}(?![\d.])|viii|vii|vi|iv|v|iii|ii|i)\b(?!-\d)"
_PGY: Final = re.compile(
    rf"\b(?:pgy|pgl|pgt|pg(?=[\s\-]*\d)|post[ \-]?graduate year)(?:[\s\-]*(?:level|year))?[\s\-_#.|:(]*{_NUMBER}"
)
_PGY_NEXT: Final = re.compile(r"[\s\-_|)]*(?:to|/|,|and|or|-|\||\s)[\s\-|]*(?:pgy|pgl|pgt)?[\s\-_#|]*(\d)\b")
_GRADE: Final = re.compile(
    r"\b(?:resident(?: physician)?|residents|house officer|house staff(?: physician)?|res phys)[\s\-,|(]*"
    rf"(?:gl|level|year|yr|r(?=[\s\-]?\d))?[\s\-]*{_NUMBER}(?!\s*fte)"
)
_ORDINALS: Final = {
    "1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "5th": 5, "fifth": 5,
    "6th": 6, "sixth": 6, "7th": 7, "seventh": 7,
}  # fmt: skip
_ORDINAL: Final = re.compile(rf"\b({'|'.join(_ORDINALS)})[\s\-]+(?:year|yr)\b")
_RESIDENT_ONLY: Final = re.compile(r"^(?!.*\bfellow).*\bresident")
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_TOP_PGY: Final = 10


def read_pgy(title: str) -> int | None:
    """Return the postgraduate year in a title; None where none, several or a range are given."""
    text = re.sub(r"\b(pgy|pgl|pgt)(?=[ivx\d])", r"\1 ", _BRACKETS.sub(" ", plain(title)))
    years: set[int] = set()
    for match in _PGY.finditer(text):
        years.add(_number(match.group(1)))
        further = _PGY_NEXT.match(text, match.end())
        if further:
            years.add(int(further.group(1)))
    if not years:
        years = {_number(match.group(1)) for match in _GRADE.finditer(text)}
    if not years and _RESIDENT_ONLY.match(text):
        years = {_ORDINALS[match.group(1)] for match in _ORDINAL.finditer(text)}
    year = years.pop() if len(years) == 1 else 0
    return year if 1 <= year <= _TOP_PGY else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _ROMAN[text]

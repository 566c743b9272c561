"""Dated entries of a page: "Posted 3/2/2021: ...", a heading "March 2021". Of two entries the newer one counts.

What belongs here: the date with which an entry opens. The date of the whole page is in `page_date`.
"""

from __future__ import annotations

import re
from datetime import date

from pipeline.documents.blocks import HEADING, Block
from pipeline.policies.page_date import dated

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    rf"(?:\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|20\d\d-\d{{1,2}}(?:-\d{{1,2}})?"
    rf"|(?:\d{{1,2}} )?{_MONTH} (?:\d{{1,2}},? )?20\d\d)"
)
_LABEL = (
    r"(?:(?:posted|updated?|added|revised|published|news|notice|announcement|entry|dated|status|note)\b"
    r"[ ,:]{0,2}(?:on |of |from |as of )?)?"
)
_OPENING = re.compile(rf"\W{{0,2}}{_LABEL}\(?({_DATE})\)?(?: update| notice)? ?(?:[:.–]| -|$)", re.IGNORECASE)
_YEAR_HEADING = re.compile(r"\D{0,30}(20\d\d)(?: ?[-/–] ?(?:20)?\d\d)?\D{0,40}")


def opening_date(text: str) -> date | None:
    """Return the date with which an entry opens; None if the text opens with none."""
    if "20" not in text[:40] and "/" not in text[:40]:
        return None
    match = _OPENING.match(text)
    return dated(match[1]) if match else None


def heading_date(block: Block) -> date | None:
    """Return the date or year that a heading or a line of its own gives to what is below it."""
    if len(block.text) > 70 or ("20" not in block.text and "/" not in block.text):
        return None
    whole = opening_date(block.text)
    if whole is not None or block.kind != HEADING:
        return whole
    year = _YEAR_HEADING.fullmatch(block.text)
    return date(int(year[1]), 1, 1) if year else None

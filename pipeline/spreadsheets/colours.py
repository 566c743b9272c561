"""Colours of words that people look for: lights, categories, stances. One scale: green is good news, red a no, grey is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.schemas.vocabulary import ACCREDITATION, CAP_EXEMPT_CATEGORY, LIGHT, SPONSOR_TIER, VISA_CATEGORY

_GREEN: Final = "#C6EFCE"
_PALE_GREEN: Final = "#E2F0D9"
_YELLOW: Final = "#FFEB9C"
_ORANGE: Final = "#F8CBAD"
_RED: Final = "#FFC7CE"
_GREY: Final = "#E7E6E6"
HEADER: Final = "#1F3864"
HEADER_TEXT: Final = "#FFFFFF"
LINK: Final = "#0563C1"
_STANCES: Final = {"yes": _GREEN, "case_by_case": _YELLOW, "no": _RED}


def _in_order(words: tuple[str, ...], *fills: str) -> dict[str, str]:
    """Return a colour for each word of a vocabulary. Raises ValueError where there is another number of colours."""
    return dict(zip(words, fills, strict=True))


# Column -> word -> colour of its cell.
COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "light": _in_order(LIGHT, _GREEN, _YELLOW, _RED),
    "visa_category": _in_order(VISA_CATEGORY, _GREEN, _YELLOW, _ORANGE, _RED, _GREY),
    "sponsor_tier": _in_order(SPONSOR_TIER, _GREEN, _YELLOW, _PALE_GREEN, _PALE_GREEN, _ORANGE, _ORANGE, _RED, _GREY),
    "h1b_stated": _STANCES,
    "j1_stated": _STANCES,
    "cap_exempt_category": _in_order(CAP_EXEMPT_CATEGORY, *(_GREEN,) * 4, _PALE_GREEN, _ORANGE, _GREY),
    "accreditation": _in_order(ACCREDITATION, _GREEN, _PALE_GREEN, _YELLOW, _ORANGE, _RED, _GREY),
    "coverage": {"missing": _ORANGE, "in_doubt": _YELLOW},
}

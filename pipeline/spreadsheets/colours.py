"""Colours of words that people look for: lights, categories, stances. One scale: green is good news, red a no, grey is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES

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


# Column -> word -> colour of its cell; a word without one stays white.
COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {"green": _GREEN, "yellow": _YELLOW, "red": _RED},
    "visa_category": {"A": _GREEN, "B": _YELLOW, "J": _GREY, "C": _ORANGE, "D": _ORANGE, "N": _RED, "?": _GREY},
    "sponsor_tier": {
        "sponsors": _GREEN, "case_by_case": _YELLOW, "likely": _PALE_GREEN, "possible": _PALE_GREEN, "conflicting": _ORANGE,
        "j1_only": _ORANGE, "none": _RED, "unknown": _GREY,
    },
    "h1b_stated": _STANCES,
    "j1_stated": _STANCES,
    "cap_exempt_category": {
        **dict.fromkeys(EXEMPT_CATEGORIES, _GREEN), "likely_exempt": _PALE_GREEN, "likely_cap_subject": _ORANGE, "unknown": _GREY,
    },
    "accreditation": {
        "accredited": _GREEN, "new": _PALE_GREEN, "warning": _YELLOW, "probation": _ORANGE, "withdrawn": _RED, "not_listed": _GREY,
    },
    "coverage": {"missing": _ORANGE, "in_doubt": _YELLOW},
}  # fmt: skip

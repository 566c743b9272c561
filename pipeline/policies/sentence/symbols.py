"""Marks in the place of words that the reader does not know."""

from __future__ import annotations

from pipeline.policies.claims import Parsed

_CLOSING_SYMBOLS = frozenset("–%$\"'!*;†‡§")


def only_symbols(parsed: Parsed) -> bool:
    """Decide whether a text holds nothing but symbols that the reader does not know, or ends a bare name with one:
    "H-1B: ○"."""
    terms = [word for word in parsed.tokens if word.text not in (".", ",", ":", "-", "(", ")")]
    if any(trigger.has("yesword", "noword") for trigger in parsed.triggers) or not terms:
        return not terms and not parsed.triggers
    last = terms[-1]
    unknown = not last.visas and not last.text.isalnum() and last.text not in _CLOSING_SYMBOLS
    return unknown and all(word.visas or not word.text.isalnum() for word in terms)

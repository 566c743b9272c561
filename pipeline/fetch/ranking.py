"""Which links are worth a request: words of a link's address and text, weighed by `pages/words.csv`; no page is read."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pipeline.fetch.addresses import words_of
from pipeline.reference.load import ReferenceTableError, read_reference

_WORDS: Final = "pages/words.csv"
COLUMNS: Final = ["kind", "pattern", "weight", "note"]
# The five kinds of pages that are wanted; the other words lead there or away.
WANTED: Final = ("visa", "international", "eligibility", "faq", "apply")
HELPING: Final = ("training", "policy", "away")
MAX_TEXT: Final = 300
# Kinds of files that are no pages, by the end of the path.
_NO_PAGE: Final = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|zip|gz|docx?|xlsx?|pptx?|mp[34]|mov|avi|ics|vcf|woff2?|ttf|exe|dmg)$",
    re.IGNORECASE,
)
_SPEAKS_OF_VISAS: Final = re.compile(r"\b(visas?|h[-‐‑– ]?1[-‐‑– ]?b|j[-‐‑– ]?1|ecfmg)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Word:
    kind: str
    pattern: re.Pattern[str]
    weight: int


@dataclass(frozen=True)
class Rank:
    """How much a link promises: `score`, 0 or less for nothing, and the kinds of pages that its words name."""

    score: int
    kinds: tuple[str, ...]

    @property
    def wanted(self) -> bool:
        """Whether it promises one of the five kinds of pages, not only the way there."""
        return self.score > 0 and any(kind in WANTED for kind in self.kinds)


@functools.cache
def read_words() -> tuple[_Word, ...]:
    """Read the weighed words, in the order of the file.

    Raises ReferenceTableError, naming file and line, for a pattern that can't be used.
    """
    rows = read_reference(_WORDS)
    cells = zip(rows["kind"], rows["pattern"], rows["weight"], rows["line"], strict=True)
    return tuple(_word(kind, pattern, int(weight), line) for kind, pattern, weight, line in cells)


def _word(kind: str, pattern: str, weight: int, line: int) -> _Word:
    try:
        return _Word(kind, re.compile(pattern, re.IGNORECASE), weight)
    except re.error as error:
        raise ReferenceTableError(_WORDS, line, f"{pattern!r}: {error}") from error


def rank(url: str, text: str = "", *, training: bool = False) -> Rank:
    """Return the rank of a link to `url` that reads `text`.

    training: whether the page is known to be about residents or fellows. The heaviest word of each kind counts, once; words
    that lead away all count. A wanted word without a word of training is worth half: universities have applicants of many
    kinds.
    """
    if _NO_PAGE.search(urlsplit(url).path):
        return Rank(0, ())
    words = f"{words_of(url)} | {' '.join(text.split())[:MAX_TEXT]}"
    best: dict[str, int] = {}
    away = 0
    for word in read_words():
        if not word.pattern.search(words):
            continue
        if word.kind == "away":
            away += word.weight
        else:
            best[word.kind] = max(best.get(word.kind, 0), word.weight)
    wanted = sum(best.get(kind, 0) for kind in WANTED)
    if not (training or "training" in best):
        wanted //= 2
    if "policy" in best and len(best) == 1:
        best.clear()
    score = wanted + best.get("training", 0) + best.get("policy", 0) + away
    return Rank(score, tuple(best))


def speaks_of_visas(text: str) -> bool:
    """Decide whether a page's text names a visa or ECFMG at all."""
    return _SPEAKS_OF_VISAS.search(text) is not None

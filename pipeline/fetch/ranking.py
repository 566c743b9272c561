"""Which links are worth a request: words of a link's address and text, weighed by `page_words.csv`."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.fetch.addresses import words_of
from pipeline.reference.folder import REFERENCE

WORDS: Final = REFERENCE / "pages" / "words.csv"
COLUMNS: Final = ["kind", "pattern", "weight", "note"]
# The five kinds of pages that are looked for; the rest of the words lead there or away.
WANTED: Final = ("visa", "international", "eligibility", "faq", "apply")
HELPING: Final = ("training", "policy", "away")
MAX_TEXT: Final = 300
# Kinds of files that are no pages, by the end of the path.
_NO_PAGE: Final = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|zip|gz|docx?|xlsx?|pptx?|mp[34]|mov|avi|ics|vcf|woff2?|ttf|exe|dmg)$",
    re.IGNORECASE,
)
_SPEAKS_OF_VISAS: Final = re.compile(r"\b(visas?|h[-‐‑– ]?1[-‐‑– ]?b|j[-‐‑– ]?1|ecfmg)\b", re.IGNORECASE)


class WordsError(ValueError):
    """A line of page_words.csv that can't be used: file, line, and what is wrong with it."""


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
def read_words(path: Path = WORDS) -> tuple[_Word, ...]:
    """The weighed words. Raises WordsError, naming file and line."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != COLUMNS:
            raise WordsError(f"{path.name}, line 1: the header is {reader.fieldnames}, and should be {COLUMNS}")
        return tuple(_word(path, number, row) for number, row in enumerate(reader, start=2))


def _word(path: Path, number: int, row: dict[str, str]) -> _Word:
    try:
        if row["kind"] not in (*WANTED, *HELPING):
            raise ValueError(f"unknown kind {row['kind']!r}")
        return _Word(row["kind"], re.compile(row["pattern"], re.IGNORECASE), int(row["weight"]))
    except (ValueError, TypeError, re.error) as error:
        raise WordsError(f"{path.name}, line {number}: {error}") from error


def rank(url: str, text: str = "", *, training: bool = False) -> Rank:
    """Rank of a link to `url` that reads `text`. training: the page is known to be about residents or fellows.

    The heaviest word of each kind counts, once; words that lead away all count. A wanted word without a word of training is
    worth half: universities have applicants of many kinds.
    """
    if _NO_PAGE.search(urlsplit(url).path):
        return Rank(0, ())
    said = f"{words_of(url)} | {' '.join(text.split())[:MAX_TEXT]}"
    best: dict[str, int] = {}
    away = 0
    for word in read_words():
        if not word.pattern.search(said):
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
    """Whether a page's text names a visa or ECFMG at all."""
    return _SPEAKS_OF_VISAS.search(text) is not None

"""Error pages and robot checks that a server sends in place of a page, known by their titles and sentences.

What belongs here: telling such a page from a real one. What a real page says is not read here.
"""

from __future__ import annotations

import re
from typing import Final

from bs4 import BeautifulSoup

from pipeline.sources.base import Probe, SourceError

SHORT_TEXT: Final = 800  # characters; an error page has no more, but for its styles
# Titles and first headings that only error pages and robot checks have.
_STATUS = r"(?:http )?(?:error|status)?\s*:?\s*(?:40[0-9]|410|429|451|50[0-4]|52\d)\b"
_NOT_FOUND = r"(?:page|file|resource|url|site)?\s*(?:was |could )?(?:not |cannot |can(?:'|’)t )(?:be )?found"
_ERROR_WORDS = (
    r"access (?:to this page has been )?denied|forbidden|just a moment|attention required|bad gateway|bad request"
    r"|service (?:temporarily )?unavailable|temporarily unavailable|gateway time-?out|unauthorized|too many requests"
    r"|request rejected|internal server error|pardon our interruption|are you a (?:robot|human)|robot check"
    r"|human verification|security check(?: required)?|checking your browser.*|verify(?:ing)? you are (?:a )?human"
    r"|(?:site|website) (?:is )?(?:under|down for) maintenance|error|oops"
)
_ERROR_TITLE = re.compile(rf"(?:{_STATUS}(?: error)?[\s:.!-]*)?(?:{_NOT_FOUND}|{_ERROR_WORDS})[\s.…!?]*", re.IGNORECASE)
_ERROR_NUMBER = re.compile(rf"{_STATUS}.?", re.IGNORECASE)
# Sentences of pages that hold nothing else.
_ERROR_TEXT = re.compile(
    r"enable javascript|javascript (?:is|must be) (?:disabled|enabled|required)|please return to the search page"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|you don(?:'|’)t have permission to access"
    r"|access denied|(?:page|url) (?:you (?:requested|are looking for) )?(?:was|could|can) ?not (?:be )?found"
    r"|incident id|error reference|ray id",
    re.IGNORECASE,
)


def check_content(probe: Probe, soup: BeautifulSoup, text: str) -> None:
    """Check that a page says something. text: what it shows.

    Raises SourceError for one without a letter, for an error page and for a robot check.
    """
    if not any(character.isalpha() for character in text):
        raise SourceError(probe.name, "a page without text", remedy="Open it in a browser and save it once it shows")
    # Only the first title: pictures in SVG have titles too.
    titles = [*soup.find_all("title", limit=1), *soup.find_all("h1", limit=3)]
    headings = [" ".join(tag.get_text(" ").split()) for tag in titles]
    named = next((heading for heading in headings if _is_error_title(heading)), "")
    if not named and len(text) <= SHORT_TEXT:
        match = _ERROR_TEXT.search(text)
        named = text[:60] if match else ""
    if named:
        raise SourceError(
            probe.name, f"an error page ({named[:60]!r})", remedy="Open the page in a browser and save it once it shows"
        )


def _is_error_title(heading: str) -> bool:
    # The site's name may come before or after: `404 Not Found | Hospital`.
    parts = [part.strip() for part in re.split(r"\s+[|–—·:-]\s+|\s*\|\s*", heading)]
    return any(_ERROR_TITLE.fullmatch(part) or _ERROR_NUMBER.fullmatch(part) for part in parts)

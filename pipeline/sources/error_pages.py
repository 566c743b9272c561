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
    r"|(?:site|website) (?:is )?(?:under|down for) maintenance|(?:site )?maintenance|error|oops|sign ?in|log ?in|login"
    r"|redirecting|cookies|unsupported browser|(?:radware )?captcha(?: page)?|wayback machine|page (?:not available|unavailable)"
)
_ERROR_TITLE = re.compile(rf"(?:{_STATUS}(?: error)?[\s:.!-]*)?(?:{_NOT_FOUND}|{_ERROR_WORDS})[\s.…!?]*", re.IGNORECASE)
_ERROR_NUMBER = re.compile(rf"{_STATUS}.?", re.IGNORECASE)
# Sentences of pages that hold nothing else.
_ERROR_TEXT = re.compile(
    r"enable javascript|javascript (?:is|must be) (?:disabled|enabled|required)|please return to the search page"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|you don(?:'|’)t have permission to access"
    r"|access denied|(?:page|url) (?:you (?:requested|are looking for) )?(?:was|could|can) ?not (?:be )?found"
    r"|incident id|error reference|ray id|captcha|(?:i(?:'|’)m|you are|you(?:'|’)re) (?:not )?a (?:ro)?bot|rate limit(?:ed)?\b"
    r"|too many requests|(?:critical|unexpected|internal) error|(?:accept|enable|allow|use) (?:all )?cookies to (?:continue|proceed|view)"
    r"|please (?:accept|enable) cookies|browser (?:is |version )?(?:not |un)supported|unsupported browser|upgrade your browser"
    r"|under maintenance|(?:be|we(?:'|’)ll be) back (?:soon|shortly|online)|redirecting (?:to|you)|being redirected|not archived that url"
    r"|page (?:has )?(?:been )?(?:moved|removed|deleted)|no longer (?:exists|available)|session (?:has )?(?:expired|timed out)"
    r"|(?:sign|log) ?in to (?:continue|view|access|your)|^(?:loading|please wait)[\s.…]*$",
    re.IGNORECASE,
)
# What stands in the place of the page while its menus and footer stay: the whole of a short first passage.
_GONE = re.compile(
    r"(?:oops|sorry|we(?:'|’)re sorry|uh-?oh)\b.{0,80}(?:page|find|found|exist|looking for)|.{0,40}"
    r"(?:page|url|address|link|content|file) .{0,60}(?:not (?:be )?(?:found|available|exist)|can(?:'|’)t (?:be )?f(?:ou|i)nd"
    r"|no longer (?:exists?|(?:is )?available)|(?:does not|doesn(?:'|’)t) exist|(?:has been|was) (?:moved|removed|deleted))"
    r"|.{0,40}(?:could ?n(?:'|’)t|cannot|can(?:'|’)t|could not|unable to) find (?:the|that|this|what)",
    re.IGNORECASE,
)
_GONE_REACH: Final = 400  # characters in which a page that is gone says so
_FRAME: Final = ("nav", "header", "footer", "script", "style", "aside", "noscript")


def check_content(probe: Probe, soup: BeautifulSoup, text: str) -> None:
    """Check that a page says something. text: what it shows.

    Raises SourceError for one without a letter, for an error page and for a robot check.
    """
    if not any(character.isalpha() for character in text):
        raise SourceError(probe.name, "a page without text", remedy="Open it in a browser and save it once it shows")
    # Only the first title: pictures in SVG have titles too.
    titles = [*soup.find_all("title", limit=1), *soup.find_all("h1", limit=3)]
    headings = [" ".join(tag.get_text(" ").split()) for tag in titles]
    named = (
        next((heading for heading in headings if _is_error_title(heading)), "") or _log_in(soup, text) or _gone(soup)
    )
    if not named and len(text) <= SHORT_TEXT:
        match = _ERROR_TEXT.search(text)
        named = text[:60] if match else ""
    if named:
        raise SourceError(
            probe.name, f"an error page ({named[:60]!r})", remedy="Open the page in a browser and save it once it shows"
        )


def _log_in(soup: BeautifulSoup, text: str) -> str:
    """Return what a short page shows that asks for a password and holds nothing else; empty for any other."""
    asks = soup.find("input", attrs={"type": "password"}) is not None
    return text[:60] or "a log-in" if asks and len(text) <= SHORT_TEXT else ""


def _gone(soup: BeautifulSoup) -> str:
    """Return the words in which the first passage of a page, menus left out, says that the page is gone; else empty."""
    passage = ""
    for heading in soup.find_all(["h1", "h2", "h3"], limit=4):
        words = " ".join(heading.get_text(" ").split())
        if _GONE.match(words) and len(words) <= 90:
            return words
    for piece in (soup.body or soup).find_all(string=True):
        if piece.parent is not None and piece.find_parent(_FRAME) is None and piece.strip():
            passage = f"{passage} {' '.join(piece.split())}".strip()
        if len(passage) > _GONE_REACH:
            break
    return passage[:60] if len(passage) <= _GONE_REACH and _GONE.match(passage) else ""


def _is_error_title(heading: str) -> bool:
    # The site's name may come before or after: `404 Not Found | Hospital`.
    parts = [part.strip() for part in re.split(r"\s+[|–—·:-]\s+|\s*\|\s*", heading)]
    return any(_ERROR_TITLE.fullmatch(part) or _ERROR_NUMBER.fullmatch(part) for part in parts)

"""Characters as a reader sees them: one hyphen, one quote, one kind of space; nothing invisible.

What belongs here: characters and words as sets, whatever they mean.
"""

from __future__ import annotations

import html
import json
import re

from pipeline.text.repair import CHARACTERS, apart, repaired


def wordset(words: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(words.split())


_PREFIXES = wordset(  # of compounds that keep their hyphen at the end of a line
    "non cap case self post full part well long short off sign two one three four fee pay year university hospital"
    " program employer state federal home board first second"
)
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u207b\u208b\u058a\u2027\u30fb\ufe58\ufe63\uff0d"
# What people and fonts put in the place of an apostrophe.
_QUOTES = (
    "\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u02ee\u0374\u055a"
    "\u2018\u2019\u201b\u2032\u2035\u275b\u275c\ua78c\uff07"
)
_LONG_DASHES = "\u2013\u2014\u2015"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\f\v"

_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **{ord(dash): "–" for dash in _LONG_DASHES},
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _QUOTES), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"'),
    ord("\u00b7"): "•",
}
_GONE = dict.fromkeys([0, *map(ord, _INVISIBLE)])
_TABLE = {**{code: (meant or "").translate(_PLAIN) for code, meant in CHARACTERS.items()}, **_PLAIN}
# Control characters but for tab and line feed, and marks that turn or hide the text around them: a file may hold them to deceive
# a reader or to command a terminal. Half a surrogate pair, as in names of files, can't be written at all.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_DASH_IN_WORD = re.compile(r"(?<=\w)–(?=\w)")
_BLANKS = re.compile(r" {2,}")
_HYPHENATED = re.compile(r"(?<![\w-])([A-Za-z]{2,})-[ \n](?!and |or |to )([a-z]{2,})")
_LEADERS = re.compile(r"(?<=\w) ?\.{4,200} ?(?=\w)")  # "Visas sponsored ........ none"
_BREAKS = re.compile(r" ?\n[ \n]*")


def normalise(text: str) -> str:
    """Return `text` with plain hyphens, quotes and single spaces; line feeds stay, since they may separate two
    statements.

    A long dash between two word characters becomes a hyphen ("H–1B"), elsewhere it stays a dash. Idempotent.
    """
    if not _well_written(text):
        text = repaired(text.translate(_GONE)).translate(_TABLE)
        if "–" in text:
            text = _DASH_IN_WORD.sub("-", text)
    if "1" in text and ("J1" in text or "H1" in text or "J-1" in text or "H-1" in text):
        text = apart(text)
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    if "...." in text:
        text = _LEADERS.sub(": ", text)
    if "-\n" in text:
        text = _HYPHENATED.sub(_rejoined, text)
    if "\n" in text:
        text = _BREAKS.sub("\n", text)
    return text.strip()


def _well_written(text: str) -> bool:
    """Decide whether a text holds none of the signs that `normalise` mends, but for blanks and breaks. A search for each is quicker
    than one pattern of all."""
    return text.isascii() and not (
        "&" in text
        or "`" in text
        or "(cid:" in text
        or "\t" in text
        or "\r" in text
        or "\0" in text
        or "\f" in text
        or "\v" in text
    )


_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,5}|#[xX][0-9A-Fa-f]{1,4});")
# What UTF-8 of accented letters, quotes and dashes looks like where it was read as Windows-1252.
_MISREAD = re.compile("[ÃÂ][\u0080-\u00bf]|â€.|â„¢")
TRACES = f"{_ENTITY.pattern}|{_MISREAD.pattern}"  # what `mended` looks for


def mended(text: str) -> str:
    """Return a name without the traces of the programs it went through: HTML entities, also twice, and UTF-8 read as Windows-1252."""
    for _ in range(2):
        if "&" in text and _ENTITY.search(text):
            text = html.unescape(text)
    if not text.isascii() and _MISREAD.search(text):
        try:
            return text.encode("windows-1252").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _rejoined(match: re.Match[str]) -> str:
    """Return a word broken at the end of a line, whole; a compound keeps its hyphen."""
    return f"{match[1]}-{match[2]}" if match[1].lower() in _PREFIXES else match[1] + match[2]


def rejoin(lines: list[str]) -> str:
    """Join the lines of one paragraph; a word broken at the end of a line becomes whole again."""
    text = " ".join(lines)
    return _HYPHENATED.sub(_rejoined, text) if "- " in text else text


def collapse(text: str) -> str:
    """Return `text` on one line: any white space becomes one space."""
    return " ".join(text.split())


def harmless(text: str) -> str:
    """Return text of unknown origin fit for a screen, or a file for people: what acts or hides becomes `\N{REPLACEMENT CHARACTER}`."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def harmless_json(text: str) -> str:
    """Return JSON that says the same, with what acts or hides as escapes; so it is for programs and for a screen."""
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)

"""What the parts of an HTML page that its blocks leave out say of its date: its foot, `<meta>` marks and JSON-LD.

What belongs here: where such words and marks stand, as printed. Which of them is the date of a page is decided in the room of policies.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pipeline.documents.web_archive import is_web_archive, unpacked
from pipeline.text.characters import wordset

_MOST: Final = 2 << 20  # bytes looked at; what a page declares of itself is at its head and at its foot
_FOOT: Final = 8_000  # bytes of a footer, and of the end of a page
_MAX_SCRIPTS, _MAX_FOOTERS, _MAX_MARKS, _MAX_NODES = 10, 4, 500, 200
_JSON: Final = re.compile(
    r"<script\b[^<>]{0,300}application/ld\+json[^<>]{0,300}>([^<]{1,100000})</script", re.IGNORECASE
)
_FOOTER: Final = re.compile(r"<footer\b", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<(script|style)\b[^<]*(?:<(?!/\1)[^<]*)*(?:</\1[^>]*>|$)|<[^<>]*>?", re.IGNORECASE)
_MODIFIED: Final = wordset(
    "article:modified_time og:updated_time last-modified datemodified dcterms.modified dc.date.modified revised"
    " last-update lastmod"
)
_PUBLISHED: Final = wordset(
    "article:published_time datepublished dcterms.created dc.date.created dc.date dcterms.date dc.date.issued"
    " dcterms.issued pubdate publish-date date"
)
_NAMED: Final = re.compile(r"\b(?:name|property|http-equiv|itemprop)\s*=\s*[\"']?([^\"'\s/>]+)")
_CONTENT: Final = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_MARK: Final = 1_000  # characters of one mark
# Of what a description in JSON-LD may be; dates of events and of other pages are not the page's.
_PAGES: Final = wordset(
    "webpage article medicalwebpage aboutpage faqpage contactpage itempage collectionpage blogposting newsarticle"
)


class DeclaredDates(NamedTuple):
    """Words of a page's foot, and the days it declares of its last change and of its publication, as printed."""

    foot: str = ""
    modified: tuple[str, ...] = ()
    published: tuple[str, ...] = ()


def declared_dates(content: bytes) -> DeclaredDates:
    """Return what an HTML page, as served or saved as one file, declares of its date outside its text."""
    if is_web_archive(content):
        content = unpacked(content).content
    # Marks and digits are ASCII in every encoding of the web but UTF-16, which no page of a program uses.
    text = content[:_MOST].decode("latin-1")
    declared = [*_described(text), *_marked(text)]
    return DeclaredDates(
        " ".join(_feet(text)),
        tuple(value for kind, value in declared if kind == "modified"),
        tuple(value for kind, value in declared if kind == "published"),
    )


def _feet(text: str) -> Iterator[str]:
    """Yield the words of the footers of a page, and of its end."""
    for number, footer in enumerate(_FOOTER.finditer(text)):
        if number == _MAX_FOOTERS:
            return
        yield _words(text[footer.start() : footer.start() + _FOOT].split("</footer", 1)[0])
    yield _words(text[-_FOOT:])


def _words(markup: str) -> str:
    return " ".join(html.unescape(_UNSEEN.sub(" ", markup)).split())


def _marked(text: str) -> Iterator[tuple[str, str]]:
    lower = text.lower()
    start = lower.find("<meta")
    for _ in range(_MAX_MARKS):
        if start < 0:
            return
        mark = text[start : start + _MARK].partition(">")[0]
        name = next((one for one in _NAMED.findall(mark.lower()) if one in _MODIFIED or one in _PUBLISHED), "")
        content = _CONTENT.search(mark) if name else None
        if content is not None:
            kind = "modified" if name in _MODIFIED else "published"
            yield kind, html.unescape(content[1] or content[2] or "").strip()
        start = lower.find("<meta", start + 5)


def _described(text: str) -> Iterator[tuple[str, str]]:
    for number, script in enumerate(_JSON.finditer(text)):
        if number == _MAX_SCRIPTS:
            return
        try:
            root = json.loads(script[1])
        except (ValueError, RecursionError):
            continue  # browsers pass over a script that is no JSON, and so do search engines
        for node in _nodes(root):
            for kind, key in (("modified", "dateModified"), ("published", "datePublished")):
                if isinstance(node.get(key), str):
                    yield kind, node[key]


def _nodes(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the descriptions of pages at the top and in its graph; what is nested in them describes other things."""
    listed = root if isinstance(root, list) else [root]
    inside = [one["@graph"] for one in listed if isinstance(one, dict) and isinstance(one.get("@graph"), list)]
    for node in [*listed, *(item for graph in inside for item in graph)][:_MAX_NODES]:
        kinds = node.get("@type") if isinstance(node, dict) else None
        names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
        if any(isinstance(name, str) and name.lower() in _PAGES for name in names):
            yield node

"""Pages to read: usual ones, made of the labelled pages and filled up, and ones that are meant to hurt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GOLD: Final = Path(__file__).resolve().parents[2] / "gold" / "policies" / "pages_dev"
TYPICAL: Final = 40_000  # bytes
HOSTILE: Final = 10_000_000  # bytes
_MENU: Final = "".join(f'<li><a href="/department/{n}" class="nav-link">Department {n}</a></li>' for n in range(60))
_SCRIPT: Final = f"<script>var settings = {{{','.join(f'k{n}:{n}' for n in range(700))}}};</script>"
_STORIES: Final = (
    "Residents rotate through wards, clinics and the emergency room; a half day of teaching each Wednesday is protected.",
    "The simulation center opened three years ago and is used by all departments of the hospital every week of the year.",
    "Research is supported by a statistician, a librarian and a small fund to which everybody may apply twice a year.",
    "Vacation is four weeks a year. Parking is free, meals are paid on call, and housing near the hospital is affordable.",
)


_HEAD: Final = "".join(
    f'<meta property="og:item{n}" content="Graduate medical education {n}"><link rel="stylesheet" href="/css/{n}.css">'
    f'<script async src="/js/{n}.js"></script>'
    for n in range(40)
)
_OPEN: Final = (
    '<div class="region region-content"><div class="block block-system"><div class="field field--name-body field--type-text '
    'field--label-hidden clearfix"><div class="field__item even" data-quickedit-field-id="node/1/body/en/full">'
)
_ICON: Final = (
    '<a class="social-link" href="https://example.org/share" aria-label="Share"><svg class="icon" viewBox="0 0 24 24">'
    '<path d="M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2z"></path></svg></a>'
)


@dataclass(frozen=True)
class Page:
    """A page as served, and for whom it is read."""

    content: bytes
    program: str
    institution: str


def typical() -> list[Page]:
    """The labelled pages, 40 KB each, as a content management system serves them: with a head, menus, nested elements, icons.

    About a quarter of each is text.
    """
    return _made(_served)


def wordy() -> list[Page]:
    """The labelled pages with a menu, a script and paragraphs added, up to 40 KB each; two thirds of each is text."""
    return _made(_filled)


def _made(of: Callable[[str, int], bytes]) -> list[Page]:
    labels = [json.loads(line) for line in (GOLD / "labels.jsonl").read_text("utf-8").splitlines()]
    return [
        Page(of((GOLD / label["file"]).read_text("utf-8"), number), label["program"], label["institution"])
        for number, label in enumerate(labels)
    ]


def _served(page: str, number: int) -> bytes:
    head = f"{_HEAD}{_SCRIPT}"
    added = [f"<nav><ul>{_MENU}</ul></nav>"]
    size = len(page) + len(head) + len(added[0])
    while size < TYPICAL:
        turn = len(added)
        story = f"<p class='MsoNormal'>{number}-{turn}. {_STORIES[turn % 4]} {_STORIES[(turn + 1) % 4]}</p>"
        piece = f"{_OPEN}<h3 class='title'>Life here {number}-{turn}</h3>{story}{_ICON * 2}</div></div></div></div>"
        added.append(piece)
        size += len(piece)
    return _with(page, head, "".join(added))


def _with(page: str, head: str, added: str) -> bytes:
    start, body = page.find("</head>"), page.rfind("</body>")
    cut = body if body >= 0 else len(page)
    front = max(start, 0)
    return (page[:front] + head + page[front:cut] + added + page[cut:]).encode()


def _filled(page: str, number: int) -> bytes:
    added = [f"{_SCRIPT}<nav><ul>{_MENU}</ul></nav>"]
    size = len(page) + len(added[0])
    while size < TYPICAL:
        turn = len(added)
        story = f"<p>{number}-{turn}. {_STORIES[turn % 4]} <em>{_STORIES[(turn + 1) % 4]}</em></p>"
        piece = story if turn % 6 else f"<h3>Life here {number}-{turn}</h3>{story}<ul><li>Gym</li><li>Choir</li></ul>"
        added.append(piece)
        size += len(piece)
    return _with(page, "", "".join(added))


def _repeated(piece: str, start: str = "", end: str = "") -> Callable[[], bytes]:
    def made() -> bytes:
        return (start + piece * ((HOSTILE - len(start) - len(end)) // len(piece)) + end).encode()

    return made


# 10 MB each.
ADVERSARIAL: Final[dict[str, Callable[[], bytes]]] = {
    "nested elements": _repeated("<div>"),
    "nested inline elements": _repeated("<b><i>"),
    "nested lists of policies": _repeated("<ul><li>We sponsor J-1 visas."),
    "list items": _repeated("<li>We do not sponsor H-1B visas, only J-1 visas.</li>", "<ul>", "</ul>"),
    "paragraphs of policies": _repeated("<p>No visa other than the J-1 is sponsored, except H-1B transfers.</p>"),
    "questions": _repeated("<p>Do you sponsor H-1B visas?</p>"),
    "headings": _repeated("<h3>H-1B visa</h3>"),
    "one endless sentence": _repeated("we do not sponsor J-1 or H-1B visas, except ", "<p>"),
    "one endless word": _repeated("H-1B", "<p>"),
    "nested tables": _repeated("<table><tr><td>J-1<td>yes"),
    "one endless table": _repeated("<tr><td>Urology<td>J-1<td>H-1B", "<table>"),
    "wide cells": _repeated("<tr><td colspan=50 rowspan=50>J-1", "<table>"),
    "definitions": _repeated("<dt>Visa<dd>J-1", "<dl>"),
    "attributes": _repeated(" a='H-1B visa'", "<p", ">We sponsor J-1 visas."),
    "unclosed comments": _repeated("<!-- visa ", "<p>We sponsor J-1 visas."),
    "unclosed brackets": _repeated("<"),
    "entities": _repeated("&nbsp;&#74;-1", "<p>"),
    "blanks": _repeated(" \n", "<p>H", "1B visas</p>"),
    "full stops": _repeated("visa. ", "<p>"),
    "years": _repeated("2024-2025 updated ", "<p>"),
    "examinations": _repeated("<p>H-1B: Step 3 by ", ""),
    "line breaks": _repeated("We sponsor J-1<br>", "<p>"),
}

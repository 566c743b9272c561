"""What is read of a fetched page: its links, its title, and the text that is compared with its last snapshot.

Not the parse of `pipeline.documents.html`: that one makes blocks of what a page says and leaves out menus, footers and all
addresses, where most links to other pages are, and menus count when two versions of a page are compared. Both are one pass
of lxml over the bytes. Policies are never read here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.documents.page import blocks_of
from pipeline.documents.pdf import MAX_PDF_PAGES
from pipeline.documents.pdf_blocks import pdf_text
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.fetch.addresses import normalise
from pipeline.fetch.ranking import MAX_TEXT
from pipeline.sources.base import SourceError
from pipeline.text.characters import collapse

MAX_LINKS: Final = 2_000
_UNSEEN: Final = ("script", "style", "noscript", "template")
_PDF_HEAD: Final = b"%PDF-"
_FIRST_PAGES: Final = 25


@dataclass(frozen=True)
class Link:
    """A normalised address and the words of the link to it."""

    url: str
    text: str


@dataclass(frozen=True)
class Page:
    """What is read of a fetched page. text: all that it shows, blanks made one; title: its title, else its first heading.

    links: in the order of the page, each address once; none where the page says that robots must not follow them.
    """

    text: str
    title: str
    links: tuple[Link, ...] = ()


def is_pdf(content: bytes) -> bool:
    """Decide whether the bytes of a page are a PDF."""
    return content.startswith(_PDF_HEAD)


def read_page(content: bytes, url: str) -> Page:
    """Return text, title and links of an HTML page or PDF at `url`; of a PDF the text of its first pages alone.

    Raises SourceError for a PDF that can't be opened.
    """
    return Page(_pdf_text(content, _FIRST_PAGES), "") if is_pdf(content) else _html(content, url)


def whole_text(content: bytes) -> str:
    """Return all that a page shows, blanks made one, and what a reader of policies sees of it (marks, pictures' words, text
    that is not struck out): what must differ for a new snapshot. Raises as `read_page`."""
    if is_pdf(content):
        return _pdf_text(content, MAX_PDF_PAGES)
    seen = (f"{' > '.join(block.headings)} {block.text}" for block in blocks_of(content, "html"))
    return _in_a_line([read_page(content, "").text, *seen])


def _html(content: bytes, url: str) -> Page:
    root = _tree(content)
    if root is None:
        return Page("", "")
    links = () if _is_nofollow(root) else tuple(_links(root, url))
    title = next(root.iter("title", "h1"), None)
    heading = _in_a_line(title.itertext()) if title is not None else ""
    for tag in root.iter(*_UNSEEN):
        tag.clear(keep_tail=True)
    return Page(_in_a_line(root.itertext()), heading[:MAX_TEXT], links)


def _tree(content: bytes) -> etree._Element | None:
    """Return HTML as lxml's tree, None if it is empty. Valid UTF-8 is read as such; else the page's declaration counts."""
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None
    parser = etree.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(content, parser) if content.strip() else None


def _in_a_line(pieces: Iterable[str]) -> str:
    return collapse(" ".join(pieces))


def _is_nofollow(root: etree._Element) -> bool:
    values = [tag.get("content", "") for tag in root.iter("meta") if tag.get("name", "").strip().lower() == "robots"]
    words = {word.strip().lower() for value in values for word in value.split(",")}
    return bool(words & {"nofollow", "none"})


def _links(root: etree._Element, url: str) -> Iterator[Link]:
    declared = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), "")
    base = normalise(declared, url) or url
    seen = {url}
    for tag in itertools.islice(root.iter("a", "area"), MAX_LINKS):
        address = tag.get("href")
        nofollow = "nofollow" in tag.get("rel", "").lower().split()
        target = None if address is None or nofollow else normalise(address, base)
        if target is None or target in seen:
            continue
        seen.add(target)
        label = tag.get("title") or tag.get("aria-label") or tag.get("alt") or ""
        yield Link(target, _words(tag) or label[:MAX_TEXT])


def _words(tag: etree._Element) -> str:
    """Return the first words inside a link; it may hold a whole page."""
    found = ""
    for piece in tag.itertext():
        found = f"{found} {collapse(piece[:MAX_TEXT])}".strip()
        if len(found) >= MAX_TEXT:
            break
    return found[:MAX_TEXT]


def _pdf_text(content: bytes, pages: int) -> str:
    try:
        return collapse(pdf_text(content, pages))
    except UnreadablePageError as error:
        raise SourceError("the PDF", error.problem, remedy=error.remedy) from error

"""What a page and a sitemap give: links, and the text by which a page is told from its last snapshot."""

from __future__ import annotations

import contextlib
import re
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup, Tag
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.fetch.addresses import normalise
from pipeline.fetch.ranking import MAX_TEXT
from pipeline.sources.base import Probe
from pipeline.sources.documents import MAX_PDF_PAGES, open_pdf, pdf_texts, soup_of

MAX_LINKS: Final = 2_000
MAX_LOCATIONS: Final = 50_000  # what the sitemap protocol allows a file
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

    links: in the order of the page, each address once; none where the page asks robots not to follow them.
    """

    text: str
    title: str
    links: tuple[Link, ...] = ()


def read_page(content: bytes, url: str) -> Page:
    """Text, title and links of an HTML page or PDF at `url`. Raises SourceError for a PDF that can't be opened."""
    return Page(_pdf_text(content, _FIRST_PAGES), "") if content.startswith(_PDF_HEAD) else _html(content, url)


def _html(content: bytes, url: str) -> Page:
    soup = soup_of(content)
    links = () if _follows_nothing(soup) else tuple(_links(soup, url))
    title = soup.title or soup.find("h1")
    heading = " ".join(title.get_text(" ").split()) if isinstance(title, Tag) else ""
    for tag in soup.find_all(_UNSEEN):
        tag.decompose()
    return Page(" ".join(soup.get_text(" ").split()), heading[:MAX_TEXT], links)


def _follows_nothing(soup: BeautifulSoup) -> bool:
    said = [
        str(tag.get("content", ""))
        for tag in soup.find_all("meta")
        if str(tag.get("name", "")).strip().lower() == "robots"
    ]
    words = {word.strip().lower() for text in said for word in text.split(",")}
    return bool(words & {"nofollow", "none"})


def _links(soup: BeautifulSoup, url: str) -> Iterable[Link]:
    base = soup.find("base", href=True)
    start = (normalise(str(base["href"]), url) if isinstance(base, Tag) else None) or url
    seen = {url}
    for tag in soup.find_all(["a", "area"], href=True, limit=MAX_LINKS):
        relation = tag.get("rel") or []
        target = None if "nofollow" in relation else normalise(str(tag["href"]), start)
        if target is None or target in seen:
            continue
        seen.add(target)
        yield Link(
            target, _words(tag) or str(tag.get("title") or tag.get("aria-label") or tag.get("alt") or "")[:MAX_TEXT]
        )


def _words(tag: Tag) -> str:
    """The first words inside a link; a whole page may stand in one."""
    found = ""
    for piece in tag.strings:
        found = f"{found} {' '.join(piece[:MAX_TEXT].split())}".strip()
        if len(found) >= MAX_TEXT:
            break
    return found[:MAX_TEXT]


def whole_text(content: bytes) -> str:
    """All that a page shows, blanks made one: what must differ for a new snapshot. Raises SourceError as `read_page`."""
    return _pdf_text(content, MAX_PDF_PAGES) if content.startswith(_PDF_HEAD) else read_page(content, "").text


def _pdf_text(content: bytes, pages: int) -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        probe = Probe(Path(file.name), "the PDF", "pdf", len(content))
        return " ".join(" ".join(pdf_texts(probe, open_pdf(probe), pages)).split())


@dataclass(frozen=True)
class Sitemap:
    """Addresses that a sitemap lists, and further sitemaps that an index lists."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(content: bytes, limit: int) -> Sitemap:
    """Locations of a sitemap (sitemaps.org): XML, also gzipped, or text with an address a line.

    Entities are not resolved, nothing else is loaded, and at most `limit` bytes are unpacked; what can't be read is left out.
    """
    if content.startswith(b"\x1f\x8b"):
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            content = unpack.decompress(content, limit)
        except zlib.error:
            return Sitemap()
    if b"<" not in content[:1000]:
        lines = content.decode("utf-8", "replace").split()[:MAX_LOCATIONS]
        return Sitemap(tuple(url for line in lines if (url := normalise(line))))
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False
    )
    pages: list[str] = []
    sitemaps: list[str] = []
    # Broken: what came before it counts. Not closed: an address that was cut off must not pass for a whole one.
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.feed(content)
    for _, element in parser.read_events():
        if not isinstance(element.tag, str) or re.sub(r"^\{.*\}", "", element.tag) != "loc":
            continue
        parent = element.getparent()
        url = normalise(element.text or "")
        if url is None or parent is None or not isinstance(parent.tag, str) or len(pages) >= MAX_LOCATIONS:
            continue
        (sitemaps if parent.tag.endswith("sitemap") else pages).append(url)
    return Sitemap(tuple(dict.fromkeys(pages)), tuple(dict.fromkeys(sitemaps)))

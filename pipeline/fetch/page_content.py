"""What a page and a sitemap give: links, and the text by which a page is told from its last snapshot."""

from __future__ import annotations

import contextlib
import itertools
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.fetch.addresses import normalise
from pipeline.fetch.ranking import MAX_TEXT
from pipeline.sources.base import Probe
from pipeline.sources.pdf import MAX_PDF_PAGES, open_pdf, pdf_texts

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
    root = _tree(content)
    if root is None:
        return Page("", "")
    links = () if _follows_nothing(root) else tuple(_links(root, url))
    title = next(root.iter("title", "h1"), None)
    heading = _blanks_made_one(title.itertext()) if title is not None else ""
    for tag in root.iter(*_UNSEEN):
        tag.clear(keep_tail=True)
    return Page(_blanks_made_one(root.itertext()), heading[:MAX_TEXT], links)


def _tree(content: bytes) -> etree._Element | None:
    """HTML as lxml's tree, several times faster than BeautifulSoup's, whose niceties links don't need. None if empty.

    What is valid UTF-8 is taken as such; else the page's own declaration counts.
    """
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None
    parser = etree.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(content, parser) if content.strip() else None


def _blanks_made_one(pieces: Iterable[str]) -> str:
    return " ".join(" ".join(pieces).split())


def _follows_nothing(root: etree._Element) -> bool:
    said = [tag.get("content", "") for tag in root.iter("meta") if tag.get("name", "").strip().lower() == "robots"]
    words = {word.strip().lower() for text in said for word in text.split(",")}
    return bool(words & {"nofollow", "none"})


def _links(root: etree._Element, url: str) -> Iterator[Link]:
    base = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), "")
    start = normalise(base, url) or url
    seen = {url}
    for tag in itertools.islice(root.iter("a", "area"), MAX_LINKS):
        address = tag.get("href")
        nofollow = "nofollow" in tag.get("rel", "").lower().split()
        target = None if address is None or nofollow else normalise(address, start)
        if target is None or target in seen:
            continue
        seen.add(target)
        yield Link(
            target, _words(tag) or (tag.get("title") or tag.get("aria-label") or tag.get("alt") or "")[:MAX_TEXT]
        )


def _words(tag: etree._Element) -> str:
    """The first words inside a link; a whole page may stand in one."""
    found = ""
    for piece in tag.itertext():
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

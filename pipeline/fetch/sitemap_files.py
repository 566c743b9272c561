"""The format of a sitemap (sitemaps.org): XML, also gzipped, or one address a line. How sitemaps are had: `sitemaps`."""

from __future__ import annotations

import contextlib
import re
import zlib
from dataclasses import dataclass
from typing import Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.fetch.addresses import normalise

MAX_LOCATIONS: Final = 50_000  # what the sitemap protocol allows a file
_GZIP_HEAD: Final = b"\x1f\x8b"


@dataclass(frozen=True)
class Sitemap:
    """Addresses that a sitemap lists, and further sitemaps that an index lists; normalised, each once, in its order."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(content: bytes, limit: int) -> Sitemap:
    """Return the locations of a sitemap.

    Entities are not resolved, nothing else is loaded, and at most `limit` bytes are unpacked; what can't be read is left out.
    """
    if content.startswith(_GZIP_HEAD):
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            content = unpack.decompress(content, limit)
        except zlib.error:
            return Sitemap()
    if b"<" not in content[:1000]:
        lines = content.decode("utf-8", "replace").split()[:MAX_LOCATIONS]
        return Sitemap(tuple(dict.fromkeys(url for line in lines if (url := normalise(line)))))
    return _from_xml(content)


def _from_xml(content: bytes) -> Sitemap:
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False
    )
    pages: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    # Broken: what came before it counts. Not closed: an address that was cut off must not pass for a whole one.
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.feed(content)
    for _, element in parser.read_events():
        if not isinstance(element.tag, str) or re.sub(r"^\{.*\}", "", element.tag) != "loc":
            continue
        parent = element.getparent()
        url = normalise(element.text or "")
        if (
            url is None
            or parent is None
            or not isinstance(parent.tag, str)
            or len(pages) + len(sitemaps) >= MAX_LOCATIONS
        ):
            continue
        (sitemaps if parent.tag.endswith("sitemap") else pages)[url] = None
    return Sitemap(tuple(pages), tuple(sitemaps))

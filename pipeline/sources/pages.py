"""Pages at the sources' border: HTML and PDF files, bounded in size, whose faults become a SourceError that names the file.

What belongs here: opening, and what saving has written into a page. How a page becomes text is in `pipeline.documents`; what a page
says is for the readers.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from pipeline.documents.apart import run_apart
from pipeline.documents.blocks import Block
from pipeline.documents.page import Media, blocks_of
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.sources.base import Probe, SourceError

MAX_PAGE_BYTES: Final = 20 << 20
MAX_MARKS: Final = (
    240_000  # of HTML, opening and closing: twenty times those of a long page; a tree of them takes seconds
)
Result = TypeVar("Result")
_COMMENT_BYTES: Final = 1 << 16  # the first of a page, where browsers write where it is from
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,2048})\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    rb"Page saved with SingleFile\s+url:\s*(\S{1,2048})\s+saved date:\s*(\w{3} \w{3} \d{2} \d{4})"
)


def check_size(probe: Probe) -> None:
    """Check that a PDF or HTML file has MAX_PAGE_BYTES at most, without reading it. Raises SourceError otherwise."""
    if probe.size > MAX_PAGE_BYTES:
        raise SourceError(
            probe.name,
            f"{probe.size / 2**20:.0f} MB, where a page may have {MAX_PAGE_BYTES >> 20} MB",
            remedy="Save only the page itself, without its videos and pictures",
        )


@contextmanager
def faults_of(probe: Probe) -> Iterator[None]:
    """Turn an UnreadablePageError inside the block into a SourceError that names the file."""
    try:
        yield
    except UnreadablePageError as error:
        raise SourceError(probe.name, error.problem, remedy=error.remedy) from error


def read_pdf(probe: Probe, read: Callable[[Path], Result]) -> Result:
    """Return what `read` (a function of a module) makes of a PDF file, in the process for hostile bytes.

    Raises SourceError where the file is too large, needs a password or is damaged.
    """
    check_size(probe)
    with faults_of(probe):
        return run_apart(read, probe.path)


def page_blocks(probe: Probe, media: Media) -> tuple[Block, ...]:
    """Return the blocks of a page, as the reader of policies will see them. Raises SourceError for one that can't be read."""
    check_size(probe)
    with faults_of(probe):
        return blocks_of(probe.path.read_bytes(), media)


def soup_of(markup: bytes, name: str) -> BeautifulSoup:
    """Parse HTML to a tree; its encoding is taken from its byte-order mark, its own declaration or its bytes.

    name: what errors call the file. Raises SourceError for more than MAX_MARKS.
    """
    marks = markup.count(b"<")
    if marks > MAX_MARKS:
        problem = f"{marks:,} marks of HTML, where a page may have {MAX_MARKS:,}"
        raise SourceError(name, problem, remedy="Save only the page itself")
    with warnings.catch_warnings():
        # XHTML that begins with an XML declaration is HTML here all the same.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")


def soup_of_file(probe: Probe) -> BeautifulSoup:
    """Parse an HTML file to a tree. Raises SourceError for one that is too large or has more than MAX_MARKS."""
    check_size(probe)
    return soup_of(probe.path.read_bytes(), probe.name)


def saved_addresses(markup: bytes) -> list[str]:
    """Return the addresses that browsers and SingleFile have written into a page that they saved, as written."""
    found = (pattern.search(markup[:_COMMENT_BYTES]) for pattern in (_SAVED_FROM, _SINGLE_FILE))
    return [match[1].decode("ascii", "replace") for match in found if match]


def declared_addresses(soup: BeautifulSoup) -> list[str]:
    """Return the addresses that a page gives for itself, as written: its canonical one first."""
    tags = ((soup.find("link", rel="canonical"), "href"), (soup.find("meta", property="og:url"), "content"))
    return [str(tag.get(value, "")) for tag, value in tags if isinstance(tag, Tag)]


def saved_day(markup: bytes) -> str:
    """Return the day on which SingleFile saved a page, YYYY-MM-DD; "" where it says none, or in another language."""
    match = _SINGLE_FILE.search(markup[:_COMMENT_BYTES])
    try:
        written = match[2].decode("ascii", "replace") if match else ""
        return dt.datetime.strptime(written, "%a %b %d %Y").date().isoformat()
    except ValueError:
        return ""

"""HTML to blocks, as a stream: no tree, so neither depth nor length of a hostile page can hurt.

Left out: scripts, styles, templates, comments, struck-out text, menus, footers, form controls. Kept: accordions,
hidden or not; pictures' alternative texts; check marks, also those that are only an icon's class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import lxml.etree as etree  # noqa: PLR0402

from pipeline.documents.blocks import HEADING, ITEM, MINOR_HEADING, PARAGRAPH, Block, Raw, structured
from pipeline.documents.decoding import decoded
from pipeline.documents.html_attributes import ATTRIBUTES, alternative, box, drawing, icon, part_by_name
from pipeline.documents.html_panels import TAB, Panels, part_of_page
from pipeline.documents.html_tables import Grid
from pipeline.documents.html_tags import KINDS, PARTS
from pipeline.text.characters import wordset

MAX_ELEMENTS = 120_000  # what comes after is not read; no page of a program is a tenth as long
MAX_PIECES = 400_000  # stretches of text between marks; likewise
MAX_EMBEDDED = 200_000  # characters of a page inside the page
MAX_DEPTH = 8  # lists and tables nested deeper are taken as one

_LINE_PLACE = re.compile(r"(?<!\S)y[0-9a-f]{1,4}(?!\S)")  # pdf2htmlEX: how high the line is on its page
_NOTE_MARKS = "§*†‡"
_NOTE_NUMBERS = frozenset("123456789")
_ICONS = wordset("i span em")
_PLAIN = (PARAGRAPH, 0)
_LISTS = wordset("ul ol dir")
_OF_TABLES = wordset("table tr td th")


def blocks_of_html(content: bytes, encoding: str | None = None) -> tuple[Block, ...]:
    """Return the blocks of an HTML page.

    content: the bytes as served. encoding: the charset of the HTTP header, if any (see `decoding`). Never fails on
    malformed markup; a page without text has no blocks.
    """
    text = decoded(content, encoding)
    if not text.strip():
        return ()
    target = _Collector()
    try:
        raws = _raws_of(text, target)
    except _EnoughError:
        return structured(target.close(), complete=False)
    return structured(raws)


def _raws_of(text: str, target: _Collector) -> list[Raw]:
    """Return the raw blocks of a page's markup. Raises _EnoughError where it goes on beyond what is read."""
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    raws: list[Raw] = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    return raws


class _EnoughError(Exception):
    """A page that goes on beyond what is read; raised through the parser, so that it stops there."""


# An open block element: its tag, the kind and level of the text in it, its class.
_Open = tuple[str, str, int, str]
_NOTHING_OPEN: _Open = ("", PARAGRAPH, 0, "")


class _Collector:
    """Parser target: gathers text between block boundaries. `close` returns the raw blocks.

    Called for each element of a page, so it does nothing that it need not do: no flush without text, no attribute looked
    at where there is none.
    """

    __slots__ = (
        "bold", "chrome", "grids", "in_link", "kinds", "left", "light_chars", "lists", "named", "panels", "pieces", "plain_chars",
        "raised", "raws", "skipping", "stretches",
    )  # fmt: skip

    def __init__(self) -> None:
        self.raws: list[Raw] = []
        self.skipping = 0  # open elements, counted from the outermost one that is left out
        self.chrome = 0
        # Of each open element: "chrome" if it is named a menu or footer, what it is by its role, or nothing.
        self.named: list[str] = []
        self.panels = Panels()
        self.pieces: list[str] = []
        self.in_link = 0
        self.bold = 0
        self.raised = 0  # inside a superscript: its number is a footnote's mark
        self.plain_chars = 0  # characters outside links
        self.light_chars = 0  # characters outside bold
        self.lists = 0
        self.kinds: list[_Open] = []
        self.grids: list[Grid] = []
        self.left = MAX_ELEMENTS
        self.stretches = MAX_PIECES

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """Take an opening tag."""
        self.left -= 1
        if self.left <= 0:
            raise _EnoughError
        part = PARTS.get(tag)
        if part == "void":
            if not self.skipping:
                self._void(tag, attrib)
            return
        if self.skipping or (part == "skipped" and not self._shown(tag, attrib)):
            self.skipping += 1
            return
        named_part = part_by_name(tag, *map(attrib.get, ATTRIBUTES)) if attrib else ""
        if named_part == "struck":
            self.skipping += 1
            return
        by_role = part_of_page(tag, attrib) if attrib else ""
        self.named.append(by_role or named_part)
        if by_role:
            part, tag = None, by_role
        if self.pieces and (named_part or part is None):
            self._flush()
        if named_part and not by_role:
            self.chrome += 1
        if part is None:
            self._open_block(tag, attrib)
        elif part == "counted":
            self._count(tag, 1)
        elif attrib and tag in _ICONS:
            self._icon(attrib)

    def end(self, tag: str) -> None:
        """Take a closing tag, also one that the parser puts in."""
        part = PARTS.get(tag)
        if part == "void":
            return
        if self.skipping:
            self.skipping -= 1
            return
        if not self.named:
            return
        named = self.named.pop()
        if named and named != "chrome":
            part, tag = None, named
        if self.pieces and (named or part is None):
            self._flush()
        if part is None:
            self._close_block(tag)
        elif part == "counted":
            self._count(tag, -1)
        if named == "chrome":
            self.chrome -= 1

    def data(self, data: str) -> None:
        """Take a stretch of text."""
        if self.skipping:
            return
        self.stretches -= 1
        if self.stretches <= 0:
            raise _EnoughError
        if self.raised and data.strip() in _NOTE_NUMBERS:
            data = _NOTE_MARKS[int(data) % len(_NOTE_MARKS)]
        weight = len(data.strip())
        if not weight:
            if self.pieces:  # blanks between two blocks say nothing
                self.pieces.append(" ")
            return
        self.pieces.append(data.replace("\n", " ") if "\n" in data else data)
        if not self.in_link:
            self.plain_chars += weight
        if not self.bold:
            self.light_chars += weight

    def close(self) -> list[Raw]:
        """End the page, and return its raw blocks."""
        if self.pieces:
            self._flush()
        while self.grids:
            self._end_table()
        return self.panels.placed(self.raws)

    def _shown(self, tag: str, attrib: Mapping[str, str]) -> bool:
        """Decide whether a browser shows what is in an element that is else left out: a declared shadow tree. A page in a
        frame's own attribute is read at once."""
        if tag == "iframe" and attrib.get("srcdoc", "").strip():
            self._flush()
            self.raws += _raws_of(attrib["srcdoc"][:MAX_EMBEDDED], _Collector())
        return tag == "template" and bool(attrib.get("shadowrootmode") or attrib.get("shadowroot"))

    def _void(self, tag: str, attrib: Mapping[str, str]) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "hr":
            self._flush()
        elif tag == "img":
            self.data(f" {alternative(attrib)} ")
        elif tag == "use":
            self.data(f" {drawing(attrib)} ")
        elif tag == "input":
            kind, checked = attrib.get("type", "").lower(), "checked" in attrib
            if kind == "checkbox" or (kind == "radio" and checked):
                self.data(f" {box(checked=checked)} ")

    def _count(self, tag: str, step: int) -> None:
        if tag == "a":
            self.in_link = max(0, self.in_link + step)
        elif tag == "sup":
            self.raised = max(0, self.raised + step)
        else:
            self.bold = max(0, self.bold + step)

    def _icon(self, attrib: Mapping[str, str]) -> None:
        mark = icon(attrib)
        if mark:
            self.data(f" {mark} ")

    def _open_block(self, tag: str, attrib: Mapping[str, str]) -> None:
        kind, level = KINDS.get(tag, _PLAIN)
        if attrib:
            self.panels.opens_panel(attrib, self.raws)
        if tag == TAB:
            self.panels.open_tab(attrib, len(self.raws))
            kind, level = HEADING, MINOR_HEADING
        elif attrib and kind != HEADING and attrib.get("role", "").lower() == "heading":
            kind, level = HEADING, MINOR_HEADING
        elif tag == "li":
            level = min(self.lists, MAX_DEPTH)
        elif tag in _LISTS:
            self.lists += 1
        elif tag in _OF_TABLES:
            self._open_table_part(tag, attrib)
        self.kinds.append((tag, kind, level, attrib.get("class", "") if attrib else ""))

    def _open_table_part(self, tag: str, attrib: Mapping[str, str]) -> None:
        if tag == "table":
            if len(self.grids) < MAX_DEPTH:
                self.grids.append(Grid(attrib.get("role", "") == "presentation", len(self.raws)))
        elif not self.grids:
            return
        elif tag == "tr":
            self.grids[-1].start_row()
        else:
            self.grids[-1].start_cell(tag == "th", attrib, len(self.raws))

    def _close_block(self, tag: str) -> None:
        kinds = self.kinds
        while kinds and kinds.pop()[0] != tag:
            pass
        if tag in _LISTS:
            self.lists = max(0, self.lists - 1)
        elif tag == TAB:
            self.panels.close_tab(len(self.raws))
        elif tag in ("td", "th") and self.grids:
            self.grids[-1].end_cell(self.raws)
        elif tag == "table" and self.grids:
            self._end_table()

    def _end_table(self) -> None:
        grid = self.grids.pop()
        rows = grid.rows_as_blocks(self.raws)
        if rows is not None:
            del self.raws[grid.first :]
            self.raws.extend(rows)

    def _flush(self) -> None:
        """End the block under way: the text gathered so far becomes a raw block."""
        text = "".join(self.pieces).strip()
        linked, bold = self.plain_chars == 0, self.light_chars == 0
        self.pieces, self.plain_chars, self.light_chars = [], 0, 0
        if not text:
            return
        tag, kind, level, name = self.kinds[-1] if self.kinds else _NOTHING_OPEN
        if kind == PARAGRAPH and self.lists and self._inside_item():
            kind, level = ITEM, self.lists
        if kind == PARAGRAPH and bold and not linked and len(text) <= 100 and text[-1] != "." and not self._in_cell():
            kind, level = HEADING, MINOR_HEADING
        style = f"{tag}.{_LINE_PLACE.sub('', name)}" if tag and kind == PARAGRAPH else ""
        self.raws.append(Raw(kind, text, level, (), linked, style, self.chrome > 0))

    def _in_cell(self) -> bool:
        """Decide whether the text is in a cell of a table that does not only arrange the page."""
        return bool(self.grids) and self.grids[-1].open is not None and not self.grids[-1].presentation

    def _inside_item(self) -> bool:
        """Decide whether the text is in a list item, possibly through paragraphs of its own."""
        for tag, *_ in reversed(self.kinds[-4:]):
            if tag == "li":
                return True
            if tag in ("td", "th", "table", "details", "section"):
                return False
        return False

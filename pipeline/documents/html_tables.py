"""Tables on a page: rows with the header of each cell; tables that only arrange the page are taken apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.documents.blocks import HEADING, ROW, Cell, Raw
from pipeline.text.characters import collapse, normalise, wordset

MAX_SPAN = 50
MAX_CELL = 1_000  # characters: a longer cell is a column of the page, not of a table
MAX_NAME = 24  # characters of a column's header that is a visa's name
_CODE = re.compile(
    r"^(?:the )?(?:J|H) ?-? ?1(?: ?-? ?B)?(?: (?:visas?|status|sponsorship|sponsored|support|clinical))*\W*$",
    re.IGNORECASE,
)
MARKS = wordset(
    "y n yes no x ✓ ✔ ☑ ✅ ✗ ✘ ✖ ✕ ☒ ❌ ☐ ● ○ ■ □ ◯ none both - – • available unavailable accepted supported sponsored"
    " declined refused offered provided"
)
_HEADER_WORDS = ("visa", "j-1", "j1", "h-1", "h1", "sponsor", "accept", "yes", "offered", "status", "support")


@dataclass
class _Slot:
    """One cell while it is read: where its blocks start, and how far it spans."""

    header: bool
    start: int
    columns: int
    rows: int
    text: str = ""
    chrome: bool = False
    arranges: bool = False  # holds headings, rows or long text: the table arranges the page


class Grid:
    """Collects the cells of one table while the page streams by."""

    def __init__(self, presentation: bool, first: int) -> None:
        self.presentation = presentation
        self.first = first
        self.rows: list[list[_Slot]] = []
        self.open: _Slot | None = None

    def start_row(self) -> None:
        """Begin a row."""
        self.rows.append([])

    def start_cell(self, header: bool, attrib: Mapping[str, str], position: int) -> None:
        """Begin a cell; position: number of the raw block that is its first."""
        columns, rows = (_span(attrib, "colspan"), _span(attrib, "rowspan")) if attrib else (1, 1)
        self.open = _Slot(header, position, columns, rows)
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(self.open)

    def fill(self, text: str) -> None:
        """Give the cell under way its text, and end it."""
        if self.open is not None:
            self.open.text, self.open = text, None

    def end_cell(self, raws: list[Raw]) -> None:
        """End the cell under way: its text is that of the raw blocks since it began."""
        if self.open is None:
            return
        inside = raws[self.open.start :]
        if not inside:
            self.open = None
            return
        size = sum(len(raw.text) for raw in inside)
        self.open.arranges = size > MAX_CELL or any(raw.kind in (HEADING, ROW) and raw.level < 7 for raw in inside)
        self.open.chrome = any(raw.chrome for raw in inside)
        if not self.open.arranges:
            self.open.text = collapse(
                normalise("; ".join(raw.text for raw in inside) if _listed(inside) else _run(inside))
            )
        self.open = None

    def rows_as_blocks(self, raws: list[Raw]) -> list[Raw] | None:
        """Return the row blocks, or None if the table only arranges the page and its blocks should stay as they
        are."""
        slots = [slot for row in self.rows for slot in row]
        if self.presentation or any(slot.arranges for slot in slots) or not any(len(row) > 1 for row in self.rows):
            return None
        rows = _spread(self.rows)
        outside = [raw for raw in raws[self.first :] if raw.kind == HEADING]
        header = _header(rows)
        labels = _labels([rows[number] for number in header])
        built: list[Raw] = list(outside[:1])
        for number, row in enumerate(rows):
            texts = [slot.text for slot in row]
            text = " ".join(word for word in texts if word)
            if not text or number in header:
                continue
            cells = tuple(Cell(labels[i] if i < len(labels) else "", value) for i, value in enumerate(texts))
            built.append(Raw(ROW, text, cells=cells, chrome=all(slot.chrome for slot in row)))
        return built


def _span(attrib: Mapping[str, str], name: str) -> int:
    value = attrib.get(name, "1").strip()
    return max(1, min(MAX_SPAN, int(value))) if value.isdigit() and len(value) < 6 else 1


def _listed(inside: list[Raw]) -> bool:
    return len(inside) > 1 and all(raw.kind == "list_item" for raw in inside)


def _run(inside: list[Raw]) -> str:
    return " ".join(raw.text for raw in inside)


def _spread(rows: list[list[_Slot]]) -> list[list[_Slot]]:
    """Return the rows with cells repeated over the columns and rows that they span."""
    spread: list[list[_Slot]] = []
    hanging: dict[int, tuple[int, _Slot]] = {}
    for row in rows:
        full: list[_Slot] = []
        waiting = iter(row)
        slot = next(waiting, None)
        while slot is not None or len(full) in hanging:
            column = len(full)
            if column in hanging:
                left, above = hanging.pop(column)
                full.append(above)
                if left > 1:
                    hanging[column] = (left - 1, above)
                continue
            if slot is None:
                break
            for _ in range(slot.columns):
                if slot.rows > 1:
                    hanging[len(full)] = (slot.rows - 1, slot)
                full.append(slot)
            slot = next(waiting, None)
        spread.append(full)
    return spread


def _labels(header: list[list[_Slot]]) -> list[str]:
    """Return one label for each column, from one or several header rows; a spanning label is taken along once."""
    width = max((len(row) for row in header), default=0)
    labels: list[str] = []
    for column in range(width):
        texts = [row[column].text for row in header if column < len(row)]
        labels.append(" ".join(dict.fromkeys(text for text in texts if text)))
    return labels


def _is_mark(text: str) -> bool:
    """Decide whether a cell is a mere mark: "yes", a tick, "not accepted"."""
    return text in MARKS or (text.startswith("not ") and text.count(" ") == 1)


def _names_visas(slots: list[_Slot]) -> bool:
    """Decide whether two cells or more hold nothing but the names of visas: a header, whatever is below."""
    return len(slots) > 1 and all(len(slot.text) <= MAX_NAME and _CODE.search(slot.text) for slot in slots)


def _header(rows: list[list[_Slot]]) -> list[int]:
    """Return the numbers of the header rows: all their cells are header cells, or the cells below are mere marks."""
    filled = [number for number, row in enumerate(rows) if any(slot.text for slot in row)]
    if len(filled) < 2:
        return []
    top: list[int] = []
    for number in filled[:-1]:
        if len(rows[number]) < 2 or not all(slot.header or not slot.text for slot in rows[number]):
            break
        top.append(number)
    if top:
        return top
    first = rows[filled[0]]
    if _names_visas(first) or _names_visas(first[1:]):
        return [filled[0]]
    below = [slot.text.lower() for number in filled[1:] for slot in rows[number][1:]]
    marks = sum(_is_mark(text) for text in below)
    own = any(_is_mark(slot.text.lower()) for slot in first[1:])
    named = any(word in slot.text.lower() for slot in first[1:] for word in _HEADER_WORDS)
    return [filled[0]] if below and named and not own and marks >= 0.5 * len(below) else []

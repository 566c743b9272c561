"""Answers on the screen as a table where all of its words fit, else as a few lines for each row: nothing is left out, no word broken.

What belongs here: how rows are laid out. What they say is decided by each command.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from pipeline.commands.console import out

_GAP: Final = 2  # blanks between two columns
_MOST_LINES: Final = 4  # that a row of a table may need; with more, lines are easier to read
_INDENT: Final = " " * 4
_BOUND: Final = "\u00a0"  # a blank at which no line ends

Rows = Sequence[Sequence[Any]]


def print_rows(titles: Mapping[str, bool], rows: Rows, head: int, *, grouped: bool = False) -> None:
    """Print rows of values, nulls as blanks.

    titles: of the columns, each with whether its values are numbers. head: how many first columns name a row; as lines they stand
    before the others, which have their titles. grouped: rows of one first value follow each other, and it is printed once.
    """
    cells = [["" if _null(value) else " ".join(str(value).split()) for value in row] for row in rows]
    once = _once(cells) if grouped else cells
    widths = _widths(list(titles), once, out.width)
    if widths is None:
        for line in _lines(list(titles), cells, head, out.width, grouped=grouped):
            out.print(line, soft_wrap=True)
        return
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for (title, number), width in zip(titles.items(), widths, strict=True):
        table.add_column(escape(title), width=width, justify="right" if number else "left")
    for row in once:
        table.add_row(*map(escape, row))
    out.print(table)


def _null(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _once(cells: list[list[str]]) -> list[list[str]]:
    """Return the rows with a first cell that is the same as above left blank."""
    before = [None, *(row[0] for row in cells)]
    return [["" if row[0] == above else row[0], *row[1:]] for row, above in zip(cells, before, strict=False)]


def _widths(titles: Sequence[str], cells: list[list[str]], room: int) -> list[int] | None:
    """Return a width for each column in which no word is broken and few rows are tall; None where the room is too small for that."""
    columns = [list(column) for column in zip(titles, *cells, strict=True)]
    least = [max(map(_longest_word, column)) for column in columns]
    whole = [max(map(cell_len, column)) for column in columns]
    spare = room - sum(least) - _GAP * len(columns)
    widths = list(least)
    while spare > 0 and widths != whole:  # a column at a time, the one whose cells need most lines
        tallest = max(range(len(widths)), key=lambda place: whole[place] / widths[place])
        widths[tallest] += 1
        spare -= 1
    tall = max(whole[place] / widths[place] for place in range(len(widths)))
    return widths if spare >= 0 and tall <= _MOST_LINES else None


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _lines(titles: Sequence[str], cells: list[list[str]], head: int, room: int, *, grouped: bool) -> list[str]:
    """Return rows as lines: what names a row in bold, then each other value with its title, blanks left out."""
    lines, above = [], None
    for row in cells:
        if grouped and row[0] != above:
            lines += _wrapped(row[0], "", room, bold=True)
        above = row[0]
        named = [cell for cell in row[int(grouped) : head] if cell]
        lines += _wrapped("  ".join(named), _INDENT[: 2 * grouped], room, bold=not grouped)
        rest = [_titled(title, cell) for title, cell in zip(titles[head:], row[head:], strict=True) if cell]
        lines += _wrapped("; ".join(rest), _INDENT, room)
    return lines


def _titled(title: str, cell: str) -> str:
    """Return a value behind its title, from whose first word no end of a line parts it."""
    first, blank, others = cell.partition(" ")
    return f"{title}: {first}".replace(" ", _BOUND) + blank + others


def _wrapped(text: str, indent: str, room: int, *, bold: bool = False) -> list[str]:
    """Return a text in lines of at most so many characters, its words whole; further lines are indented more."""
    found = wrapped(text, indent, room, indent if indent == _INDENT else f"{indent}{_INDENT}")
    lines = [escape(line.replace(_BOUND, " ")) for line in found]
    return [f"[bold]{line}[/bold]" if bold else line for line in lines]


def wrapped(text: str, indent: str, room: int, further: str | None = None) -> list[str]:
    """Return a text in lines of at most so many characters, its words whole. further: the indent of all lines but the first, where it
    is another."""
    return textwrap.wrap(
        text, room, initial_indent=indent, subsequent_indent=indent if further is None else further,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip

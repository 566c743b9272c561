"""Which source and layout a file is; and for one of none, the nearest layout and the columns that differ.

What belongs here: asking the sources, and the message for a person. How a layout is known is described in each source.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from pipeline.sources.base import Layout, Probe, Source, SourceError

MAX_COMPARED: Final = 500  # columns; no layout has half as many, and near spellings take the time of all pairs


def recognise(probed: Probe, sources: Sequence[Source]) -> tuple[Source, Layout]:
    """Return source and layout of a file. Raises SourceError naming the nearest known layout and the columns that differ."""
    for source in sources:
        layout = source.recognise(probed)
        if layout is not None:
            return source, layout
    raise SourceError(probed.name, _nearest(probed, sources), remedy="Add a file in one of the layouts of docs/sources")


def _nearest(probed: Probe, sources: Sequence[Source]) -> str:
    header = {cell.strip() for cell in probed.header if cell.strip()}
    if not header:
        return f"{probed.media.upper()} of no known source"
    title_of = {source.id: source.title for source in sources}
    tabular = [layout for source in sources for layout in source.layouts if layout.columns]
    layout = max(tabular, key=lambda candidate: (_likeness(header, candidate), candidate.source, candidate.name))
    wanted = {cell.strip() for cell in layout.columns}
    if not header & wanted:
        return f"no known layout ({len(header)} columns: {_some(sorted(header))})"
    return (
        f"no known layout; nearest is {title_of[layout.source]}, layout {layout.name}: "
        f"missing {_some(sorted(wanted - header)) or 'nothing'}; not in it {_some(sorted(header - wanted)) or 'nothing'}"
    )


def _likeness(header: set[str], layout: Layout) -> float:
    """Return the share of columns in common, from 0 to 1, counting a near spelling as half.

    Columns that the file has beyond the layout lower it; to have many of the layout's own raises it by up to 0.1.
    """
    wanted = {cell.strip() for cell in layout.columns}
    hits = len(header & wanted)
    compared = header - wanted if len(header) <= MAX_COMPARED else ()
    near = sum(bool(difflib.get_close_matches(cell, compared, n=1, cutoff=0.85)) for cell in wanted - header)
    return (hits + near / 2) / max(len(wanted | header), 1) + hits / len(wanted) * 0.1


def _some(cells: list[str], most: int = 6) -> str:
    shown = ", ".join(repr(cell) for cell in cells[:most])
    return shown + (f" and {len(cells) - most} more" if len(cells) > most else "")

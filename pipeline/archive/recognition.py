"""Which source and layout a file is; and for one of none, what parts it from the nearest layout.

What belongs here: asking the sources, and the message for a person. How a layout is known is described in each source.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.sources.base import Layout, Probe, Source, SourceError

# With less than half of its columns in common a layout has nothing to do with the file, and to name it would mislead.
_NEAR: Final = 0.5
_MOST_BEYOND: Final = 500  # columns in which a near spelling is looked for: no published table has more


@dataclass(frozen=True)
class _Likeness:
    """How the header of a file compares with a layout, cells folded. share: of the layout's columns, 0 to 1, that are in the file."""

    layout: Layout
    wanted: dict[str, str]
    share: float
    rank: float


def recognise(probed: Probe, sources: Sequence[Source]) -> tuple[Source, Layout]:
    """Return source and layout of a file. Raises SourceError with what parts the file from the nearest known layout."""
    for source in sources:
        layout = source.recognise(probed)
        if layout is not None:
            return source, layout
    problem, remedy = _nearest(probed, sources)
    raise SourceError(probed.name, problem, remedy=remedy)


def _nearest(probed: Probe, sources: Sequence[Source]) -> tuple[str, str]:
    """Return what is wrong with the file, and what to do."""
    add_another = "Add a file in one of the layouts of docs/sources"
    header = {_folded(cell): cell.strip() for cell in probed.header if cell.strip()}
    if not header:
        return f"{probed.media.upper()} of no known source", add_another
    tabular = [layout for source in sources for layout in source.layouts if layout.columns]
    likenesses = [_likeness(header, layout) for layout in tabular]
    # Of layouts that are alike the first one.
    best = max(likenesses, key=lambda one: (one.rank, one.layout.media == probed.media))
    if best.share < _NEAR:
        return f"no known layout ({len(header)} columns: {_some(sorted(header.values()))})", add_another
    title = next(source.title for source in sources if source.id == best.layout.source)
    return _difference(probed, header, best, f"{title}, layout {best.layout.name}")


def _difference(probed: Probe, header: dict[str, str], best: _Likeness, name: str) -> tuple[str, str]:
    """Return what parts a file from the layout it is like, the gravest first, and what to do."""
    missing = sorted(best.wanted[cell] for cell in best.wanted.keys() - header.keys())
    beyond = sorted(header[cell] for cell in header.keys() - best.wanted.keys())
    if missing or (beyond and best.layout.exact):
        differences = [f"missing {_some(missing)}"] if missing else []
        differences += [f"not in it {_some(beyond)}"] if beyond else []
        return (
            f"no known layout; nearest is {name}: {'; '.join(differences)}",
            "Add a file in one of the layouts of docs/sources",
        )
    otherwise = [
        f"{header[cell]!r} for {best.wanted[cell]!r}"
        for cell in best.wanted
        if header[cell] != best.wanted[cell].strip()
    ]
    unnamed = [place for place, cell in enumerate(probed.header, start=1) if not cell.strip()]
    if probed.media != best.layout.media:
        media = best.layout.media.upper()
        return (
            f"it has the columns of {name}, as {probed.media.upper()}, and only {media} is read",
            f"Save it as {media} and add it again",
        )
    if otherwise:
        more = f" and {len(otherwise) - 3} more" if len(otherwise) > 3 else ""
        spelled = ", ".join(otherwise[:3]) + more
        return f"it has the columns of {name}, spelled otherwise: {spelled}", "Spell them as published and add it again"
    if unnamed:
        places = ", ".join(str(place) for place in unnamed[:3])
        return (
            f"it has the columns of {name}, and one without a name (column {places})",
            "Remove it and add the file again",
        )
    return f"it has the columns of {name}, and isn't one", "Download it again"


def _folded(cell: str) -> str:
    """Return a header cell in the form in which spellings are compared: letters and digits, in lower case."""
    return "".join(sign for sign in cell.casefold() if sign.isalnum()) or cell.strip()


def _likeness(header: dict[str, str], layout: Layout) -> _Likeness:
    """Compare a header (folded cell -> cell) with a layout; a near spelling counts as half.

    Columns that the file has beyond the layout lower the rank; to have many of the layout's own raises it by up to 0.1.
    """
    wanted = {_folded(cell): cell for cell in layout.columns}
    hits = len(header.keys() & wanted.keys())
    beyond = header.keys() - wanted.keys()
    absent = wanted.keys() - header.keys() if len(beyond) <= _MOST_BEYOND else ()
    near = sum(bool(difflib.get_close_matches(cell, beyond, n=1, cutoff=0.85)) for cell in absent)
    share = (hits + near / 2) / len(wanted)
    rank = (hits + near / 2) / max(len(wanted.keys() | header.keys()), 1) + hits / len(wanted) * 0.1
    return _Likeness(layout, wanted, share, rank)


def _some(cells: list[str], most: int = 6) -> str:
    shown = ", ".join(repr(cell) for cell in cells[:most])
    return shown + (f" and {len(cells) - most} more" if len(cells) > most else "")

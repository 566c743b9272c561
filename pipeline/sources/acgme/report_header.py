"""Header of ACGME reports 1 and 8: where the label of each column is printed, on one line or several."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipeline.documents.pdf_pieces import Piece
from pipeline.sources.acgme.report_rows import (
    ADDRESS,
    DIRECTOR,
    EFFECTIVE,
    NAME,
    ORIGINAL,
    PRELIMINARY,
    SPECIALTY,
    STATE,
    STATUS,
)
from pipeline.sources.base import Probe, SourceError

# Labels of the header. They are printed on one line or, in parts, on several.
NAME_LABELS: Final = ("programnumber/name", "programcode/name")
REPORT_1: Final = (ADDRESS, DIRECTOR, STATUS, EFFECTIVE)  # in their order
REPORT_8: Final = (STATE, ORIGINAL)  # in any order
_LABELS: Final[dict[str, tuple[str, ...]]] = {
    ADDRESS: ("Address",),
    DIRECTOR: ("Program Director",),
    STATUS: ("Accreditation Status",),
    EFFECTIVE: ("Effective Date",),
    ORIGINAL: ("Original Accreditation Date", "Accreditation Date"),
    SPECIALTY: ("Specialty",),
    STATE: ("State",),
    PRELIMINARY: ("Offers Preliminary Positions", "Preliminary Positions", "Offers Preliminary"),
}
FURTHER: Final = "further"  # columns that are not read
_PARTS: Final = 100  # places of words of one label on a page that are looked at


@dataclass(frozen=True)
class Line:
    """What is printed at one height of one page.

    page: from 1; top: in points from the top; runs: pieces a word's space apart, in the order in which they were drawn;
    in_margin: whether it is where footers are.
    """

    page: int
    top: float
    runs: tuple[tuple[Piece, ...], ...]
    in_margin: bool

    @property
    def text(self) -> str:
        """The whole line, from left to right."""
        ordered = sorted(self.runs, key=lambda run: run[0].x0)
        return " ".join(piece.text for run in ordered for piece in run)


@dataclass(frozen=True)
class Label:
    """A column's name, and the left and right end of its label."""

    column: str
    left: float
    right: float


@dataclass(frozen=True)
class Header:
    """Header of one page: its labels from left to right, and the strip of the page they take."""

    labels: tuple[Label, ...]
    top: float
    bottom: float


def headers_of(probe: Probe, lines: list[Line]) -> dict[int, Header]:
    """Find the header of each page that has one, by page. Raises SourceError if no page has one or a label is missing."""
    headers: dict[int, Header] = {}
    by_page: dict[int, list[tuple[str, Piece]]] = defaultdict(list)
    for line in lines:
        by_page[line.page].extend(spot for run in line.runs for spot in _spots(run))
    for page, spots in by_page.items():
        anchor = next((spot for text, spot in spots if text in NAME_LABELS), None)
        if anchor is not None:
            headers[page] = _header(probe, page, anchor, spots)
    if not headers:
        raise SourceError(
            probe.name,
            "no column Program Number / Name",
            remedy="Add report 1 (List of Programs by Specialty) or report 8 (newly accredited programs) as saved",
        )
    return headers


def _spots(run: tuple[Piece, ...]) -> list[tuple[str, Piece]]:
    """Return what may be a label: up to four pieces of a run side by side, packed and in lower case."""
    spots = []
    for start in range(len(run)):
        for end in range(start + 1, min(start + 4, len(run)) + 1):
            packed = re.sub(r"\s", "", "".join(piece.text for piece in run[start:end])).casefold()
            spots.append((packed, replace(run[start], x1=run[end - 1].x1)))
    return spots


def _header(probe: Probe, page: int, anchor: Piece, spots: list[tuple[str, Piece]]) -> Header:
    reach = 2.6 * anchor.size
    strip = [
        (text, spot)
        for text, spot in spots
        if spot.top >= anchor.top - reach and spot.bottom <= anchor.bottom + reach and spot.x1 > anchor.x0
    ]
    found = {NAME: anchor, **_new_programs(strip, anchor)}
    if len(found) == 1:
        found |= _by_specialty(probe, page, strip, anchor)
    top, bottom = min(spot.top for spot in found.values()), max(spot.bottom for spot in found.values())
    right = max(spot.x1 for spot in found.values())
    extra = [spot for _, spot in strip if spot.x0 > right + 2 and spot.top < bottom and spot.bottom > top]
    labels = [Label(column, spot.x0, spot.x1) for column, spot in found.items()]
    if extra:
        labels.append(Label(FURTHER, min(spot.x0 for spot in extra), max(spot.x1 for spot in extra)))
    return Header(tuple(sorted(labels, key=lambda label: label.left)), top, bottom)


def _new_programs(strip: list[tuple[str, Piece]], anchor: Piece) -> dict[str, Piece]:
    """Find the labels of report 8, which has states and first days instead of addresses; none where it isn't report 8."""
    right = [(text, spot) for text, spot in strip if spot.x0 > anchor.x0 + anchor.size]
    found = {column: spot for column in _LABELS if (spot := _label(column, right)) is not None}
    return found if ADDRESS not in found and set(REPORT_8) <= set(found) else {}


def _by_specialty(probe: Probe, page: int, strip: list[tuple[str, Piece]], anchor: Piece) -> dict[str, Piece]:
    """Find the labels of report 1. Raises SourceError where one is missing."""
    found: dict[str, Piece] = {}
    last = anchor
    for column in (*REPORT_1, PRELIMINARY):
        # Further right than the label before it begins; a long label may run over the next.
        spot = _label(column, [(text, spot) for text, spot in strip if spot.x0 > last.x0 + anchor.size])
        if spot is None and column != PRELIMINARY:
            raise SourceError(
                probe.name,
                f"page {page} has no column {_LABELS[column][0]}",
                remedy="Add report 1 as published, with all its columns",
            )
        if spot is not None:
            found[column] = last = spot
    return found


def _label(column: str, spots: list[tuple[str, Piece]]) -> Piece | None:
    """Find a label, on one line or in parts below each other. Of several the topmost, which no cell can be; None if absent."""
    for label in _LABELS[column]:
        packed = label.replace(" ", "").casefold()
        parts = [(text, spot) for text, spot in spots if text and text in packed][:_PARTS]
        if found := list(_stacked(packed, parts)):
            return min(found, key=lambda spot: (spot.top, spot.bottom, spot.x0))
    return None


def _stacked(packed: str, parts: list[tuple[str, Piece]], above: Piece | None = None) -> Iterator[Piece]:
    """Yield the places where `packed` is printed, whole or in parts below each other, the first of them below `above`."""
    for text, spot in parts:
        if not packed.startswith(text) or (above is not None and not _is_below(spot, above)):
            continue
        if text == packed:
            yield spot
        for rest in _stacked(packed[len(text) :], parts, spot) if text != packed else ():
            yield replace(spot, x0=min(spot.x0, rest.x0), x1=max(spot.x1, rest.x1), bottom=rest.bottom)


def _is_below(spot: Piece, above: Piece) -> bool:
    return 0 < spot.top - above.top < 2 * above.size and spot.x0 < above.x1 and above.x0 < spot.x1

"""Rows of ACGME reports 1 and 8 from their cells: where each begins on the page, and what its cells say."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.documents.pdf_pieces import Piece
from pipeline.schemas.vocabulary import STATES
from pipeline.sources.acgme.rows import is_status
from pipeline.sources.base import Probe, SourceError

NAME: Final = "name"
ADDRESS: Final = "address"
DIRECTOR: Final = "director"
STATUS: Final = "status"
EFFECTIVE: Final = "effective date"
ORIGINAL: Final = "original accreditation date"
SPECIALTY: Final = "specialty"
STATE: Final = "state"
PRELIMINARY: Final = "preliminary positions"
_READ: Final = (NAME, ADDRESS, DIRECTOR, STATUS, EFFECTIVE, ORIGINAL, SPECIALTY, STATE, PRELIMINARY)
_SHORT: Final = (STATUS, EFFECTIVE, ORIGINAL)  # columns whose cells stand on a row's first line
_PLACE = re.compile(r"(?P<city>[^\d]+?),?\s+(?P<state>[A-Z]{2})\.?\s+(?P<zip>\d{5}(?:-\d{4})?)$")
_BARE_PLACE = re.compile(r"(?P<city>[^\d,]+),\s+(?P<state>[A-Z]{2})")
_PLACE_TAIL = re.compile(r"(?:[A-Z]{2}\.?\s+)?\d{5}(?:-\d{4})?$")
# How a street begins, so that it is never taken for a sponsor …
_STREET = re.compile(
    r"(?:\d+[A-Za-z]?(?:-\d+)?\s|\d+(?:st|nd|rd|th)\s+(?:st|street|ave|avenue|floor|fl)\b"
    r"|p\.?\s*o\.?\s*(?:box|drawer)\b|box\s+\d)",
    re.IGNORECASE,
)
# … and how a line begins that is not the rest of a sponsor's name, full as the line above may be.
_NEXT_LINE = re.compile(
    r"(?:(?:suite|ste|room|rm|floor|bldg|building|mail\s*(?:stop|code)|attn|c/o|one|two|three|dept)\b"
    r"|(?:department|division|office)\s+of\b|gme\s+(?:office|department)\b|(?:ms|mc|msc)\W*[a-z]?\d)",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 6  # of an accreditation status
_CONTACT = re.compile(r"^(?:ph|phone|tel|fax|e-?mail)\b\s*[:.]|@", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """Part of a cell on one line: page from 1, column by name."""

    page: int
    column: str
    piece: Piece

    @property
    def middle(self) -> float:
        """Height of the middle of its letters."""
        return (self.piece.top + self.piece.bottom) / 2


@dataclass(frozen=True)
class Bound:
    """Where a row begins."""

    page: int
    top: float


@dataclass(frozen=True)
class ReportRow:
    """One program as printed; "" where the report says nothing."""

    number: int
    page: int
    program_code: str
    program_name: str
    sponsor_name: str
    city: str
    state: str
    zip: str
    accreditation_status: str
    effective_date: str
    original_accreditation_date: str
    specialty: str
    preliminary_positions: str


@dataclass(frozen=True)
class _Text:
    """A line of a cell: its text; in points, its width, that of a space and that of its first word."""

    text: str
    width: float
    space: float
    first_word: float


def row_starts(cells: list[Cell], starts: list[Cell], rules: dict[int, list[float]]) -> list[Bound]:
    """Find where the row of each of `starts` (cells that open with a program code) begins.

    Cells are set at the top of their row as a rule: a row then begins with its code. Where they are set in the middle
    or at the foot, rows are parted by ruled lines, else by the widest gap.
    """
    if _set_at_top(cells, starts):
        return [Bound(start.page, start.piece.top - 0.25 * start.piece.size) for start in starts]
    spans: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for cell in cells:
        spans[cell.page].append((cell.piece.top, cell.piece.bottom))
    bounds: list[Bound] = []
    for before, start in pairwise([None, *starts]):
        assert start is not None
        low = before.middle if before is not None and before.page == start.page else float("-inf")
        bounds.append(Bound(start.page, _parted(low, start, spans[start.page], rules.get(start.page, []))))
    return bounds


def _set_at_top(cells: list[Cell], starts: list[Cell]) -> bool:
    """Decide whether nothing is above the report's first code, and most codes have a status or a day on their line."""
    first = starts[0]
    if any(cell.page == first.page and cell.piece.top < first.piece.top - 0.25 * first.piece.size for cell in cells):
        return False
    beside = {(cell.page, round(cell.middle)) for cell in cells if cell.column in _SHORT}
    lined = [any((cell.page, round(cell.middle) + shift) in beside for shift in (-1, 0, 1)) for cell in starts]
    return not beside or 2 * sum(lined) >= len(lined)


def _parted(low: float, start: Cell, spans: list[tuple[float, float]], rules: list[float]) -> float:
    ruled = [rule for rule in rules if low < rule <= start.piece.top + 1]
    if ruled:
        return ruled[-1]
    best, place, reach = 0.0, start.piece.top - 0.25 * start.piece.size, None
    for top, bottom in sorted(span for span in spans if span[1] > low and span[0] <= start.piece.top + 0.1):
        gap = top - reach if reach is not None else 0.0
        # Of gaps of one width the last: the one nearest to the code.
        if gap > best - 0.75 and gap > 0:
            best, place = max(gap, best), top - gap / 2
        reach = bottom if reach is None else max(reach, bottom)
    return place if low > float("-inf") else min((top for top, _ in spans), default=place) - 1


def report_rows(probe: Probe, rows: list[list[Cell]], width: float) -> list[ReportRow]:
    """Read programs from the cells of each row; `width` in points between the address column and the next.

    Raises SourceError for an unknown state and where a row holds two places: then rows have run into each other.
    """
    texts = [{column: _texts([cell for cell in row if cell.column == column]) for column in _READ} for row in rows]
    # The widest line that doesn't run over its neighbour shows where lines were wrapped.
    widest = max((line.width for row in texts for line in row[ADDRESS] if line.width <= width), default=width)
    found = []
    for number, (row, columns) in enumerate(zip(rows, texts, strict=True), start=1):
        name = join_lines([line.text for line in columns[NAME]])
        page = row[0].page
        if not name.startswith("["):
            raise SourceError(
                probe.name, f"page {page}: {name[:60]!r} is above a program's code", remedy="Save the report anew"
            )
        code = name[1:11]
        sponsor, city, state, postal = _address(probe, page, code, columns[ADDRESS], widest)
        joined = {column: join_lines([line.text for line in columns[column]]) for column in _READ}
        found.append(
            ReportRow(
                number=number,
                page=page,
                program_code=code,
                program_name=name[12:].strip(),
                sponsor_name=sponsor,
                city=city,
                state=state or joined[STATE],
                zip=postal,
                accreditation_status=_status(columns[STATUS], columns[DIRECTOR]),
                effective_date=joined[EFFECTIVE],
                original_accreditation_date=joined[ORIGINAL],
                specialty=joined[SPECIALTY],
                preliminary_positions=_one_word(joined[PRELIMINARY]),
            )
        )
    return found


def _status(cell: list[_Text], director: list[_Text]) -> str:
    """Return the status, with the words of it that were drawn in the cell of the director, who is never kept."""
    own = join_lines([line.text for line in cell])
    for line in director:
        words = line.text.split()
        for count in range(min(len(words), _MOST_WORDS), 0, -1):
            moved = " ".join(words[-count:])
            if whole := next(filter(is_status, (f"{moved} {own}".strip(), f"{own} {moved}".strip())), ""):
                return whole
    return own


def _one_word(text: str) -> str:
    """Return the word that a text repeats; "" where it holds several."""
    words = set(text.split())
    return words.pop() if len(words) == 1 else ""


def join_lines(lines: list[str]) -> str:
    """Join the lines of a wrapped cell to one text: a space between them, none after a slash or a hyphen inside a word."""
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        tight = text.endswith(("/", "-")) and not text.endswith((" /", " -", "--"))
        text = f"{text}{line}" if not text or tight or re.match(r"/\S", line) else f"{text} {line}"
    return text.strip()


def _texts(cells: list[Cell]) -> list[_Text]:
    """Return the lines of a cell from top to bottom; `cells` come in order of page and height."""
    lines: list[list[Cell]] = []
    for cell in cells:
        last = lines[-1][0] if lines else None
        if last is not None and last.page == cell.page and abs(cell.middle - last.middle) <= 0.4 * cell.piece.size:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    texts = []
    for line in lines:
        ordered = sorted((cell.piece for cell in line), key=lambda piece: piece.x0)
        first = ordered[0]
        end = first.text.find(" ")
        word = (first.starts[end] if 0 < end < len(first.starts) else first.x1) - first.x0
        width = max(piece.x1 for piece in ordered) - first.x0
        texts.append(_Text(" ".join(piece.text for piece in ordered), width, 0.25 * first.size, word))
    return texts


def _address(probe: Probe, page: int, code: str, lines: list[_Text], width: float) -> tuple[str, str, str, str]:
    """Return sponsor line, city, state and ZIP of an address block; telephone and e-mail are left out.

    Raises SourceError for an unknown state and for two addresses.
    """
    block: list[_Text] = []
    places: list[re.Match[str]] = []
    skip = False
    for line, after in pairwise([*lines, None]):
        assert line is not None
        if skip or _CONTACT.search(line.text):
            skip = False
            continue
        tail = after.text if after is not None and _PLACE_TAIL.match(after.text) else ""
        place = _PLACE.match(line.text) or (_PLACE.match(f"{line.text} {tail}") if tail else None)
        if place and place["state"] not in STATES:
            raise SourceError(
                probe.name,
                f"page {page}, program {code}: unknown state {place['state']!r}",
                remedy="If it is a misprint, report it to ACGME; a new postal code goes into pipeline/schemas/vocabulary.py",
            )
        if place:
            skip = not _PLACE.match(line.text)
            places.append(place)
        elif not places:
            block.append(line)
    if len(places) > 1:
        raise SourceError(
            probe.name,
            f"page {page}, program {code}: two addresses in one row",
            remedy="Save the report anew as PDF; if it is whole, its layout has changed",
        )
    if places:
        return _sponsor(block, width), places[0]["city"], places[0]["state"], places[0]["zip"]
    bare = _BARE_PLACE.fullmatch(block[-1].text) if block else None
    if bare and bare["state"] in STATES:
        return _sponsor(block[:-1], width), bare["city"], bare["state"], ""
    return _sponsor(block, width), "", "", ""


def _sponsor(block: list[_Text], width: float) -> str:
    """Return the first line of the address block with the lines it was wrapped into; "" where the block begins with a street."""
    if not block or _STREET.match(block[0].text):
        return ""
    taken = [block[0]]
    for before, line in pairwise(block):
        fitted = before.width + before.space + line.first_word <= width
        if fitted or _STREET.match(line.text) or _NEXT_LINE.match(line.text):
            break
        taken.append(line)
    return join_lines([line.text for line in taken])

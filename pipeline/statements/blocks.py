"""A page as blocks: what a reader sees as one heading, paragraph, list item, table row or definition.

Each block knows what stands above it: the path of headings, the question it answers, the line that introduces its list.
HTML is read as a stream (`markup`), PDF by its lines (`printed`), plain text by its lines (`lines`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.statements.text import collapse, normalise, rejoin

HEADING, PARAGRAPH, ITEM, ROW, DEFINITION, QUESTION = (
    "heading", "paragraph", "list_item", "table_row", "definition", "question",
)  # fmt: skip
CUT = "cut"
MINOR_HEADING = 7  # summaries, tabs, bold lines: below every h1 to h6
ANSWER_REACH = 8  # blocks that one question may govern; further down it is no longer meant
MAX_INTRO = 400  # characters of an introduction that its list is read with
_RUNNING = re.compile(r"(?:.{0,70}\W)?(?:page|p\.) ?\d{1,3}(?: ?(?:of|/) ?\d{1,3})?", re.IGNORECASE)  # a page's footer
MAX_LEAD = 60  # characters of a line without a full stop that may introduce the list below
MAX_BLOCK = 8_000  # characters; longer blocks are cut in pieces


class Cell(NamedTuple):
    """One table cell with its column header; `label` is empty where the table has none."""

    label: str
    value: str


class Raw(NamedTuple):
    """A block as the medium gives it, before it knows its surroundings."""

    kind: str
    text: str
    level: int = 0  # heading level, or nesting depth of a list item
    cells: tuple[Cell, ...] = ()
    linked: bool = False
    style: str = ""  # element and class: lines of one paragraph share it
    chrome: bool = False  # inside something named menu, footer, cookie bar


class Block(NamedTuple):
    """One block: its `number` on the page, `headings` from the outermost in, `question` it answers, `intro` of its list."""

    number: int
    kind: str
    text: str
    headings: tuple[str, ...] = ()
    question: str = ""
    intro: str = ""
    cells: tuple[Cell, ...] = ()
    linked: bool = False


def structured(raws: Iterable[Raw], complete: bool = True) -> tuple[Block, ...]:
    """Blocks with their surroundings from raw blocks in reading order; empty and chrome blocks are left out.

    A page that was not read to its end closes with a block of kind CUT.
    """
    context = _Surroundings()
    blocks: list[Block] = []
    for raw in _definitions(_joined(_kept(list(raws)))):
        blocks.append(context.place(len(blocks), raw))
    if not complete:
        blocks.append(Block(len(blocks), CUT, ""))
    return tuple(blocks)


def _kept(raws: list[Raw]) -> list[Raw]:
    """Without chrome, unless most of the page stands in it: then the name was no reason to leave it out."""
    filled: list[Raw] = []
    for raw in raws:
        if raw.text[-1:].isdigit() and _is_running_line(raw):
            continue
        for piece in _pieces(raw) if len(raw.text) > MAX_BLOCK else (raw,):
            text = normalise(piece.text)
            if text:
                filled.append(piece if text == piece.text else piece._replace(text=text))
    inside = sum(len(raw.text) for raw in filled if raw.chrome)
    total = sum(len(raw.text) for raw in filled)
    if inside > 0.8 * total:
        return filled
    return [raw for raw in filled if not raw.chrome]


def _is_running_line(raw: Raw) -> bool:
    """Whether a line is the foot of a printed page, "GME Handbook - page 4", that may stand amid a sentence."""
    return raw.kind == PARAGRAPH and len(raw.text) <= 90 and _RUNNING.fullmatch(raw.text.strip()) is not None


def _pieces(raw: Raw) -> Iterator[Raw]:
    """A raw block, cut at line ends or sentence ends if it is too long: pages laid out with line breaks alone."""
    text = raw.text
    while len(text) > MAX_BLOCK:
        at = max(text.rfind(mark, MAX_BLOCK // 2, MAX_BLOCK) for mark in ("\n", ". "))
        at = at + 1 if at > 0 else MAX_BLOCK
        yield raw._replace(text=text[:at])
        text = text[at:]
    yield raw._replace(text=text)


def _joined(raws: list[Raw]) -> Iterator[Raw]:
    """Lines of one wrapped paragraph that stand in elements of their own become one block."""
    for _, run in groupby(raws, key=lambda raw: (raw.kind, raw.style)):
        lines = list(run)
        if len(lines) == 1 or lines[0].kind != PARAGRAPH or not lines[0].style:
            yield from lines
        else:
            yield from rewrapped(lines)


def rewrapped(lines: list[Raw]) -> Iterator[Raw]:
    """Raw blocks with the lines of each wrapped paragraph joined; `lines` follow each other in one style.

    A line runs on into the next if it does not end a sentence and the next word would not have fitted on it; if that
    word has a capital, only where the lines are evidently set to one width.
    """
    lengths = [len(line.text) for line in lines if len(line.text) <= 140]
    width = max(lengths, default=0)
    open_ended = [len(line.text) for line in lines[:-1] if _runs_on(line.text)]
    even = len(open_ended) > 1 and sum(length >= width - 15 for length in open_ended) >= 0.7 * len(open_ended)
    pending = [lines[0].text]
    head = lines[0]
    for last, line in pairwise(lines):
        first_word = line.text.split(" ", 1)[0]
        full = width >= 40 and len(last.text) + 1 + len(first_word) > width - 2
        broken = last.text[-1:] == "-" and last.text[-3:-1].islower() and line.text[:1].islower()
        if broken or (
            full and _runs_on(last.text) and line.kind == PARAGRAPH and (even or not first_word[:1].isupper())
        ):
            pending.append(line.text)
        else:
            yield head._replace(text=rejoin(pending))
            head, pending = line, [line.text]
    yield head._replace(text=rejoin(pending))


def _runs_on(line: str) -> bool:
    return bool(line) and line[-1] not in '.?!:;"'


def _definitions(raws: Iterable[Raw]) -> Iterator[Raw]:
    """A term and its definitions become one block each; a term with a question mark stays a question."""
    term: Raw | None = None
    used = False
    for raw in raws:
        if raw.kind == "term":
            if term is not None and not used:
                yield term._replace(kind=PARAGRAPH)
            term, used = raw, False
        elif raw.kind == "value" and term is not None and not term.text.endswith("?"):
            used = True
            yield Raw(DEFINITION, f"{term.text}\n{raw.text}", cells=(Cell(term.text, raw.text),))
        else:
            if term is not None and not used:
                yield term._replace(kind=PARAGRAPH)
                used = True
            yield raw._replace(kind=PARAGRAPH) if raw.kind == "value" else raw
    if term is not None and not used:
        yield term._replace(kind=PARAGRAPH)


class _Surroundings:
    """What stands above the next block."""

    def __init__(self) -> None:
        self.headings: list[tuple[int, str]] = []
        self.path: tuple[str, ...] = ()
        self.question = ""
        self.answered = 0
        self.intros: list[tuple[int, str]] = []

    def place(self, number: int, raw: Raw) -> Block:
        text = raw.text
        if raw.kind == HEADING:
            self._open_heading(raw)
            above = tuple(title for level, title in self.headings if level < raw.level)
            kind = QUESTION if text.endswith("?") else HEADING
            return Block(number, kind, text, headings=above)
        headings = self.path
        asks = text.endswith("?") and raw.kind in (PARAGRAPH, ITEM)
        depth = raw.level if raw.kind == ITEM else 0
        self._close_intros(raw.kind, depth)
        intro = " ".join(words for _, words in self.intros) if raw.kind == ITEM else ""
        if asks:
            self.question, self.answered = collapse(text), 0
            return Block(number, QUESTION, text, headings=headings, intro=intro)
        self.answered += 1
        if self.answered > ANSWER_REACH:
            self.question = ""
        if text.endswith(":") or (raw.kind == PARAGRAPH and text[-1].isalpha() and len(text) <= MAX_LEAD):
            self.intros = [*self.intros[-2:], (depth, collapse(text)[-MAX_INTRO:])]
        return Block(
            number, raw.kind, text, headings, self.question, intro, raw.cells, raw.linked,
        )  # fmt: skip

    def _open_heading(self, raw: Raw) -> None:
        while self.headings and self.headings[-1][0] >= raw.level:
            self.headings.pop()
        asks = raw.text.endswith("?")
        self.question, self.answered, self.intros = (collapse(raw.text) if asks else ""), 0, []
        if not asks:
            self.headings.append((raw.level, collapse(raw.text)))
        self.path = tuple(title for _, title in self.headings)

    def _close_intros(self, kind: str, depth: int) -> None:
        """An introduction reaches the items right below it, and none beyond the next paragraph."""
        if kind != ITEM:
            self.intros = []
            return
        while self.intros and self.intros[-1][0] >= max(depth, 1):
            self.intros.pop()


def blocks_with(blocks: tuple[Block, ...], words: tuple[str, ...]) -> frozenset[int]:
    """Numbers of the blocks whose text holds one of `words` (lower case); in the time of a few searches of the page."""
    texts = [block.text.lower() for block in blocks]
    starts: list[int] = []
    length = 0
    for text in texts:
        starts.append(length)
        length += len(text) + 1
    page = "\n".join(texts)
    found: set[int] = set()
    for word in words:
        at = page.find(word)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            found.add(index)
            following = starts[index] + len(texts[index])
            at = page.find(word, max(at + 1, following))
    return frozenset(found)

"""A page as blocks: what a reader sees as one heading, paragraph, list item, table row or definition.

Each block knows what is above it: the path of headings, the question it answers, the line that introduces its list.
How each medium gives its raw blocks is in `html`, `pdf` and `plain_lines`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.text.characters import collapse, normalise, rejoin

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
_BETWEEN = "\0"  # in no text: `normalise` takes it out
_RARE = "1j"  # of the codes of visas; words that hold one of these are sought at its few places
_FEW = 200


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
    """Return blocks with their surroundings from raw blocks in reading order; empty and chrome blocks are left out.

    A page that was not read to its end closes with a block of kind CUT.
    """
    blocks = list(_placed(_definitions(_joined(_kept(raws)))))
    if not complete:
        blocks.append(Block(len(blocks), CUT, ""))
    return tuple(blocks)


def _kept(raws: Iterable[Raw]) -> list[Raw]:
    """Leave out chrome, unless most of the page is in it: then the name was no reason to leave it out."""
    filled: list[Raw] = []
    inside = total = 0
    for raw in raws:
        if raw.text[-1:].isdigit() and _is_running_line(raw):
            continue
        for piece in _pieces(raw) if len(raw.text) > MAX_BLOCK else (raw,):
            text = normalise(piece.text)
            if not text:
                continue
            filled.append(piece if text is piece.text else piece._replace(text=text))
            total += len(text)
            if piece.chrome:
                inside += len(text)
    if not inside or inside > 0.8 * total:
        return filled
    return [raw for raw in filled if not raw.chrome]


def _is_running_line(raw: Raw) -> bool:
    """Decide whether a line is the foot of a printed page, "GME Handbook - page 4", that may interrupt a sentence."""
    return raw.kind == PARAGRAPH and len(raw.text) <= 90 and _RUNNING.fullmatch(raw.text.strip()) is not None


def _pieces(raw: Raw) -> Iterator[Raw]:
    """Return a raw block, cut at line ends or sentence ends if it is too long: pages laid out with line breaks
    alone."""
    text, start = raw.text, 0
    while len(text) - start > MAX_BLOCK:
        at = max(text.rfind(mark, start + MAX_BLOCK // 2, start + MAX_BLOCK) for mark in ("\n", ". "))
        end = at + 1 if at > 0 else start + MAX_BLOCK
        yield raw._replace(text=text[start:end])
        start = end
    yield raw._replace(text=text[start:])


def _joined(raws: list[Raw]) -> Iterator[Raw]:
    """Join the lines of one wrapped paragraph that are in elements of their own."""
    run: list[Raw] = []
    for raw in raws:
        if run and (raw.kind != PARAGRAPH or raw.style != run[0].style):
            yield from rewrapped(run) if len(run) > 1 else run
            run = []
        if raw.kind == PARAGRAPH and raw.style:
            run.append(raw)
        else:
            yield raw
    if run:
        yield from rewrapped(run) if len(run) > 1 else run


def rewrapped(lines: list[Raw]) -> Iterator[Raw]:
    """Return the raw blocks with the lines of each wrapped paragraph joined; `lines` follow each other in one style.

    A line runs on into the next if it does not end a sentence and the next word would not have fitted on it; if that
    word has a capital, only where the lines are evidently set to one width.
    """
    open_ended = [len(line.text) for line in lines[:-1] if _runs_on(line.text)]
    if not open_ended:
        yield from lines
        return
    width = max((len(line.text) for line in lines if len(line.text) <= 140), default=0)
    even = len(open_ended) > 1 and sum(length >= width - 15 for length in open_ended) >= 0.7 * len(open_ended)
    pending = [lines[0].text]
    head = lines[0]
    for last, line in pairwise(lines):
        first_word = line.text.split(" ", 1)[0]
        full = width >= 40 and len(last.text) + 1 + len(first_word) > width - 2
        broken = last.text[-1:] == "-" and (
            (last.text[-3:-1].islower() and line.text[:1].islower())
            or (last.text[-2:] in ("J-", "H-") and line.text[:1] == "1")
        )
        if broken or (
            full and _runs_on(last.text) and line.kind == PARAGRAPH and (even or not first_word[:1].isupper())
        ):
            pending.append(line.text)
        else:
            yield head._replace(text=rejoin(pending)) if len(pending) > 1 else head
            head, pending = line, [line.text]
    yield head._replace(text=rejoin(pending)) if len(pending) > 1 else head


def _runs_on(line: str) -> bool:
    return bool(line) and line[-1] not in '.?!:;"'


def _definitions(raws: Iterable[Raw]) -> Iterator[Raw]:
    """Make a term and its definitions one block each; a term with a question mark stays a question."""
    term: Raw | None = None
    used = False
    for raw in raws:
        if raw.kind == "value" and term is not None and not term.text.endswith("?"):
            used = True
            yield Raw(DEFINITION, f"{term.text}\n{raw.text}", cells=(Cell(term.text, raw.text),))
            continue
        if term is not None and not used:
            yield term._replace(kind=PARAGRAPH)
            used = True
        if raw.kind == "term":
            term, used = raw, False
        else:
            yield raw._replace(kind=PARAGRAPH) if raw.kind == "value" else raw
    if term is not None and not used:
        yield term._replace(kind=PARAGRAPH)


def _placed(raws: Iterable[Raw]) -> Iterator[Block]:
    """Give each raw block what is above it: headings, question, introduction. Run over every block of every page."""
    headings: list[tuple[int, str]] = []
    path: tuple[str, ...] = ()
    question, answered = "", 0
    intros: list[tuple[int, str]] = []
    for number, (kind, text, level, cells, linked, _, _) in enumerate(raws):
        asks = text[-1] == "?"
        if kind == HEADING:
            while headings and headings[-1][0] >= level:
                headings.pop()
            path = tuple([title for _, title in headings])
            question, answered, intros = (collapse(text) if asks else ""), 0, []
            yield Block(number, QUESTION if asks else HEADING, text, path)
            if not asks:
                headings.append((level, collapse(text)))
                path = (*path, headings[-1][1])
            continue
        depth = level if kind == ITEM else 0
        if intros:
            intros = _reaching(intros, kind, depth)
        intro = " ".join([words for _, words in intros]) if intros else ""
        if asks and (kind in (PARAGRAPH, ITEM)):
            question, answered = collapse(text), 0
            yield Block(number, QUESTION, text, path, "", intro)
            continue
        answered += 1
        if answered > ANSWER_REACH:
            question = ""
        if text[-1] == ":" or (kind == PARAGRAPH and text[-1].isalpha() and len(text) <= MAX_LEAD):
            intros = [*intros[-2:], (depth, collapse(text)[-MAX_INTRO:])]
        yield Block(number, kind, text, path, question, intro, cells, linked)


def _reaching(intros: list[tuple[int, str]], kind: str, depth: int) -> list[tuple[int, str]]:
    """Return the introductions that still hold: one reaches the items right below it, and none beyond the next
    paragraph."""
    if kind != ITEM:
        return []
    kept = list(intros)
    while kept and kept[-1][0] >= max(depth, 1):
        kept.pop()
    return kept


class Texts:
    """The texts of a page's blocks in small letters, joined end to end, so that words are found in a few searches."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        texts = [block.text for block in blocks]
        whole = _BETWEEN.join(texts).lower()
        if len(whole) != sum(map(len, texts)) + max(len(texts) - 1, 0):  # some letters take more room in small print
            texts = [text.lower() for text in texts]
            whole = _BETWEEN.join(texts)
        self.whole = whole.replace("\n", " ")
        self.starts = [0, *accumulate([len(text) + 1 for text in texts])]
        self.rare = {character: places for character in _RARE if (places := _places(self.whole, character)) is not None}
        self.known: dict[str, set[int]] = {}

    def naming(self, words: tuple[str, ...]) -> frozenset[int]:
        """Return the numbers of the blocks that hold one of `words` (in small letters)."""
        known = self.known
        for word in words:
            if word not in known:
                known[word] = self._holding(word)
        return frozenset().union(*[known[word] for word in words])

    def _holding(self, word: str) -> set[int]:
        whole, starts = self.whole, self.starts
        for character, places in self.rare.items():
            if character in word:
                ahead = word.index(character)
                return {bisect_right(starts, at - ahead) - 1 for at in places if whole.startswith(word, at - ahead)}
        found: set[int] = set()
        at = whole.find(word)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            found.add(index)
            at = whole.find(word, starts[index + 1])
        return found


def _places(text: str, character: str) -> list[int] | None:
    """Return the places of a character in `text`; None if at more than a few places."""
    places: list[int] = []
    at = text.find(character)
    while at >= 0 and len(places) <= _FEW:
        places.append(at)
        at = text.find(character, at + 1)
    return places if at < 0 else None

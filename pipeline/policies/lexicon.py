"""The reader's vocabulary (`reference/policy/lexicon.csv`) and where its entries stand in a sentence.

Each row of the table gives phrases of one kind (negator, support, condition ...) and an optional value; `v` marks
verbs, whose other forms are derived. A phrase is written in base forms; `<v>` stands for a visa's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pipeline.policies.tokens import Word
from pipeline.reference.load import read_rows
from pipeline.text.characters import wordset

_VOWELS = "aeiou"
_BE = ("is", "are", "was", "were", "be", "been", "being", "am", "'s")
_DOUBLED = wordset("stop drop cap ban bar refer prefer permit submit admit transfer set run begin commit shut plan")
_IRREGULAR = {
    "take": "took taken", "give": "gave given", "hold": "held", "bring": "brought", "begin": "began begun",
    "choose": "chose chosen", "keep": "kept", "leave": "left", "make": "made", "pay": "paid", "seek": "sought",
    "get": "got gotten", "come": "came", "go": "went gone", "write": "wrote written", "see": "saw seen",
    "withdraw": "withdrew withdrawn", "forbid": "forbade forbidden forbidding", "know": "knew known", "find": "found",
    "send": "sent", "deal": "dealt", "meet": "met", "undertake": "undertook undertaken", "bear": "bore borne",
    "have": "has had having", "do": "does did done doing", "say": "said", "mean": "meant", "win": "won", "run": "ran",
    "understand": "understood", "grow": "grew grown", "fall": "fell fallen", "wind": "wound", "freeze": "froze frozen",
    "phase": "phased", "buy": "bought", "sign": "signed", "carry": "carried carries", "die": "died",
    "shut": "shut", "quit": "quit", "forgo": "forwent forgone", "swear": "swore sworn",
    "forego": "forewent foregone", "draw": "drew drawn", "step": "stepped", "wash": "washed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found at words `first` to `last` (inclusive): kind -> value."""

    first: int
    last: int
    kinds: Mapping[str, str]

    def has(self, *kinds: str) -> bool:
        """Whether it is of any of these kinds."""
        return not self.kinds.keys().isdisjoint(kinds)

    def value(self, kind: str) -> str:
        """Value of that kind, empty if it has none."""
        return self.kinds.get(kind, "")


def forms(verb: str) -> tuple[str, ...]:
    """Inflected forms of a regular or listed irregular English verb, without the base form."""
    if verb in _IRREGULAR:
        extra = tuple(_IRREGULAR[verb].split())
    elif verb.endswith("e"):
        extra = (verb + "d",)
    elif verb.endswith("y") and verb[-2] not in _VOWELS:
        extra = (verb[:-1] + "ied",)
    else:
        extra = ((verb + verb[-1] if verb in _DOUBLED else verb) + "ed",)
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        third = verb[:-1] + "ies"
    else:
        third = verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "z")) else "s")
    stem = (
        verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb + verb[-1] if verb in _DOUBLED else verb
    )
    return (*extra, third, stem + "ing")


@dataclass(slots=True)
class _Node:
    """A place in the tree of phrases: what ends here, and where each next word leads."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    following: dict[str, _Node] = field(default_factory=dict)
    particles: dict[str, Mapping[str, str]] = field(default_factory=dict)  # "turn * away": away -> kinds


@cache
def _vocabulary() -> tuple[dict[str, str], _Node]:
    """Base form of each inflected word, and the tree of phrases."""
    lemmas = {form: verb for verb in _IRREGULAR for form in forms(verb)}
    lemmas.update(dict.fromkeys(_BE, "be"))
    phrases: dict[tuple[str, ...], dict[str, str]] = {}
    for row in read_rows("policy/lexicon.csv"):
        verbs = row["value"] == "v"
        for parts in (tuple(phrase.split()) for phrase in row["phrases"].split("|") if phrase):
            if verbs:
                lemmas.update(dict.fromkeys(forms(parts[0]), parts[0]))
            if row["kind"] != "verb":
                phrases.setdefault(parts, {}).setdefault(row["kind"], "" if verbs else row["value"])
            else:
                phrases.setdefault(parts, {})
    vocabulary = {part for parts in phrases for part in parts}
    plurals = {word + "s": word for word in vocabulary if len(word) > 2 and word[-1] not in "su"}
    root = _Node()
    for parts, kinds in phrases.items():
        if kinds:
            _grow(root, parts, kinds)
    return {**plurals, **lemmas}, root


def _grow(root: _Node, parts: tuple[str, ...], kinds: Mapping[str, str]) -> None:
    node = root
    for number, part in enumerate(parts):
        if part == "*":
            node.particles[parts[number + 1]] = kinds
            return
        node = node.following.setdefault(part, _Node())
    node.kinds = kinds


def with_lemmas(found: list[Word]) -> list[Word]:
    """The same words, their base forms filled in."""
    lemmas, _ = _vocabulary()
    for item in found:
        if not item.visas:
            item.lemma = lemmas.get(item.word, item.word)
    return found


def cues(found: list[Word]) -> list[Cue]:
    """Phrases of the vocabulary in `found`, leftmost and longest first, none overlapping."""
    _, root = _vocabulary()
    begins = root.following
    marks: list[Cue] = []
    place = 0
    for first, item in enumerate(found):
        if first >= place and (item.word in begins or item.lemma in begins):
            hit = _longest(found, first, root)
            if hit is not None:
                marks.append(hit)
                place = hit.last + 1
    return marks


def _longest(found: list[Word], first: int, root: _Node) -> Cue | None:
    """The longest phrase that begins at `first`; at equal length the words as written win over base forms."""
    best: Cue | None = None
    level = [root]
    for place in range(first, len(found)):
        word, lemma = found[place].word, found[place].lemma
        following = [node.following[word] for node in level if word in node.following]
        if lemma != word:
            following += [node.following[lemma] for node in level if lemma in node.following]
        if not following:
            break
        for node in following:
            if node.kinds:
                best = Cue(first, place, node.kinds)
                break
        if place == first:
            best = _around(found, first, following) or best
        level = following
    return best


def _around(found: list[Word], first: int, nodes: list[_Node]) -> Cue | None:
    """A verb and its particle with up to four words between: "turn nobody away"."""
    for node in nodes:
        for item in found[first + 1 : first + 6] if node.particles else ():
            kinds = node.particles.get(item.word) or node.particles.get(item.lemma)
            if kinds:
                return Cue(first, first, kinds)
    return None

"""Where to separate two visa names that follow each other in a sentence: only if something is asserted of each.

"J-1 and H-1B visas are accepted" stays whole; "J-1 visas are accepted and H-1B visas are not" is separated at "and".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.policies.lexicon import Trigger
from pipeline.policies.tokens import ANY, OTHERS, Token
from pipeline.text.characters import wordset

# Kinds of triggers that say something of a visa.
STATING = (
    "neg", "refuse", "support", "weak", "place", "cond", "soft", "only", "yesword", "noword", "prefer", "ask", "restrict",
    "subset",
)  # fmt: skip
_VERBS = ("support", "weak", "refuse", "neg")
_AUXILIARIES = wordset("be will can do may")
_JOINERS = wordset("and or nor / , & plus")
_CONJUNCTIONS = wordset("and or nor & plus")
_RELATIVES = wordset("who which whose so")
_FILLERS = wordset("a an the any both either neither visa visas status sponsorship")
_CHOICES = wordset("nor neither either or")


class Cut(NamedTuple):
    """The left clause ends before `end`, the right one starts at `start` (numbers in the part), joined by a word."""

    end: int
    start: int
    joined: str


@dataclass(frozen=True)
class Pair:
    """Two visa names that follow each other: numbers `left` and `right` in `places`, a part of the sentence."""

    tokens: list[Token]
    triggers: list[Trigger]
    stating: dict[int, Trigger]  # word place -> the trigger that says something there
    places: list[int]
    left: int
    right: int

    def token(self, number: int) -> Token:
        """Return the word at that number of the part."""
        return self.tokens[self.places[number]]

    def says(self, number: int, *kinds: str) -> bool:
        """Decide whether a trigger of one of these kinds is there."""
        trigger = self.stating.get(self.places[number])
        return trigger is not None and trigger.has(*kinds)

    @property
    def between(self) -> range:
        """Numbers of the words between the names."""
        return range(self.left + 1, self.right)


def cut(pair: Pair) -> Cut | None:
    """Return where to separate the two names; None if one thing is asserted of both."""
    generic = {ANY, OTHERS} & (pair.token(pair.left).visas | pair.token(pair.right).visas)
    if generic and not _verbs_on_both_sides(pair):
        return None
    special = _at_contrast(pair) or _at_repeated_name(pair)
    if special is not None:
        return special
    if (
        not any(_separates(pair, k) for k in pair.between)
        and not _comma_splice(pair)
        and not _parenthetical_between(pair)
    ):
        return None
    joints = [k for k in pair.between if pair.token(k).text in _JOINERS]
    return _at_joint(pair, joints) if joints else _at_mark(pair) or _at_relative(pair)


def _at_joint(pair: Pair, joints: list[int]) -> Cut:
    """Cut at the joint right before the second name; at a conjunction further left where only a parenthetical is
    between."""
    front = pair.right - 1
    while front > pair.left and (pair.token(front).text in _FILLERS or pair.places[front] in pair.stating):
        front -= 1
    near = [k for k in joints if k >= front]
    conjunctions = [k for k in joints if pair.token(k).text in _CONJUNCTIONS]
    at = (near or conjunctions[-1:] or joints)[0]
    if conjunctions and (_acts_after(pair, conjunctions[-1]) or not _verbs_after(pair, conjunctions[-1])):
        at = conjunctions[-1]
    word = pair.token(at).text
    return Cut(at, at if word == "nor" else at + 1, word)


def _verbs_after(pair: Pair, joint: int) -> bool:
    return any(pair.says(k, *_VERBS) for k in range(joint + 1, pair.right))


def _acts_after(pair: Pair, joint: int) -> bool:
    """Recognise "... the J-1, and for exceptional candidates the hospital will, in small numbers, sponsor the H-1B": a
    new subject after the conjunction, so all of it is asserted of the second name."""
    inside = range(pair.places[joint] + 1, pair.places[pair.right])
    return any(trigger.has("agent") and trigger.first in inside for trigger in pair.triggers)


def _at_mark(pair: Pair) -> Cut | None:
    """Cut "J-1: yes H-1B: no" and "✓ J-1 ✗ H-1B": marks without a joint between them."""
    triggers = [k for k in pair.between if pair.says(k, "yesword", "noword") or pair.token(k).text in ("yes", "no")]
    if not triggers:
        return None
    leading = any(pair.says(k, "yesword", "noword") for k in range(pair.left))
    at = triggers[-1] if leading else triggers[-1] + 1
    return Cut(at, at, "mark")


def _at_relative(pair: Pair) -> Cut | None:
    relatives = [k for k in pair.between if pair.token(k).text in _RELATIVES]
    return Cut(relatives[-1], relatives[-1], "rel") if relatives else None


def _at_repeated_name(pair: Pair) -> Cut | None:
    """Cut "Fellows a J-1 or an H-1B, residents a J-1": a name that comes again after a comma opens a new clause."""
    commas = [k for k in pair.between if pair.token(k).text == ","]
    second = pair.token(pair.right)
    if not commas or pair.right - commas[-1] < 2 or not second.trainee:
        return None
    seen = {visa for k in range(pair.left + 1) for visa in pair.token(k).visas}
    return Cut(commas[-1], commas[-1] + 1, ",") if second.visas <= seen else None


def _at_contrast(pair: Pair) -> Cut | None:
    """Cut "the J-1 rather than the H-1B"."""
    first, last = pair.places[pair.left], pair.places[pair.right]
    for trigger in pair.triggers:
        if trigger.has("contrast") and first < trigger.first and 0 < last - trigger.last <= 4:
            end = next(k for k in range(pair.left, pair.right + 1) if pair.places[k] >= trigger.first)
            start = next(k for k in range(pair.left, pair.right + 1) if pair.places[k] > trigger.last)
            return Cut(end, start, "contrast")
    return None


def _separates(pair: Pair, number: int) -> bool:
    """Decide whether something is asserted there that separates two names; "or", "nor" and additions do not."""
    trigger = pair.stating.get(pair.places[number])
    if trigger is None or pair.token(number).text in _CHOICES:
        return False
    if trigger.has("refuse") and pair.token(number).lemma == "exclude" and pair.token(number - 1).text in _JOINERS:
        return True  # "... of the J-1 and excludes the H-1B"
    return not trigger.has("except", "add", "nothing_but")


def _comma_splice(pair: Pair) -> bool:
    """Recognise two statements with a mere comma between: "we do not sponsor H-1Bs, the J-1 is what we use"."""
    between = [pair.token(k) for k in pair.between]
    after = {pair.tokens[p].lemma for p in pair.places[pair.right + 1 : pair.right + 3]}
    if not after & _AUXILIARIES or not any(item.text == "," for item in between):
        return False
    if any(item.lemma in _AUXILIARIES for item in between):
        return True
    bare = between[0].text == "," and not {item.text for item in between} - {",", "the", "a", "an"}
    return bare and any(pair.says(k, "support", "weak", "refuse") for k in range(pair.left))


def _parenthetical_between(pair: Pair) -> bool:
    """Recognise "J-1 (all applicants), H-1B (with approval)": something is asserted of the first in parentheses."""
    first, last = pair.places[pair.left], pair.places[pair.right]
    inside = set(range(first + 1, last)) - set(pair.places)
    return any(p in pair.stating for p in inside) or (bool(inside) and pair.tokens[first + 1].text == "(")


def _verbs_on_both_sides(pair: Pair) -> bool:
    """Decide whether there is a verb on either side of a joint between the two names."""
    joints = [k for k in pair.between if pair.token(k).text in _JOINERS]
    if not joints:
        return False
    before = any(pair.says(k, *_VERBS) for k in range(joints[-1]))
    return before and any(pair.says(k, *_VERBS) for k in range(joints[-1] + 1, len(pair.places)))

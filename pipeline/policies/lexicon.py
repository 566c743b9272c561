"""The reader's vocabulary (`reference/policy/lexicon.csv`) and where its phrases are in a sentence.

Each row of the table gives a phrase of one kind (negator, support, condition ...) and an optional value; `v` marks
verbs, whose other forms are derived. A phrase is written in base forms; `<v>` stands for a visa's name. What belongs here: finding
phrases; what a trigger means in its clause is decided in `sentence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.policies.tokens import Token
from pipeline.reference.load import read_rows
from pipeline.text.characters import wordset
from pipeline.text.phrases import PhraseTree, phrase_tree, phrases_at

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
    "understand": "understood", "grow": "grew grown", "fall": "fell fallen", "freeze": "froze frozen",
    "phase": "phased", "buy": "bought", "sign": "signed", "carry": "carried carries", "die": "died",
    "shut": "shut", "forgo": "forwent forgone",
    "forego": "forewent foregone", "step": "stepped", "wash": "washed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase of the vocabulary at tokens `first` to `last` (inclusive). kinds: kind -> value."""

    first: int
    last: int
    kinds: Mapping[str, str]

    def has(self, *kinds: str) -> bool:
        """Decide whether it is of any of these kinds."""
        return not self.kinds.keys().isdisjoint(kinds)

    def value(self, kind: str) -> str:
        """Return the value of that kind, empty if it has none."""
        return self.kinds.get(kind, "")


def forms(verb: str) -> tuple[str, ...]:
    """Return the inflected forms of a regular or listed irregular English verb, without the base form."""
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


_Kinds = Mapping[str, str]  # kind -> value
_PARTICLE_REACH = 5  # words after a verb among which its particle is sought


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """base_forms: inflected word -> base form. tree: phrases without a gap. particles: verb -> particle -> kinds of the
    phrases with a gap ("turn * away"). openings: words with which any phrase begins."""

    base_forms: Mapping[str, str]
    tree: PhraseTree[_Kinds]
    particles: Mapping[str, Mapping[str, _Kinds]]
    openings: frozenset[str]


@cache
def _vocabulary() -> _Vocabulary:
    base_forms = {form: verb for verb in _IRREGULAR for form in forms(verb)}
    base_forms.update(dict.fromkeys(_BE, "be"))
    phrases: dict[tuple[str, ...], dict[str, str]] = {}
    for row in read_rows("policy/lexicon.csv"):
        verb, parts = row["value"] == "v", tuple(row["phrase"].split())
        if verb:
            base_forms.update(dict.fromkeys(forms(parts[0]), parts[0]))
        kinds = phrases.setdefault(parts, {})
        if row["kind"] != "verb":
            kinds.setdefault(row["kind"], "" if verb else row["value"])
    vocabulary = {part for parts in phrases for part in parts}
    plurals = {word + "s": word for word in vocabulary if len(word) > 2 and word[-1] not in "su"}
    particles: dict[str, dict[str, _Kinds]] = {}
    for parts, kinds in phrases.items():
        if "*" in parts:
            verb, _, particle = parts
            particles.setdefault(verb, {})[particle] = kinds
    tree: PhraseTree[_Kinds] = phrase_tree(
        (parts, kinds) for parts, kinds in phrases.items() if kinds and "*" not in parts
    )
    return _Vocabulary({**plurals, **base_forms}, tree, particles, frozenset({*tree.following, *particles}))


def with_lemmas(tokens: list[Token]) -> list[Token]:
    """Fill in the base forms of `tokens`, and return them."""
    base_forms = _vocabulary().base_forms
    for item in tokens:
        if not item.visas:
            item.lemma = base_forms.get(item.text, item.text)
    return tokens


def triggers_in(tokens: list[Token]) -> list[Trigger]:
    """Find the phrases of the vocabulary in `tokens`, leftmost and longest first, none overlapping.

    A verb with its particle ("turn nobody away") comes before the verb alone, and after any phrase of two words or
    more.
    """
    vocabulary = _vocabulary()
    words, lemmas = [item.text for item in tokens], [item.lemma for item in tokens]
    triggers: list[Trigger] = []
    place = 0
    for first, word in enumerate(words):
        if first >= place and (word in vocabulary.openings or lemmas[first] in vocabulary.openings):
            hit = _longest(vocabulary, words, lemmas, first)
            if hit is not None:
                triggers.append(hit)
                place = hit.last + 1
    return triggers


def _longest(vocabulary: _Vocabulary, words: Sequence[str], lemmas: Sequence[str], first: int) -> Trigger | None:
    hits = phrases_at(vocabulary.tree, words, first, lemmas)
    length, kinds = hits[0] if hits else (0, None)
    if length < 2 and (words[first] in vocabulary.particles or lemmas[first] in vocabulary.particles):
        kinds = _with_particle(vocabulary.particles, words, lemmas, first) or kinds
    return Trigger(first, first + max(length, 1) - 1, kinds) if kinds is not None else None


def _with_particle(
    particles: Mapping[str, Mapping[str, _Kinds]], words: Sequence[str], lemmas: Sequence[str], first: int
) -> _Kinds | None:
    """Return the kinds of a verb and its particle with up to four words between; the trigger is the verb."""
    within = range(first + 1, min(first + 1 + _PARTICLE_REACH, len(words)))
    for known in (particles[verb] for verb in (words[first], lemmas[first]) if verb in particles):
        for place in within:
            kinds = known.get(words[place]) or known.get(lemmas[place])
            if kinds:
                return kinds
    return None

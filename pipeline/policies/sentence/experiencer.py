"""Of whom a clause speaks if not of those who apply here: other institutions, faculty, people already in training."""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.claims import Parsed
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import BOTH, Token
from pipeline.text.characters import wordset

_OTHER_INSTITUTIONS = wordset(
    "other others sister partner partners neighboring neighbouring nearby peer peers"
    " competing rival another neighbor neighbors elsewhere surrounding competitors"
)
_MANY = wordset("many most some several numerous")
_EMPLOYERS = wordset("hospitals employers institutions employer residencies companies firms")
_AT_LARGE = wordset("many most some several lot number few worries a an us s . other")
_CONTRASTS = wordset("although though while whereas whilst")
_PLACES = wordset(
    "hospital hospitals program programs institution institutions university universities center centers department"
    " departments system systems residency residencies fellowship fellowships school schools partner partners neighbors"
    " peers campus campuses competitors site sites"
)
_CHANGING = wordset("change switch convert move transition")
_STAYING = wordset(
    "until continue affect affected unaffected remain keep grandfather grandfathered finish complete graduate honor honour"
)


def holds_for_other_people(clause: Clause, parsed: Parsed) -> bool:
    """Decide whether what a clause says holds elsewhere, for people already in training, or for faculty."""
    tokens = parsed.tokens
    return elsewhere(clause, tokens) or _of_incumbents(clause, tokens) or _in_faculty_positions(parsed)


def for_other_people(parts: list[Clause], tokens: list[Token]) -> bool:
    """Recognise "We sponsor H-1B visas and take J-1 candidates for attending positions": the end speaks of all that is
    joined."""
    staff = parts[-1].all("nontrainee") if len(parts) > 1 else []
    if not staff or any(part.has("trainee", "subset", "restrict") for part in parts):
        return False
    if any(part.joined not in ("", "and", "or", "&") for part in parts) or parts[-1].has("only", "neg", "refuse"):
        return False
    before = {tokens[p].text for p in parts[-1].places if staff[0].first - 3 <= p < staff[0].first}
    return "for" in before and not any(tokens[p].visas for p in parts[-1].places if p > staff[0].first)


def elsewhere(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the subject is another institution: "sister hospitals sponsor ...", "some of our partners file
    ..."."""
    if any(
        tokens[p].text in _EMPLOYERS and tokens[q].text in ("that", "which", "who") and _at_large(tokens, p)
        for p, q in pairwise(clause.places)
    ):
        return True
    for number, place in enumerate(clause.places[:7]):
        word = tokens[place].text
        if tokens[place].visas or word in ("we", "at", "from", "through", "by", "with"):
            return False
        contrasted = word in _MANY and {clause.joined, tokens[clause.places[0]].text} & _CONTRASTS
        if (word in _OTHER_INSTITUTIONS or contrasted) and any(
            tokens[p].text in _PLACES for p in clause.places[number : number + 4]
        ):
            return True
        if word == "elsewhere" or (word in _EMPLOYERS and _in_general(tokens, place)):
            return True
    return False


def _at_large(tokens: list[Token], place: int) -> bool:
    """Decide whether "hospitals" before "that sponsor ..." are none that the page has named as its own."""
    return not {word.text for word in tokens[max(0, place - 3) : place]} & {"our", "the", "these", "both", "all", "at"}


def _in_general(tokens: list[Token], place: int) -> bool:
    """Recognise "a lot of hospitals choose the J-1", "worries hospitals that sponsor": hospitals at large, not ours."""
    before = [word.text for word in tokens[max(0, place - 3) : place]]
    if any(word.text in ("we", "our", "here") for word in tokens[place + 1 : place + 5]):
        return False
    return not before or (bool(set(before) & _AT_LARGE) and not set(before) & {"our", "we"})


def changed_to(clause: Clause, tokens: list[Token]) -> frozenset[str]:
    """Return the visa that holders of another must change to ("Holders of an H-1B would have to change to the J-1");
    empty if none."""
    words = {tokens[p].lemma for p in clause.places}
    if (
        not (clause.has("require") or {"have", "to"} <= words)
        or len(clause.visas & BOTH) != 2
        or clause.has("neg", "cond")
    ):
        return frozenset()
    verb = next((p for p in clause.places if tokens[p].lemma in _CHANGING), None)
    if verb is None:
        return frozenset()
    after = [p for p in clause.places if verb < p <= verb + 5 and tokens[p].trainee]
    to = any(tokens[p].text in ("to", "into") for p in range(verb + 1, after[0])) if after else False
    return tokens[after[0]].visas & BOTH if to else frozenset()


def _of_incumbents(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "Residents now in training on a J-1 will be supported until they graduate": nothing is asserted of those
    who apply."""
    return clause.has("incumbent") and any(tokens[p].lemma in _STAYING for p in clause.places)


def _in_faculty_positions(parsed: Parsed) -> bool:
    """Recognise "Non-ACGME fellowships are faculty positions; for these the H-1B can be used"."""
    return parsed.has("unaccredited") and parsed.has("nontrainee")

"""What stands around a sentence and lends it a visa or a verb: headings, introductions of lists, announced lists."""

from __future__ import annotations

from pipeline.statements.blocks import ITEM, Block
from pipeline.statements.claims import Claim, Given, Parsed, parse
from pipeline.statements.polarity import STRONG, YES
from pipeline.statements.text import wordset
from pipeline.statements.visas import ANY, BOTH

LIST_REACH = 15  # blocks over which an announced list of visas may stretch
_POINTING = wordset("holders holder this these such it they")
_TOPIC_WORDS = wordset(
    "sponsorship support acceptance assistance eligibility option options sponsor route path pathway right open"
    " preferred suitable appropriate"
)
_TRAILING_AUXILIARIES = wordset("is are do does will can not")


def speaks(text: str) -> bool:
    """Whether a heading is a statement of its own ("No H-1B visas", "J-1 visas accepted"), not just a topic."""
    words = parse(text)
    if not words.visas & BOTH:
        return bool(words.visas) and words.has("agent") and words.has("neg", "support")
    verbs = [mark for mark in words.marks if mark.has("support", "refuse", "neg", "only", "yesword", "noword")]
    return any(words.found[mark.first].word not in _TOPIC_WORDS for mark in verbs)


def lent_by(block: Block) -> Given:
    """What a list's introduction or the heading lends to a bare name: a verb and its sense."""
    for text in (block.intro, *reversed(block.headings[-2:])):
        above = parse(text) if text else None
        if above is None or not (above.visas or above.has("citizen", "pr", "ead") or text == block.intro):
            continue
        spoken = above.visas & BOTH
        if block.kind != ITEM:
            return Given(spoken)
        turns = [mark for mark in above.marks if mark.has("neg", "refuse")]
        acts = [mark for mark in above.marks if mark.has("support", "refuse")]
        topic = not above.has("agent") and all(above.found[mark.first].word in _TOPIC_WORDS for mark in acts)
        if block.linked and topic:
            return Given()  # a menu of links under a topic: "Visa sponsorship: J-1, H-1B"
        return Given(spoken, STRONG if acts else "", len(turns) % 2 == 1, bool(above.visas) or above.has("require"))
    return Given()


def refers(words: Parsed) -> bool:
    """Whether a sentence without a visa's name may speak of the one in the heading: "Generally accepted for ...",
    "Holders may be accepted", "This visa is not sponsored"."""
    if any(word.word in _POINTING or word.visas for word in words.found[:3]):
        return True
    opening = [mark for mark in words.marks if mark.first <= 2 and mark.has("support", "refuse", "yesword", "noword")]
    return any(words.found[mark.first].word.endswith("ed") for mark in opening)


def elliptic(words: Parsed) -> bool:
    """Whether a sentence ends on a bare auxiliary: "J-1 visas are."."""
    said = [word.word for word in words.found if word.word not in (".", "!")]
    return bool(said) and said[-1] in _TRAILING_AUXILIARIES


def announced_list_end(claims: tuple[Claim, ...], words: Parsed, block: Block) -> int:
    """Where a list ends that a sentence announces ("We accept the visas listed below"); 0 if it announces none."""
    announces = any(word.word in ("below", "following", "listed") for word in words.found)
    accepts = any(claim.visa == ANY and claim.stance == YES for claim in claims)
    return block.number + LIST_REACH if announces and accepts else 0

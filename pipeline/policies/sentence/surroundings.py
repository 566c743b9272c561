"""What stands around a sentence and lends it a visa or a verb: headings, introductions of lists, announced lists."""

from __future__ import annotations

from pipeline.documents.blocks import ITEM, Block
from pipeline.policies.claims import Claim, Given, Parsed, parse
from pipeline.policies.sentence.polarity import NO, STRONG, YES
from pipeline.policies.tokens import ANY, BOTH
from pipeline.text.characters import wordset

MAX_NAME = 60  # characters of a line that is a visa's name
MAX_LABEL = 6  # words of a heading that says what a list is of
LIST_REACH = 15  # blocks over which an announced list of visas may stretch
_POINTING = wordset("holders holder this these such it they")
_TOPIC_WORDS = wordset(
    "sponsorship support acceptance assistance eligibility option options sponsor route path pathway right open"
    " preferred suitable appropriate"
)
_ANAPHORA = wordset("both either neither these those them they it this that such former latter one ones each")
_NAMES_OF_VISAS = wordset(
    "visa visas petition petitions request requests case cases sponsorship route status option options pathway"
    " possibility practice arrangement category"
)
_TIMES = wordset("year month week day cycle season july summer spring fall class block")
_OPEN = wordset("open available limited restricted reserved")
_PERSONS_FOLLOW = wordset("with who whose holding needing without applicants candidates in having people")
_ALSO = wordset("as well too also likewise")
_TRAILING_AUXILIARIES = wordset("is are do does will can not")


def speaks(text: str) -> bool:
    """Whether a heading is a statement of its own ("No H-1B visas", "J-1 visas accepted"), not just a topic."""
    words = parse(text)
    if words.visas and "? " in text:
        return True  # "Visa? Not sponsored"
    if not words.visas & BOTH:
        return bool(words.visas) and words.has("agent") and words.has("neg", "support")
    verbs = [mark for mark in words.marks if mark.has("support", "refuse", "neg", "only", "yesword", "noword")]
    return any(words.found[mark.first].word not in _TOPIC_WORDS for mark in verbs)


def lent_by(block: Block) -> Given:
    """What a list's introduction or the heading lends to a bare name: a verb and its sense."""
    for text in (block.intro, *reversed(block.headings[-2:])):
        above = parse(text) if text else None
        if above is None:
            continue
        sorting = block.kind == ITEM and _sorts(above)
        if block.kind == ITEM and not above.visas and above.has("require") and len(above.found) <= MAX_LABEL:
            return Given(required=True)
        if not (sorting or above.visas or above.has("citizen", "pr", "ead") or text == block.intro):
            continue
        spoken = above.visas & BOTH
        if block.kind != ITEM:
            return Given(spoken, topic=bool(above.visas))
        turns = [mark for mark in above.marks if mark.has("neg", "refuse")]
        acts = [mark for mark in above.marks if mark.has("support", "refuse")]
        topic = not above.has("agent") and all(above.found[mark.first].word in _TOPIC_WORDS for mark in acts)
        if block.linked and topic:
            return Given()  # a menu of links under a topic: "Visa sponsorship: J-1, H-1B"
        return Given(spoken, STRONG if acts else "", len(turns) % 2 == 1, bool(above.visas) or above.has("require"))
    return Given()


def _sorts(heading: Parsed) -> bool:
    """ "Not sponsored", "Accepted": a heading that says what the list below it is of."""
    acts = [mark for mark in heading.marks if mark.has("support", "refuse")]
    return len(heading.found) <= 3 and any(heading.found[mark.first].word.endswith("ed") for mark in acts)


def refers(words: Parsed) -> bool:
    """Whether a sentence without a visa's name may speak of the one in the heading: "Generally accepted for ...",
    "Holders may be accepted", "This visa is not sponsored"."""
    if any(word.word in _POINTING or word.visas for word in words.found[:3]):
        return True
    opening = [mark for mark in words.marks if mark.first <= 2 and mark.has("support", "refuse", "yesword", "noword")]
    if words.found[0].word in _OPEN and len(words.found) > 1 and words.found[1].word in ("to", "for", "only"):
        return True
    return any(words.found[mark.first].word.endswith("ed") for mark in opening)


def points_back(words: Parsed) -> bool:
    """Whether a sentence without a visa's name points to one: "it is not sponsored", "we do not provide them"; not
    "those with a green card", "we regret that ..."."""
    if words.has("ead", "pr", "citizen") or words.found[0].word in ("which", "what", "whether", "whichever"):
        return False
    acts = {mark.last + 1 for mark in words.marks if mark.has("support", "refuse")}
    for place, item in enumerate(words.found):
        if place in acts and item.word in ("it", "them"):
            return True
        following = words.found[place + 1].word if place + 1 < len(words.found) else ""
        if item.word in ("these", "such", "this", "those") and following in _NAMES_OF_VISAS:
            return True
        if place >= 6 or item.word not in _ANAPHORA:
            continue
        if item.word in ("those", "these", "such", "one", "ones") and following in _PERSONS_FOLLOW:
            continue
        if item.word in ("each", "this", "that") and following in _TIMES:
            continue
        if (
            item.word == "that"
            and place
            and place not in acts
            and words.found[place - 1].word not in ("of", "for", "to")
        ):
            continue
        return True
    return False


def sole_one(words: Parsed) -> bool:
    """ "This is the only type of visa open to residents": said of the visa named before."""
    opening = [word.word for word in words.found[:2]]
    pointing = opening[:1] in (["this"], ["that"], ["it"]) and opening[1:] in (["is"], ["'s"], ["was"])
    return pointing and words.visas == {ANY} and words.has("only") and not words.has("neg")


def sums_up(words: Parsed) -> bool:
    """ "These are the two visas we sponsor", "We sponsor the visas listed above": said of the list before."""
    said = {word.word for word in words.found}
    opening = words.found[0].word in ("these", "those", "both", "they") and any(
        w.lemma == "be" for w in words.found[1:4]
    )
    return bool(words.visas & {ANY}) and (opening or bool(said & {"above", "aforementioned"}))


def listed_claims(words: Parsed, text: str, block: Block) -> tuple[Claim, ...]:
    """ "General Surgery: none", "Neurology: both" in a list under a heading on visas."""
    _label, colon, value = text.replace(" – ", ":").replace(" - ", ":").partition(":")
    above = block.intro or (block.headings[-1] if block.headings else "")
    if not colon and text == block.text:
        value = text  # "None." alone under "Visas"
    if words.visas or not value.strip() or len(text) > 90 or not parse(above).visas:
        return ()
    said = [word.word for word in parse(value).found if word.word.isalnum()]
    if said in (["both"], ["either"]):
        return tuple(Claim(visa, YES, (), ("listed",)) for visa in sorted(BOTH))
    return (
        (Claim(ANY, NO, (), ("listed",)),) if said in (["none"], ["no"], ["neither"], ["nil"], ["not", "any"]) else ()
    )


def elliptic(words: Parsed) -> bool:
    """Whether a sentence ends on a bare auxiliary: "J-1 visas are."."""
    said = [word.word for word in words.found if word.word not in (".", "!", ",")]
    while said[-1:] and said[-1] in _ALSO:
        said = said[:-1]
    return bool(said) and said[-1] in _TRAILING_AUXILIARIES


def names_a_visa(text: str) -> bool:
    """Whether a short line is the name of a visa and says nothing of it: "J-1 Exchange Visitor (Alien Physician)"."""
    return len(text) <= MAX_NAME and bool(parse(text).visas & BOTH) and not parse(text).marks


def announced_list_end(claims: tuple[Claim, ...], words: Parsed, block: Block) -> int:
    """Where a list ends that a sentence announces ("We accept the visas listed below"); 0 if it announces none."""
    announces = any(word.word in ("below", "following", "listed") for word in words.found)
    announces = announces or words.found[-1].word == ":"
    accepts = any(claim.visa == ANY and claim.stance == YES for claim in claims)
    return block.number + LIST_REACH if announces and accepts else 0

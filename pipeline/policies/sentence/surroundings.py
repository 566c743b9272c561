"""The context of a sentence that gives it a visa or a verb: headings, introductions of lists, announced lists."""

from __future__ import annotations

from pipeline.documents.blocks import ITEM, Block
from pipeline.policies.claims import Claim, Context, Parsed, parse
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
    """Decide whether a heading is a statement of its own ("No H-1B visas", "J-1 visas accepted"), not just a topic."""
    parsed = parse(text)
    if parsed.visas and "? " in text:
        return True  # "Visa? Not sponsored"
    if not parsed.visas & BOTH:
        return bool(parsed.visas) and parsed.has("agent") and parsed.has("neg", "support")
    verbs = [
        trigger for trigger in parsed.triggers if trigger.has("support", "refuse", "neg", "only", "yesword", "noword")
    ]
    return any(parsed.tokens[trigger.first].text not in _TOPIC_WORDS for trigger in verbs)


def context_of(block: Block) -> Context:
    """Return what a list's introduction or the heading gives a bare name: a verb and its sense."""
    for text in (block.intro, *reversed(block.headings[-2:])):
        above = parse(text) if text else None
        if above is None:
            continue
        sorting = block.kind == ITEM and _sorts(above)
        if block.kind == ITEM and not above.visas and above.has("require") and len(above.tokens) <= MAX_LABEL:
            return Context(required=True)
        if not (sorting or above.visas or above.has("citizen", "pr", "ead") or text == block.intro):
            continue
        mentioned = above.visas & BOTH
        if block.kind != ITEM:
            return Context(mentioned, topic=bool(above.visas))
        turns = [trigger for trigger in above.triggers if trigger.has("neg", "refuse")]
        acts = [trigger for trigger in above.triggers if trigger.has("support", "refuse")]
        topic = not above.has("agent") and all(above.tokens[trigger.first].text in _TOPIC_WORDS for trigger in acts)
        introduced = block.kind == ITEM and text == block.intro
        if block.linked and topic:
            return Context()  # a menu of links under a topic: "Visa sponsorship: J-1, H-1B"
        return Context(
            mentioned,
            STRONG if acts else "",
            len(turns) % 2 == 1,
            bool(above.visas) or above.has("require"),
            in_list=introduced,
        )
    return Context()


def _sorts(heading: Parsed) -> bool:
    """Recognise "Not sponsored", "Accepted": a heading that says what the list below it is of."""
    acts = [trigger for trigger in heading.triggers if trigger.has("support", "refuse")]
    return len(heading.tokens) <= 3 and any(heading.tokens[trigger.first].text.endswith("ed") for trigger in acts)


def refers(parsed: Parsed) -> bool:
    """Decide whether a sentence without a visa's name may speak of the one in the heading: "Generally accepted for
    ...", "Holders may be accepted", "This visa is not sponsored"."""
    if any(
        word.visas or (word.text in _POINTING and _at_a_visa(parsed, k)) for k, word in enumerate(parsed.tokens[:3])
    ):
        return True
    opening = [
        trigger
        for trigger in parsed.triggers
        if trigger.first <= 2 and trigger.has("support", "refuse", "yesword", "noword")
    ]
    if parsed.tokens[0].text in _OPEN and len(parsed.tokens) > 1 and parsed.tokens[1].text in ("to", "for", "only"):
        return True
    return any(parsed.tokens[trigger.first].text.endswith("ed") for trigger in opening)


def _at_a_visa(parsed: Parsed, place: int) -> bool:
    """Decide whether a pointing word may mean a visa: not "this program", "these applicants"."""
    following = parsed.tokens[place + 1 : place + 2]
    own = bool(following) and any(
        trigger.first == place + 1 and trigger.has("agent", "people", "trainee") for trigger in parsed.triggers
    )
    return not own or parsed.tokens[place].text in ("it", "they", "holders", "holder")


def points_back(parsed: Parsed) -> bool:
    """Decide whether a sentence without a visa's name points to one: "it is not sponsored", "we do not provide them";
    not "those with a green card", "we regret that ..."."""
    if parsed.has("ead", "pr", "citizen") or parsed.tokens[0].text in ("which", "what", "whether", "whichever"):
        return False
    acts = {trigger.last + 1 for trigger in parsed.triggers if trigger.has("support", "refuse")}
    for place, item in enumerate(parsed.tokens):
        if place in acts and item.text in ("it", "them"):
            return True
        following = parsed.tokens[place + 1].text if place + 1 < len(parsed.tokens) else ""
        if item.text in ("these", "such", "this", "those") and following in _NAMES_OF_VISAS:
            return True
        if place >= 6 or item.text not in _ANAPHORA:
            continue
        if item.text in ("those", "these", "such", "one", "ones") and following in _PERSONS_FOLLOW:
            continue
        if item.text in ("each", "this", "that") and following in _TIMES:
            continue
        if (
            item.text == "that"
            and place
            and place not in acts
            and parsed.tokens[place - 1].text not in ("of", "for", "to")
        ):
            continue
        return True
    return False


def sole_one(parsed: Parsed) -> bool:
    """Recognise "This is the only type of visa open to residents": asserted of the visa named before."""
    opening = [word.text for word in parsed.tokens[:2]]
    pointing = opening[:1] in (["this"], ["that"], ["it"]) and opening[1:] in (["is"], ["'s"], ["was"])
    return pointing and parsed.visas == {ANY} and parsed.has("only") and not parsed.has("neg")


def sums_up(parsed: Parsed) -> bool:
    """Recognise "These are the two visas we sponsor", "We sponsor the visas listed above": asserted of the list before."""
    terms = {word.text for word in parsed.tokens}
    opening = parsed.tokens[0].text in ("these", "those", "both", "they") and any(
        w.lemma == "be" for w in parsed.tokens[1:4]
    )
    return bool(parsed.visas & {ANY}) and (opening or bool(terms & {"above", "aforementioned"}))


def listed_claims(parsed: Parsed, text: str, block: Block) -> tuple[Claim, ...]:
    """Return the claims of "General Surgery: none" in a list under a heading on visas."""
    _label, colon, value = text.replace(" – ", ":").replace(" - ", ":").partition(":")
    above = block.intro or (block.headings[-1] if block.headings else "")
    if not colon and text == block.text:
        value = text  # "None." alone under "Visas"
    if parsed.visas or not value.strip() or len(text) > 90 or not parse(above).visas:
        return ()
    terms = [word.text for word in parse(value).tokens if word.text.isalnum()]
    return (
        (Claim(ANY, NO, (), ("listed",)),) if terms in (["none"], ["no"], ["neither"], ["nil"], ["not", "any"]) else ()
    )


def elliptic(parsed: Parsed) -> bool:
    """Decide whether a sentence ends on a bare auxiliary: "J-1 visas are."."""
    terms = [word.text for word in parsed.tokens if word.text not in (".", "!", ",")]
    while terms[-1:] and terms[-1] in _ALSO:
        terms = terms[:-1]
    return bool(terms) and terms[-1] in _TRAILING_AUXILIARIES


def names_a_visa(text: str) -> bool:
    """Decide whether a short line is the name of a visa and says nothing of it: "J-1 Exchange Visitor (Alien
    Physician)"."""
    return len(text) <= MAX_NAME and bool(parse(text).visas & BOTH) and not parse(text).triggers


def announced_list_end(claims: tuple[Claim, ...], parsed: Parsed, block: Block) -> int:
    """Return where a list ends that a sentence announces ("We accept the visas listed below"); 0 if it announces
    none."""
    announces = any(word.text in ("below", "following", "listed") for word in parsed.tokens)
    announces = announces or parsed.tokens[-1].text == ":"
    accepts = any(claim.visa == ANY and claim.stance == YES for claim in claims)
    return block.number + LIST_REACH if announces and accepts else 0

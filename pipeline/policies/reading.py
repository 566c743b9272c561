"""The door of the room: a page or its blocks in, its visa policy with the sentences that state it out.

What belongs here: the reading as other rooms see it. How a sentence is read is in `sentence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.declared_dates import DeclaredDates, declared_dates
from pipeline.documents.page import Media, blocks_of
from pipeline.documents.unreadable import damaged
from pipeline.policies.agreement import DIFFER, LIKELY, Stances, in_words, settle, stances_of
from pipeline.policies.audience import GENERAL, OWN, Audience
from pipeline.policies.claims import CONTACT, Claim
from pipeline.policies.decision import NOT_STATED, Decision, LocatedAssertion, decide
from pipeline.policies.page_date import page_date
from pipeline.policies.page_subject import about_trainees, subject_of
from pipeline.policies.published import Evidence, Reading
from pipeline.policies.sentence.discourse import Assertion, read_blocks
from pipeline.policies.step3 import Step3, read_step3
from pipeline.policies.terms import terms_of
from pipeline.policies.third_reader.verdict import ThirdReader, settled_by_three, third_reading
from pipeline.policies.tokens import ANY, BOTH
from pipeline.policies.weighed.reading import WeighedReading, weigh
from pipeline.policies.with_terms import with_terms

# Rules of the first reader for pages that don't say it themselves.
_POINTING: Final = frozenset(("ask", "decided_elsewhere", "unanswered_question"))


def read_page(
    content: bytes,
    media: Media,
    program: str | None = None,
    institution: str | None = None,
    encoding: str | None = None,
    third: ThirdReader | None = None,
) -> Reading:
    """Read a page as served, for one program or for an institution.

    encoding: the charset of the HTTP header, if any. third: as in `read_statement`. Raises UnreadablePageError for
    a page that can't be read.
    """
    blocks = blocks_of(content, media, encoding)
    try:
        return read_statement(blocks, program, institution, third, declared_in(content, media))
    # A page may hold any words in any number: what they do to the rules must not end the reading of other pages.
    except (ArithmeticError, LookupError, RecursionError, ValueError) as error:
        raise damaged("page", error) from error


def declared_in(content: bytes, media: Media) -> DeclaredDates:
    """Return what a page declares of its date outside its text: only HTML does."""
    return declared_dates(content) if media == "html" else DeclaredDates()


def read_statement(
    blocks: tuple[Block, ...],
    program: str | None = None,
    institution: str | None = None,
    third: ThirdReader | None = None,
    declared: DeclaredDates | None = None,
) -> Reading:
    """Read blocks for one program, or for the institution where none is given, by both readers.

    program and institution as people write them ("Pediatrics", "Neurology fellowship", "GME office"). third: who is queried
    where a person should confirm what the two read. declared: as `declared_in` returns it. Deterministic: the same blocks and
    answers give the same reading.
    """
    texts = Texts(blocks)
    weighed = weigh(blocks, texts, of_program=bool(program))
    first = _read_sentences(blocks, texts, program, institution, declared or DeclaredDates())
    local = _settled(first, weighed, sum(len(block.text) for block in blocks))
    if third is None or not local.needs_confirmation:
        return local
    opinion = third_reading(blocks, texts, program, institution, third)
    return settled_by_three(local, first, stances_of(weighed), opinion) if opinion else local


def _settled(first: Reading, second: WeighedReading, characters: int) -> Reading:
    """Return the first reading as it is published beside the second: sure only where both agree."""
    stances = Stances(first.j1, first.h1b, first.policy)
    asks = first.policy == CONTACT and not _POINTING.isdisjoint(first.rules)
    settled = settle(stances, second, characters, plain=first.confidence == "high", asks=asks)
    first = replace(
        first,
        readings=in_words(stances, tuple(piece.quote for piece in first.evidence), second),
        chance=second.chances.get(settled.stances.policy, 0.0),
    )
    if settled.agreed:
        # What is mentioned in passing, or otherwise elsewhere on the page, the second reader has weighed too.
        if first.policy == CONTACT or "read_in_part" in first.rules or first.chance < LIKELY:
            return first
        confidence = "medium" if first.confidence == "low" else first.confidence
        return replace(first, confidence=confidence, needs_confirmation=False)
    published = replace(
        first,
        j1=settled.stances.j1,
        h1b=settled.stances.h1b,
        policy=settled.stances.policy,
        confidence="low",
        needs_confirmation=True,
        rules=tuple(sorted({*first.rules, DIFFER})),
    )
    if settled.by_weights:
        return _by_weights(published, second)
    return published if published.h1b == first.h1b else replace(published, conditions=(), paused_until=None)


def _by_weights(published: Reading, second: WeighedReading) -> Reading:
    """Return a reading whose stances are the second reader's with that reader's evidence."""
    if published.policy == NOT_STATED:
        return replace(
            published,
            step3_required_for_h1b=NOT_STATED,
            step3_deadline=None,
            conditions=(),
            paused_until=None,
            evidence=(),
            counter_evidence=published.evidence,
        )
    stated = {f"j1 {published.j1}", f"h1b {published.h1b}"}
    found = [reason for reason in second.reasons if reason.outcome in stated]
    evidence = [Evidence(reason.quote, reason.block, reason.start, reason.end) for reason in found]
    if not evidence or published.h1b != second.h1b:  # what is asserted of the H-1B is by the first reader
        evidence += [item for item in published.evidence if item not in evidence]
    terms = terms_of([piece.quote for piece in evidence], published.h1b)
    return replace(
        published,
        conditions=terms.conditions,
        paused_until=terms.paused_until,
        evidence=tuple(sorted(evidence, key=lambda item: (item.block, item.start))),
    )


def _read_sentences(
    blocks: tuple[Block, ...], texts: Texts, program: str | None, institution: str | None, declared: DeclaredDates
) -> Reading:
    """Return what the first reader, which takes sentences apart, reads for one program or for the institution."""
    audience = Audience(program or "", institution or "")
    everything, complete = read_blocks(blocks, audience, texts)
    subject = subject_of(texts, audience) if everything else "trainees"
    assertions = [
        item
        for item in everything
        if subject == "trainees" or about_trainees(item, blocks, subject, audience.institution)
    ]
    silenced = len(everything) > len(assertions)
    decided = with_terms(decide(_located(assertions, audience)), assertions, blocks, audience, texts)
    decision, pause = decided.decision, decided.pause
    # What is required of those who can't come is no prerequisite.
    step3 = Step3() if decision.h1b == "no" or (silenced and not assertions) else read_step3(blocks, audience, texts)
    places = (*((pause.place,) if pause else ()), *step3.evidence)
    supporting = _with_pointers(sorted({located.number for located in decision.winners}), assertions)
    opposing = sorted({located.number for located in decision.losers} - set(supporting))
    rules = {rule for located in decision.winners for rule in located.claim.rules}
    rules |= {"step3"} if step3.evidence else set()
    rules |= set() if complete else {"read_in_part"}
    rules |= {f"page_of_{subject}"} if silenced else set()
    confidence, ask = _confidence(decision, assertions) if complete else ("low", True)
    return Reading(
        j1=decision.j1,
        h1b=decision.h1b,
        policy=decision.policy,
        step3_required_for_h1b=step3.required,
        step3_deadline=step3.deadline,
        scope="institution" if audience.institutional else "program",
        page_date=page_date(blocks, texts, declared),
        conditions=decided.terms.conditions,
        paused_until=decided.terms.paused_until,
        evidence=_with_places(_quotes((assertions[n] for n in supporting), blocks), places),
        counter_evidence=_quotes((assertions[n] for n in opposing), blocks),
        confidence=confidence,
        needs_confirmation=ask,
        rules=tuple(sorted(rules)),
    )


def _located(assertions: list[Assertion], audience: Audience) -> list[LocatedAssertion]:
    """Return the claims of `assertions` with their places, how specific each is, and the dated entry it is in."""
    entries = sorted({item.entry_date for item in assertions if item.entry_date is not None})
    tabled = any("table" in claim.rules and claim.visa in BOTH for item in assertions for claim in item.claims)
    return [
        LocatedAssertion(
            claim,
            number,
            GENERAL if tabled and _by_heading_alone(item, claim, audience) else item.specific,
            entries.index(item.entry_date) if item.entry_date else len(entries) - 1,
        )
        for number, item in enumerate(assertions)
        for claim in item.claims
    ]


def _by_heading_alone(item: Assertion, claim: Claim, audience: Audience) -> bool:
    """Decide whether a claim that names no visa is this program's only by the heading above it: numbers of its residents, say,
    with "none on a visa" below. Beside a table of the visas that is no policy of its own."""
    return claim.visa == ANY and item.specific == OWN and audience.relation(item.quote) != "own"


def _with_pointers(numbers: list[int], assertions: list[Assertion]) -> list[int]:
    """Add the sentences right behind that point to more on visas ("See the visa page"), for a person who goes to
    look."""
    extended = list(numbers)
    for number in numbers:
        after = assertions[number + 1] if number + 1 < len(assertions) else None
        last = assertions[number]
        close = after is not None and after.block == last.block and after.start - last.end <= 2
        if after is not None and close and all(claim.stance == CONTACT for claim in after.claims):
            extended.append(number + 1)
    return sorted(set(extended))


def _quotes(assertions: Iterable[Assertion], blocks: tuple[Block, ...]) -> tuple[Evidence, ...]:
    """Return the quotations; sentences that follow each other in one block become one."""
    made: list[Evidence] = []
    for item in assertions:
        last = made[-1] if made else None
        if last is not None and not item.question and last.block == item.block and 0 <= item.start - last.end <= 2:
            made[-1] = Evidence(f"{last.quote} {item.quote}", last.block, last.start, item.end)
        else:
            quote = f"{item.question} {item.quote}" if item.question else item.quote
            made.append(Evidence(quote, item.block, item.start, item.end))
    return tuple(made)


def _with_places(evidence: tuple[Evidence, ...], places: Iterable[tuple[str, int, int, int]]) -> tuple[Evidence, ...]:
    """Add the quotations at places (quote, block, start, end) that the evidence doesn't hold yet."""
    new = [Evidence(*place) for place in places]
    return evidence + tuple(item for item in new if not any(item.quote in known.quote for known in evidence))


def _confidence(decision: Decision, assertions: list[Assertion]) -> tuple[str, bool]:
    """Return the confidence and whether a person should ask. high: plainly stated and nothing against it; low: said in
    passing, or the page disagrees with itself."""
    if decision.conflict:
        return "low", True
    if decision.policy == "not_stated":
        return ("medium" if assertions else "high"), False
    if decision.policy == "contact":
        return "medium", True
    if all(located.claim.weak for located in decision.winners):
        return "low", True
    if decision.losers:
        return "medium", True
    return ("medium" if decision.h1b == "not_stated" else "high"), False

"""Table rows and definitions: a label, a visa, a mark."""

from __future__ import annotations

import re

from pipeline.documents.blocks import Block
from pipeline.documents.sentences import sentences
from pipeline.policies.audience import Audience, addressees
from pipeline.policies.claims import Claim, Context, Parsed, parse
from pipeline.policies.sentence.answers import verdict
from pipeline.policies.sentence.assertions import claims_of
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.mentions import defined
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, YES
from pipeline.policies.tokens import ANY, BOTH, OTHERS

# What tables that compare visas have for rows, and what asks for a policy all the same.
_QUALITY = re.compile(
    r"\b(?:sponsor(?:ed)? by|who sponsors|who is the sponsor|famil(?:y|ies)|spouses?|dependents?|step 3|usmle|fees?|costs?|price|duration"
    r"|length|maximum|years?|waiver|return|intent|green card|permanent|moonlight\w*|cap|lottery|employer|purpose"
    r"|tax(?:es)?|travel|extension|advantages?|disadvantages?|pros|cons|form|documents?|definition|what is it|requirements?)\b"
    r"|^sponsor$"
)
_GIVING = re.compile(r".*\b(?:program|department|residency|fellowship)\b.*")
_CHOSEN = ("x", "•", "●", "■")  # a cross that marks the column chosen, not a refusal


def row_claims(block: Block, audience: Audience) -> tuple[Claim, ...]:
    """Return the claims of one row: each cell is read with its column header and the row's first cell.

    A definition has one cell, whose header is the term. Cells under another program's header are passed over.
    """
    cells = block.cells
    if len(cells) == 1:
        return _value_claims(parse(""), parse(cells[0].label), cells[0].value)
    made: list[Claim] = []
    label = parse(cells[0].value)
    if _sorted_by_header(block):
        made.extend(_cell_claims(parse(""), parse(cells[0].label), label))
        label = parse("")
    elif parse(cells[0].label).visas & BOTH and not label.visas & BOTH:
        made.extend(_value_claims(parse(""), parse(cells[0].label), cells[0].value))  # each column is a visa's
        label = parse("")
    elif compares(cells[0].value) and not label.visas & BOTH:
        return ()
    for cell in cells[1:]:
        if not audience.other_program(cell.label) and addressees(cell.label) != "others":
            made.extend(_value_claims(label, parse(cell.label), cell.value))
    return tuple(made)


def compares(label: str) -> bool:
    """Decide whether a row's label asks what a visa is like rather than whether it is given: "Sponsored by", "Can family
    work?", "Step 3 needed", "Duration"."""
    lower = label.lower().strip(" :?.")
    return bool(_QUALITY.search(lower)) and not _GIVING.fullmatch(lower)


def defines(block: Block) -> bool:
    """Decide whether a term's value says what kind of visa it is, not what is offered."""
    if len(block.cells) != 1:
        return False
    cell = block.cells[0]
    parsed = parse(f"{cell.label}: {cell.value}")
    return bool(parse(cell.label).visas & BOTH) and defined(parsed.clauses[0], parsed.tokens)


def _sorted_by_header(block: Block) -> bool:
    """Decide whether each column lists visas under its own heading: "accepted", "not accepted"."""
    filled = [cell for cell in block.cells if cell.value]
    named = all(parse(cell.value).visas & BOTH for cell in filled)
    return named and all(parse(cell.label).has("support", "refuse") for cell in filled)


def _value_claims(row: Parsed, column: Parsed, value: str) -> tuple[Claim, ...]:
    """Return the claims of a cell's value; sentences that name a visa each speak for themselves: "J-1, yes. H-1B:
    rarely."."""
    parts = [parse(sentence.text) for sentence in sentences(value)]
    if sum(bool(part.visas & BOTH) for part in parts) < 2:
        return _cell_claims(row, column, parse(value))
    return tuple(claim for part in parts for claim in _cell_claims(row, column, part))


def _cell_claims(row: Parsed, column: Parsed, own: Parsed) -> tuple[Claim, ...]:
    turned = _denies(row) != _denies(column)
    if own.visas & BOTH:
        if not (row.visas or column.visas or row.has("trainee") or own.has("support", "neg", "refuse", "cond")):
            return ()
        return claims_of(own, Context(frozenset(), STRONG, turned, True))
    around = row.visas | column.visas
    queried = around & BOTH or around & {ANY, OTHERS}
    if not queried or not own.tokens:
        return ()
    return _mark_claims(own, queried, turned)


def _mark_claims(own: Parsed, queried: frozenset[str], turned: bool) -> tuple[Claim, ...]:
    """Return a mark or a few words say yes, no or on conditions of the visas in the row's label or the column's
    header."""
    conditions = conditions_of(own.whole(), own.tokens)
    terms = verdict(own)
    if len(own.tokens) == 1 and own.tokens[0].text in _CHOSEN:
        terms = "yes"
    if denied(own.whole(), own.tokens):
        terms = "no"
    elif conditions or own.has("soft"):
        return tuple(Claim(v, CONDITIONAL, conditions or ("exceptional",), ("table",)) for v in sorted(queried))
    elif not terms and own.has("support", "yesword"):
        terms = "yes"
    if not terms:
        return ()
    stance = YES if (terms == "yes") != turned else NO
    return tuple(Claim(visa, stance, (), ("table",)) for visa in sorted(queried))


def _denies(parsed: Parsed) -> bool:
    return len([trigger for trigger in parsed.triggers if trigger.has("neg", "refuse")]) % 2 == 1

"""How clauses of a sentence bear on each other: leading parts, reasons, qualifications, "nor", residents and
fellows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.policies.claims import CONTACT, ELSEWHERE, Claim, Parsed
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.sentence.times import time_of
from pipeline.policies.sentence.topic import left_to_each_program
from pipeline.policies.tokens import BOTH, H1B, OTHER_CLASS, OTHERS, Token

_ARTICLES = frozenset({"the", "a", "an"})
_REASONS = ("because", "since", "as")
_RESULTS = frozenset({"score", "result", "attempt", "pass"})
_CONTRASTING = ("but", "however", "though", "although")


def joined(parts: list[Clause], tokens: list[Token]) -> list[Clause]:
    """Join clauses with their leading parts and reasons, or leave those out.

    "If you need an H-1B, do not apply": a leading part belongs to a main clause that names no visa itself. "Due to the
    fee, ..." is left out, and so is a reason that states nothing of visas.
    """
    made: list[Clause] = []
    lead: Clause | None = None
    for part in parts:
        if part.joined == "lead":
            elsewhere = any(other.visas for other in parts if other is not part)
            lead = None if part.has("reason") and (elsewhere or not part.visas) else part
        elif part.joined in _REASONS:
            _add_reason(made, part)
        elif made and part.joined in ("-", "–") and _names_only(made[-1], tokens) and not part.visas:
            made[-1] = _together(made[-1], part)  # "H-1B - sorry, no longer"
        elif part.joined == "main" and lead is not None:
            made.extend(_with_lead(lead, part, tokens))
            lead = None
        else:
            made.append(part)
    return made


def _names_only(part: Clause, tokens: list[Token]) -> bool:
    """Decide whether a clause is a visa's name and nothing else."""
    return bool(part.visas) and all(tokens[p].trainee or tokens[p].text in _ARTICLES for p in part.places)


def _add_reason(made: list[Clause], part: Clause) -> None:
    if made and ((not made[-1].visas and part.visas) or (not part.visas and part.has("allthat", "nothing_else"))):
        made[-1] = _together(made[-1], part)
    elif part.visas & BOTH and part.has("neg", "refuse", "support"):
        made.append(part)


def _with_lead(lead: Clause, main: Clause, tokens: list[Token]) -> list[Clause]:
    """Return the main clause with what its leading part adds: a visa, an addition, a condition; or a contrast of its
    own."""
    if tokens[lead.places[0]].text in ("if", "should") and denied(lead, tokens) and not main.visas:
        return [main]  # "if you are not eligible for a J-1, we may support one"
    if lead.has("add") or (lead.visas and not main.visas & {*BOTH, OTHERS}):
        return [_together(lead, main)]
    if lead.has("contrast") and lead.visas:
        return [replace(lead, joined="contrast"), main]
    if {tokens[p].text for p in lead.places[:2]} == {"in", "light"}:
        return [main]
    if lead.has("cond", "except") or (lead.has("agent") and conditions_of(lead, tokens)):
        return [replace(_together(lead, main), visas=main.visas)]
    return [main]


def _together(left: Clause, right: Clause) -> Clause:
    return replace(
        left, places=left.places + right.places, joined=right.joined, visas=left.visas | right.visas,
        triggers=left.triggers + right.triggers,
    )  # fmt: skip


def of_both(clause: Clause, tokens: list[Token], before: list[str]) -> Clause:
    """Give a clause that goes on from the two visas named ("...; both are sponsored") both of them."""
    opening = {tokens[p].text for p in clause.places[:3]}
    mentioned = not clause.visas and {*before} >= BOTH and opening & {"both", "either", "neither"}
    return replace(clause, visas=BOTH) if mentioned and clause.has("support", "refuse", "weak") else clause


def likewise(clause: Clause, tokens: list[Token], made: list[Claim]) -> list[Claim]:
    """Return the claims of "..., nor is the J-1", "and neither is the H-1B": the same as was asserted just before; no
    in "the J-1, but neither the H-1B nor the O-1"."""
    named = clause.visas & BOTH
    if not made or not named or clause.has("support", "refuse"):
        return []
    words = [tokens[p].text for p in clause.places if tokens[p].text not in (".", ",")]
    if words[0] not in ("nor", "neither") and not (words[0] in ("no", "not") and words[-1] == "either"):
        return []
    repeated = replace(made[-1], stance=NO) if clause.joined == "but" else made[-1]
    return [replace(repeated, visa=visa, rules=("likewise",)) for visa in sorted(named)]


def qualified(made: list[Claim], clause: Clause, tokens: list[Token]) -> list[Claim]:
    """Return the claims after a clause that names no visa: "but not begun with us", "depending on the person", "but we
    cannot"."""
    if (
        not made
        or _reviews_applications(clause, tokens)
        or clause.has("fact", "pr", "citizen", "ead")
        or (clause.has("plan") and not clause.lemmas(tokens) & {"guarantee", "promise"})
        or any(OTHER_CLASS in tokens[p].visas for p in clause.places)
    ):
        return made
    if clause.joined == "(" and _of_something_else(clause, tokens):
        return made
    if clause.has("ask") and any(tokens[p].lemma in ("sponsorship", "sponsor") for p in clause.places):
        return [*made, Claim(OTHERS, CONTACT, (), ("ask",))]
    conditions = conditions_of(clause, tokens)
    when = time_of(clause, tokens, clause.triggers)
    if conditions and made[-1].time < 0 <= when and clause.joined in _CONTRASTING:
        made = [replace(claim, time=0) for claim in made]
    if "wished" in made[-1].rules and denied(clause, tokens):
        return _changed(made, NO, (), "taken_back")  # "we would love to, but we can't"
    change = _change(made[-1].stance, clause, tokens, conditions)
    if change is None:
        return made
    if change[2] in ("taken_back", "taken_up"):
        made = [replace(claim, time=max(claim.time, when)) for claim in made]
    return _changed(made, *change)


def _of_something_else(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "J-1, H-1B, TN (for Canadians)", "proof of a pass (we can't count a pending score)"."""
    other_class = clause.places[0] > 1 and OTHER_CLASS in tokens[clause.places[0] - 2].visas
    return other_class or (clause.has("neg") and bool(clause.lemmas(tokens) & _RESULTS))


def _change(
    stance: str, clause: Clause, tokens: list[Token], conditions: tuple[str, ...]
) -> tuple[str, tuple[str, ...], str] | None:
    """Return the new stance, conditions and rule, or None if the clause changes nothing."""
    turned = denied(clause, tokens)
    if stance == YES and left_to_each_program(clause, tokens):
        return CONDITIONAL, conditions or ("other_condition",), "qualified"
    whole = (
        turned
        and clause.joined != "otherwise"
        and (_bare_denial(clause, tokens) or (clause.has("support", "refuse") and _points_back(clause, tokens)))
    )
    if whole and stance in (YES, CONDITIONAL):
        # "... but house officers in preliminary positions are not offered them": some are
        return (CONDITIONAL, conditions, "qualified") if "after_pgy1" in conditions else (NO, (), "taken_back")
    if stance == NO and clause.has("now") and _bare_affirmation(clause, tokens):
        return YES, (), "taken_up"
    if stance == YES and (conditions or (turned and clause.has("support", "weak", "refuse"))):
        return CONDITIONAL, conditions or ("other_condition",), "qualified"
    if stance == NO and conditions and not turned and clause.has("support", "cond") and clause.joined != "(":
        return CONDITIONAL, conditions, "exception"
    return None


def _reviews_applications(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "all applications are reviewed case by case": asserted of those who apply, not of visas."""
    named = next((p for p in clause.places[:6] if tokens[p].lemma in ("application", "applicant", "candidate")), None)
    reviewed = {"review", "evaluate", "consider", "read", "assess", "look"} & {tokens[p].lemma for p in clause.places}
    return named is not None and bool(reviewed) and not clause.has("require", "soft")


def leaves_out(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... for faculty, but not for residents", "...; the hospital does not": trainees don't get what others
    get."""
    return denied(clause, tokens) and (
        clause.has("trainee", "subset") or (clause.has("agent") and _bare_denial(clause, tokens))
    )


def speaks_of_it(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... ours continues to sponsor it": what is done here with the visa named before."""
    for trigger in clause.all("support", "refuse"):
        after = [word.text for word in tokens[trigger.last + 1 : trigger.last + 3]]
        if after[1:] and after[0] in ("for", "to"):
            after = after[1:]
        if after and after[0] in ("it", "them", "both"):
            return True
    subject = any(tokens[p].text in ("it", "they") and tokens[q].lemma == "be" for p, q in pairwise(clause.places))
    return subject and clause.has("support", "refuse")


def _bare_denial(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... but we cannot": nothing but a subject and a denied auxiliary."""
    words = [tokens[p].text for p in clause.places if tokens[p].text not in (".", "!", ",")]
    return len(words) <= 5 and words[-1:] == ["not"]


def _bare_affirmation(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... but are now": nothing but a subject, an auxiliary and "now"."""
    words = [tokens[p].text for p in clause.places if tokens[p].text not in (".", "!", ",")]
    return len(words) <= 4 and bool({"are", "is", "do", "does"} & set(words)) and "not" not in words


def _points_back(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... but no longer sponsor either": the denied verb has the visas named before as its object."""
    acts = {trigger.last + 1 for trigger in clause.all("support", "refuse")}
    acts |= {
        p for trigger in clause.all("refuse") for p in range(trigger.first + 1, trigger.last + 1)
    }  # "shut that door"
    return any(
        p in acts and tokens[p].text in ("either", "them", "these", "those", "it", "that", "this", "any", "both")
        for p in clause.places
    )


def _changed(made: list[Claim], stance: str, conditions: tuple[str, ...], rule: str) -> list[Claim]:
    """Return the claims made last, all with one stance and for the same reasons, changed."""
    last = made[-1]
    return [
        replace(claim, stance=stance, conditions=conditions, rules=(*(r for r in claim.rules if r != ELSEWHERE), rule))
        if (claim.stance, claim.rules) == (last.stance, last.rules)
        else claim
        for claim in made
    ]


def for_fellows(made: list[Claim], parsed: Parsed) -> list[Claim]:
    """Make an H-1B that fellows have and others have not conditional: "J-1 for residents, H-1B for fellows"."""
    naming = [clause for clause in parsed.clauses if clause.visas & BOTH]
    fellows = [clause for clause in naming if _levels(clause, parsed) == {"fellow"}]
    others = [clause for clause in naming if _levels(clause, parsed) != {"fellow"}]
    apart = any(parsed.tokens[trigger.last].lemma == "fellow" for clause in fellows for trigger in clause.all("subset"))
    distinguished = apart or any(_levels(clause, parsed) == {"resident"} for clause in others)
    if not fellows or not others or not distinguished or not any(H1B in clause.visas for clause in fellows):
        return made
    return [
        replace(claim, stance=CONDITIONAL, conditions=("fellows_only",), rules=(*claim.rules, "subset"))
        if claim.visa == H1B and claim.stance == YES and claim.explicit
        else claim
        for claim in made
    ]


def _levels(clause: Clause, parsed: Parsed) -> set[str]:
    """Return which of resident and fellow the clause speaks of."""
    lemmas = {parsed.tokens[p].lemma for p in clause.places}
    levels = {"fellow"} if lemmas & {"fellow", "fellowship"} else set()
    if lemmas & {"resident", "residency", "intern"}:
        levels.add("resident")
    return levels

"""What is parenthetical in a sentence: parentheses, relative clauses between commas, what held formerly or elsewhere."""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.lexicon import Trigger
from pipeline.policies.tokens import LABEL_NOUNS, Token, is_blank
from pipeline.text.characters import wordset

_INSTANCES = (["for", "instance"], ["for", "example"], ["e", "."], ["because", "of"])
_FORMER = wordset("after following having unlike despite")
_SPANS = wordset("years decades decade year history tradition long seasons cycles")


_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_JOINING = wordset("and or / &")
_ANSWERS = ("neg", "refuse", "noword", "yesword", "support", "now", "people", "agent")
MAX_ANSWER = 8  # words


def answers_in_parentheses(tokens: list[Token], triggers: list[Trigger]) -> list[list[int]]:
    """Return the places of each visa's name and the answer in parentheses right behind it: "H-1B sponsorship (No)",
    "J-1, H-1B (not currently offered)". Names joined to it are answered with it."""
    found: list[list[int]] = []
    opening, depth = 0, 0
    for place, item in enumerate(tokens):
        if item.text in _OPENING:
            opening, depth = (opening if depth else place), depth + 1
        elif item.text in _CLOSING and depth == 1:
            inside = range(opening + 1, place)
            name = _name_before(tokens, opening)
            if name and _is_answer(tokens, triggers, inside):
                found.append([*name, *inside])
        depth -= item.text in _CLOSING and depth > 0
    return found


def _is_answer(tokens: list[Token], triggers: list[Trigger], inside: range) -> bool:
    held = [trigger for trigger in triggers if trigger.first in inside]
    if is_blank([tokens[p].text for p in inside]):
        return True  # "(n/a)", "()": the name has no answer, and says nothing by itself
    if not held or len(inside) > MAX_ANSWER or any(tokens[p].visas for p in inside):
        return False
    texts = {tokens[p].text for p in inside}
    if {"yes", "no"} <= texts or {"y", "n"} <= texts or "?" in texts:
        return False
    stating = any(trigger.has("neg", "refuse", "noword", "yesword", "support") for trigger in held)
    return stating and all(trigger.has(*_ANSWERS) for trigger in held)


def _name_before(tokens: list[Token], opening: int) -> list[int]:
    """Return the places of the visa's name that ends before `opening`, with those joined to it; empty if none does."""
    at = opening - 1
    while at >= 0 and tokens[at].text in LABEL_NOUNS:
        at -= 1
    if at < 0 or not tokens[at].trainee:
        return []
    while at >= 2 and tokens[at - 1].text in _JOINING and tokens[at - 2].trainee:
        at -= 2
    return list(range(at, opening))


def without_parentheticals(tokens: list[Token], stating: dict[int, Trigger]) -> tuple[list[int], list[list[int]]]:
    """Return the places outside and inside parentheses; parentheses that say nothing of their own stay in the flow."""
    if not any(item.text in _OPENING for item in tokens):
        return list(range(len(tokens))), []
    flow: list[int] = []
    parentheticals: list[list[int]] = []
    inside: list[int] = []
    depth = 0
    for place, item in enumerate(tokens):
        if item.text in _OPENING:
            depth += 1
        elif item.text in _CLOSING and depth:
            depth -= 1
            if not depth:
                apart = any(p in stating for p in inside) or (
                    [tokens[p].text for p in inside[:2]] in _INSTANCES and not any(tokens[p].visas for p in inside)
                )
                (parentheticals.append if apart else flow.extend)(inside)
                inside = []
        else:
            (inside if depth else flow).append(place)
    return sorted(flow + inside), [parenthetical for parenthetical in parentheticals if parenthetical]


def without_relative(tokens: list[Token], flow: list[int]) -> tuple[list[int], list[list[int]]]:
    """Take out ", which we gave up," between commas if it names no visa; returns the places left and those taken
    out."""
    commas = [number for number, place in enumerate(flow) if tokens[place].text == ","]
    for opening, closing in pairwise(commas):
        inside = flow[opening + 1 : closing]
        relative = bool(inside) and tokens[inside[0]].text in ("which", "who") and len(inside) <= 10
        if relative and not any(tokens[p].visas for p in inside):
            return flow[:opening] + flow[closing:], [inside]
    return flow, []


def without_former(tokens: list[Token], flow: list[int]) -> list[int]:
    """Take out "after years of sponsoring the H-1B," before a statement that names a visa itself, and "unlike our
    neighbors, who take the J-1 only,"."""
    for number, place in enumerate(flow):
        word = tokens[place].text
        if word not in _FORMER or (number and tokens[flow[number - 1]].text not in (",", "but", "and", ".", ":")):
            continue
        commas = [k for k in range(number + 1, len(flow)) if tokens[flow[k]].text == ","]
        if not commas:
            continue
        end = commas[0]
        if word == "unlike":
            if any(tokens[p].visas for p in flow[number:end]) or len(commas) < 2:
                continue
            end = commas[1] if tokens[flow[end + 1]].text in ("which", "who", "where") else end
        inside = flow[number : end + 1]
        after = any(tokens[p].trainee for p in flow[end + 1 :])
        if after and any(tokens[p].trainee for p in inside) and (word == "unlike" or _of_years(tokens, inside)):
            return flow[:number] + flow[end + 1 :]
    return flow


def _of_years(tokens: list[Token], places: list[int]) -> bool:
    return any(tokens[p].text in _SPANS or tokens[p].text.endswith("ing") for p in places[1:6])

"""What stands aside in a sentence: parentheses, relative clauses between commas, what held formerly or elsewhere."""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.lexicon import Cue
from pipeline.policies.tokens import Word
from pipeline.text.characters import wordset

_INSTANCES = (["for", "instance"], ["for", "example"], ["e", "."], ["because", "of"])
_FORMER = wordset("after following having unlike despite")
_SPANS = wordset("years decades decade year history tradition long seasons cycles")


def without_asides(found: list[Word], told: dict[int, Cue]) -> tuple[list[int], list[list[int]]]:
    """Places outside and inside parentheses; parentheses that say nothing of their own stay in the flow."""
    if not any(item.word in ("(", "[") for item in found):
        return list(range(len(found))), []
    flow: list[int] = []
    asides: list[list[int]] = []
    inside: list[int] = []
    depth = 0
    for place, item in enumerate(found):
        if item.word in ("(", "["):
            depth += 1
        elif item.word in (")", "]") and depth:
            depth -= 1
            if not depth:
                apart = any(p in told for p in inside) or (
                    [found[p].word for p in inside[:2]] in _INSTANCES and not any(found[p].visas for p in inside)
                )
                (asides.append if apart else flow.extend)(inside)
                inside = []
        else:
            (inside if depth else flow).append(place)
    return sorted(flow + inside), [aside for aside in asides if aside]


def without_relative(found: list[Word], flow: list[int]) -> tuple[list[int], list[list[int]]]:
    """ ", which we gave up," between commas stands aside if it names no visa."""
    commas = [number for number, place in enumerate(flow) if found[place].word == ","]
    for opening, closing in pairwise(commas):
        inside = flow[opening + 1 : closing]
        relative = bool(inside) and found[inside[0]].word in ("which", "who") and len(inside) <= 10
        if relative and not any(found[p].visas for p in inside):
            return flow[:opening] + flow[closing:], [inside]
    return flow, []


def without_former(found: list[Word], flow: list[int]) -> list[int]:
    """Without "after years of sponsoring the H-1B," before a statement that names a visa itself; and without
    "unlike our neighbors, who take the J-1 only,"."""
    for number, place in enumerate(flow):
        word = found[place].word
        if word not in _FORMER or (number and found[flow[number - 1]].word not in (",", "but", "and", ".", ":")):
            continue
        commas = [k for k in range(number + 1, len(flow)) if found[flow[k]].word == ","]
        if not commas:
            continue
        end = commas[0]
        if word == "unlike":
            if any(found[p].visas for p in flow[number:end]) or len(commas) < 2:
                continue
            end = commas[1] if found[flow[end + 1]].word in ("which", "who", "where") else end
        inside = flow[number : end + 1]
        after = any(found[p].trainee for p in flow[end + 1 :])
        if after and any(found[p].trainee for p in inside) and (word == "unlike" or _of_years(found, inside)):
            return flow[:number] + flow[end + 1 :]
    return flow


def _of_years(found: list[Word], places: list[int]) -> bool:
    return any(found[p].word in _SPANS or found[p].word.endswith("ing") for p in places[1:6])

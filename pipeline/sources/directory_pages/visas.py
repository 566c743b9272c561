"""Answers on visas as programs give them in directories: a list of what is accepted, or a table with an answer a visa.

What belongs here: what these few words mean. Sentences of web pages are read in the room of policies. A dash, a blank and words such
as `Not reported` are silence, never a no; so is a visa that a list of accepted ones leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

YES, NO, CASE_BY_CASE, NOT_STATED = "yes", "no", "case_by_case", "not_stated"
_DASHES: Final = r"\u2010-\u2015\u2212-"
_DASH: Final = rf"[\s{_DASHES}]*"
_VISAS: Final = {
    "j1": re.compile(rf"\bJ{_DASH}1\b", re.IGNORECASE),
    "h1b": re.compile(rf"\bH{_DASH}1{_DASH}B\b", re.IGNORECASE),
    "f1": re.compile(rf"\bF{_DASH}1\b", re.IGNORECASE),
}
_SILENCE: Final = re.compile(
    rf"[\s.?{_DASHES}]*|n\.?/?a\.?|none|unknown|null"
    r"|(?:no|not|data (?:are |is )?not|information not) (?:data|answer(?:ed)?|response|information|reported|provided|specified"
    r"|available|stated|given|applicable|currently present)\b.*",
    re.IGNORECASE,
)
_DENIAL: Final = re.compile(
    r"\b(?:no|not|never|neither|nor|without|doesn['’]t|don['’]t|cannot|can['’]t|false|declined?)\b", re.IGNORECASE
)
_NO_VISAS: Final = re.compile(
    r"\bno (?:\w+ )?(?:visas?|sponsorship)\b|\bvisas? (?:\w+ )?(?:are |is )?not\b"
    r"|\bnot (?:\w+ )?(?:sponsor|accept)\w* (?:\w+ )?visas?\b",
    re.IGNORECASE,
)
_BY_CASE: Final = re.compile(r"\bcase[\s-]+by[\s-]+case\b|\bcase basis\b|\bexcept", re.IGNORECASE)
_VISA: Final = rf"[JHF]{_DASH}1(?:{_DASH}B)?"
# `J-1 (ECFMG) only`, `only J-1`; but not `J-1 through ECFMG only`, which says who sponsors.
_ONLY: Final = re.compile(
    rf"\b(?:only|exclusively|solely)\b[\s:]*(?:the )?{_VISA}\b"
    rf"|\b{_VISA}(?: visas?)?\s*(?:\([^()]*\))?\s*(?:only|exclusively|solely)\b",
    re.IGNORECASE,
)
# Words that say which visa it is, or that it is accepted, and nothing more.
_PLAIN: Final = re.compile(
    r"\b(?:yes|y|true|visas?|status|sponsor(?:s|ed|ship)?|accept(?:s|ed)?|through|by|via|the|ecfmg|opt|optional practical training"
    r"|cpt|program|1st year|first year|only|exclusively|solely|we|is|are|cap[\s-]exempt|exchange visitor|temporary worker|student)\b"
    r"|\W+",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"\s*([,;|/\n•]|\b(?:and|or|nor)\b)\s*", re.IGNORECASE)
_UNANSWERED: Final = re.compile(rf"[:={_DASHES}]\s*$")  # `H-1B: –`
_MOST_CHARACTERS: Final = 2_000  # of printed answers
_YES_WORDS: Final = re.compile(r"\b(?:yes|accept\w*|sponsor\w*)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Visas:
    """Stances on three visas, words of VISA_STANCE, and the answers as printed, "" where there are none."""

    j1: str = NOT_STATED
    h1b: str = NOT_STATED
    f1: str = NOT_STATED
    printed: str = ""


def is_silent(text: str) -> bool:
    """Decide whether an answer says nothing: blank, dashes, N/A, `Not reported` and the like."""
    return _SILENCE.fullmatch(text.strip()) is not None


def names_a_visa(text: str) -> bool:
    """Decide whether a text names one of the visas that are read here."""
    return any(pattern.search(text) for pattern in _VISAS.values())


def accepted_visas(values: Iterable[str]) -> Visas:
    """Read a list of visas that a program accepts, each as printed, several in one text or `name: answer`.

    A visa in the list is yes, case_by_case where conditions stand beside it, no where it is denied; one that the list leaves out is
    not stated, unless the list says `only` or that no visas are sponsored.
    """
    shown = [line for line in (" ".join(value.split()) for value in values) if not is_silent(line)]
    found: list[tuple[str, str]] = [pair for line in shown for pair in _stances_in(line)]
    rest = NO if any(_closes(line, named=bool(found)) for line in shown) else NOT_STATED
    return _visas(found, rest, shown)


def visas_by_row(rows: Iterable[tuple[str, str]]) -> Visas:
    """Read a table of visas: pairs of a label that names a visa and its answer, both as printed. Other rows are passed over."""
    found: list[tuple[str, str]] = []
    shown: list[str] = []
    for label, answer in rows:
        names = [name for name, pattern in _VISAS.items() if pattern.search(label)]
        if len(names) == 1:
            found.append((names[0], _answer(answer)))
            shown.append(f"{label}: {'–' if is_silent(answer) else answer}")
    return _visas([pair for pair in found if pair[1] != NOT_STATED], NOT_STATED, shown)


def _answer(text: str) -> str:
    """Return what an answer to `is this visa accepted?` says, a word of VISA_STANCE; not_stated where it is no plain answer."""
    words = text.strip().strip(".").casefold()
    first = re.match(r"[a-z]+", words)
    if is_silent(words) or first is None:
        return NOT_STATED
    if _BY_CASE.search(words):
        return CASE_BY_CASE
    if first[0] in {"no", "n", "false"}:
        return NO
    if first[0] in {"yes", "y", "true"}:
        return YES if not _PLAIN.sub("", words) else CASE_BY_CASE
    return NOT_STATED


def _stances_in(line: str) -> list[tuple[str, str]]:
    """Return the visas that an entry of a list names, each with its stance; none whose answer is silent or unclear."""
    pieces = _JOINT.split(line)
    parts, joints = pieces[::2], ["", *(joint.casefold() for joint in pieces[1::2])]
    found: list[tuple[str, str]] = []
    denied = False
    for place, part in enumerate(parts):
        names = [name for name, pattern in _VISAS.items() if pattern.search(part)]
        stance = _stance_of(part)
        if names and stance == YES and not _YES_WORDS.search(part):
            # A bare name takes the denial before it (`no J-1 or H-1B`), or is unclear beside one (`J-1 and H-1B not accepted`).
            if denied:
                stance = NO if joints[place] in {"or", "nor"} else NOT_STATED
            elif any(names_a_visa(later) and _denied_behind(later) for later in parts[place + 1 :]):
                stance = NOT_STATED
        denied = stance == NO or (denied and not names)
        found += [(name, stance) for name in names if stance != NOT_STATED]
    return found


def _stance_of(part: str) -> str:
    """Return the stance of one part of an entry on the visa that it names."""
    rest = part
    for pattern in _VISAS.values():
        rest = pattern.sub(" ", rest)
    answer = rest.strip(" :‐‑‒–—―−-()")
    if _UNANSWERED.search(part) or (answer and is_silent(answer)):
        return NOT_STATED
    if _BY_CASE.search(rest):
        return CASE_BY_CASE
    if _DENIAL.search(rest):
        return NO
    return YES if not _PLAIN.sub("", rest) else CASE_BY_CASE


def _denied_behind(part: str) -> bool:
    """Decide whether a denial follows the visa that a part names: `H-1B not accepted`."""
    end = max(match.end() for pattern in _VISAS.values() for match in pattern.finditer(part))
    return _DENIAL.search(part, end) is not None


def _closes(line: str, *, named: bool) -> bool:
    """Decide whether an entry of a list says that what the list leaves out is not sponsored."""
    if names_a_visa(line):
        return _ONLY.search(line) is not None and _DENIAL.search(line) is None
    return not named and _NO_VISAS.search(line) is not None


def _visas(found: list[tuple[str, str]], rest: str, shown: list[str]) -> Visas:
    """Return the one stance found of each visa; not_stated where several contradict each other, `rest` where none is found."""
    stances = {}
    for name in _VISAS:
        own = {stance for visa, stance in found if visa == name}
        stances[name] = rest if not own else own.pop() if len(own) == 1 else NOT_STATED
    return Visas(**stances, printed="; ".join(shown)[:_MOST_CHARACTERS])

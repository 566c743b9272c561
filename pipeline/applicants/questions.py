"""What to ask the GME office of one institution: what its rows leave open, the weightiest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES

_MOST: Final = 6

Row = dict[str, Any]


def gme_questions(programs: Sequence[Row], petitioners: Sequence[Row]) -> list[str]:
    """Questions in words, from the institution's rows of the list and its `petitioners` records (name, relation,
    cap_exempt_category)."""
    own = [row for row in petitioners if row["relation"] == "same"]
    questions = [_who_files(own), _cap(own)]
    questions += [
        "Since 21 September 2025 new petitions may cost a payment of $100,000: are new ones still filed for trainees, or only "
        "transfers, changes of status and extensions?"
    ]
    questions += [
        text for text in (_conflicts(programs), _denied(programs), _stated(programs), _silent(programs)) if text
    ]
    return [*questions, _step3(programs)]


def _who_files(own: Sequence[Row]) -> str:
    names = list(dict.fromkeys(str(row["name"]) for row in own))
    if not names:
        return "Which legal entity employs the residents and fellows, and does it file H-1B petitions for them?"
    if len(names) == 1:
        return f"Does {names[0]} file the H-1B petitions for residents and fellows, or another entity?"
    return f"Which legal entity files the H-1B petitions for residents and fellows: {_some(names)}, or another?"


def _cap(own: Sequence[Row]) -> str:
    exempt = [row for row in own if row["cap_exempt_category"] in EXEMPT_CATEGORIES]
    if exempt:
        return f"{exempt[0]['name']} seems exempt from the cap (inferred): are trainees' petitions filed as cap-exempt, and on what ground?"
    return "Are trainees' petitions filed as exempt from the cap, or must they go through the lottery?"


def _conflicts(programs: Sequence[Row]) -> str:
    names = _named(programs, lambda row: row["sponsor_tier"] == "conflicting")
    return (
        names
        and f"An H-1B is denied in writing, and applications for trainees were filed lately ({names}): what holds now?"
    )


def _denied(programs: Sequence[Row]) -> str:
    names = _named(programs, lambda row: row["h1b_stated"] == "no" and row["sponsor_tier"] != "conflicting")
    return names and f"An H-1B is denied in writing ({names}): is that still so?"


def _stated(programs: Sequence[Row]) -> str:
    def stands(row: Row) -> bool:
        return row["h1b_stated"] in ("yes", "case_by_case") and bool(row["needs_confirmation"])

    names = _named(programs, stands)
    return names and f"An H-1B is offered in writing ({names}): is that still so, and on which conditions?"


def _silent(programs: Sequence[Row]) -> str:
    names = _named(programs, lambda row: row["h1b_stated"] == "not_stated")
    return names and f"Nothing is at hand in writing on H-1B for {names}: which of them may ask for one?"


def _step3(programs: Sequence[Row]) -> str:
    stated = [str(row["step3_deadline"]) for row in programs if row["step3_deadline"]]
    if stated:
        return f"By when must Step 3 be passed for an H-1B? Stated: {_some(list(dict.fromkeys(stated)))}."
    return "Must Step 3 be passed for an H-1B, and by when: before ranking, before the petition, or before the start?"


def _named(programs: Sequence[Row], holds: Any) -> str:
    names = dict.fromkeys(str(row["specialty"] or row["program_name"]) for row in programs if holds(row))
    return _some(list(names))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")

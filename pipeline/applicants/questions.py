"""What rows of the list leave open, decided once, and the questions that follow for an applicant and for a GME office.

What belongs here: when to ask, and short questions. The letter to a program is written in `contact.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import Final

import pandas as pd
from rapidfuzz import fuzz

from pipeline.applicants.guide import section_address
from pipeline.applicants.holds import holds_on_visa
from pipeline.applicants.profile import US_SCHOOL, Profile
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.rows import Row
from pipeline.applicants.written_names import as_written
from pipeline.law.words import payment_on
from pipeline.linkage.names.normalise import canonical
from pipeline.schemas.recent_periods import recent_since
from pipeline.schemas.vocabulary import CONDITION_WORDS, EXEMPT_CATEGORIES, OFFERED, ROUTE
from pipeline.tiers.accreditation import WITHDRAWN

QUESTION_COLUMNS: Final = (
    "needs_confirmation", "h1b_stated", "j1_stated", "step3_required_for_h1b", "step3_deadline", "accreditation",
    "state_freeze", "state_freeze_until", "conditions", "routes", "as_of",
)  # fmt: skip
_MOST: Final = 6
_SPELLING: Final = 85  # rapidfuzz score from which two names of petitioners are one to a reader
_COMLEX: Final = "; and is COMLEX-USA Level 3 as good?"
_NEW_PETITIONS: Final = (
    "Are new petitions filed for trainees who need a consulate, or only transfers, changes of status and extensions?"
)
_BY_STANCE: Final = {  # of the programs of one institution; {} are their specialties
    (
        "conflicting",
    ): "An H-1B is denied in writing, and applications for trainees were filed lately ({}): what holds now?",
    ("no",): "An H-1B is denied in writing ({}): is that still so?",
    OFFERED: "An H-1B is offered in writing ({}): is that still so, and on which conditions?",
    ("not_stated",): "Nothing at hand in writing answers on H-1B for {}: which of them may ask for one?",
}


def stance(row: Row) -> str:
    """Return what is stated of H-1B: yes, case_by_case, no, not_stated; or conflicting, where filings speak against a no."""
    return "conflicting" if row["sponsor_tier"] == "conflicting" else row["h1b_stated"]


def open_points(row: Row) -> tuple[str, ...]:
    """Return what is not known of one program, the most important first.

    What is open of H-1B: yes, case_by_case, no, no_and_j1_open, conflicting, j1_alone, contact or silent. Then of the
    statement: institution_policy, self_reported, undated, transfer_only, in_us, paused, old. Then step3, or step3_old where what is
    known of it was stated long ago; j1.
    """
    j1_open = row["j1_stated"] == "not_stated"
    stated, day = row["evidence_quote"] is not None, row["evidence_date"]
    recent = day is not None and pd.Timestamp(day) >= recent_since(pd.Timestamp(row["as_of"]))
    holds = {
        _h1b_point(row, j1_open): True,
        "institution_policy": stated and row["evidence_scope"] != "program",
        "self_reported": stated and row["evidence_kind"] == "directory",
        "undated": stated and day is None,
        **_terms(row),
        "old": stated and day is not None and not recent,
        "step3": _asks_step3(row),
        "step3_old": _asks_step3_anew(row, recent),
        "j1": j1_open,
    }
    return tuple(point for point, is_open in holds.items() if is_open)


def _terms(row: Row) -> dict[str, bool]:
    """Return which limits of the routes to an H-1B are stated: each may have changed."""
    routes, offered = set(row["routes"]), row["h1b_stated"] in OFFERED
    return {
        "transfer_only": offered and routes == {ROUTE[2]},
        "in_us": offered and ROUTE[1] in routes and ROUTE[0] not in routes,
        "paused": row["paused_until"] is not None,
    }


def _h1b_point(row: Row, j1_open: bool) -> str:
    stated = stance(row)
    if stated == "no" and j1_open:
        return "no_and_j1_open"
    if stated != "not_stated":
        return stated
    if row["j1_stated"] in OFFERED:
        return "j1_alone"
    return "contact" if row["policy"] == "contact" else "silent"


def _asks_step3(row: Row) -> bool:
    """Step 3 is worth asking where an H-1B may be possible and requirement and deadline are not both known."""
    known = row["step3_required_for_h1b"] == "no" or bool(row["step3_deadline"])
    return row["h1b_stated"] != "no" and not known


def _asks_step3_anew(row: Row, recent: bool) -> bool:
    """Decide whether a deadline may have moved: it was stated long ago, or on no day."""
    return row["h1b_stated"] != "no" and bool(row["step3_deadline"]) and not recent


def applicant_questions(row: Row, profile: Profile, *, cap_open: bool) -> list[str]:
    """Return what an applicant should ask before relying on a row (QUESTION_COLUMNS).

    cap_open: exemption from the cap is a must-have of the profile, and unknown.
    """
    h1b, j1 = "H-1B" in profile.visas, "J-1" in profile.visas
    deadline = row["step3_deadline"] or "no day given"
    terms = ", ".join(CONDITION_WORDS[name] for name in row["conditions"])
    asks_step3 = h1b and profile.step3 != PASSED and row["step3_required_for_h1b"] == "yes"
    held = h1b and bool(holds_on_visa(profile, "H-1B", pd.Timestamp(row["as_of"]).date()))
    questions = {
        "Is an H-1B sponsored now for a new trainee, for this program, and which legal entity files it?": h1b
        and bool(row["needs_confirmation"])
        and row["h1b_stated"] != "no",
        "Is a J-1 sponsored?": j1 and row["j1_stated"] == "not_stated",
        f"Step 3 is required for an H-1B; by when? As stated: {deadline}": asks_step3 and profile.school != US_SCHOOL,
        "Step 3 is required for an H-1B: of graduates of US schools, too? The law doesn't ask it of them"
        f"{_COMLEX if profile.degree == 'DO' else '.'}": asks_step3 and profile.school == US_SCHOOL,
        "Is the program still open? Its accreditation is listed as withdrawn.": row["accreditation"] == WITHDRAWN,
        "Is the petition filed as exempt from the cap?": cap_open,
        f"An order of the state holds new petitions back until {_last_day(row)}: is one filed in time for the start?": h1b
        and row["state_freeze"] is not None,
        "Does the two-year duty of the J-1 bind you? Until it is lifted no H-1B is granted "
        f"({section_address('J-1 waiver, then H-1B')}).": h1b and profile.where in ("us_j1", "us_j2"),
        f"For nationals of {profile.citizenship} an H-1B is closed through a consulate: does an exception fit you "
        f"({section_address('Holds by nationality')})?": held,
        f"An H-1B is for some alone ({terms}): are you one of them?": h1b
        and row["h1b_stated"] in OFFERED
        and bool(len(row["routes"]))
        and profile.where is None,
    }
    return [question for question, holds in questions.items() if holds]


def _last_day(row: Row) -> str:
    until = row["state_freeze_until"]
    return "further notice" if until is None else f"{pd.Timestamp(until):%Y-%m-%d}"


def gme_questions(
    programs: Sequence[Row], petitioners: Sequence[Row], *, with_law: bool = True, answered: Collection[str] = ()
) -> list[str]:
    """Return what to ask the GME office of one institution, the weightiest first; none where all of it was answered.

    programs: the institution's rows of the list. petitioners: its records (name, relation, cap_exempt_category). with_law: say what
    the law asks of each route before asking for the routes. answered: codes of programs whose answer the applicant noted; what a
    confirmation in the list settles is not asked either.
    """
    asked = [row for row in programs if not answered or row["program_code"] not in answered]
    possible = [row for row in asked if not (_is_confirmed(row) and row["h1b_stated"] == "no")]
    if programs and not possible:
        return []
    own = [row for row in petitioners if row["relation"] == "same"]
    institution = next((str(row["institution"]) for row in programs if row.get("institution")), "")
    by_stance = [
        text.format(_some(names))
        for stances, text in _BY_STANCE.items()
        if (names := [_name(row) for row in possible if stance(row) in stances and _is_open(row)])
    ]
    routes_confirmed = bool(possible) and all(_is_confirmed(row) and len(row["routes"]) for row in possible)
    step3_confirmed = bool(possible) and all(_is_confirmed(row) and not _asks_step3(row) for row in possible)
    return [
        *by_stance,
        *([] if routes_confirmed else [_new_petitions(possible) if with_law else _NEW_PETITIONS]),
        who_files(own, institution),
        _cap(own, institution),
        *([] if step3_confirmed else [_step3(possible)]),
    ]


def _is_confirmed(row: Row) -> bool:
    """Decide whether what is stated of a row was confirmed to a person, lately enough to need no question."""
    return row.get("evidence_kind") == "confirmed" and not row["needs_confirmation"]


def _new_petitions(programs: Sequence[Row]) -> str:
    """Ask for the routes, after what the law says of them on the day of the list."""
    payment = payment_on(pd.Timestamp(programs[0]["as_of"]).date()) if programs else ""
    return f"{payment} {_NEW_PETITIONS}".strip()


def _is_open(row: Row) -> bool:
    if row["accreditation"] == WITHDRAWN or (_is_confirmed(row) and row["h1b_stated"] != "not_stated"):
        return False
    return stance(row) not in OFFERED or bool(row["needs_confirmation"])


def _name(row: Row) -> str:
    return str(row["specialty"] or row["program_name"])


def who_files(own: Sequence[Row], institution: str = "") -> str:
    """Ask which legal entity files. own: the petitioners that are the institution itself (name). institution: its name on the list."""
    names = [as_written(name, institution) for name in spelt_apart(tuple(str(row["name"]) for row in own))]
    if not names:
        return "Which legal entity employs the residents and fellows, and does it file H-1B petitions for them?"
    if len(names) == 1:
        return f"Does {names[0]} file the H-1B petitions for residents and fellows, or another entity?"
    return f"Which legal entity files the H-1B petitions for residents and fellows: {_some(names)}, or another?"


@functools.lru_cache(maxsize=1_000)
def spelt_apart(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of petitioners without those that are another spelling, or a campus, of one before. Programs of one institution
    share theirs."""
    kept: list[str] = []
    for name in names:
        if not any(fuzz.token_set_ratio(canonical(name), canonical(other)) >= _SPELLING for other in kept):
            kept.append(name)
    return tuple(kept)


def _cap(own: Sequence[Row], institution: str) -> str:
    exempt = [row for row in own if row["cap_exempt_category"] in EXEMPT_CATEGORIES]
    if exempt:
        name = as_written(str(exempt[0]["name"]), institution)
        return f"{name} seems exempt from the cap (inferred): are trainees' petitions filed as cap-exempt, and on what ground?"
    return "Are trainees' petitions filed as exempt from the cap, or must they go through the lottery?"


def _step3(programs: Sequence[Row]) -> str:
    stated = [str(row["step3_deadline"]) for row in programs if row["step3_deadline"]]
    if stated:
        return f"By when must Step 3 be passed for an H-1B? Stated: {_some(stated)}."
    return "Must Step 3 be passed for an H-1B, and by when: before ranking, before the petition, or before the start?"


def _some(texts: Sequence[str]) -> str:
    """Return the first of some texts, each once, and how many more there are."""
    once = list(dict.fromkeys(texts))
    return ", ".join(once[:_MOST]) + (f" and {len(once) - _MOST} more" if len(once) > _MOST else "")

"""The questions of one letter: what is unclear here, for these programs of one office, and for this applicant.

What belongs here: wording of questions. What is open of a program is decided in `questions.py`; what a page states clearly and lately is
not asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.applicants.profile import US_SCHOOL, WHERE_WORDS, Profile
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.questions import open_points, who_files
from pipeline.applicants.rows import Row, day_in_words, in_one_list, labels, next_july
from pipeline.law.regimes import DEMANDED, SUSPENDED, regime_on
from pipeline.law.words import payment_named

_STILL_NO: Final = "Is it still right that H-1B visas are not sponsored for trainees, or are there exceptions?"
_OPEN: Final = "Do you sponsor H-1B visas for trainees: yes, no, or case by case?"
# What is open of what is stated -> the question, in the order of the letter.
_FIRST: Final = {
    "yes": "Do you still sponsor H-1B visas for trainees?",
    "conditions": "Do the conditions above for an H-1B still hold, and who decides?",
    "case_by_case": "On what conditions can an H-1B visa be sponsored, and who decides?",
    **dict.fromkeys(("no", "no_and_j1_open", "conflicting"), _STILL_NO),
    **dict.fromkeys(("j1_alone", "contact", "silent"), _OPEN),
    "paused": "Are new H-1B petitions filed again once the pause ends on {day}?",
    "j1": "Do you accept J-1 visas sponsored by ECFMG?",
    "institution_policy": "Does your program follow the institution's visa policy, or has it a rule of its own?",
    "self_reported": "Is what you answered in that directory your policy?",
}
_ROUTES: Final = {  # where the applicant is -> whether the office files for such a person
    None: "For whom would you file: people abroad who need a consulate, people in the US who change status, holders of an H-1B "
    "who change employers?",
    "abroad": "Would you file a new petition for someone who lives abroad and needs a consulate?",
    "holds_h1b": "Would you file the petition for a change of employer, so that I can transfer the H-1B that I hold?",
}
_CHANGE: Final = "Would you file a petition with a change of status for someone who is {where}?"
_ALONE: Final = {  # what is stated of the routes -> the question of one who doesn't say where he is
    "transfer_only": "Is an H-1B still filed for those alone who hold one and transfer it, or for others too?",
    "in_us": "Are H-1B petitions still filed for applicants in the United States alone, or through a consulate too?",
}

_STEP3_OF_US_SCHOOLS: Final = (
    "Do you ask graduates of US schools for USMLE Step 3{comlex} before an H-1B petition, and by when?"
)

Asked = tuple[str, list[Row]]  # a question, and the programs that it is about
Known = Mapping[str, frozenset[str]]  # by its code what is open of each program


def letter_questions(rows: Sequence[Row], profile: Profile | None) -> tuple[list[str], list[str]]:
    """Return the questions of a letter about the programs of one institution: those on its policy, and those that follow if an H-1B is
    possible (none where it is denied in all).

    A question about some of the programs alone begins with their names.
    """
    known = _known(rows)
    first = _first(rows, profile, known)
    possible = [row for row in rows if row["h1b_stated"] != "no"]
    wanted = profile is None or "H-1B" in profile.visas
    following = _merged(_if_possible(possible, profile, known), possible) if possible and wanted else []
    return _merged(first, rows), following


def question_parts(row: Row) -> dict[str, Any]:
    """Return the questions about one program as parts of which a profile chooses.

    first: by the acceptable visas, joined by commas, the questions on the policy; possible: whether an H-1B isn't denied, so that
    the others follow; alone: on the routes, for one who doesn't say where he is, or null; settled: whether the routes are stated
    lately; files; step3: for graduates of schools abroad, or null; freeze, or null.
    """
    known = _known([row])
    points = known[row["program_code"]]
    by_visas = (("H-1B",), ("J-1",), ("H-1B", "J-1"))
    return {
        "first": {",".join(visas): [text for text, _ in _first([row], Profile(visas), known)] for visas in by_visas},
        "possible": row["h1b_stated"] != "no",
        "alone": next((text for point, text in _ALONE.items() if point in points), None),
        "settled": _settled(row, points),
        "files": _files(row),
        "step3": _step3(row, None, points),
        "freeze": _freeze(row),
    }


def question_tables(day: dt.date) -> dict[str, Any]:
    """Return the questions that hang on the profile alone: routes and fees by where the applicant is, step3_us, for graduates of US
    schools, by degree, DO or another. day: of the list."""
    wheres = (None, *WHERE_WORDS)
    return {
        "routes": {where or "": _way(where) for where in wheres},
        "fees": {where or "": _fees(day, consulate=_by_consulate(where)) for where in wheres},
        "step3_us": {"DO": _of_us_schools("DO"), "": _of_us_schools(None)},
    }


def _known(rows: Iterable[Row]) -> Known:
    return {row["program_code"]: frozenset(open_points(row)) for row in rows}


def _first(rows: Sequence[Row], profile: Profile | None, known: Known) -> list[Asked]:
    points = [(row, _points(row, profile, known)) for row in rows]
    return [
        (text.format(day=day_in_words(row["paused_until"])), [row])
        for point, text in _FIRST.items()
        for row, own in points
        if point in own
    ]


def _points(row: Row, profile: Profile | None, known: Known) -> set[str]:
    """Return what is open of a program's policy and matters to the applicant."""
    points = set(known[row["program_code"]])
    if "case_by_case" in points and set(row["conditions"]) - {"case_by_case"} and row["evidence_quote"] is not None:
        points = points - {"case_by_case"} | {"conditions"}
    if profile is not None and "J-1" not in profile.visas:
        points.discard("j1")
    if profile is not None and "H-1B" not in profile.visas:
        points &= {"j1", "institution_policy", "self_reported"}
    return points


def _if_possible(rows: Sequence[Row], profile: Profile | None, known: Known) -> list[Asked]:
    day = pd.Timestamp(rows[0]["as_of"]).date()
    parts: list[Asked] = [
        *_of_each(rows, lambda row: _routes(row, profile, known[row["program_code"]])),
        (_files(rows[0]), list(rows)),
        (_fees(day, consulate=_by_consulate(profile and profile.where)), list(rows)),
        *_of_each(rows, lambda row: _step3(row, profile, known[row["program_code"]])),
        *_of_each(rows, _freeze),
    ]
    return parts


def _of_each(rows: Sequence[Row], ask: Callable[[Row], str | None]) -> list[Asked]:
    return [(question, [row]) for row in rows if (question := ask(row))]


def _files(row: Row) -> str:
    own = [one for one in row["petitioners"] if one["relation"] == "same"]
    who = who_files(own, str(row["institution"])).removesuffix("?")
    return f"{who}, and as exempt from the yearly cap or through the lottery?"


def _by_consulate(where: str | None) -> bool:
    return where in (None, "abroad")


def _routes(row: Row, profile: Profile | None, points: frozenset[str]) -> str | None:
    """Ask for the way that is the applicant's own; not where a statement of these two years already opens it."""
    where = None if profile is None else profile.where
    if where is None and (alone := next((text for point, text in _ALONE.items() if point in points), None)):
        return alone
    return None if _settled(row, points) else _way(where)


def _settled(row: Row, points: frozenset[str]) -> bool:
    return len(row["routes"]) > 0 and not points & {"old", "undated"}


def _way(where: str | None) -> str:
    return _ROUTES[where] if where in _ROUTES else _CHANGE.format(where=WHERE_WORDS[str(where)])


def _fees(day: dt.date, *, consulate: bool) -> str:
    """Ask who pays. consulate: the petition may go through one, so that the payment of the proclamations matters."""
    regime = regime_on(day)
    if not consulate or regime.name not in (DEMANDED, SUSPENDED):
        return "Who pays the fees of the petition?"
    if regime.name == DEMANDED:
        return f"Who pays the fees of the petition, and {payment_named()} that new petitions from abroad need?"
    since = f" since {day_in_words(regime.from_day)}" if regime.from_day else ""
    return (
        f"Who pays the fees of the petition? And if {payment_named()}, which has not been collected{since}, comes back: would you pay it, "
        "or file no petitions from abroad?"
    )


def _step3(row: Row, profile: Profile | None, points: frozenset[str]) -> str | None:
    """Ask for Step 3 where what is known of it doesn't settle it for the applicant."""
    if profile is not None and profile.step3 == PASSED:
        return None
    if profile is not None and profile.school == US_SCHOOL:
        return _of_us_schools(profile.degree)
    if "step3" in points:
        return "Must USMLE Step 3 be passed first, and by what date?"
    if "step3_old" in points:
        return f"Step 3 was needed by then: {' '.join(str(row['step3_deadline']).split())}. Does that still hold?"
    return None


def _of_us_schools(degree: str | None) -> str:
    return _STEP3_OF_US_SCHOOLS.format(comlex=" or COMLEX-USA Level 3" if degree == "DO" else "")


def _freeze(row: Row) -> str | None:
    if row["state_freeze"] is None:
        return None
    until = row["state_freeze_until"]
    last = "further notice" if until is None else day_in_words(until)
    start = next_july(pd.Timestamp(row["as_of"]).date())
    return (
        f"An order of the state holds back new H-1B petitions of public bodies until {last}. Does it bind you, and would you ask for "
        f"an exception or file in time for July {start}?"
    )


def _merged(asked: Iterable[Asked], rows: Sequence[Row]) -> list[str]:
    """Return each question once, with the names of the programs that it is about before it where it isn't about all."""
    called = {row["program_code"]: label for row, label in zip(rows, labels(rows), strict=True)}
    about: dict[str, list[str]] = {}
    for question, own in asked:
        about.setdefault(question, []).extend(called[row["program_code"]] for row in own)
    return [
        question if len(names) == len(called) else f"{in_one_list(names)}: {question}"
        for question, names in about.items()
    ]

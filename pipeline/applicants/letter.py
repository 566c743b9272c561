"""One letter to an office, in the applicant's voice: who I am, what I have read, what I ask.

What belongs here: wording around the questions, which are made in `letter_questions.py`. Of the applicant a letter says what the profile
gives and no more, and nothing of citizenship: whether to tell it is for the person to decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import pandas as pd

from pipeline.applicants.letter_questions import letter_questions, question_parts, question_tables
from pipeline.applicants.profile import CERTIFIED, DEGREES, SCHOOLS, US_SCHOOL, Profile
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.rows import Row, day_in_words, in_one_list, labels, next_july, one_line, specialty_of
from pipeline.policies.statement_dates import in_words

LONGEST_LINK: Final = 2_000  # characters of a link that every mail program takes
_QUOTED: Final = 240  # characters of a page that a letter repeats at most
_STATEMENTS: Final = 2  # that it repeats at most
_WHERE: Final = {
    "abroad": "I live outside the United States", "us_f1": "I am in the United States on F-1 status",
    "us_h4": "I am in the United States on H-4 status", "us_j1": "I am in the United States on J-1 status",
    "us_j2": "I am in the United States on J-2 status", "us_other": "I am in the United States",
    "holds_h1b": "I hold an H-1B",
}  # fmt: skip
_VISAS: Final = {
    ("H-1B",): "would need an H-1B",
    ("J-1",): "would need a J-1",
    ("H-1B", "J-1"): "hope for an H-1B, and a J-1 would suit me, too",
    ("J-1", "H-1B"): "hope for a J-1, and an H-1B would suit me, too",
}
_FRAME: Final = {
    "greeting": "Dear colleagues,",
    "ask": "Could you tell me:",
    "if_possible": "If an H-1B is possible:",
    "brief": "A line or two, or a link to a current page, is plenty. If another office decides this, its name would already help.",
    "thanks": "Thank you for your time.",
    "regards": "Kind regards,",
}
_EXAMS: Final = {
    "certified": "am certified by ECFMG",
    "passed": "have passed USMLE {steps}",
    "ecfmg_by": "expect ECFMG certification by {day}",
    "step_by": "expect the result of {step} by {day}",
}
_STEPS: Final = {"step1": "Step 1", "step2": "Step 2 CK", "step3": "Step 3"}


def subject(rows: Sequence[Row]) -> str:
    """Return one line: what the letter is about, which programs, whose."""
    names = in_one_list([specialty_of(row) for row in rows], most=2)
    codes = f" (ACGME {rows[0]['program_code']})" if len(rows) == 1 else ""
    return f"Visa question for July {_year(rows)}: {names}{codes}, {one_line(rows[0]['institution'])}"


def letter(rows: Sequence[Row], profile: Profile | None) -> str:
    """Write the letter about the programs of one institution in full. profile: of the applicant, None for somebody who asks for others."""
    first, following = letter_questions(rows, profile)
    return _whole([*_who(rows, profile), *_at_hand(rows)], first, following, profile)


def mail_text(rows: Sequence[Row], profile: Profile | None) -> str:
    """Return the letter as far as a link holds it: in full, else without what is published, else with the first of its questions alone.

    The link is of at most LONGEST_LINK characters, save where one question is longer than that.
    """
    about = subject(rows)
    first, following = letter_questions(rows, profile)
    questions = [(text, True) for text in first] + [(text, False) for text in following]
    text = letter(rows, profile)
    for count in range(len(questions), 0, -1):
        if len(mail_link(about, text)) <= LONGEST_LINK:
            break
        kept = questions[:count]
        head, tail = ([text for text, is_first in kept if is_first is wanted] for wanted in (True, False))
        text = _whole(_who(rows, profile, most=2), head, tail, profile)
    return text


def _whole(opening: Sequence[str], first: Sequence[str], following: Sequence[str], profile: Profile | None) -> str:
    numbered = [f"{number}. {question}" for number, question in enumerate((*first, *following), start=1)]
    head = numbered[: len(first)]
    tail = ["", _FRAME["if_possible"], *numbered[len(first) :]] if following else []
    parts = [
        _FRAME["greeting"],
        " ".join(opening),
        "\n".join([_FRAME["ask"], *head, *tail]),
        _FRAME["brief"],
        _FRAME["thanks"],
    ]
    if profile is not None and profile.name:
        parts.append(f"{_FRAME['regards']}\n{profile.name}")
    return "\n\n".join(parts)


def mail_link(about: str, text: str) -> str:
    """Return a `mailto:` link with subject and body and no recipient, for one who fills that in.

    By RFC 6068: UTF-8, percent-encoded, blanks as %20, line breaks as %0D%0A.
    """
    body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:?subject={quote(one_line(about), safe='')}&body={quote(body, safe='')}"


def letter_parts(row: Row) -> dict[str, Any]:
    """Return what of a letter about one program hangs on the program alone: subject, apply, at_hand, and the parts of its questions.

    With `letter_tables` and a profile they make what `letter` writes.
    """
    return {
        "subject": subject([row]),
        "apply": _would(_programs([row])),
        "at_hand": " ".join(_at_hand([row])),
        **question_parts(row),
    }


def letter_tables(day: dt.date) -> dict[str, Any]:
    """Return the sentences that hang on the profile alone, by what it says; a key without a sentence is blank. day: of the list."""
    return {
        "frame": _FRAME,
        "longest_link": LONGEST_LINK,
        "exams": _EXAMS,
        "steps": _STEPS,
        "opening": {
            f"{school or ''}|{degree or ''}": _opening(Profile(("H-1B",), school=school, degree=degree))
            for school in (None, *SCHOOLS)
            for degree in (None, *DEGREES)
        },
        "standing": {
            f"{where or ''}|{','.join(visas)}": _standing(Profile(visas, where=where))
            for where in (None, *_WHERE)
            for visas in _VISAS
        },
        **question_tables(day),
    }


def _programs(rows: Sequence[Row], most: int = 6) -> Mapping[str, str]:
    """Return which programs the letter is about, whose, and for when."""
    codes: dict[str, list[str]] = {}
    for row in rows:
        codes.setdefault(specialty_of(row), []).append(str(row["program_code"]))
    programs = in_one_list([f"{name} (ACGME {in_one_list(own)})" for name, own in codes.items()], most)
    start = f"for training that begins in July {_year(rows)}"
    return {"programs": programs, "place": one_line(rows[0]["institution"]), "start": start}


def _would(about: Mapping[str, str]) -> str:
    return "would like to apply {start} at {place}: {programs}.".format(**about)


def _who(rows: Sequence[Row], profile: Profile | None, most: int = 6) -> list[str]:
    about = _programs(rows, most)
    if profile is None:
        return ["I am asking which visas are sponsored at {place} {start}: {programs}.".format(**about)]
    return [f"{_opening(profile)} {_would(about)}", *_exams(profile), _standing(profile)]


def _opening(profile: Profile) -> str:
    school = {US_SCHOOL: "in", "foreign": "outside"}.get(profile.school or "")
    degree = f" ({profile.degree})" if profile.degree not in (None, "other") else ""
    return f"I am a graduate of a medical school {school} the United States{degree} and" if school else "I"


def _standing(profile: Profile) -> str:
    visas = _VISAS[profile.visas]
    return f"{_WHERE[profile.where]} and {visas}." if profile.where else f"I {visas}."


def _exams(profile: Profile) -> list[str]:
    """Say which certificates and steps the profile names, passed ones first."""
    steps = {name: getattr(profile, key) for key, name in _STEPS.items()}
    passed = [name for name, state in steps.items() if state == PASSED]
    due = {name: state for name, state in steps.items() if isinstance(state, dt.date)}
    sentences = []
    if profile.ecfmg == CERTIFIED:
        sentences.append(_EXAMS["certified"])
    if passed:
        sentences.append(_EXAMS["passed"].format(steps=in_one_list(passed)))
    if isinstance(profile.ecfmg, dt.date):
        sentences.append(_EXAMS["ecfmg_by"].format(day=day_in_words(profile.ecfmg)))
    sentences += [_EXAMS["step_by"].format(step=name, day=day_in_words(day)) for name, day in due.items()]
    return [f"I {in_one_list(sentences)}."] if sentences else []


def _at_hand(rows: Sequence[Row]) -> list[str]:
    """Say what is published, each statement once, with the programs that it is about where it isn't about all."""
    stated: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["evidence_quote"] is not None:
            stated.setdefault((row["evidence_quote"], row["evidence_url"] or ""), []).append(row)
    if not stated:
        return ["I have found no statement of your visa policy."]
    called = {row["program_code"]: label for row, label in zip(rows, labels(rows), strict=True)}
    sentences = []
    for own in list(stated.values())[:_STATEMENTS]:
        about = "" if len(own) == len(rows) else f"About {in_one_list([called[row['program_code']] for row in own])}: "
        sentences.append(about + (_small(_statement(own[0])) if about else _statement(own[0])))
    silent = [called[row["program_code"]] for row in rows if row["evidence_quote"] is None]
    if silent:
        sentences.append(f"About {in_one_list(silent)} I have found no statement.")
    return sentences


def _statement(row: Row) -> str:
    text = one_line(row["evidence_quote"])
    text = text if len(text) <= _QUOTED else text[:_QUOTED].rsplit(" ", 1)[0] + " …"
    where = f" ({one_line(row['evidence_url'])})" if row["evidence_url"] else ""
    sentence = {
        "page": f"A page {_when(row)}{where} says: “{text}”",
        "restated": f"As far as I know, a page {_when(row)}{where} says in substance: {text}",
        "directory": f"I have seen an answer of yours {_when(row)}: {text}",
    }.get(row["evidence_kind"], f"I have a note {_when(row)}: {text}")
    return sentence if sentence.endswith((".", "”", "!", "?", "…")) else f"{sentence}."


def _small(sentence: str) -> str:
    """Return a sentence as it goes on behind a colon."""
    return sentence if sentence.startswith("I ") else sentence[:1].lower() + sentence[1:]


def _when(row: Row) -> str:
    """Return the day of a statement in words; of an undated page the one on which it was saved, as such."""
    if row["evidence_date"] is not None:
        return f"of {in_words(row['evidence_date'], row['evidence_kind'])}"
    saved = row["evidence_saved_on"]
    return f"without a date, saved on {day_in_words(saved)}," if saved is not None else "without a date"


def _year(rows: Sequence[Row]) -> int:
    return next_july(pd.Timestamp(rows[0]["as_of"]).date())

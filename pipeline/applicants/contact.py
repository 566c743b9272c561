"""The letter to each program whose row needs confirmation: whom to ask about visas, and what.

What belongs here: wording. When to ask is decided in `questions.py`. The letter asks about the program's policy, never about
a person's chances, and quotes what is at hand so that the program can simply say that it still holds.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.applicants.questions import open_points
from pipeline.applicants.rows import Row, next_july, records
from pipeline.text.characters import collapse
from pipeline.tiers.accreditation import WITHDRAWN

COLUMNS: Final = (
    "program_code", "program_name", "specialty", "institution", "city", "state", "accreditation", "website", "visa_category",
    "sponsor_tier", "evidence_url", "evidence_date", "unclear", "subject", "question",
)  # fmt: skip
_QUOTED: Final = 400  # characters of a page that a letter repeats at most
_UNCLEAR: Final = {  # point -> in words, for the reader of the list
    "yes": "whether H-1B visas are still sponsored",
    "case_by_case": "on what conditions an H-1B visa is possible",
    "no": "H-1B visas are said not to be sponsored: whether this is still so",
    "no_and_j1_open": "H-1B visas are said not to be sponsored: whether J-1 visas are sponsored",
    "conflicting": "whether H-1B visas are sponsored: the statement says no, public filings name trainees",
    "j1_alone": "whether H-1B visas are sponsored: only the J-1 is named",
    "contact": "which visas are sponsored: what is published leaves it open",
    "silent": "which visas are sponsored: no statement is at hand",
    "institution_policy": "whether the institution's policy holds for this program",
    "undated": "whether a statement without a date still holds",
    "old": "whether the statement of {day} still holds",
    "self_reported": "whether the program's answer in a directory is its policy",
    "step3": "whether USMLE Step 3 is required for an H-1B, and by when",
    "transfer_only": "whether an H-1B is filed for transfers alone",
    "in_us": "whether an H-1B is filed for applicants in the United States alone",
    "paused": "whether H-1B petitions are filed again after the pause",
}
_STILL_NO: Final = "Is it still right that H-1B visas are not sponsored for trainees, or are there exceptions?"
_OPEN: Final = "Do you sponsor H-1B visas for trainees: yes, no, or case by case?"
_QUESTIONS: Final = {  # point -> the question to the program, in the order of the letter
    "yes": "Do you still sponsor H-1B visas for trainees?",
    "case_by_case": "On what conditions can an H-1B visa be sponsored, and who decides?",
    "transfer_only": "Is an H-1B still filed for those alone who hold one and transfer it, or for others too?",
    "in_us": "Are H-1B petitions still filed for applicants in the United States alone, or through a consulate too?",
    "paused": "Are new H-1B petitions filed again once the pause ends on {day}?",
    **dict.fromkeys(("no", "no_and_j1_open", "conflicting"), _STILL_NO),
    **dict.fromkeys(("j1_alone", "contact", "silent"), _OPEN),
    "j1": "Do you accept J-1 visas sponsored by ECFMG?",
    "step3": "If an H-1B is possible, must USMLE Step 3 be passed first, and by what date?",
    "institution_policy": "Does your program follow the institution's visa policy, or has it a rule of its own?",
    "self_reported": "Is what you answered in that directory your policy?",
}


def contact_list(listed: pd.DataFrame) -> pd.DataFrame:
    """Return COLUMNS, one row for each of `listed` that needs confirmation, in its order; none whose accreditation was withdrawn.

    listed: rows of functional_h1b_sponsors. unclear: what is not known, `; ` between points. question: the letter, its
    lines parted by line feeds.
    """
    rows = listed[listed["needs_confirmation"].astype("bool") & (listed["accreditation"] != WITHDRAWN)]
    programs = records(rows)
    letters = rows.assign(
        unclear=pd.Series(["; ".join(unclear(row)) for row in programs], index=rows.index, dtype="str"),
        subject=pd.Series([subject(row) for row in programs], index=rows.index, dtype="str"),
        question=pd.Series([letter(row) for row in programs], index=rows.index, dtype="str"),
    )
    return letters[list(COLUMNS)]


def unclear(row: Row) -> tuple[str, ...]:
    """Return what is not known of one program in words, the most important first."""
    return tuple(
        _UNCLEAR[point].format(day=_day(row["evidence_date"])) for point in open_points(row) if point in _UNCLEAR
    )


def subject(row: Row) -> str:
    """Return one line: what the letter is about, and which program."""
    return f"Visa sponsorship, {_field(row)}, {_line(row['institution'])} (ACGME {row['program_code']})"


def letter(row: Row) -> str:
    """Write the letter in full: whom it is for, what is at hand, what the questions are."""
    year = next_july(pd.Timestamp(row["as_of"]).date())
    points = open_points(row)
    day = _day(row["paused_until"])
    questions = [text.format(day=day) for point, text in _QUESTIONS.items() if point in points]
    numbered = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, start=1))
    return (
        f"Dear colleagues of the {_field(row)} program at {_line(row['institution'])},\n\n"
        f"I am checking what is known about visa sponsorship for {_line(row['program_name'])} "
        f"(ACGME {row['program_code']}). {_at_hand(row)}\n\n"
        f"Would you kindly tell me, for positions that begin in July {year}:\n\n{numbered}\n\n"
        "A line or two is plenty, and a link to a current page would be just as good. If another office decides this, "
        "its name would already help.\n\nThank you very much for your time."
    )


def _at_hand(row: Row) -> str:
    if row["evidence_quote"] is None:
        return "I have found no statement of your policy."
    when = _when(row)
    quote = _line(row["evidence_quote"])
    quote = quote if len(quote) <= _QUOTED else quote[: _QUOTED - 1].rstrip() + "…"
    where = f" ({_line(row['evidence_url'])})" if row["evidence_url"] else ""
    if row["evidence_kind"] == "page":
        lead = f"A page {when}{where} says: “{quote}”"
    elif row["evidence_kind"] == "restated":
        lead = f"According to notes on a page {when}{where}: {quote}"
    elif row["evidence_kind"] == "directory":
        lead = f"What I have seen is an answer of yours {when}. {quote}"
    else:
        lead = f"I have a note {when}: {quote}"
    return lead if lead.endswith((".", "”", "!", "?", "…")) else f"{lead}."


def _when(row: Row) -> str:
    """Return the day of a statement in words; of an undated page the one on which it was saved, as such."""
    if row["evidence_date"] is not None:
        return f"of {_day(row['evidence_date'])}"
    saved = row["evidence_saved_on"]
    return f"without a date, saved on {_day(saved)}," if saved is not None else "without a date"


def _field(row: Row) -> str:
    return _line(row["specialty"] or row["program_name"])


def _line(text: Any) -> str:
    return collapse(str(text))


def _day(value: Any) -> str:
    """Return a day in words: 9 February 2023; "" where there is none."""
    if value is None:
        return ""
    stamp = pd.Timestamp(value)
    return f"{stamp.day} {stamp:%B %Y}"

"""Whom to ask about visas, and what: a polite question for each program whose row needs confirmation.

The question is about the program's policy, never about a person's chances, and quotes what is at hand so that the
program can simply say that it still holds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd

COLUMNS: Final = (
    "program_code", "program_name", "specialty", "institution", "city", "state", "website", "visa_category", "sponsor_tier",
    "evidence_url", "evidence_date", "unclear", "subject", "question",
)  # fmt: skip
OLD_MONTHS: Final = 24  # as in docs/methods/sponsor_tier.md
_QUOTED: Final = 400  # characters of a page that a letter repeats at most
_OPEN: Final = ("yes", "case_by_case", "not_stated")
_STATED_POINT: Final = {
    "yes": "whether H-1B visas are still sponsored",
    "case_by_case": "on what conditions an H-1B visa is possible",
}
_SILENT_POINT: Final = {
    True: "which visas are sponsored: what is published leaves it open",
    False: "which visas are sponsored: no statement is at hand",
}


def contact_list(listed: pd.DataFrame) -> pd.DataFrame:
    """Columns COLUMNS, one row for each of `listed` that needs confirmation, in its order.

    listed: rows of functional_h1b_sponsors. unclear: what is not known, `; ` between points. question: the letter, its
    lines parted by line feeds.
    """
    rows = listed[listed["needs_confirmation"].astype("bool")]
    plain = rows.astype(object).where(rows.notna(), None)
    records = [{str(name): value for name, value in record.items()} for record in plain.to_dict("records")]
    points = [unclear(record) for record in records]
    letters = rows.assign(
        unclear=pd.Series(["; ".join(found) for found in points], index=rows.index, dtype="str"),
        subject=pd.Series([subject(record) for record in records], index=rows.index, dtype="str"),
        question=pd.Series([letter(record) for record in records], index=rows.index, dtype="str"),
    )
    return letters[list(COLUMNS)]


def unclear(row: dict[str, Any]) -> tuple[str, ...]:
    """What is not known of one program, the most important first."""
    found = [_main_point(row)]
    if row["evidence_quote"] is not None:
        if row["evidence_scope"] == "institution":
            found.append("whether the institution's policy holds for this program")
        if row["evidence_date"] is None:
            found.append("whether a statement without a date still holds")
        elif _is_old(row):
            found.append(f"whether the statement of {_day(row['evidence_date'])} still holds")
    if "Withdraw" in (row["accreditation_status"] or ""):
        found.append("whether the program still takes trainees")
    if _asks_step3(row):
        found.append("whether USMLE Step 3 is required for an H-1B, and by when")
    return tuple(found)


def _main_point(row: dict[str, Any]) -> str:
    if row["sponsor_tier"] == "conflicting":
        return "whether H-1B visas are sponsored: the statement says no, public filings name trainees"
    if row["h1b_stated"] == "no":
        other = "whether J-1 visas are sponsored" if row["j1_stated"] == "not_stated" else "whether this is still so"
        return f"H-1B visas are said not to be sponsored: {other}"
    if row["h1b_stated"] != "not_stated":
        return _STATED_POINT[row["h1b_stated"]]
    if row["j1_stated"] in ("yes", "case_by_case"):
        return "whether H-1B visas are sponsored: only the J-1 is named"
    return _SILENT_POINT[row["policy"] == "contact"]


def _is_old(row: dict[str, Any]) -> bool:
    stated, today = pd.Timestamp(row["evidence_date"]), pd.Timestamp(row["as_of"])
    return stated < today - pd.DateOffset(months=OLD_MONTHS)


def _asks_step3(row: dict[str, Any]) -> bool:
    """Step 3 is worth asking where an H-1B may be possible and requirement and deadline are not both known."""
    known = row["step3_required_for_h1b"] == "no" or bool(row["step3_deadline"])
    return row["h1b_stated"] in _OPEN and not known


def subject(row: dict[str, Any]) -> str:
    """One line: what the letter is about, and which program."""
    return f"Visa sponsorship, {_field(row)}, {_line(row['institution'])} (ACGME {row['program_code']})"


def letter(row: dict[str, Any]) -> str:
    """The question in full: whom it is for, what is at hand, what is asked."""
    year = next_july(pd.Timestamp(row["as_of"]).date())
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(_questions(row, year), start=1))
    return (
        f"Dear colleagues of the {_field(row)} program at {_line(row['institution'])},\n\n"
        f"I am checking what is known about visa sponsorship for {_line(row['program_name'])} "
        f"(ACGME {row['program_code']}). {_at_hand(row)}\n\n"
        f"Would you kindly tell me, for positions that begin in July {year}:\n\n{asked}\n\n"
        "A line or two is plenty, and a link to a current page would be just as good. If another office decides this, "
        "its name would already help.\n\nThank you very much for your time."
    )


def _questions(row: dict[str, Any], year: int) -> list[str]:
    asked = []
    if row["h1b_stated"] == "yes":
        asked.append("Do you still sponsor H-1B visas for trainees?")
    elif row["h1b_stated"] == "case_by_case":
        asked.append("On what conditions can an H-1B visa be sponsored, and who decides?")
    elif row["h1b_stated"] == "no":
        asked.append("Is it still right that H-1B visas are not sponsored for trainees, or are there exceptions?")
    else:
        asked.append("Do you sponsor H-1B visas for trainees: yes, no, or case by case?")
    if row["j1_stated"] == "not_stated":
        asked.append("Do you accept J-1 visas sponsored by ECFMG?")
    if _asks_step3(row):
        asked.append("If an H-1B is possible, must USMLE Step 3 be passed first, and by what date?")
    if row["evidence_scope"] == "institution":
        asked.append("Does your program follow the institution's visa policy, or has it a rule of its own?")
    if "Withdraw" in (row["accreditation_status"] or ""):
        asked.append(f"Will the program take new trainees in {year}?")
    return asked


def _at_hand(row: dict[str, Any]) -> str:
    if row["evidence_quote"] is None:
        return "I have found no statement of your policy."
    when = f"of {_day(row['evidence_date'])}" if row["evidence_date"] is not None else "without a date"
    said = _line(row["evidence_quote"])
    said = said if len(said) <= _QUOTED else said[: _QUOTED - 1].rstrip() + "…"
    where = f" ({_line(row['evidence_url'])})" if row["evidence_url"] else ""
    if row["evidence_kind"] == "page":
        lead = f"A page {when}{where} says: “{said}”"
    elif row["evidence_kind"] == "restated":
        lead = f"According to notes on a page {when}{where}: {said}"
    else:
        lead = f"I have a note {when}: {said}"
    return lead if lead.endswith((".", "”", "!", "?", "…")) else f"{lead}."


def next_july(day: dt.date) -> int:
    """Year of the next July in which training begins: this year's until June, then the next one's."""
    return day.year + (day.month >= 7)


def _field(row: dict[str, Any]) -> str:
    return _line(row["specialty"] or row["program_name"])


def _line(text: Any) -> str:
    return " ".join(str(text).split())


def _day(value: Any) -> str:
    stamp = pd.Timestamp(value)
    return f"{stamp.day} {stamp.strftime('%B %Y')}"

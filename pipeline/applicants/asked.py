"""What was asked of programs and what they answered: a CSV file in the data folder, which no refresh touches.

What belongs here: reading and writing that file, and where each program stands. An answer that the list shall follow is a line of
confirmations.csv (docs/sources/confirmations.md); this file only remembers that there is one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.applicants.own_files import own_records, read_own, write_own
from pipeline.reference.load import ReferenceTableError, empty_table
from pipeline.reference.model import ReferenceTable
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import CONTACT
from pipeline.tiers.accreditation import WITHDRAWN

TO_ASK, ASKED, ANSWERED = CONTACT
STATE_COLUMNS: Final = ("contact", "asked_on", "answered_on")
_TABLE: Final = ReferenceTable(
    "own_letters.csv",
    "What was asked of programs and what they answered",
    ("program_code", "day", "event", "text"),
    required=("program_code", "day", "event"),
    allowed={"event": (ASKED, ANSWERED)},
    patterns={"program_code": PROGRAM_CODE_PATTERN, "day": r"\d{4}-\d{2}-\d{2}"},
    key=("program_code", "day", "event"),
)


def read_log(path: Path) -> pd.DataFrame:
    """Read the file: program_code, day, event (asked, answered) and text, in its order; no row where there is no file.

    Raises ReferenceTableError with file, line and what is wrong, also for a day that isn't one.
    """
    rows = read_own(_TABLE, path)
    days = pd.to_datetime(rows["day"], format="%Y-%m-%d", errors="coerce")
    for row in rows[days.isna()].to_dict("records"):
        raise ReferenceTableError(path, int(row["line"]), f"day is {row['day']!r}, which is none")
    return rows.drop(columns="line").assign(day=days)


def no_log() -> pd.DataFrame:
    """Return what `read_log` does where nothing is noted."""
    return empty_table(_TABLE).drop(columns="line").astype({"day": "datetime64[ns]"})


def record(path: Path, texts: Mapping[str, str], event: str, day: dt.date) -> None:
    """Add that each program was asked, or answered, on a day; a second line of one day takes the place of the first.

    texts: what was asked or answered, in words, by program code. Raises as `read_log`.
    """
    new = [
        {"program_code": code, "day": day.isoformat(), "event": event, "text": " ".join(text.split())}
        for code, text in texts.items()
    ]
    rows = {(row["program_code"], row["day"], row["event"]): row for row in (*own_records(_TABLE, path), *new)}
    write_own(_TABLE, path, rows.values())


def contact_states(listed: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Return STATE_COLUMNS for each row of the list: to_ask, asked, answered, null where nothing is to be asked; and the last days.

    listed: all rows of the institutions in it, with program_code, institution_id, needs_confirmation, accreditation, evidence_kind,
    evidence_scope, evidence_date. An answer that the list has as a confirmation counts like one that was noted; one that an
    institution gave for all of its programs is also that of those whose own statement is older or undated. What was asked again after
    an answer is asked.
    """
    asked, noted = (_last(listed, log[log["event"] == event]) for event in (ASKED, ANSWERED))
    stated = pd.to_datetime(listed["evidence_date"])
    confirmed = stated.where(listed["evidence_kind"] == "confirmed")
    for_all = (
        confirmed.where(listed["evidence_scope"] == "institution").groupby(listed["institution_id"]).transform("max")
    )
    answered = pd.concat([noted, confirmed, for_all.where(~(stated > for_all))], axis=1).max(axis=1)
    open_ = listed["needs_confirmation"].astype("bool") & (listed["accreditation"] != WITHDRAWN)
    state = pd.Series(None, index=listed.index, dtype="str").mask(open_, TO_ASK).mask(asked.notna(), ASKED)
    heard = answered.notna() & ~(asked > answered)
    return pd.DataFrame({"contact": state.mask(heard, ANSWERED), "asked_on": asked, "answered_on": answered})


def _last(listed: pd.DataFrame, log: pd.DataFrame) -> pd.Series:
    """Return the newest day in the log for each row of the list."""
    days = log.groupby("program_code")["day"].max().reindex(listed["program_code"])
    return days.set_axis(listed.index).astype("datetime64[ns]")


def contact_text(state: Mapping[Any, Any], today: dt.date) -> str:
    """Say where a program stands: `to be asked`, `asked 12 days ago, no answer noted`, `answered 2026-11-03`; "" with nothing to ask.

    state: with STATE_COLUMNS.
    """
    if state["contact"] == ANSWERED:
        return f"answered {state['answered_on']:%Y-%m-%d}"
    if state["contact"] == ASKED:
        days = (today - pd.Timestamp(state["asked_on"]).date()).days
        return f"asked {_ago(days)}, no answer noted"
    return "to be asked" if state["contact"] == TO_ASK else ""


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def last_text(log: pd.DataFrame, codes: Iterable[str]) -> str:
    """Return what the newest line on one of some programs says, with its day; "" where there is none."""
    own = log[log["program_code"].isin(list(codes))]
    if own.empty:
        return ""
    newest = own.sort_values("day", kind="stable").iloc[-1]
    return f"{newest['day']:%Y-%m-%d} {newest['event']}: {newest['text']}".removesuffix(": ")

"""confirmations.csv: what a person learned from a program by e-mail, phone or open house.

A person keeps this file by hand, and each line outranks web pages: nothing in it is guessed or dropped in silence.
Built to a layout of our own, described in docs/sources/confirmations.md.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from pipeline.schemas.fields import INSTITUTION_ID_PATTERN, PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import CONDITION_WORDS, OFFERED, ROUTE, STATE_NAMES, STATES, STEP3_DUE
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError
from pipeline.sources.tabular.columns import blank_to_null
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

TABLE: Final = Layout("confirmations", "csv", "csv", ("program_code", "date", "how", "j1", "h1b", "step3", "note"))
MORE: Final = (
    "institution",
    "state",
    "step3_deadline",
    "conditions",
    "routes",
)  # columns that a file may have beside those
HOW: Final = {
    "email": "email", "e mail": "email", "mail": "letter", "letter": "letter", "phone": "phone", "telephone": "phone",
    "call": "phone", "phone call": "phone", "open house": "open_house", "openhouse": "open_house", "other": "other",
}  # fmt: skip
STANCE: Final = {
    "yes": "yes", "no": "no", "case by case": "case_by_case", "not stated": "not_stated", "": "not_stated",
}  # fmt: skip
STEP3: Final = {word: stance for word, stance in STANCE.items() if stance != "case_by_case"}
CALENDAR_DAY: Final = "calendar_day"
DEADLINES: Final = {word.replace("_", " "): word for word in STEP3_DUE if word != CALENDAR_DAY}
# Words of the vocabulary and how they are shown. A pause has a last day, which the note says.
CONDITIONS: Final = {
    text: word
    for word, shown in CONDITION_WORDS.items()
    if word != "paused_until"
    for text in (word.replace("_", " "), shown.casefold().replace("-", " "))
}
ROUTES: Final = {
    **{route.replace("_", " "): route for route in ROUTE},
    "abroad": ROUTE[0], "transfer": ROUTE[2], "extension": ROUTE[2],
}  # fmt: skip
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_STATE_CODES: Final = {name.title(): code for code, name in STATE_NAMES.items()}
_ABOUT: Final = ("program_code", "institution", "state")
_SAYS: Final = ("j1", "h1b", "step3_required_for_h1b", "step3_deadline", "conditions", "routes")


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `confirmations`: one row for each program or institution and day. Raises SourceError for whatever can't be read."""
    _known_columns(probe)
    own = {name: name for name in TABLE.columns}
    sieve = read_csv(probe, "confirmations", own, {name: name for name in MORE})
    if first := sieve.first_quarantined():
        line, reason = first
        raise SourceError(probe.name, reason, row=line, remedy="Put quotes around a note that has commas")
    # A line that says about whom, and nothing else, waits for an answer.
    sieve.leave_out((sieve.frame.drop(columns=list(_ABOUT), errors="ignore") == "").all(axis=1))
    sieve.require_rows()
    frame = sieve.frame
    about = _about(sieve)
    days = _days(sieve, hints)
    h1b = _words(sieve, "h1b", STANCE)
    step3 = _words(sieve, "step3", STEP3)
    table = pd.DataFrame(
        {
            **about,
            "confirmed_on": days,
            "how": _words(sieve, "how", HOW),
            "j1": _words(sieve, "j1", STANCE),
            "h1b": h1b,
            "step3_required_for_h1b": step3,
            **_deadlines(sieve, step3),
            "conditions": _several(sieve, "conditions", CONDITIONS, h1b),
            "routes": _several(sieve, "routes", ROUTES, h1b),
            "note": blank_to_null(frame["note"]),
        }
    )
    _one_a_day(sieve, table)
    return sieve.parsed({"confirmations": table.loc[sieve.frame.index]})


def _known_columns(probe: Probe) -> None:
    """Check that no column would be passed over in silence. Raises SourceError for one that is not known."""
    known = (*TABLE.columns, *MORE)
    for cell in (cell.strip() for cell in probe.header):
        if cell and cell not in known:
            raise SourceError(
                probe.name,
                f"unknown column {cell!r}",
                row=1,
                remedy=f"Name it one of {', '.join(known)}, or take it out",
            )


def _about(sieve: Sieve) -> dict[str, pd.Series]:
    """Return whom each line is about: about, program_code, institution and state, null where they don't apply.

    Raises SourceError for a line that names no program and no institution, or both, or either as nobody could find it.
    """
    frame = sieve.frame
    codes, names = frame["program_code"].str.upper(), frame["institution"]
    whole = codes == ""
    _stop(
        sieve,
        ~whole & ~codes.str.fullmatch(PROGRAM_CODE_PATTERN),
        "program_code",
        "Give the ten digits of the ACGME code, or its M and nine digits",
    )
    _stop(
        sieve,
        whole & (names == ""),
        "program_code",
        "Give the program's code, or leave it blank and name the institution",
    )
    _stop(
        sieve,
        ~whole & (names != ""),
        "institution",
        "Leave it blank beside a program_code, or the code for a whole institution",
    )
    ids = names.str.startswith("inst_")
    _stop(
        sieve,
        ids & ~names.str.fullmatch(INSTITUTION_ID_PATTERN),
        "institution",
        "Copy the id from a release, or write the name",
    )
    written = frame["state"].str.strip()
    states = written.str.upper().where(written.str.len() == 2, written.str.title().map(_STATE_CODES))
    _stop(sieve, (written != "") & ~states.isin(STATES), "state", "Write the two letters of the state")
    _stop(sieve, whole & ~ids & (written == ""), "state", "Give the state beside an institution's name")
    who = codes.mask(whole, names.where(ids, names + ", " + states.astype("str")))
    return {
        "about": who,
        "program_code": codes.mask(whole),
        "institution": names.where(whole),
        "state": states.where(whole & ~ids).astype("str"),
    }


def _days(sieve: Sieve, hints: Hints) -> pd.Series:
    cells = sieve.frame["date"]
    days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    _stop(
        sieve, days.isna() | ~cells.str.fullmatch(_DAY) | (days.dt.year < 1990), "date", "Write the day as YYYY-MM-DD"
    )
    future = days.dt.date > hints.last_day
    _stop(sieve, future, "date", "That day is still to come: write the day on which it was told")
    return days


def _deadlines(sieve: Sieve, step3: pd.Series) -> dict[str, pd.Series]:
    """Return step3_deadline as written, step3_due and step3_due_on. Raises SourceError for what is neither a point nor a day."""
    cells = _plain(sieve.frame["step3_deadline"])
    days = cells.str.replace(" ", "-").where(sieve.frame["step3_deadline"].str.fullmatch(_DAY))
    days = days.where(pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").notna())
    points = cells.map(DEADLINES).astype("str").mask(days.notna(), CALENDAR_DAY)
    choice = ", ".join(DEADLINES)
    _stop(sieve, (cells != "") & points.isna(), "step3_deadline", f"Write one of {choice}, or the day as YYYY-MM-DD")
    _stop(sieve, points.notna() & (step3 != "yes"), "step3_deadline", "Write yes under step3 where it has a deadline")
    written = days.fillna(cells.where(points.notna()))
    return {"step3_deadline": written, "step3_due": points, "step3_due_on": days}


def _several(sieve: Sieve, column: str, meanings: dict[str, str], h1b: pd.Series) -> pd.Series:
    """Return cells with words parted by semicolons as lists. Raises SourceError for an unknown word, and where no H-1B is given."""
    cells = sieve.frame[column]
    given = [[word for part in cell.split(";") if (word := _plain_text(part))] for cell in cells]
    unknown = pd.Series([any(word not in meanings for word in words) for words in given], index=cells.index)
    choice = ", ".join(dict.fromkeys(meanings.values()))
    _stop(sieve, unknown, column, f"Write some of {choice}, with semicolons between")
    some = pd.Series([bool(words) for words in given], index=cells.index)
    _stop(
        sieve, some & ~h1b.isin(OFFERED), column, "It is on an H-1B that is given: write yes or case by case under h1b"
    )
    order = list(dict.fromkeys(meanings.values()))
    meant = [sorted({meanings[word] for word in words}, key=order.index) for words in given]
    return pd.Series(meant, index=cells.index, dtype="object")


def _stop(sieve: Sieve, bad: pd.Series, column: str, remedy: str) -> None:
    """Check that `bad` holds in no line. Raises SourceError for the first where it does."""
    wrong = bad.to_numpy(dtype="bool")
    if wrong.any():
        place = int(wrong.argmax())
        raise SourceError(
            sieve.file,
            f"{column} is {sieve.frame[column].iloc[place]!r}",
            row=int(sieve.frame.index.to_numpy()[place]),
            remedy=remedy,
        )


def _words(sieve: Sieve, column: str, meanings: dict[str, str]) -> pd.Series:
    """Return cells as vocabulary; case, hyphens and underscores don't matter. Raises SourceError for an unknown word."""
    meant = _plain(sieve.frame[column]).map(meanings)
    choice = sorted(set(meanings.values()))
    _stop(sieve, meant.isna(), column, f"Write one of {', '.join(choice)}")
    return meant.astype("str")


def _plain(cells: pd.Series) -> pd.Series:
    return cells.map(_plain_text).astype("str")


def _plain_text(text: str) -> str:
    return re.sub(r"[\s_‐‑–-]+", " ", text.casefold()).strip()


def _one_a_day(sieve: Sieve, table: pd.DataFrame) -> None:
    """Keep one line for a program and day. Raises SourceError where two disagree: only a person knows which holds."""
    key = ["about", "confirmed_on"]
    answered = table.assign(conditions=table["conditions"].map(tuple), routes=table["routes"].map(tuple))
    again = answered.duplicated(key)
    differs = again & ~answered.duplicated([*key, *_SAYS])
    column = "program_code" if table.loc[differs, "program_code"].notna().any() else "institution"
    _stop(sieve, differs, column, "Two lines of one day say different things: keep the one that holds")
    sieve.reject(again, "the same is confirmed on the same day in a line before")


def _part_of(table: pd.DataFrame) -> pd.Series:
    return table["about"] + " " + pd.to_datetime(table["confirmed_on"]).dt.strftime("%Y-%m-%d")


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    # One part for each line: a second file adds to the first, and a corrected line replaces the line it corrects.
    return tuple(Part(name, 1, full=True) for name in sorted(_part_of(parsed.tables["confirmations"])))


SOURCE: Final = Source(
    id="confirmations",
    title="Confirmations",
    producer="the person who asked",
    url="",
    licence="your own notes",
    layouts=(TABLE,),
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("confirmations",),
    bounds=Bounds(1, 100_000, 0.5),
)

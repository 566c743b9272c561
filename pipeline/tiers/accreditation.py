"""Where a program stands with its accreditation, in one word, from the status and days that lists give.

What belongs here: telling new, warned, probationary and withdrawn programs from the others. Statuses as ACGME prints them are in
`pipeline/sources/acgme/rows.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

NEW, WARNING, PROBATION, WITHDRAWN, ACCREDITED, NOT_LISTED = (
    "new", "warning", "probation", "withdrawn", "accredited", "not_listed",
)  # fmt: skip
# ACGME decides on continued accreditation about two years after the first; a judgement, for lists that print no status.
NEW_MONTHS: Final = 24
# Words of a status, and what they mean; the first that is there counts.
_WORDS: Final = {
    "withdraw": WITHDRAWN,
    "withheld": WITHDRAWN,  # applied for and refused
    "probation": PROBATION,
    "warning": WARNING,
    "continued": ACCREDITED,
    "initial": NEW,
    "pre-accreditation": NEW,
    "applicant": NEW,
    "provisional": NEW,
    "future": NEW,
}


def accreditation_of(programs: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Return where each of `programs` stands, a word of ACCREDITATION, indexed as they are.

    programs: accreditation_status, original_accreditation_date, new_in_eras. A program without a status is new where ERAS calls it
    so, or where it was first accredited within NEW_MONTHS before `as_of` or later; else not_listed: no list at hand says.
    """
    status = programs["accreditation_status"].str.casefold()
    named = [status.str.contains(word, regex=False).fillna(False).to_numpy(dtype="bool") for word in _WORDS]
    first = pd.to_datetime(programs["original_accreditation_date"])
    lately = (first >= as_of - pd.DateOffset(months=NEW_MONTHS)).fillna(False) | programs["new_in_eras"].fillna(False)
    silent = status.isna().to_numpy()
    word = np.select(
        [silent & lately.to_numpy(dtype="bool"), silent, *named], [NEW, NOT_LISTED, *_WORDS.values()], ACCREDITED
    )
    return pd.Series(word, index=programs.index, dtype="str")

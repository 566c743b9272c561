"""Rows of programs and of participating sites to typed columns, whatever form of ACGME's lists they were read from.

What belongs here: ACGME's own codes, statuses and days. How each form is read is in the modules beside this one.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.tabular.columns import (
    blank_to_null,
    mend_names,
    required,
    single_spaces,
    stop_at_unknown,
    unique,
    web_addresses,
    zip_codes,
)
from pipeline.sources.tabular.sieve import Sieve

STATUSES: Final = (
    "Initial Accreditation", "Initial Accreditation with Warning", "Initial Accreditation - Contingent",
    "Continued Accreditation", "Continued Accreditation with Warning", "Continued Accreditation without Outcomes",
    "Probationary Accreditation", "Accreditation with Warning", "Accreditation Withheld", "Accreditation Withdrawn",
    "Accreditation Withdrawn under Special Circumstances", "Withdrawal of Accreditation",
    "Withdrawal of Accreditation under Special Circumstances", "Administrative Withdrawal",
    "Administrative Withdrawal of Accreditation", "Expedited Withdrawal", "Expedited Withdrawal of Accreditation",
    "Voluntary Withdrawal", "Voluntary Withdrawal of Accreditation", "Pre-Accreditation", "Initial Pre-Accreditation",
    "Continued Pre-Accreditation", "Pre-Accreditation Withdrawn", "Pre-Accreditation Withdrawal",
    "Applicant for Initial Accreditation", "Applicant for Accreditation", "Full Accreditation",
    "Provisional Accreditation", "Accreditation", "Accredited", "Future Accreditation", "Unaccredited Combined",
)  # fmt: skip
_STATUS_BY_FOLD = {status.casefold(): status for status in STATUSES}
_SPONSOR_CODE: Final = r"\d{2}[0-9A-Z]\d{3}"
_PROGRAM_CODE: Final = r"\d{10}"
_COMBINED_CODE: Final = r"M\d{9}"


def programs_of(sieve: Sieve) -> pd.DataFrame:
    """Return the sieve's rows as table acgme_programs, texts null where blank.

    Rows without code or name, with a broken code, ZIP or day, and second rows of a program are quarantined. Raises SourceError
    for an unknown status and where no row is left.
    """
    for name in ("program_name", "sponsor_name", "specialty"):
        if name in sieve.frame:
            mend_names(sieve, name)
            single_spaces(sieve, name)
    combined = sieve.frame["program_code"].str.fullmatch(_COMBINED_CODE)
    sieve.reject(
        combined, "a combined program, with a code of M and nine digits; only codes of ten digits have a specialty"
    )
    sieve.reject(~sieve.frame["program_code"].str.fullmatch(_PROGRAM_CODE), "program code is not ten digits")
    required(sieve, "program_name", "program name")
    unique(sieve, "program_code", "program")
    _statuses(sieve)
    if "sponsor_code" in sieve.frame:
        _codes(sieve, "sponsor_code", required=False)
    zip_codes(sieve, "zip")
    for name in ("effective_date", "original_accreditation_date"):
        if name in sieve.frame:
            days = _days(sieve.frame[name])
            sieve.reject(days.isna() & (sieve.frame[name] != ""), f"no day in {name}")
            sieve.frame[name] = days[sieve.frame.index]
    sieve.require_rows()
    programs = sieve.frame.copy()
    if "website" in programs:
        websites = web_addresses(programs["website"])
        programs["website"] = websites.where(websites.str.match(r"(?i:https?)://[^\s/]+\S*$"), "")
    for name in programs.columns:
        if isinstance(programs[name].dtype, pd.StringDtype):
            programs[name] = blank_to_null(programs[name])
    return programs


def sites_of(sieve: Sieve) -> pd.DataFrame:
    """Return the sieve's rows as table acgme_participating_sites; broken codes, nameless and repeated sites are quarantined."""
    single_spaces(sieve, "site_name")
    sieve.reject(~sieve.frame["program_code"].str.fullmatch(_PROGRAM_CODE), "program code is not ten digits")
    _codes(sieve, "site_code", required=True)
    _codes(sieve, "sponsor_code", required=False)
    required(sieve, "site_name", "site name")
    sieve.reject(sieve.frame.duplicated(["program_code", "site_code"]), "a second row for the same site of a program")
    sites = sieve.frame.copy()
    sites["sponsor_code"] = blank_to_null(sites["sponsor_code"])
    return sites


def _codes(sieve: Sieve, column: str, *, required: bool) -> None:
    """Make institution codes upper case and quarantine rows with a broken one, if `required` with a blank one, too."""
    sieve.frame[column] = sieve.frame[column].str.upper()
    blank = sieve.frame[column] == ""
    fits = sieve.frame[column].str.fullmatch(_SPONSOR_CODE)
    sieve.reject(~fits if required else ~fits & ~blank, f"{column} is no ACGME institution code")


def _statuses(sieve: Sieve) -> None:
    """Give accreditation statuses ACGME's spelling. Raises SourceError for an unknown one: it may be a misread cell."""
    single_spaces(sieve, "accreditation_status")
    cells = sieve.frame["accreditation_status"]
    # A transition is in brackets: `Continued Accreditation (Continued Pre-Accreditation)`.
    known = cells.str.replace(r"\s*\([^()]*\)$", "", regex=True).str.casefold().map(_STATUS_BY_FOLD)
    strange = known.isna() & (cells != "")
    stop_at_unknown(sieve, "accreditation_status", strange, "accreditation status")
    sieve.frame["accreditation_status"] = known.fillna("").astype("str")


def _days(cells: pd.Series) -> pd.Series:
    """Return days printed as 07/01/2024, 2024-07-01, July 1, 2024 or Jul 01, 2024; NaT for anything else."""
    tidy = cells.str.replace(r"\s+", " ", regex=True).str.replace(r"(\d)(?:st|nd|rd|th)\b", r"\1", regex=True)
    days = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y"):
        days = days.fillna(pd.to_datetime(tidy, format=form, errors="coerce").astype("datetime64[s]"))
    return days

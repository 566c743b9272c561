"""Rows of programs and of participating sites to typed columns, whatever form of ACGME's lists they were read from.

What belongs here: ACGME's own codes, statuses and days. How each form is read is in the modules beside this one.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.sources.tabular.columns import (
    TIME_OF_DAY,
    blank_to_null,
    mend_names,
    required,
    set_unknown_aside,
    single_spaces,
    unique,
    web_addresses,
    zip_codes,
)
from pipeline.sources.tabular.sieve import Sieve
from pipeline.specialties.recognise import canonical_specialty

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
# Short forms that compiled tables have.
_SHORT: Final = {
    "initial": "Initial Accreditation", "continued": "Continued Accreditation", "probation": "Probationary Accreditation",
    "probationary": "Probationary Accreditation", "warning": "Accreditation with Warning", "withdrawn": "Accreditation Withdrawn",
    "voluntarily withdrawn": "Voluntary Withdrawal", "initial accreditation w/ warning": "Initial Accreditation with Warning",
    "continued accreditation w/ warning": "Continued Accreditation with Warning",
    "continued accreditation w/o outcomes": "Continued Accreditation without Outcomes",
}  # fmt: skip
_STATUS_BY_FOLD = {status.casefold(): status for status in STATUSES} | _SHORT
_SPONSOR_CODE: Final = r"\d{2}[0-9A-Z]\d{3}"
_NO_CODE: Final = "program code is not ten digits, nor M and nine"
_YES_NO: Final = {"yes": True, "no": False}


def programs_of(sieve: Sieve) -> pd.DataFrame:
    """Return the sieve's rows as table acgme_programs, texts null where blank.

    A specialty code is the beginning of the program code; where that has none, the list's own, else that of the specialty named.
    Rows without code or name, with a broken code, ZIP or day, and second rows of a program are quarantined. Raises SourceError
    for an unknown status and where no row is left.
    """
    for name in ("program_name", "sponsor_name", "specialty"):
        if name in sieve.frame:
            mend_names(sieve, name)
            single_spaces(sieve, name)
            # Tables that went through a database double the apostrophes of names.
            sieve.frame[name] = sieve.frame[name].str.replace("''", "'", regex=False)
    _program_codes(sieve)
    required(sieve, "program_name", "program name")
    unique(sieve, "program_code", "program")
    _statuses(sieve)
    if "sponsor_code" in sieve.frame:
        _codes(sieve, "sponsor_code", required=False)
    zip_codes(sieve, "zip")
    if "preliminary_positions" in sieve.frame:
        cells = sieve.frame["preliminary_positions"].str.casefold()
        sieve.frame["preliminary_positions"] = cells.map(_YES_NO).astype("boolean")
    for name in ("effective_date", "original_accreditation_date"):
        if name in sieve.frame:
            days = _days(sieve.frame[name])
            sieve.reject(days.isna() & (sieve.frame[name] != ""), f"no day in {name}")
            sieve.frame[name] = days[sieve.frame.index]
    sieve.require_rows()
    programs = sieve.frame.assign(specialty_code=_specialty_codes(sieve.frame))
    if "website" in programs:
        websites = web_addresses(programs["website"])
        programs["website"] = websites.where(websites.str.match(r"(?i:https?)://[^\s/]+\S*$"), "")
    for name in programs.columns:
        if isinstance(programs[name].dtype, pd.StringDtype):
            programs[name] = blank_to_null(programs[name])
    return programs


def sponsors_of(programs: pd.DataFrame) -> pd.DataFrame:
    """Return table acgme_sponsors of a file's programs: those for which it states a sponsor, by code or by name."""
    stated = programs.reindex(columns=["program_code", "sponsor_code", "sponsor_name", "list_year"])
    return stated.dropna(subset=["sponsor_code", "sponsor_name"], how="all").reset_index(drop=True)


def sites_of(sieve: Sieve) -> pd.DataFrame:
    """Return the sieve's rows as table acgme_participating_sites; broken codes, nameless and repeated sites are quarantined."""
    single_spaces(sieve, "site_name")
    _program_codes(sieve)
    _codes(sieve, "site_code", required=True)
    _codes(sieve, "sponsor_code", required=False)
    required(sieve, "site_name", "site name")
    sieve.reject(sieve.frame.duplicated(["program_code", "site_code"]), "a second row for the same site of a program")
    sites = sieve.frame.copy()
    sites["sponsor_code"] = blank_to_null(sites["sponsor_code"])
    return sites


def is_status(text: str) -> bool:
    """Decide whether a text is one of ACGME's accreditation statuses, whatever its case."""
    return text.casefold() in _STATUS_BY_FOLD


def _program_codes(sieve: Sieve) -> None:
    """Make program codes upper case and quarantine rows with a broken one."""
    sieve.frame["program_code"] = sieve.frame["program_code"].str.upper()
    sieve.reject(~sieve.frame["program_code"].str.fullmatch(PROGRAM_CODE_PATTERN), _NO_CODE)


def _specialty_codes(frame: pd.DataFrame) -> pd.Series:
    codes = frame["program_code"].str.slice(0, 3)
    lettered = frame["program_code"].str.startswith("M")
    if not lettered.any():
        return codes
    rows = frame[lettered]
    stated = rows["specialty_code"] if "specialty_code" in rows else pd.Series("", index=rows.index, dtype="str")
    named = rows.get("specialty", stated)
    known = canonical_specialty(named)["specialty_code"]
    return codes.mask(lettered, stated.where(stated.str.fullmatch(r"\d{3}")).fillna(known).reindex(codes.index))


def _codes(sieve: Sieve, column: str, *, required: bool) -> None:
    """Make institution codes upper case and quarantine rows with a broken one, if `required` with a blank one, too."""
    sieve.frame[column] = sieve.frame[column].str.upper()
    blank = sieve.frame[column] == ""
    fits = sieve.frame[column].str.fullmatch(_SPONSOR_CODE)
    sieve.reject(~fits if required else ~fits & ~blank, f"{column} is no ACGME institution code")


def known_statuses(cells: pd.Series) -> pd.Series:
    """Return accreditation statuses in ACGME's spelling; null for a blank and for an unknown one."""
    # A transition is in brackets: `Continued Accreditation (Continued Pre-Accreditation)`.
    return cells.str.replace(r"\s*\([^()]*\)$", "", regex=True).str.casefold().map(_STATUS_BY_FOLD)


def _statuses(sieve: Sieve) -> None:
    """Give accreditation statuses ACGME's spelling. Raises SourceError for an unknown one: it may be a misread cell."""
    single_spaces(sieve, "accreditation_status")
    cells = sieve.frame["accreditation_status"]
    known = known_statuses(cells)
    strange = known.isna() & (cells != "")
    set_unknown_aside(sieve, "accreditation_status", strange, "accreditation status", tolerated=0)
    sieve.frame["accreditation_status"] = known.fillna("").astype("str")


def _days(cells: pd.Series) -> pd.Series:
    """Return days printed as 07/01/2024, 2024-07-01, July 1, 2024 or Jul 01, 2024, a time behind them or not; NaT for anything else."""
    tidy = cells.str.replace(r"\s+", " ", regex=True).str.replace(r"(\d)(?:st|nd|rd|th)\b", r"\1", regex=True)
    tidy = tidy.str.replace(TIME_OF_DAY, "", regex=True)
    days = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y"):
        days = days.fillna(pd.to_datetime(tidy, format=form, errors="coerce").astype("datetime64[s]"))
    return days

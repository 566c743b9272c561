"""Fields, and runs of fields, that several tables share: each is described once, here.

What belongs here: what tables of more than one room say in the same words. A field of one table is in that table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.schemas.model import Field, Table, count, day, flag, number, structs, text, texts, year
from pipeline.schemas.vocabulary import (
    CONDITION,
    MATCH_TRACK,
    PETITION_TYPES,
    REDIRECT_KIND,
    ROUTE,
    STATES,
    STEP3_DUE,
    YES_NO_NOT_STATED,
)

PETITIONER_ID: Final = text(
    "petitioner_id", "Stable id of the petitioner: hash of its raw identifying values", required=True
)
INSTITUTION_ID_PATTERN: Final = "inst_[0-9a-f]{16}"
INSTITUTION_ID: Final = text(
    "institution_id", "Stable id of the institution: hash of its raw identifying values", required=True
)
# Ten digits, of which the first three are the specialty; or, for combined programs, M and nine digits, which name none.
PROGRAM_CODE_PATTERN: Final = r"\d{10}|M\d{9}"
PROGRAM_CODE: Final = text("program_code", "ACGME program code", required=True, pattern=PROGRAM_CODE_PATTERN)
SPECIALTY_CODE: Final = text(
    "specialty_code",
    "ACGME specialty code: the first three digits of the program code; of codes with M that of the named specialty, else null",
    pattern=r"\d{3}",
)
SPONSOR_NAME: Final = text("sponsor_name", "Sponsoring institution's name as printed")
LIST_YEAR: Final = year("list_year", "Year of the list the row comes from, where the source says so")
SPONSOR_CODE: Final = text("sponsor_code", "Sponsoring institution's ACGME code", pattern=r"\d{2}[0-9A-Z]\d{3}")
SNAPSHOT_ID: Final = text("snapshot_id", "Snapshot the row comes from", required=True)
# Filled when the snapshot is loaded: what a reader alone yields has no snapshot yet.
SNAPSHOT_OF_ROW: Final = text("snapshot_id", "Snapshot the row comes from")

STATE: Final = text("state", "Two-letter postal code of the state", allowed=STATES)
CITY: Final = text("city", "City as the source prints it")
ZIP: Final = text("zip", "ZIP code, five digits or ZIP+4 as printed", pattern=r"\d{5}(-?\d{4})?")
PLACE: Final = (CITY, STATE, ZIP)
GRADUATE_SHARES: Final[tuple[Field, ...]] = tuple(
    number(
        name,
        f"Share of graduates of {schools} among its trainees, as the program answered",
        unit="percent",
        minimum=0,
        maximum=100,
    )
    for name, schools in (
        ("img_percent", "schools abroad"),
        ("do_percent", "osteopathic schools"),
        ("us_md_percent", "allopathic schools of the US"),
    )
)
MATCH_TRACKS: Final = structs(
    "match_tracks",
    "Positions by kind in the newest Match known (NRMP); the figures of positions_offered_in_match leave preliminary ones out",
    MATCH_TRACK,
)
METRO_AREA: Final = text("metro_area", "Core-based statistical area of the city")

FACILITY: Final[tuple[Field, ...]] = (
    text("facility_id", "CMS certification number, six characters", required=True, pattern=r"[0-9A-Z]{6}"),
    text("name", "Facility name", required=True),
    *PLACE,
)

ERAS_STATUS: Final = text("eras_status", "Status in ERAS' list of participating programs, as printed")
# A program as the lists of ACGME describe it.
ACGME_PROGRAM: Final[tuple[Field, ...]] = (
    PROGRAM_CODE,
    text("program_name", "Program name as printed", required=True),
    SPECIALTY_CODE,
    text("specialty", "Specialty name as printed"),
    SPONSOR_CODE,
    SPONSOR_NAME,
    *PLACE,
    text("accreditation_status", "Accreditation status as printed"),
    day("effective_date", "Effective date of the status"),
    day("original_accreditation_date", "Original accreditation date"),
    count("positions_approved", "Total approved resident positions", required=False),
    count("positions_filled", "Total filled resident positions", required=False),
    flag("preliminary_positions", "Whether the program offers preliminary positions, where report 1 says so"),
    ERAS_STATUS,
    flag("new_in_eras", "Whether ERAS' list marks it as a new program; null where it is in no such list"),
    text("website", "Program website"),
    LIST_YEAR,
)

REDIRECT: Final[tuple[Field, ...]] = (
    text("old_id", "Id in earlier releases", required=True),
    text("new_id", "Id that stands for it now", required=True),
    text(
        "kind",
        "merged: what it meant is now part of the new id; split: the old id means several now, one of them the new id",
        required=True,
        allowed=REDIRECT_KIND,
    ),
)

PETITIONER_SITE_ID: Final = text(
    "petitioner_site_id",
    "Stable id of the petitioner site: hash of employer, tax id, state and city, the grain at which petitions are linked",
    required=True,
)
SITE_OF_PETITIONER: Final[tuple[Field, ...]] = (
    text("employer", "Petitioner as printed", required=True),
    text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
    text("state", "State of the petitioner", allowed=STATES),
    text("city", "City of the petitioner"),
    PETITIONER_SITE_ID,
)

# An employer of the Department of Labor's disclosures.
EMPLOYER_TRADE_NAME_AND_CITY: Final[tuple[Field, ...]] = (
    text("trade_name_dba", "Employer's trade name"),
    text("employer_city", "Employer's city"),
)
EMPLOYER_NUMBERS: Final[tuple[Field, ...]] = (
    text("employer_fein", "Employer's EIN, nine digits", pattern=r"\d{9}"),
    text("naics", "NAICS code as filed"),
)

PETITION_DECISIONS: Final[tuple[Field, ...]] = (
    count("initial_approvals", "Approved petitions for initial employment"),
    count("initial_denials", "Denied petitions for initial employment"),
    count("continuing_approvals", "Approved petitions for continuing employment"),
    count("continuing_denials", "Denied petitions for continuing employment"),
)


def petitions_by_type(note: str = "") -> tuple[Field, ...]:
    """Return the counts of petitions by type and outcome, in the order of PETITION_TYPES; `note` ends each description."""
    return tuple(
        count(f"{kind}_{outcome}", f"{kind.replace('_', ' ').capitalize()} petitions, {outcome}{note}", required=False)
        for kind in PETITION_TYPES
        for outcome in ("approvals", "denials")
    )


def stated_terms(step_3: str) -> tuple[Field, ...]:
    """Return what is stated beside the stances on the two visas; `step_3` describes the first field."""
    return (
        text("step3_required_for_h1b", step_3, required=True, allowed=YES_NO_NOT_STATED),
        text("step3_deadline", "When Step 3 must be passed, as stated"),
        text("step3_due", "The same as a point of the cycle, where the words name one", allowed=STEP3_DUE),
        text(
            "step3_due_on",
            "The day, where they name one: YYYY-MM-DD, or --MM-DD where they name no year",
            pattern=r"(\d{4}|-)-\d{2}-\d{2}",
        ),
        texts("conditions", "Terms on which an H-1B is given", allowed=CONDITION),
        texts(
            "routes",
            "Routes to an H-1B that these terms leave open; empty where they limit none, which is no statement on any",
            allowed=ROUTE,
        ),
        day("paused_until", "Last day on which no new petitions are filed, where the no is a dated one"),
    )


def with_snapshots(*tables: Table) -> tuple[Table, ...]:
    """Return the tables, each with the snapshot that a row comes from: every parsed row knows it."""
    return tuple(
        table if "snapshot_id" in table.columns else replace(table, fields=(*table.fields, SNAPSHOT_OF_ROW))
        for table in tables
    )

"""Tables that commands answer with: made from a release for one question, so they are in no release and no registry."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import INSTITUTION_ID, METRO_AREA, PROGRAM_CODE
from pipeline.schemas.model import Table, count, day, flag, text, texts
from pipeline.schemas.recent_periods import RECENT_MONTHS
from pipeline.schemas.shortlist import listed
from pipeline.schemas.vocabulary import STATES, TRAINEE_LEVEL

_RECEIVED: Final = {
    "before_payment": "before a payment with new petitions through a consulate was demanded",
    "payment_demanded": "while it was demanded",
    "payment_suspended": "while it was suspended",
    "not_known": "on a day that is not known",
}

CHANGED: Final = Table(
    "changes",
    "What the list says of a program otherwise than an earlier release did.",
    (
        PROGRAM_CODE,
        text("change", "What changed", required=True),
        text("before", "What the earlier release said; null where it did not have the program"),
        text("now", "What this one says"),
        *listed("specialty", "institution", "state", "evidence_url"),
    ),
)
FILED: Final = Table(
    "filings",
    "Labor condition applications for trainees, counted for each institution, specialty and level.",
    (
        text("institution", "Institution; where the employer is linked to none, the employer", required=True),
        text("institution_id", "Stable id of the institution; null where the employer is linked to none"),
        text("city", "City of the institution"),
        text("state", "State of the institution, else of the worksite", allowed=STATES),
        METRO_AREA,
        count(
            "files_for",
            "Institutions of the list for which such an employer files: 0 where none is known; null where it is linked to one",
            required=False,
        ),
        text("specialty", "Specialty that the title names; null where it names none"),
        text("level", "resident, fellow or trainee_unspecified", required=True, allowed=TRAINEE_LEVEL[:3]),
        count("filings", "Applications at hand"),
        count("recent", f"Of these, with a begin date within {RECENT_MONTHS} months before as_of, or later"),
        *(count(name, f"Of these, received {when}") for name, when in _RECEIVED.items()),
        day("newest_start", "Newest begin date among them"),
        texts("employers", "Employers that filed, the commonest first, three at most"),
        texts("titles", "Job titles, the commonest first, three at most"),
    ),
)
CONTACTS: Final = Table(
    "contact_list",
    "Letters to institutions with programs that need confirmation.",
    (
        INSTITUTION_ID,
        *listed("institution"),
        texts("program_codes", "Programs that it asks about"),
        texts("known", "What the list says of each, at a glance"),
        texts("websites", "Websites of the programs"),
        texts("contact", "Whether they were asked, and answered"),
        texts("unclear", "What is not known, the most important first"),
        text("subject", "Subject line of the letter", required=True),
        text("letter", "The letter", required=True),
        text(
            "mailto",
            "Link that opens the letter in a mail program; where a link can't hold it all, a shorter one",
            required=True,
        ),
        texts("guide", "Sections of the guide that answer what is open"),
        flag("sample", "Whether the list is of a sample", required=True),
    ),
)

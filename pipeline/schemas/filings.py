"""Tables of labor condition applications that are for trainees: as they were read, and as they are published."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline.schemas.fields import SNAPSHOT_ID
from pipeline.schemas.model import Field, Table, count, day, flag, number, refers, text, texts
from pipeline.schemas.vocabulary import CONFIDENCE, EMPLOYMENT, PAYMENT_REGIME, RELATION, STATES, TRAINEE_LEVEL

_APPLICATION: Final[tuple[Field, ...]] = (
    text("filing_id", "Stable id: hash of the case number, or of the row where there is none", required=True),
    text("case_number", "Case number; null in the embedded sample"),
    text("employer", "Employer's legal name", required=True),
    text("trade_name_dba", "Trade name"),
    text("job_title", "Job title as filed", required=True),
    text("level", "resident, fellow or trainee_unspecified", required=True, allowed=TRAINEE_LEVEL[:3]),
    Field("pgy", pa.int64(), "Postgraduate year in the title", minimum=1, maximum=10),
    text("specialty", "ACGME specialty the title names"),
    text("specialty_code", "ACGME specialty code", pattern=r"\d{3}"),
    text("soc_code", "SOC code"),
    day("received_date", "Day on which the Department of Labor received it, as printed or in the case number"),
    text(
        "payment_regime",
        "What a new petition through a consulate cost on that day (reference/law/regimes.csv); not_known where the day isn't, and the six months before begin_date are of several regimes",
        required=True,
        allowed=PAYMENT_REGIME,
    ),
    day("begin_date", "First day of the intended employment"),
    number("annual_wage", "Lower end of the offered wage by the year", unit="USD per year", minimum=0),
    count("workers", "Workers covered"),
    text(
        "employment",
        "new (concurrent, too), change_of_employer, continuing (extensions, changes, amendments) or several; null where the layout doesn't say",
        allowed=EMPLOYMENT,
    ),
    text("pw_case_number", "Case number of the prevailing wage determination relied on, where one is named"),
    text("worksite_city", "City of the worksite"),
    text("worksite_state", "State of the worksite", allowed=STATES),
)

FILINGS: Final[tuple[Table, ...]] = (
    Table(
        "trainee_applications",
        "Labor condition applications whose title says resident, fellow or trainee, before it is known whose they are: `trainee_filings` is made of them.",
        (
            *_APPLICATION,
            text("employer_state", "State of the employer", allowed=STATES),
            flag("full_time", "Full-time position"),
            text("secondary_entity_name", "Other body at whose site the work is done"),
            text(
                "confidence",
                "Confidence of the title alone that a trainee physician is meant",
                required=True,
                allowed=CONFIDENCE,
            ),
            texts("evidence", "What in the title supports or contradicts the reading"),
            SNAPSHOT_ID,
        ),
        ("filing_id",),
        foreign_keys=(refers("snapshot_id", "snapshots"),),
    ),
    Table(
        "trainee_filings",
        "Labor condition applications whose title says resident, fellow or trainee. An application is neither a petition nor a visa.",
        (
            *_APPLICATION,
            text("institution_id", "Institution the employer is linked to"),
            text("relation", "Relation of the employer to the institution", allowed=RELATION),
            texts(
                "possible_institution_ids",
                "Institutions of the list for which the employer files where nothing decides between them: the application is attributed to none; empty otherwise",
            ),
            text("confidence", "Confidence that a trainee physician is meant", required=True, allowed=CONFIDENCE),
            texts("evidence", "What in the row supports or contradicts the reading"),
            SNAPSHOT_ID,
        ),
        ("filing_id",),
        foreign_keys=(
            refers("institution_id", "institutions"),
            refers("snapshot_id", "snapshots"),
        ),
    ),
)

"""The table that `h1b-sponsors shortlist` answers with: made for one applicant, so it is in no release and no registry."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.model import Field, Table, count, day, number, text, texts
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import CONTACT, LIGHT

CRITERIA: Final = ("visa_fit", "evidence_strength", "recency", "place", "specialty_fit", "size", "img_share")
_MEANINGS: Final = {
    "visa_fit": "How well the acceptable visas fit what is stated and observed",
    "evidence_strength": "How strong the evidence for that is",
    "recency": "How new the evidence for that is",
    "place": "Whether it is where the applicant wants to be",
    "specialty_fit": "Whether it is what the applicant wants to do",
    "size": "Positions beside the median of the specialty",
    "img_share": "How large the share of graduates of schools abroad is among its trainees",
}


def listed(*names: str) -> tuple[Field, ...]:
    """Return fields of the sponsor list, as they are described there."""
    described = table("functional_h1b_sponsors")
    return tuple(described.field(name) for name in names)


SHORTLIST: Final = Table(
    "shortlist",
    "Programs as one applicant's profile orders them.",
    (
        text("light", "green, yellow or red", required=True, allowed=LIGHT),
        number("score", "Weighted mean of the parts; an unknown part counts 2.5", required=True, minimum=1, maximum=5),
        number("score_low", "The same if every unknown part were 1", required=True, minimum=1, maximum=5),
        number("score_high", "The same if every unknown part were 5", required=True, minimum=1, maximum=5),
        *(number(name, f"{_MEANINGS[name]}: 1 to 5, blank where unknown", minimum=1, maximum=5) for name in CRITERIA),
        texts("why", "What each part was given for"),
        texts("must_haves", "Each must-have with yes, no or unknown"),
        texts("ask", "What to ask the program before relying on the row"),
        count("interest", "Own interest, 1 to 5, where it is noted", required=False),
        text("notes", "Own notes"),
        text("contact", "to_ask, asked or answered, by own_letters.csv and confirmations; blank: nothing to ask", allowed=CONTACT),
        day("asked_on", "Day on which it was last asked"),
        day("answered_on", "Day of its last answer"),
        *listed(
            "program_code", "program_name", "specialty", "institution", "city", "state", "metro_area",
            "visa_category", "h1b_stated", "j1_stated", "step3_required_for_h1b", "step3_deadline", "step3_due", "step3_due_on",
            "sponsor_tier", "tier_confidence", "sponsoring_likelihood", "sponsoring_likelihood_low",
            "sponsoring_likelihood_high", "tier_reasons", "cap_exempt_category", "cap_exempt_petitioner",
            "trainee_filings_same_specialty_recent", "trainee_filings_any_specialty_recent", "latest_trainee_filing",
            "positions_approved", "positions_offered_in_match", "match_year", "track_kinds", "img_percent",
            "graduates_answered_on", "accreditation", "accreditation_status", "list_year", "website",
            "evidence_quote", "evidence_url", "evidence_scope", "evidence_kind", "evidence_date", "evidence_saved_on", "conditions",
            "routes", "paused_until", "state_freeze", "state_freeze_until", "as_of", "release_id",
        ),
    ),
    ("program_code",),
)  # fmt: skip

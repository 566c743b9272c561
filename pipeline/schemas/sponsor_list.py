"""The table that all is for: the functional H-1B sponsor list, one row for each accredited program."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import (
    ERAS_STATUS,
    GRADUATE_SHARES,
    INSTITUTION_ID,
    MATCH_TRACKS,
    METRO_AREA,
    PROGRAM_CODE,
    SPECIALTY_CODE,
    stated_terms,
)
from pipeline.schemas.likelihood import LIKELIHOOD
from pipeline.schemas.model import Table, count, day, flag, number, refers, structs, text, texts, year
from pipeline.schemas.recent_periods import RECENT_MONTHS
from pipeline.schemas.vocabulary import (
    ACCREDITATION,
    CAP_EXEMPT_CATEGORY,
    CONFIDENCE,
    DIRECTORY,
    EVIDENCE_KIND,
    EVIDENCE_SCOPE,
    FILINGS_BY_REGIME,
    PETITIONER,
    RELATED_PROGRAM,
    SPONSOR_TIER,
    STATES,
    VISA_CATEGORY,
    VISA_POLICY,
    VISA_STANCE,
)

SPONSOR_LIST: Final[tuple[Table, ...]] = (
    Table(
        "functional_h1b_sponsors",
        "The functional H-1B sponsor list: one row for each accredited program.",
        (
            PROGRAM_CODE,
            text("program_name", "Program name", required=True),
            text("specialty", "Specialty"),
            SPECIALTY_CODE,
            INSTITUTION_ID,
            text("institution", "Sponsoring institution", required=True),
            text("city", "City"),
            text("state", "State", allowed=STATES),
            METRO_AREA,
            count("positions_approved", "Approved positions, where known", required=False),
            count("positions_filled", "Filled positions, where known", required=False),
            count("positions_offered_in_match", "Positions offered in the newest Match known (NRMP)", required=False),
            count("positions_matched", "Positions filled in the newest Match known (NRMP)", required=False),
            year("match_year", "Year of that Match"),
            MATCH_TRACKS,
            texts(
                "track_kinds",
                "Kinds of positions that it is known to have: those of match_tracks, preliminary where ACGME's report says so, transitional for transitional years; one that is missing isn't known",
            ),
            text("accreditation_status", "Accreditation status as listed"),
            text(
                "accreditation",
                "The status in one word: accredited, new, warning, probation, withdrawn; not_listed: the program is in the list, and no list at hand tells its status",
                required=True,
                allowed=ACCREDITATION,
            ),
            ERAS_STATUS,
            year("list_year", "Year of the ACGME list the row comes from"),
            text("website", "Program website"),
            *GRADUATE_SHARES,
            day("graduates_answered_on", "Day of that answer, else the day on which its page was saved"),
            text("graduates_answered_in", "Directory that it is in", allowed=DIRECTORY),
            text(
                "visa_category",
                "What h1b_stated and j1_stated make together: A both or H-1B, B H-1B case by case, J the J-1 is accepted and the H-1B left open, C J-1 only (the H-1B is denied), D no H-1B and nothing stated of the J-1, N none, ? needs confirmation",
                required=True,
                allowed=VISA_CATEGORY,
            ),
            text(
                "h1b_stated",
                "What is stated on H-1B at this program; not_stated also where others decide, which is no no",
                required=True,
                allowed=VISA_STANCE,
            ),
            text("j1_stated", "What is stated on J-1", required=True, allowed=VISA_STANCE),
            text(
                "policy",
                "Stated policy in one word; j1_only also where the J-1 is the only visa named: whether the H-1B is denied, h1b_stated says",
                required=True,
                allowed=VISA_POLICY,
            ),
            *stated_terms("Whether Step 3 is required for an H-1B"),
            text("evidence_quote", "The sentences that state it", prose=True),
            text("evidence_url", "Where it is stated"),
            text(
                "evidence_scope",
                "Whose policy it is; other_program: a page of another department on the whole institution, which counts after the office's own and is to be confirmed",
                allowed=EVIDENCE_SCOPE,
            ),
            day(
                "evidence_date",
                "Date that the statement gives for itself: of the page, the answer, the talk; null where it gives none. The day on which a page was saved is no date of it",
            ),
            day("evidence_saved_on", "Day on which its page was saved; null for what was restated or told"),
            day(
                "evidence_last_changed_on",
                "Day of the last change that the page's server named: what it says is no newer, and may be older",
            ),
            text("evidence_kind", "page, restated, confirmed or directory (self-reported)", allowed=EVIDENCE_KIND),
            text("evidence_snapshot", "Snapshot that holds it"),
            text(
                "petition_years", "The last three full fiscal years, e.g. 2020-2022; null where no full year is at hand"
            ),
            count(
                "initial_approvals",
                "Initial approvals of petitioners that are the same as the institution, in petition_years",
                required=False,
            ),
            count("continuing_approvals", "Continuing approvals of the same, in petition_years", required=False),
            count(
                "affiliate_initial_approvals",
                "Initial approvals of affiliated petitioners that are attributed, in petition_years",
                required=False,
            ),
            count(
                "affiliate_continuing_approvals", "Continuing approvals of the same, in petition_years", required=False
            ),
            count(
                "trainee_filings_same_specialty",
                "LCAs for trainees of this specialty filed by the institution's petitioners",
                required=False,
            ),
            count(
                "trainee_filings_any_specialty",
                "LCAs for trainees of any specialty filed by the institution's petitioners",
                required=False,
            ),
            count(
                "trainee_filings_same_specialty_recent",
                f"Those of the same specialty that begin within {RECENT_MONTHS} months before as_of, or later",
                required=False,
            ),
            count(
                "trainee_filings_any_specialty_recent",
                f"Those of any specialty that begin within {RECENT_MONTHS} months before as_of, or later",
                required=False,
            ),
            number(
                "trainee_filings_same_specialty_peak",
                f"The most of the same specialty in one half of a federal fiscal year; one that begins earlier than {RECENT_MONTHS} months before as_of counts half for each further year",
                minimum=0,
            ),
            number("trainee_filings_any_specialty_peak", "The same of any specialty", minimum=0),
            structs(
                "trainee_filings_by_regime",
                "Those of any and of the same specialty by what a new petition through a consulate cost on the day they were received, and by kind of employment",
                FILINGS_BY_REGIME,
            ),
            day("latest_trainee_filing", "Newest begin date among them"),
            text("sponsor_tier", "The tier", required=True, allowed=SPONSOR_TIER),
            texts("tier_reasons", "Why, in order of weight"),
            text("tier_confidence", "Confidence of the tier", required=True, allowed=CONFIDENCE),
            *LIKELIHOOD,
            text(
                "cap_exempt_category",
                "Category of the one that files most among the institution's own petitioners; null where none is known",
                allowed=CAP_EXEMPT_CATEGORY,
            ),
            text("cap_exempt_basis", "Its basis"),
            text("cap_exempt_confidence", "Its confidence", allowed=CONFIDENCE),
            text("cap_exempt_petitioner", "The petitioner that answer is for"),
            text(
                "state_freeze",
                "Order of a state not to file new petitions that holds on as_of and binds a petitioner that is the institution: what it orders and by whom; null: none known",
            ),
            day("state_freeze_until", "Last day of that order; null where it has none"),
            text("state_freeze_exceptions", "Who is excepted from it, and how"),
            text("state_freeze_petitioner", "The petitioner that it binds"),
            structs(
                "petitioners",
                "All petitioners linked to the institution, each with its own answer, most approvals first; one that is not attributed files for "
                "several institutions of the list, as the parent of a health system or from another state: its approvals are not counted here",
                PETITIONER,
            ),
            structs(
                "related_programs",
                "Programs of the same institution that lead to this one or follow it: combined (this specialty is a part of it), "
                "part (of this combined program), before, after; e.g. from pediatrics to genetics",
                RELATED_PROGRAM,
            ),
            flag("needs_confirmation", "A person should ask the program", required=True),
            day("as_of", "Day for which the list was made", required=True),
            text("release_id", "Release", required=True),
        ),
        ("program_code",),
        foreign_keys=(
            refers("program_code", "acgme_programs"),
            refers("institution_id", "institutions"),
            refers("evidence_snapshot", "snapshots", "snapshot_id"),
        ),
    ),
)

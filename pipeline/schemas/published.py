"""The sponsor list, and the tables about the release itself: what to review, what is missing, what was not used."""

from __future__ import annotations

from pipeline.schemas.model import Table, count, day, flag, number, structs, text, texts, year
from pipeline.schemas.periods import PAYMENT_DAY, RECENT_MONTHS
from pipeline.schemas.vocabulary import (
    CAP_EXEMPT_CATEGORY,
    CONFIDENCE,
    COVERAGE,
    EVIDENCE_KIND,
    PETITIONER,
    RELATED_PROGRAM,
    SCOPE,
    SPONSOR_TIER,
    STATES,
    VISA_CATEGORY,
    VISA_POLICY,
    VISA_STANCE,
    YES_NO_NOT_STATED,
)

_institution_id = text(
    "institution_id", "Stable id of the institution: hash of its raw identifying values", required=True
)

PUBLISHED: tuple[Table, ...] = (
    Table(
        "functional_h1b_sponsors",
        "published",
        "The functional H-1B sponsor list: one row for each accredited program.",
        (
            text("program_code", "ACGME program code", required=True, pattern=r"\d{10}"),
            text("program_name", "Program name", required=True),
            text("specialty", "Specialty"),
            text("specialty_code", "ACGME specialty code", required=True, pattern=r"\d{3}"),
            _institution_id,
            text("institution", "Sponsoring institution", required=True),
            text("city", "City"),
            text("state", "State", allowed=STATES),
            text("metro_area", "Core-based statistical area of the city"),
            count("positions_approved", "Approved positions, where known", required=False),
            count("positions_filled", "Filled positions, where known", required=False),
            count("positions_offered_in_match", "Positions offered in the newest Match known (NRMP)", required=False),
            count("positions_matched", "Positions filled in the newest Match known (NRMP)", required=False),
            year("match_year", "Year of that Match"),
            text("accreditation_status", "Accreditation status as listed"),
            year("list_year", "Year of the ACGME list the row comes from"),
            text("website", "Program website"),
            text(
                "visa_category",
                "A both or H-1B, B case by case, C J-1 only, N none, ? needs confirmation",
                required=True,
                allowed=VISA_CATEGORY,
            ),
            text("h1b_stated", "What is stated on H-1B", required=True, allowed=VISA_STANCE),
            text("j1_stated", "What is stated on J-1", required=True, allowed=VISA_STANCE),
            text("policy", "Stated policy in one word", required=True, allowed=VISA_POLICY),
            text(
                "step3_required_for_h1b",
                "Whether Step 3 is required for an H-1B",
                required=True,
                allowed=YES_NO_NOT_STATED,
            ),
            text("step3_deadline", "When Step 3 must be passed, as stated"),
            texts("conditions", "Conditions stated, e.g. transfer_only"),
            text("evidence_quote", "The sentences that state it"),
            text("evidence_url", "Where it is stated"),
            text("evidence_scope", "Whose policy it is", allowed=SCOPE),
            day(
                "evidence_date",
                "Date of the page, else the day on which it was saved; null for an undated restated policy",
            ),
            text("evidence_kind", "page, restated or confirmed", allowed=EVIDENCE_KIND),
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
                "Initial approvals of affiliated petitioners, in petition_years",
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
            count(
                "trainee_filings_same_specialty_since_payment",
                f"Those of the same specialty that begin after {PAYMENT_DAY}, when the payment with new petitions began",
                required=False,
            ),
            count(
                "trainee_filings_any_specialty_since_payment",
                f"Those of any specialty that begin after {PAYMENT_DAY}",
                required=False,
            ),
            count(
                "trainee_filings_any_specialty_new_since_payment",
                "Of these, those that say they are for new employment; layouts that don't say count as none",
                required=False,
            ),
            day("latest_trainee_filing", "Newest begin date among them"),
            text("sponsor_tier", "The tier", required=True, allowed=SPONSOR_TIER),
            texts("tier_reasons", "Why, in order of weight"),
            text("tier_confidence", "Confidence of the tier", required=True, allowed=CONFIDENCE),
            text(
                "cap_exempt_category",
                "Category of the one that files most among the institution's own petitioners; null where none is known",
                allowed=CAP_EXEMPT_CATEGORY,
            ),
            text("cap_exempt_basis", "Its basis"),
            text("cap_exempt_confidence", "Its confidence", allowed=CONFIDENCE),
            text("cap_exempt_petitioner", "The petitioner that answer is for"),
            structs(
                "petitioners",
                "All petitioners linked to the institution, each with its own answer, most approvals first",
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
    ),
    Table(
        "review_queue",
        "published",
        "What a person should look at, most at stake first.",
        (
            count("rank", "Order, 1 first"),
            text("kind", "petitioner_link, cap_exemption, visa_policy or page_link", required=True),
            text("subject", "What is in question", required=True),
            text("candidate", "What it may be"),
            text("question", "The question to answer", required=True),
            texts("reasons", "What spoke for and against"),
            count("approvals", "Approvals at stake"),
            number("uncertainty", "0 sure to 1 open", required=True, minimum=0, maximum=1),
            text("subject_id", "Id in the table of that kind", required=True),
            text("candidate_id", "Id of the candidate"),
        ),
        ("rank",),
    ),
    Table(
        "unmatched_sponsors",
        "published",
        "Institutions without any accepted petitioner: they may file under a name we don't know, or not at all.",
        (
            _institution_id,
            text("name", "Institution", required=True),
            text("sponsor_code", "ACGME sponsor code", pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("city", "City"),
            text("state", "State", allowed=STATES),
            count("programs", "Accredited programs in the list"),
            count("links_under_review", "Links that wait for a person"),
        ),
        ("institution_id",),
    ),
    Table(
        "conflicting_links",
        "published",
        "Accepted links that don't sit well together: one petitioner that is `same` as several institutions, or a tax id that "
        "is not the institution's in public registers.",
        (
            text("employer", "Petitioner as printed", required=True),
            text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
            text("state", "State of the petitioner", allowed=STATES),
            text("city", "City of the petitioner"),
            text(
                "petitioner_site_id", "Stable id of the petitioner site: employer, tax id, state, city", required=True
            ),
            _institution_id,
            text("institution", "Institution", required=True),
            text(
                "conflict",
                "several_institutions or other_tax_id",
                required=True,
                allowed=("several_institutions", "other_tax_id"),
            ),
            text("method", "How the pair was found", required=True),
            count("approvals", "Approvals of this petitioner site"),
        ),
        ("conflict", "employer", "tax_id_last4", "state", "city", "institution_id"),
    ),
    Table(
        "unmet_judgements",
        "published",
        "Rulings of judgements.csv that meet no petition at hand, or whose institution is not in the list.",
        (
            text("employer", "Petitioner as ruled on", required=True),
            text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
            text("employer_state", "State of the petitioner", allowed=STATES),
            text("employer_city", "City of the petitioner"),
            text("institution", "Institution", required=True),
            text("institution_state", "State of the institution", allowed=STATES),
            text("verdict", "Ruling", required=True),
            text("reason", "Reason given"),
        ),
        ("institution", "employer", "tax_id_last4", "employer_state", "employer_city"),
    ),
    Table(
        "quarantine",
        "published",
        "Rows of the sources that were not used, each with its reason.",
        (
            text("source", "Source", required=True),
            text("snapshot_id", "Snapshot", required=True),
            count("row", "Line, record or page number in the file, from 1"),
            text("reason", "Why it was set aside", required=True),
            text("content", "The row as read, cut at 500 characters"),
        ),
        ("snapshot_id", "row", "reason"),
    ),
    Table(
        "snapshots",
        "published",
        "Files of the archive: which parts each stands for, and whether it was used.",
        (
            text("snapshot_id", "Snapshot", required=True),
            text("source", "Source", required=True),
            text("layout", "Layout", required=True),
            text("part", "Part covered: a fiscal year, a quarter, a state, a program, or all", required=True),
            text("coverage", "full or partial", required=True, allowed=COVERAGE),
            text("coverage_note", "Why partial"),
            flag("sample", "Embedded sample", required=True),
            flag("used", "Whether this part was taken from this snapshot", required=True),
            text("unused_reason", "Why not"),
            count("rows_in", "Rows of the part in the file"),
            day("added_on", "Day on which it was archived", required=True),
            text("original_name", "Name of the file as it came", required=True),
            text("url", "Where it was fetched, if it was"),
            text("sha256", "Hash of the file", required=True),
            text("licence", "Licence", required=True),
        ),
        ("snapshot_id", "part"),
    ),
)

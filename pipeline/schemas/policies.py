"""The table of what pages and people say of visas, each row with the sentence that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN, stated_terms
from pipeline.schemas.model import Table, day, flag, refers, text, texts
from pipeline.schemas.vocabulary import CONFIDENCE, EVIDENCE_KIND, SCOPE, VISA_POLICY, VISA_STANCE

POLICIES: Final[tuple[Table, ...]] = (
    Table(
        "visa_policies",
        "What a page says of visas, with the sentence that says so.",
        (
            text("policy_id", "Stable id: hash of snapshot and program", required=True),
            text(
                "program_code",
                "Program the policy is for; null for an institution's policy",
                pattern=PROGRAM_CODE_PATTERN,
            ),
            text("institution_id", "Institution the policy is for; null where the page could not be linked"),
            text("institution_as_named", "Institution as the page or its saver names it"),
            text("program_as_named", "Program as the page or its saver names it"),
            text("scope", "program or institution", required=True, allowed=SCOPE),
            replace(
                text(
                    "department",
                    "Specialty of the department whose page it is, by the words of its saver: what it says of the whole institution is to be "
                    "confirmed for programs of others; null of an office's page, of the whole institution's, and where a program code was given",
                ),
                since="1.1.0",
            ),
            text("j1", "J-1", required=True, allowed=VISA_STANCE),
            text("h1b", "H-1B", required=True, allowed=VISA_STANCE),
            text(
                "policy",
                "Both stances in one word; j1_only also where the J-1 is the only visa named and h1b is not_stated",
                required=True,
                allowed=VISA_POLICY,
            ),
            *stated_terms("Whether USMLE Step 3 is required for an H-1B"),
            text("evidence_quote", "The sentences that state it; empty where nothing is stated", prose=True),
            text(
                "evidence_kind",
                "page: quotation of the page; restated: in other words; confirmed: told to a person; directory: the program's own "
                "answers in a directory",
                required=True,
                allowed=EVIDENCE_KIND,
            ),
            text("evidence_locator", "Block and characters of the sentence in the snapshot's text"),
            texts("counter_evidence", "Sentences that say otherwise", prose=True),
            texts(
                "readings",
                "What each reader took from the page, with its reasons, where the two differ or a third one was asked",
                prose=True,
            ),
            text("url", "Address of the page"),
            day("page_date", "Date the page gives for itself; 1 January where only a year is known"),
            day("retrieved_on", "Day on which the page was saved", required=True),
            day("last_changed_on", "Day of the last change that the page's server named: what it says is no newer"),
            texts("rules", "Names of the reading rules that fired"),
            text("confidence", "Confidence of the reading", required=True, allowed=CONFIDENCE),
            flag("needs_confirmation", "A person should ask", required=True),
            text("snapshot_id", "Snapshot that holds the page or the confirmation", required=True),
        ),
        ("policy_id",),
        foreign_keys=(
            refers("institution_id", "institutions"),
            refers("snapshot_id", "snapshots"),
        ),
    ),
)

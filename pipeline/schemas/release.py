"""Tables about a release itself: what changed, what to review, what is missing, what was used and what was not."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import INSTITUTION_ID, PROGRAM_CODE, REDIRECT, SITE_OF_PETITIONER
from pipeline.schemas.model import Field, Table, count, day, flag, number, refers, text, texts
from pipeline.schemas.vocabulary import (
    CHANGE_CAUSE,
    COVERAGE,
    EVIDENCE_KIND,
    EVIDENCE_SCOPE,
    STATES,
    VISA_POLICY,
    VISA_STANCE,
    YES_NO_NOT_STATED,
)


def _stated(when: str, which: str) -> tuple[Field, ...]:
    """Return the fields of what one of the two releases says of a program; `when` begins their names."""
    return (
        text(f"{when}_policy", f"Policy in one word, {which}", required=True, allowed=VISA_POLICY),
        text(f"{when}_h1b", f"H-1B, {which}", required=True, allowed=VISA_STANCE),
        text(f"{when}_j1", f"J-1, {which}", required=True, allowed=VISA_STANCE),
        text(f"{when}_step3", f"Step 3 required for an H-1B, {which}", required=True, allowed=YES_NO_NOT_STATED),
        text(f"{when}_step3_deadline", f"When Step 3 must be passed, {which}"),
        texts(f"{when}_conditions", f"Conditions, {which}"),
        text(f"{when}_quote", f"The sentences that state it, {which}; null where nothing was stated", prose=True),
        text(f"{when}_url", f"Where it is stated, {which}"),
        text(f"{when}_scope", f"Whose policy it is, {which}", allowed=EVIDENCE_SCOPE),
        text(f"{when}_kind", f"page, restated, confirmed or directory, {which}", allowed=EVIDENCE_KIND),
        day(f"{when}_date", f"Date of the statement, {which}"),
        text(f"{when}_snapshot", f"Snapshot that holds it, {which}"),
    )


RELEASE: Final[tuple[Table, ...]] = (
    Table(
        "review_queue",
        "What a person should look at, most at stake first.",
        (
            count("rank", "Order, 1 first"),
            text(
                "kind",
                "petitioner_link, cap_exemption, page_link, source_size (a file smaller or larger than its kind, or with many rows quarantined) or ruling (a row of your own that can't be used)",
                required=True,
            ),
            text("subject", "What is in question", required=True),
            text("candidate", "What it may be"),
            text("question", "The question to answer", required=True, prose=True),
            texts("reasons", "What spoke for and against", prose=True),
            count("approvals", "Approvals at stake"),
            number("uncertainty", "0 sure to 1 open", required=True, minimum=0, maximum=1),
            text("subject_id", "Id in the table of that kind", required=True),
            text("candidate_id", "Id of the candidate"),
            text(
                "ruling",
                "The line to add to a file of rulings of that kind in the data folder, with the words in capitals filled in: "
                "VERDICT (same, affiliate, different, unsure) or CATEGORY, REASON, SOURCE and the day",
            ),
        ),
        ("rank",),
        foreign_keys=(refers("candidate_id", "institutions", "institution_id"),),
    ),
    Table(
        "redirects",
        "Ids of institutions and petitioners that earlier releases had and this one gave up or parted, and what stands for them "
        "now. An id is never used for anything else.",
        (
            *REDIRECT,
            day("since", "Day of the release that gave it up or parted it", required=True),
            text("release_id", "That release", required=True),
        ),
        ("old_id", "new_id"),
    ),
    Table(
        "unmatched_sponsors",
        "Institutions without any accepted petitioner: they may file under a name we don't know, or not at all.",
        (
            INSTITUTION_ID,
            text("name", "Institution", required=True),
            text("sponsor_code", "ACGME sponsor code", pattern=r"\d{2}[0-9A-Z]\d{3}"),
            text("city", "City"),
            text("state", "State", allowed=STATES),
            count("programs", "Accredited programs in the list"),
            count("links_under_review", "Links that wait for a person"),
        ),
        ("institution_id",),
        foreign_keys=(refers("institution_id", "institutions"),),
    ),
    Table(
        "conflicting_links",
        "Accepted links that don't sit well together: one petitioner that is `same` as several institutions, or a tax id that "
        "is not the institution's in public registers.",
        (
            *SITE_OF_PETITIONER,
            INSTITUTION_ID,
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
        foreign_keys=(refers("institution_id", "institutions"), refers("petitioner_site_id", "petitions")),
    ),
    Table(
        "unmet_judgements",
        "Rulings on links and petitioners, shipped and your own, that meet no petition at hand, or whose institution is not in the list.",
        (
            text("employer", "Petitioner as ruled on", required=True),
            text("tax_id_last4", "Last four digits of the EIN", pattern=r"\d{4}"),
            text("employer_state", "State of the petitioner", allowed=STATES),
            text("employer_city", "City of the petitioner"),
            text("institution", "Institution; of a ruling on a petitioner, its other spelling", required=True),
            text("institution_state", "State of the institution", allowed=STATES),
            text("verdict", "Ruling; on a petitioner: one petitioner, two petitioners", required=True),
            text("reason", "Reason given"),
        ),
        ("institution", "employer", "tax_id_last4", "employer_state", "employer_city"),
    ),
    Table(
        "quarantine",
        "Rows of the sources that were not used, and files of which nothing could be, each with its reason.",
        (
            text("source", "Source", required=True),
            text("snapshot_id", "Snapshot", required=True),
            count("row", "Line, record or page number in the file, from 1; 0: the whole file"),
            text("reason", "Why it was set aside", required=True),
            text("content", "The row as read, cut at 500 characters", prose=True),
        ),
        ("snapshot_id", "row", "reason"),
        foreign_keys=(refers("snapshot_id", "snapshots"),),
    ),
    Table(
        "snapshots",
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
    Table(
        "policy_changes",
        "Programs whose stated visa policy is another one than in the release before: old, new, and both sentences.",
        (
            PROGRAM_CODE,
            text("program_name", "Program name", required=True),
            text("institution", "Sponsoring institution", required=True),
            text("state", "State"),
            text(
                "cause",
                "other_statement: another page or confirmation decides now; read_again: evidence that both releases had, read or "
                "applied otherwise (newer code, another day, another link); first_statement: nothing was stated before; "
                "withdrawn: nothing is stated any more",
                required=True,
                allowed=CHANGE_CAUSE,
            ),
            *_stated("old", "as the release before had it"),
            *_stated("new", "as this release has it"),
            text("previous_release", "The release before, which this one is compared with", required=True),
        ),
        ("program_code",),
        foreign_keys=(
            refers("program_code", "functional_h1b_sponsors"),
            refers("new_snapshot", "snapshots", "snapshot_id"),
        ),
    ),
)

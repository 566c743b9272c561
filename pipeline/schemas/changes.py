"""What changed between two releases."""

from __future__ import annotations

from pipeline.schemas.model import Field, Table, day, text, texts
from pipeline.schemas.vocabulary import CHANGE_CAUSE, EVIDENCE_KIND, SCOPE, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED


def _stated(when: str, which: str) -> tuple[Field, ...]:
    """What one of the two releases says of a program; `when` begins the column names."""
    return (
        text(f"{when}_policy", f"Policy in one word, {which}", required=True, allowed=VISA_POLICY),
        text(f"{when}_h1b", f"H-1B, {which}", required=True, allowed=VISA_STANCE),
        text(f"{when}_j1", f"J-1, {which}", required=True, allowed=VISA_STANCE),
        text(f"{when}_step3", f"Step 3 required for an H-1B, {which}", required=True, allowed=YES_NO_NOT_STATED),
        text(f"{when}_step3_deadline", f"When Step 3 must be passed, {which}"),
        texts(f"{when}_conditions", f"Conditions, {which}"),
        text(f"{when}_quote", f"The sentences that state it, {which}; null where nothing was stated"),
        text(f"{when}_url", f"Where it is stated, {which}"),
        text(f"{when}_scope", f"Whose policy it is, {which}", allowed=SCOPE),
        text(f"{when}_kind", f"page, restated or confirmed, {which}", allowed=EVIDENCE_KIND),
        day(f"{when}_date", f"Date of the statement, {which}"),
        text(f"{when}_snapshot", f"Snapshot that holds it, {which}"),
    )


CHANGES: tuple[Table, ...] = (
    Table(
        "policy_changes",
        "published",
        "Programs whose stated visa policy is another one than in the release before: old, new, and both sentences.",
        (
            text("program_code", "ACGME program code", required=True, pattern=r"\d{10}"),
            text("program_name", "Program name", required=True),
            text("institution", "Sponsoring institution", required=True),
            text("state", "State"),
            text(
                "cause",
                "other_statement: another page or confirmation decides now; read_again: the same page, read otherwise by newer "
                "code; first_statement: nothing was stated before; withdrawn: nothing is stated any more",
                required=True,
                allowed=CHANGE_CAUSE,
            ),
            *_stated("old", "as the release before had it"),
            *_stated("new", "as this release has it"),
            text("previous_release", "The release before, which this one is compared with", required=True),
        ),
        ("program_code",),
    ),
)

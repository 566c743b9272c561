"""Whom to ask about visas, and what: one letter to each institution, about all of its programs that need confirmation.

What belongs here: which programs go into one letter, and what is unclear of each. The text is written in `letter.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.applicants.guide import guide_sections
from pipeline.applicants.letter import letter, mail_link, mail_text, subject
from pipeline.applicants.profile import Profile
from pipeline.applicants.questions import open_points
from pipeline.applicants.rows import Row, records
from pipeline.policies.statement_dates import in_words
from pipeline.tiers.accreditation import WITHDRAWN

_UNCLEAR: Final = {  # point -> in words, for the reader of the list
    "yes": "whether H-1B visas are still sponsored",
    "case_by_case": "on what conditions an H-1B visa is possible",
    "no": "H-1B visas are said not to be sponsored: whether this is still so",
    "no_and_j1_open": "H-1B visas are said not to be sponsored: whether J-1 visas are sponsored",
    "conflicting": "whether H-1B visas are sponsored: the statement says no, public filings name trainees",
    "j1_alone": "whether H-1B visas are sponsored: only the J-1 is named",
    "contact": "which visas are sponsored: what is published leaves it open",
    "silent": "which visas are sponsored: no statement is at hand",
    "institution_policy": "whether the institution's policy holds for this program",
    "undated": "whether a statement without a date still holds",
    "old": "whether the statement of {day} still holds",
    "self_reported": "whether the program's answer in a directory is its policy",
    "step3": "whether USMLE Step 3 is required for an H-1B, and by when",
    "step3_old": "whether the deadline for Step 3 still holds",
    "transfer_only": "whether an H-1B is filed for transfers alone",
    "in_us": "whether an H-1B is filed for applicants in the United States alone",
    "paused": "whether H-1B petitions are filed again after the pause",
}


@dataclass(frozen=True)
class Letter:
    """A letter to one institution. programs: the rows of the list that it is about. unclear: what isn't known of them, in words. guide:
    sections of docs/guide.md that answer what they leave open. text: in full; mail_text: as far as a link holds it."""

    programs: tuple[Row, ...]
    unclear: tuple[str, ...]
    guide: tuple[str, ...]
    subject: str
    text: str
    mail_text: str

    @property
    def mailto(self) -> str:
        """The link that opens it in a mail program; the recipient is left to fill in."""
        return mail_link(self.subject, self.mail_text)


def letters(listed: pd.DataFrame, profile: Profile | None = None) -> list[Letter]:
    """Return a letter for each institution of `listed` with programs that need confirmation, in the order of its first one; none about
    a program whose accreditation was withdrawn.

    listed: rows of functional_h1b_sponsors. profile: of the applicant in whose voice they are.
    """
    rows = listed[listed["needs_confirmation"].astype("bool") & (listed["accreditation"] != WITHDRAWN)]
    of_institution: dict[str, list[Row]] = {}
    for row in records(rows):
        of_institution.setdefault(row["institution_id"], []).append(row)
    return [_letter(tuple(programs), profile) for programs in of_institution.values()]


def unclear(row: Row) -> tuple[str, ...]:
    """Return what is not known of one program in words, the most important first."""
    return tuple(
        _UNCLEAR[point].format(day=in_words(row["evidence_date"], row["evidence_kind"]))
        for point in open_points(row)
        if point in _UNCLEAR
    )


def _letter(programs: tuple[Row, ...], profile: Profile | None) -> Letter:
    return Letter(
        programs,
        _once(point for row in programs for point in unclear(row)),
        _once(section for row in programs for section in guide_sections(row)),
        subject(programs),
        letter(programs, profile),
        mail_text(programs, profile),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))

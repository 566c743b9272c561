"""What a saved page is about, from what its saver wrote: a program, the whole institution, or open.

Reads the cells of the table of pages only; which institution that is belongs to `page_institutions.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.specialties.recognise import canonical_specialty, specialty_group, trains

PARENTHESES: Final = re.compile(r"\(([^()]*)\)")
_OFFICE: Final = re.compile(
    r"\b(gme|graduate medical education|office|human resources|(international|immigration|visa|global)\b.*\b(affairs|services))\b",
    re.IGNORECASE,
)
_EVERYBODY: Final = re.compile(
    r"\b(residents and fellows|all (residents|residencies|fellows|fellowships|trainees|programs)|house ?staff"
    r"|residency (and fellowship )?programs"
    r"|residencies and fellowships|training programs|polic(y|ies))\b",
    re.IGNORECASE,
)
_PROGRAM_WORD: Final = re.compile(r"\b(residency|fellowship|program)s?\b", re.IGNORECASE)
_TWO_PROGRAMS: Final = re.compile(
    r"\b(residency|fellowship|program)s? and\b|\b(residencies|fellowships|programs)\b", re.IGNORECASE
)
_FELLOWSHIP: Final = re.compile(r"\bfellow(s|ships?)?\b", re.IGNORECASE)
_RESIDENCY: Final = re.compile(r"\bresiden(t|ts|cy|cies)\b", re.IGNORECASE)
_UNACCREDITED: Final = re.compile(r"\b(non|not|un)[- ]?(acgme|accredited)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Subject:
    """`level`: program, institution or open. `key`: of the specialty, "" if none is named. `why_none`: why it has no key."""

    level: str
    key: str = ""
    why_none: str = ""


def specialty_keys(names: pd.Series) -> pd.Series:
    """Return the key of each name or phrase, equal for names of one field; null where none is named."""
    return specialty_group(canonical_specialty(names)["specialty"])


def page_subjects(pages: pd.DataFrame) -> list[Subject]:
    """Return the subject of each row of table `program_pages`, in its order."""
    program = pages["program"].astype("str").fillna("")
    head = program.str.replace(PARENTHESES.pattern, " ", regex=True).str.strip()
    of_head, of_program, of_specialty = (_text(specialty_keys(names)) for names in (head, program, pages["specialty"]))
    trainees = _text(trains(of_head.where(of_head != "", of_specialty).replace("", None)))
    return [
        _subject(*cells)
        for cells in zip(program, head, of_head, of_program, of_specialty, trainees, strict=True)
    ]  # fmt: skip


def _text(cells: pd.Series) -> pd.Series:
    return cells.astype("str").fillna("")


def _subject(program: str, head: str, of_head: str, of_program: str, of_specialty: str, trainees: str) -> Subject:
    """Return the subject of one page. What is in parentheses says where, not whose."""
    if not of_head and (_OFFICE.search(head) or _EVERYBODY.search(head)):
        return Subject("institution")
    if not program and not of_specialty:
        return Subject("institution")
    if not of_head and not of_specialty and not of_program:
        return Subject("program" if _PROGRAM_WORD.search(head) else "open", why_none="no specialty is named")
    if _UNACCREDITED.search(program):
        return Subject("program", why_none="the program named is not an accredited one")
    if trainees == "residents" and _FELLOWSHIP.search(program) and not _RESIDENCY.search(program):
        return Subject("program", why_none="a fellowship is named, and the specialty given is a residency's")
    # `International applicants (surgery page)` may be the whole institution's rule or that program's: the page decides.
    named = bool(_PROGRAM_WORD.search(head)) or head == program
    # The specialty beside a name that has its own counts where two programs are named; else it may be the parent's.
    key = of_head or of_specialty or of_program
    return Subject("program" if named else "open", of_specialty if of_specialty and _TWO_PROGRAMS.search(head) else key)

"""Tables that say how much of what there is the lists have: programs against the Match and against the ACGME's own counts."""

from __future__ import annotations

from typing import Final

from pipeline.schemas.fields import METRO_AREA, PROGRAM_CODE
from pipeline.schemas.model import Table, count, refers, text, year
from pipeline.schemas.vocabulary import GROUPED_BY, MATCH_COVERAGE, PROGRAM_LEVEL, STATES

_SPECIALTY: Final = text("specialty", "ACGME name of the specialty, else as printed; null where rows are of several")
_STATE: Final = text("state", "State; null where rows are of several", allowed=STATES)

COVERAGE_TABLES: Final[tuple[Table, ...]] = (
    Table(
        "coverage",
        "Programs listed against the residency programs in the newest Match known of each state and against the numbers that the ACGME "
        "published. A program of the Match is an institution's tracks of one specialty in one city.",
        (
            text("grouped_by", "What the row counts by: total, level, specialty, state, or two of them", required=True,
                 allowed=GROUPED_BY),
            text("level", "specialty (residencies and combined programs) or subspecialty (fellowships)", allowed=PROGRAM_LEVEL),
            _SPECIALTY,
            _STATE,
            text("city", "City as listed, or as NRMP prints it; null where rows are of several or none is printed"),
            METRO_AREA,
            count("programs_listed", "Programs in the list"),
            text("match_years", "Year of the Match compared with, the newest known of each state; where states differ that of most, then the others with their states: 2022 (FL 2026)"),
            count("match_states", "States of which tracks of that Match are at hand, among those counted in the row"),
            count("programs_in_match", "Residency programs in that Match", required=False),
            count("match_listed", "Of these, programs that are listed beyond doubt", required=False),
            count("match_in_doubt", "Of these, programs that may be listed under another name", required=False),
            count("match_missing", "Of these, programs that no listed program explains", required=False),
            count("positions_in_match", "Positions offered in that Match", required=False),
            count("positions_missing", "Of these, positions of programs that no listed program explains", required=False),
            count("programs_published", "Accredited programs as the ACGME published them", required=False),
            text("published_year", "Academic year of that number", pattern=r"\d{4}-\d{2}"),
            text("published_source", "Where it was published"),
        ),
        ("grouped_by", "level", "specialty", "state", "city"),
    ),
    Table(
        "programs_missing",
        "Tracks of the newest Match known of each state that no listed program explains, and those that one may explain under another "
        "name. A track that is missing says nothing of visas: its program isn't in the lists at hand.",
        (
            text("nrmp_code", "NRMP program code", required=True),
            text("institution", "Institution as NRMP abbreviates it", required=True),
            text("city", "City as NRMP prints it"),
            text("state", "State", required=True, allowed=STATES),
            METRO_AREA,
            text("specialty", "ACGME name of the specialty; null where the code has none"),
            text("specialty_code", "Three digits taken from the NRMP code", pattern=r"[0-9A-Z]{3}"),
            text("track", "Specialty or track as printed"),
            year("match_year", "Year of the Match", required=True),
            count("positions_offered", "Positions offered", required=False),
            count("positions_filled", "Positions filled", required=False),
            text("coverage", "missing, or in_doubt: a listed program may be it", required=True, allowed=MATCH_COVERAGE[1:]),
            text("possible_program_code", "Listed program that it may be", pattern=PROGRAM_CODE.pattern),
        ),
        ("nrmp_code", "state", "city"),
        foreign_keys=(refers("possible_program_code", "functional_h1b_sponsors", "program_code"),),
    ),
)  # fmt: skip

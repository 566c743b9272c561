"""What the explorer needs to colour rows for one applicant and to write letters in that voice: `facts.js`, loaded on demand.

What belongs here: coding of what `applicants/` works out. No rule is written here or in the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from pipeline.applicants.facts import (
    area_states,
    closed_by_terms,
    profile_tables,
    program_facts,
    step3_due,
    wanted_specialties,
)
from pipeline.applicants.letter import letter_tables
from pipeline.release.explorer.grid import coded
from pipeline.release.explorer.words import LIST
from pipeline.schemas.frames import to_frame


def applicant_data(tables: Mapping[str, pa.Table], as_of: dt.date) -> dict[str, Any]:
    """Return columns (by name, as those of `grid`), closed, due, wanted, areas and tables, as `applicants/facts` describes them, and
    letter, the tables of `applicants/letter`. as_of: the day of the release."""
    listed = to_frame(tables[LIST])
    facts = program_facts(listed)
    return {
        "columns": {name: _column(values) for name, values in facts.items()},
        "closed": closed_by_terms(listed),
        "due": step3_due(listed),
        "wanted": wanted_specialties({group for group in facts["group"] if group}),
        "areas": area_states(set(listed["metro_area"].dropna())),
        "tables": profile_tables(),
        "letter": letter_tables(as_of),
    }


def _column(values: list[Any]) -> dict[str, Any]:
    """Return a column as codes where it is text, else as numbers; a whole one without its point."""
    if any(isinstance(value, str) for value in values):
        return coded(values)
    return {
        "numbers": [int(value) if value is not None and int(value) == value else value for value in values],
    }

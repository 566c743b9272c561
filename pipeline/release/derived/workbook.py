"""`functional_h1b_sponsors.xlsx`: a release for those who work in spreadsheets.

What belongs here: which tables and columns of a release are its sheets. How a sheet looks is in `pipeline/spreadsheets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.applicants.own_sheet import own_sheet
from pipeline.release.about import about, notice
from pipeline.release.derived.contents import Contents
from pipeline.release.reader import Release
from pipeline.schemas.frames import to_frame
from pipeline.schemas.registry import table
from pipeline.spreadsheets.definitions import definitions, marked
from pipeline.spreadsheets.workbook import Sheet, workbook

WORKBOOK: Final = "functional_h1b_sponsors.xlsx"
_LIST: Final = "functional_h1b_sponsors"
_COVERAGE: Final = "coverage"
_NAMED: Final = ("program_code", "specialty", "institution", "state")
# What a person sorts and filters by, and the address to look at.
_LISTED: Final = (
    *_NAMED, "city", "metro_area", "visa_category", "sponsor_tier", "sponsoring_likelihood", "h1b_stated", "j1_stated",
    "step3_required_for_h1b", "step3_deadline", "conditions", "routes", "paused_until", "state_freeze_until", "cap_exempt_category",
    "trainee_filings_same_specialty_recent", "trainee_filings_any_specialty_recent", "latest_trainee_filing", "petition_years",
    "initial_approvals", "continuing_approvals", "positions_approved", "positions_offered_in_match", "match_year", "track_kinds",
    "img_percent", "accreditation", "list_year", "evidence_url", "evidence_date", "website",
)  # fmt: skip
# Why a row says so; petitioners, one by one, are in the table and in `explain`.
_EVIDENCE: Final = (
    *_NAMED, "sponsor_tier", "tier_confidence", "tier_reasons", "evidence_quote", "evidence_url", "evidence_kind", "evidence_scope",
    "evidence_date", "evidence_saved_on", "evidence_last_changed_on", "sponsoring_likelihood", "sponsoring_likelihood_low",
    "sponsoring_likelihood_high", "sponsoring_likelihood_basis", "cap_exempt_category", "cap_exempt_petitioner", "cap_exempt_basis",
    "cap_exempt_confidence", "state_freeze", "state_freeze_until", "state_freeze_exceptions", "state_freeze_petitioner",
    "trainee_filings_by_regime", "related_programs",
)  # fmt: skip
_COUNTED_BY: Final = ("total", "level", "state", "specialty")  # by city they are in the table


def release_workbook(contents: Contents) -> bytes | None:
    """Return the workbook of a release: list, definitions, evidence, coverage, own notes (blank), about; None without the tables
    that it shows."""
    if not {_LIST, _COVERAGE} <= contents.tables.keys():
        return None
    release = contents.release
    return workbook(_sheets(contents.tables, release), release.as_of, notice(release))


def _sheets(tables: Mapping[str, pa.Table], release: Release) -> list[Sheet]:
    listed = to_frame(tables[_LIST], list(dict.fromkeys((*_LISTED, *_EVIDENCE))))
    counted = to_frame(tables[_COVERAGE])
    counted = counted[counted["grouped_by"].isin(_COUNTED_BY)]
    sheets = [
        _sheet("list", _LIST, listed[list(_LISTED)], frozen=3),
        _sheet("evidence", _LIST, listed[list(_EVIDENCE)], frozen=3),
        _sheet("coverage", _COVERAGE, counted.drop(columns=["city", "metro_area"]), frozen=4),
        own_sheet(listed),
    ]
    if release.manifest["sample"]:
        sheets = [marked(sheet) for sheet in sheets]
    first, *others = sheets
    return [first, definitions(sheets), *others, about(release)]


def _sheet(name: str, of: str, rows: pd.DataFrame, frozen: int) -> Sheet:
    return Sheet(name, rows, {field.name: field for field in table(of).fields}, frozen)

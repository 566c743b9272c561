"""Facts of published policies: what a person read on a page, restated in other words, with its address and year.

Built to a layout of our own, described in docs/sources/policy_facts.md. The project's own facts come with the package; anyone may
add more.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.ids import stable_id
from pipeline.schemas.vocabulary import CONFIDENCE, SCOPE, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Probe, Source, whole
from pipeline.sources.program_pages import usable_url
from pipeline.sources.tabular.columns import blanks_to_null, by_value, known, required, single_spaces, states, unique
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

_NAMES: Final = ("institution", "program", "specialty", "city")
_WORDS: Final = {
    "j1": VISA_STANCE,
    "h1b": VISA_STANCE,
    "policy": VISA_POLICY,
    "step3_required_for_h1b": YES_NO_NOT_STATED,
    "scope": SCOPE,
    "confidence": CONFIDENCE,
}
_COLUMNS: Final = (
    "institution", "program", "specialty", "city", "state", "url", "j1", "h1b", "policy", "step3_required_for_h1b",
    "step3_deadline", "scope", "page_year", "summary", "confidence",
)  # fmt: skip
FACTS: Final = Layout("policy_facts", "facts", "csv", _COLUMNS)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `policy_facts`: one row for each fact. Raises SourceError where more than a few have a word of no vocabulary."""
    sieve = read_csv(probe, "policy_facts", {name: name for name in _COLUMNS})
    for column in (*_NAMES, "summary"):
        single_spaces(sieve, column)
    for column, allowed in _WORDS.items():
        required(sieve, column, column)
        known(sieve, column, allowed, column)
    states(sieve, "state")
    for column in ("institution", "summary"):
        required(sieve, column, column)
    sieve.reject(~by_value(sieve.frame["url"], lambda urls: urls.map(usable_url)), "no web address")
    _years(sieve, hints)
    frame = sieve.frame
    frame["fact_id"] = [
        stable_id("fact", *cells) for cells in zip(frame["institution"], frame["program"], frame["url"], strict=True)
    ]
    unique(sieve, "fact_id", "institution, program and address")
    blanks_to_null(sieve, "program", "specialty", "city", "step3_deadline")
    return sieve.as_table("policy_facts")


def _years(sieve: Sieve, hints: Hints) -> None:
    """Make `page_year` whole numbers, blank as null; rows with another text or a year to come are quarantined."""
    cells = sieve.frame["page_year"]
    years = pd.to_numeric(cells.where(cells.str.fullmatch(r"(19|20)\d{2}")), errors="coerce").astype("Int64")
    bad = ((cells != "") & years.isna()) | (years > hints.last_day.year).fillna(False)
    sieve.frame["page_year"] = years
    sieve.reject(bad, "page_year is no year")


SOURCE: Final = Source(
    id="policy_facts",
    title="Facts of published policies",
    producer="the project, restated from the pages named in each row",
    url="",
    licence="facts in the project's own words (MIT)",
    layouts=(FACTS,),
    read=_read,
    parts=whole(),
    tables=("policy_facts",),
    bounds=Bounds(1, 100_000, 0.05),
)

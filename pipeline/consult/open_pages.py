"""The pages of a release that a person should confirm, put to a third reader: those at which most is at stake first.

What belongs here: which pages the model is queried about. The next refresh reads the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.archive.reading import Archive
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.policies.published import Reading
from pipeline.policies.reading import read_page
from pipeline.policies.third_reader.verdict import THIRD_READER, ThirdReader


@dataclass(frozen=True)
class Consulted:
    """Of how many open pages the reader agrees with one of the two, and of how many it only suggests another reading."""

    settled: int
    suggested: int


def open_pages(policies: pd.DataFrame, queue: pd.DataFrame) -> pd.DataFrame:
    """Return the readings of pages that a person should confirm, in the order of the review queue, then those that are not in it.

    policies, queue: tables `visa_policies` and `review_queue`.
    """
    ranks = queue.loc[queue["kind"] == "visa_policy"].drop_duplicates("subject_id").set_index("subject_id")["rank"]
    rows = policies[(policies["evidence_kind"] == "page") & policies["needs_confirmation"].astype("bool")]
    ranked = rows.assign(rank=rows["policy_id"].map(ranks))
    return ranked.sort_values(["rank", "policy_id"], na_position="last", ignore_index=True)


def consult(
    pages: pd.DataFrame, archive: Archive, reader: ThirdReader, done: Callable[[int], None] = lambda number: None
) -> Consulted:
    """Read pages again with a third reader. pages: as of `open_pages`; `done` is called with the number of each page that is done.

    Raises ArchiveError where the archive has lost a page.
    """
    settled = suggested = 0
    for number, reading in enumerate(_readings(pages, archive, reader), 1):
        agrees = reading is not None and THIRD_READER in reading.rules
        settled += agrees
        suggested += reading is not None and not agrees and len(reading.readings) > 2
        done(number)
    return Consulted(settled, suggested)


def _readings(pages: pd.DataFrame, archive: Archive, reader: ThirdReader) -> Iterator[Reading | None]:
    plain = pages.astype(object).where(pages.notna(), None)
    for row in plain.to_dict("records"):
        content = archive.read_bytes(row["snapshot_id"])
        media: Any = archive.snapshot(row["snapshot_id"]).manifest.layout
        program = row["program_as_named"] if row["scope"] == "program" else None
        try:
            yield read_page(content, media, program, row["institution_as_named"], third=reader)
        except UnreadablePageError:
            yield None

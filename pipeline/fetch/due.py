"""What a person has to save: which file of which source, where, how old ours is, and when the next is expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.archive.reading import Archive
from pipeline.archive.store import Snapshot
from pipeline.sources.publications import Publication, publications


@dataclass(frozen=True)
class DueFile:
    """A publication that a person saves. source, file: which; what_to_do, address, terms: how, where, and under which terms; newest:
    day of the newest file at hand, None where there is none; age_days: how old that is; due: from when the next is expected."""

    source: str
    file: str
    what_to_do: str
    address: str
    terms: str
    newest: dt.date | None
    age_days: int | None
    due: dt.date | None
    overdue: bool


def due_by_hand(archive: Archive, today: dt.date, wanted: Iterable[Publication] | None = None) -> Iterator[DueFile]:
    """Yield what is due of each publication that is `wanted`, by default of all that a person saves."""
    for one in publications() if wanted is None else wanted:
        if wanted is None and one.saved_by != "person":
            continue
        newest = newest_day(one, archive.of_source(one.source))
        due = one.expected(newest)
        yield DueFile(
            source=one.source,
            file=one.file,
            what_to_do=one.by_hand,
            address=one.address,
            terms=one.terms,
            newest=newest,
            age_days=None if newest is None else (today - newest).days,
            due=due,
            overdue=newest is None or (due is not None and due <= today),
        )


def newest_day(publication: Publication, archived: list[Snapshot]) -> dt.date | None:
    """Return the day of the newest file of a publication in the archive; None where there is none. Samples don't count."""
    layouts = publication.layouts
    own = [
        one.manifest for one in archived if not one.manifest.sample and (not layouts or one.manifest.layout in layouts)
    ]
    days = [(manifest.retrieved_at or manifest.added_at)[:10] for manifest in own]
    return dt.date.fromisoformat(max(days)) if days else None

"""What is due: how old the newest file of each publication is, when the next is expected, and what a person has to save, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pipeline.archive.reading import Archive, open_archive
from pipeline.archive.selection import Choice
from pipeline.archive.snapshot_gate import missing_years
from pipeline.fetch.due import DueFile, due_by_hand, newest_day
from pipeline.fetch.source_outcome import kept_outcomes
from pipeline.fetch.source_run import RECORDS
from pipeline.settings import DataFolder
from pipeline.sources.base import Part
from pipeline.sources.publications import Publication, publications


def by_hand_lines(folder: DataFolder, wanted: Iterable[Publication] | None = None) -> Iterator[str]:
    """Yield a line for each publication that a person saves: what, where, how old ours is, and when the next is due."""
    today = dt.datetime.now(dt.UTC).date()
    for one in due_by_hand(open_archive(folder.raw), today, wanted):
        yield f"by hand: {one.source}, {one.file}: {_age(one, today)}. {one.what_to_do}: {one.address} ({one.terms})"


def refused_lines(folder: DataFolder) -> Iterator[str]:
    """Yield a line for each file that the last fetch could not have, with the reason or what to do by hand."""
    for source in dict.fromkeys(one.source for one in publications()):
        for outcome in kept_outcomes(folder.fetch / RECORDS, source):
            if outcome.result in ("by_hand", "failed"):
                name = " ".join(part for part in (source, outcome.file, outcome.name) if part)
                yield f"not fetched on {outcome.asked_at[:10]}: {name}: {outcome.detail}"


def gap_lines(choices: Iterable[Choice]) -> Iterator[str]:
    """Yield a line for each source of whose years, between the first and the last, some have no full file."""
    full: dict[str, list[Part]] = {}
    for choice in choices:
        if choice.used and choice.part.full:
            full.setdefault(choice.snapshot.manifest.source, []).append(choice.part)
    for source, parts in full.items():
        if missing := missing_years(part.name for part in parts):
            yield f"no full file: {source}: {', '.join(missing)}"


def next_due(source: str, archive: Archive, today: dt.date) -> str:
    """Return when the next file of a source is expected, "" where nobody publishes it by a calendar or none is at hand."""
    own: Sequence[Publication] = [one for one in publications() if one.source == source and not one.ended]
    days = [one.expected(newest_day(one, archive.of_source(source))) for one in own]
    known = [day for day in days if day is not None]
    return "" if not known else _due(min(known), today)


def _age(one: DueFile, today: dt.date) -> str:
    if one.newest is None:
        return "none yet"
    due = "" if one.due is None else f", the next is {_due(one.due, today)}"
    return f"ours was saved or added on {one.newest}, {one.age_days} d ago{due}"


def _due(day: dt.date, today: dt.date) -> str:
    return f"due since {day}" if day <= today else f"due {day}"

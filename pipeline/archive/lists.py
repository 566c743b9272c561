"""How lists that are laid together row by row stand to each other: what each brings, what it replaces, what it only fills.

What belongs here: telling it. Which row comes first is decided in `loading.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.archive.loading import ranked_rows
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import Archive
from pipeline.archive.selection import choices_frame, choose, used_parts
from pipeline.schemas.registry import table
from pipeline.sources.base import Source


@dataclass(frozen=True)
class ListShare:
    """What one list brings. years: of its rows, `2018-2022`, "" where it states none; rows: in all; new: in no other list; newer:
    that come before the row of another list; older: that come after one, and only fill its gaps."""

    snapshot_id: str
    name: str
    years: str
    rows: int
    new: int
    newer: int
    older: int

    def __str__(self) -> str:
        of = f" of list year {self.years}" if self.years else ""
        return (
            f"{self.name}: {self.rows:,} programs{of}: {self.new:,} in no other list, {self.newer:,} take the place of older rows, "
            f"{self.older:,} are older and only fill gaps"
        )


def compare_lists(source: Source, archive: Archive, cache: ParsedCache | None = None) -> list[ListShare]:
    """Return what each list of `source` in use brings, those that were filed last first; none where there is only one.

    Files of a single row, program pages, are left out. Raises as `load` does.
    """
    choices = [choice for choice in choose(archive.of_source(source.id)) if choice.used]
    many = {choice.snapshot.id for choice in choices if choice.part.rows > 1}
    used = used_parts(choices_frame([choice for choice in choices if choice.snapshot.id in many]))
    name = source.tables[0]
    rows = ranked_rows(source, name, used, archive, cache)
    if rows["snapshot_id"].nunique() < 2:
        return []
    return list(_shares(rows, list(table(name).key), source.year_of.get(name), archive))


def _shares(rows: pd.DataFrame, key: list[str], year: str | None, archive: Archive) -> Iterable[ListShare]:
    alone = ~rows.duplicated(key, keep=False)
    first = ~rows.duplicated(key)
    order = sorted(set(rows["snapshot_id"]), key=lambda one: archive.snapshot(one).manifest.added_at, reverse=True)
    for snapshot_id in order:
        own = rows["snapshot_id"] == snapshot_id
        years = sorted({int(one) for one in rows.loc[own, year].dropna()}) if year in rows else []
        yield ListShare(
            snapshot_id,
            archive.snapshot(snapshot_id).manifest.original_name,
            "-".join(dict.fromkeys(str(one) for one in (years[:1] + years[-1:]))),
            int(own.sum()),
            int((own & alone).sum()),
            int((own & first & ~alone).sum()),
            int((own & ~first).sum()),
        )

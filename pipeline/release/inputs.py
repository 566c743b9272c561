"""The inputs of a release, all that decides what it says, and the id that is a hash of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import UserError
from pipeline.schemas.model import FIRST_YEAR, LAST_YEAR
from pipeline.schemas.registry import SCHEMA_VERSION


class DayError(UserError):
    """A day for which no release can be made: one line that says which days there are."""


def release_day(text: str) -> dt.date:
    """Return the day that `text` (YYYY-MM-DD) names. Raises DayError for anything else, and for a year that no table holds."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise DayError(f"{text!r} is no day in the form YYYY-MM-DD") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayError(f"{day.isoformat()}: a release is made for a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


@dataclass(frozen=True)
class ReleaseInputs:
    """All that decides what a release says.

    as_of: day for which the list is made. code_version: as `code_version.code_version` returns it. snapshots: those used,
    as `describe_snapshots` returns them. previous: id of the release that changes are counted from; None for the first.
    archive: hash of the table of all snapshots, the unused among them. rulings: hash of the operator's own; "" for none.
    answers: hash of those that a third reader of visa policies gave; "" for none.
    """

    as_of: dt.date
    code_version: str
    snapshots: tuple[Mapping[str, Any], ...]
    previous: str | None = None
    archive: str = ""
    rulings: str = ""
    answers: str = ""

    @property
    def release_id(self) -> str:
        """`<as of>_<hash8>`: the same inputs give the same id."""
        parts = [self.as_of.isoformat(), self.code_version, SCHEMA_VERSION, list(self.snapshots)]
        named = {name: getattr(self, name) for name in ("previous", "archive", "rulings", "answers")}
        raw = json.dumps([*parts, {name: value for name, value in named.items() if value}], sort_keys=True)
        return f"{self.as_of.isoformat()}_{hashlib.sha256(raw.encode()).hexdigest()[:8]}"

    @property
    def sample(self) -> bool:
        """Whether any snapshot used is of the embedded sample."""
        return any(snapshot["sample"] for snapshot in self.snapshots)


def describe_snapshots(rows: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """Return the used snapshots as the manifest lists them, by id: id, sha256, parts (sorted), sample.

    rows: rows of table `snapshots` with attributes of its column names, the used ones, one for each part.
    """
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = by_id.setdefault(
            row.snapshot_id, {"id": row.snapshot_id, "sha256": row.sha256, "sample": bool(row.sample), "parts": []}
        )
        entry["parts"].append(row.part)
    return tuple({**entry, "parts": sorted(entry["parts"])} for _, entry in sorted(by_id.items()))


def changed_sources(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the sources whose used snapshots are others. old, new: `snapshots` of two manifests."""
    before, now = ({one["id"] for one in snapshots} for snapshots in (old, new))
    return sorted({name.partition("/")[0] for name in before ^ now})

"""When a table counts as old: those of a source by how often it is published, all others by the monthly refresh.

Dagster counts from the run that last made a table or found it unchanged. How old the files themselves are is shown by `status` and by
the sensor `overdue_sources`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import dagster as dg

from pipeline.sources.catalogue import SOURCES
from pipeline.sources.publications import publications

MONTH: Final = dt.timedelta(days=31)
_LATE: Final = dt.timedelta(days=3)  # from the day on which it should have been made until the warning
_TOO_LATE: Final = dt.timedelta(days=10)
_FETCHED: Final = "fetched_"
_MADE_AT_NEED: Final = frozenset({"dropped_files", "fetched_pages"})


def policy_of(asset: str) -> dg.FreshnessPolicy | None:
    """Return the freshness policy of an asset; None for one that is made only where there is something to do.

    For tables of a source, and for what fetches it, the window is the shortest cadence of its publications, though at least a month: the
    refresh is monthly. For every other table it is a month.
    """
    if asset in _MADE_AT_NEED:
        return None
    source = _source_of(asset)
    days = [one.days for one in publications() if one.source == source and not one.ended]
    every = max(MONTH, dt.timedelta(days=min(days, default=0)))
    return dg.FreshnessPolicy.time_window(fail_window=every + _TOO_LATE, warn_window=every + _LATE)


def with_freshness(definitions: Iterable[Any]) -> list[Any]:
    """Return the assets, each with its freshness policy."""

    def fresh(spec: dg.AssetSpec) -> dg.AssetSpec:
        policy = policy_of(spec.key.path[-1])
        return spec if policy is None else spec.replace_attributes(freshness_policy=policy)

    return list(dg.map_asset_specs(fresh, definitions))


def _source_of(asset: str) -> str:
    by_table = {table: source.id for source in SOURCES for table in source.tables}
    return by_table.get(asset, asset.removeprefix(_FETCHED))

"""Renames and mergers between ROR records of the United States.

Built to a CSV compiled from the relationships of successive data dumps of the Research Organization Registry. See
docs/sources/ror.md.
"""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Probe, Source, whole
from pipeline.sources.ror import ID_PATTERN
from pipeline.sources.tabular.columns import known, required, states
from pipeline.sources.tabular.table_files import read_csv

TABLE: Final = Layout("ror_renames", "csv", "csv", ("ror_id", "kind", "old_name", "new_name", "release", "state"))
KINDS: Final = ("has_predecessor", "has_successor", "name_changed_between_releases")


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `ror_renames`: one row for each change of a record."""
    columns = ("ror_id", "kind", "old_name", "new_name", "state")
    sieve = read_csv(probe, "ror_renames", {name: name for name in columns})
    known(sieve, "kind", KINDS, "kind of change")
    required(sieve, "kind", "kind of change")
    sieve.reject(~sieve.frame["ror_id"].str.fullmatch(ID_PATTERN), "ror_id is no ROR id")
    sieve.reject((sieve.frame["old_name"] == "") | (sieve.frame["new_name"] == ""), "a name is missing")
    states(sieve, "state")
    return sieve.as_table("ror_renames")


SOURCE: Final = Source(
    id="ror_renames",
    title="Renames and mergers in the Research Organization Registry",
    producer="Research Organization Registry (ROR), compiled from its releases",
    url="https://ror.readme.io/docs/data-dump",
    licence="CC0 1.0",
    layouts=(TABLE,),
    read=_read,
    parts=whole(),
    tables=("ror_renames",),
    bounds=Bounds(100, 10_000),
)

"""Renames and mergers between ROR records of the United States: a compiled CSV. See docs/sources/ror.md."""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, recognise_by_header
from pipeline.sources.ror import ID_PATTERN
from pipeline.sources.tabular.csv_files import known, read_csv, required, states

TABLE: Final = Layout("ror_renames", "csv", "csv", ("ror_id", "kind", "old_name", "new_name", "release", "state"))
KINDS: Final = ("has_predecessor", "has_successor", "name_changed_between_releases")


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    columns = ("ror_id", "kind", "old_name", "new_name", "state")
    sieve = read_csv(probe, "ror_renames", {name: name for name in columns})
    sieve.frame["kind"] = known(sieve, "kind", KINDS, "kind of change")
    required(sieve, "kind", "kind of change")
    sieve.reject(~sieve.frame["ror_id"].str.fullmatch(ID_PATTERN), "ror_id is no ROR id")
    sieve.reject((sieve.frame["old_name"] == "") | (sieve.frame["new_name"] == ""), "a name is missing")
    sieve.require_rows()
    return sieve.parsed({"ror_renames": sieve.frame.assign(state=states(sieve, "state"))})


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    return (Part("all", parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="ror_renames",
    title="Renames and mergers in the Research Organization Registry",
    producer="Research Organization Registry (ROR), compiled from its releases",
    url="https://ror.readme.io/docs/data-dump",
    licence="CC0 1.0",
    layouts=(TABLE,),
    recognise=recognise_by_header((TABLE,)),
    read=_read,
    parts=_parts,
    tables=("ror_renames",),
)

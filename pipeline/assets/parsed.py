"""Archive to tables: which snapshots are used, and one multi-asset for each source's reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from pipeline.archive.loading import load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choices_frame, choose, used_parts
from pipeline.assets.factory import checked, registry_check, row_metadata, spec, table_asset
from pipeline.resources.archive import DataResource
from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Source
from pipeline.sources.catalogue import SOURCES


@table_asset(group="archive", deps=["fetched_pages"])
def snapshots(data: DataResource) -> pd.DataFrame:
    """Which snapshot stands for which part of a source."""
    return choices_frame(choose(open_archive(data.folder().raw)))


def quarantine_key(source: Source) -> dg.AssetKey:
    """Asset key of a source's rows that were set aside."""
    return dg.AssetKey(["set_aside", source.id])


def _source_asset(source: Source) -> dg.AssetsDefinition:
    outs = {name: dg.AssetOut(key=name, **spec(name, "parsed")) for name in source.tables}
    outs["set_aside"] = dg.AssetOut(
        key=quarantine_key(source),
        **{**spec("quarantine", "quarantine"), "description": f"Rows of {source.title} that were not used"},
    )

    @dg.multi_asset(
        name=f"read_{source.id}",
        outs=outs,
        check_specs=[*(registry_check(name) for name in source.tables), bounds_check(source)],
        description=f"{source.title} ({source.producer})",
    )
    def read(snapshots: pd.DataFrame, data: DataResource) -> Iterator[Any]:
        loaded = load(source, used_parts(snapshots), open_archive(data.folder().raw), ParsedCache(data.folder().parsed))
        for name in source.tables:
            yield from checked(loaded.tables[name], name, output=name)
        yield dg.Output(
            to_arrow(loaded.quarantine, "quarantine"), output_name="set_aside", metadata=row_metadata(loaded.quarantine)
        )
        yield bounds_result(source, snapshots, loaded.quarantine)

    return read


def bounds_check(source: Source) -> dg.AssetCheckSpec:
    """The blocking check on how many rows a full part of the source has, and how many are set aside."""
    return dg.AssetCheckSpec(
        "bounds", asset=source.tables[0], blocking=True, description=f"Rows of a full part within {source.bounds}"
    )


def bounds_result(source: Source, snapshots: pd.DataFrame, quarantine: pd.DataFrame) -> dg.AssetCheckResult:
    """Fatal below the lower bound or with too many rows set aside; a warning above the upper bound."""
    bounds = source.bounds
    parts = snapshots[(snapshots["source"] == source.id) & snapshots["used"].astype("bool")]
    full = parts[(parts["coverage"] == "full") & ~parts["sample"].astype("bool")]
    few = full.loc[full["rows_in"] < bounds.lower, ["snapshot_id", "part", "rows_in"]]
    many = full.loc[full["rows_in"] > bounds.upper, ["snapshot_id", "part", "rows_in"]]
    share = len(quarantine) / max(int(parts["rows_in"].sum()) + len(quarantine), 1)
    too_much = share > bounds.quarantine_share
    said = [
        f"{row.part} of {row.snapshot_id} has {row.rows_in:,} rows, at least {bounds.lower:,} are expected"
        for row in few.itertuples()
    ]
    said += [
        f"{row.part} of {row.snapshot_id} has {row.rows_in:,} rows, at most {bounds.upper:,} are expected"
        for row in many.itertuples()
    ]
    if too_much:
        said.append(
            f"{share:.2%} of the rows are set aside, at most {bounds.quarantine_share:.2%} may be; see the quarantine"
        )
    fatal = bool(len(few)) or too_much
    return dg.AssetCheckResult(
        check_name="bounds",
        asset_key=source.tables[0],
        passed=not said,
        severity=dg.AssetCheckSeverity.ERROR if fatal else dg.AssetCheckSeverity.WARN,
        metadata={"said": said, "set_aside_share": float(share)},
    )


source_assets = [_source_asset(source) for source in SOURCES]


@dg.asset(
    ins={source.id: dg.AssetIn(key=quarantine_key(source)) for source in SOURCES},
    **spec("quarantine", "quarantine"),
)
def quarantine(**set_aside: pd.DataFrame) -> dg.Output[Any]:
    """All rows that were set aside, with their reasons."""
    frames = [frame for frame in set_aside.values() if len(frame)]
    every = pd.concat(frames, ignore_index=True) if frames else next(iter(set_aside.values()))
    every = every.drop_duplicates(["snapshot_id", "row", "reason"])
    return dg.Output(to_arrow(every, "quarantine"), metadata=row_metadata(every))

"""The figures of the report, as small frames from the tables of a release. How they are drawn is in `charts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reference.load import read_reference
from pipeline.schemas.frames import to_frame
from pipeline.schemas.vocabulary import SPONSOR_TIER
from pipeline.sources.catalogue import SOURCES

READ: Final = ("functional_h1b_sponsors", "petitioner_links", "petitions", "trainee_filings", "snapshots")
# Tiers in which an H-1B was stated, or trainees were filed for.
OPEN_TIERS: Final = ("sponsors", "case_by_case", "likely")
_SPECIALTIES: Final = 30
_COUNTED: Final = ["initial_approvals", "continuing_approvals"]


def listed(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """Return the list in the columns that the report counts."""
    return to_frame(
        tables["functional_h1b_sponsors"], ["program_code", "specialty", "state", "visa_category", "sponsor_tier"]
    )


def tiers_by_specialty(programs: pd.DataFrame) -> pd.DataFrame:
    """Return specialty, sponsor_tier, order of the tier, programs: of the specialties with the most programs."""
    most = programs["specialty"].value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    counted = programs[programs["specialty"].isin(most.index[:_SPECIALTIES])]
    rows = counted.groupby(["specialty", "sponsor_tier"], observed=True).size().rename("programs").reset_index()
    return rows.assign(order=rows["sponsor_tier"].map(SPONSOR_TIER.index))


def states_on_the_grid(programs: pd.DataFrame) -> pd.DataFrame:
    """Return state, row, column, programs and share: of its programs those in OPEN_TIERS, null where it has none."""
    grid = read_reference("places/state_grid.csv").astype({"row": "int64", "column": "int64"})
    is_open = programs["sponsor_tier"].isin(OPEN_TIERS)
    counted = programs.assign(open=is_open).groupby("state")["open"].agg(["size", "sum"])
    rows = grid.join(counted, on="state").fillna({"size": 0, "sum": 0})
    return rows.assign(
        programs=rows["size"].astype("int64"), share=(rows["sum"] / rows["size"]).where(rows["size"] > 0)
    )[["state", "row", "column", "programs", "share"]]


def petitions_by_year(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """Return year, part (initial, continuing), approvals, partial: of the petitioners that are, or belong to, an institution of the list.

    Each petitioner site counts once, however many institutions it is linked to.
    """
    links = tables["petitioner_links"].filter(pc.field("decision") == "accepted")
    sites = pc.call_function("unique", [links["petitioner_site_id"]])
    petitions = tables["petitions"].select(["fiscal_year", "coverage", "petitioner_site_id", *_COUNTED])
    rows = to_frame(petitions.filter(pc.field("petitioner_site_id").isin(sites)))
    summed = rows.groupby(["fiscal_year", "coverage"])[_COUNTED].sum().reset_index()
    long = summed.melt(["fiscal_year", "coverage"], _COUNTED, "part", "approvals")
    partial = long["coverage"] != "full"
    year = long["fiscal_year"].astype("str") + partial.map({True: " (part)", False: ""})
    return long.assign(year=year, part=long["part"].str.removesuffix("_approvals"), partial=partial)


def filings_by_regime(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """Return regime, employment, applications: for trainees, by the law on the day they were received."""
    rows = to_frame(tables["trainee_filings"], ["payment_regime", "employment"])
    rows = rows.assign(
        employment=rows["employment"].fillna("not said"), regime=rows["payment_regime"].str.replace("_", " ")
    )
    return rows.groupby(["regime", "employment"]).size().rename("applications").reset_index()


def sources(tables: Mapping[str, pa.Table], absent: list[str]) -> list[dict[str, str]]:
    """Return of each source its title, what of it is used, since when it is in the archive, and whether it is a sample."""
    snapshots = to_frame(tables["snapshots"])
    used = snapshots[snapshots["used"].astype("bool")]
    rows = []
    for source in SOURCES:
        own = used[used["source"] == source.id]
        parts = sorted(own["part"].astype("str"))
        kept = parts if len(parts) <= 4 else [parts[0], "…", parts[-1]]
        rows.append(
            {
                "title": source.title,
                "parts": ", ".join(kept) if parts else ("nothing at hand" if source.id in absent else "nothing used"),
                "added": f"{own['added_on'].max():%Y-%m-%d}" if parts else "",
                "sample": "sample" if parts and bool(own["sample"].any()) else "",
            }
        )
    return rows


def measured() -> list[dict[str, str]]:
    """Return how right each room is on labelled cases, as the curated table says."""
    rows = read_reference("measured.csv").drop(columns="line")
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows.to_dict("records")]

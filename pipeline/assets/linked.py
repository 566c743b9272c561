"""Tables to links: petitions and petitioners, institutions and programs, and which is which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from pipeline.assets.factory import checked, registry_check, row_metadata, spec
from pipeline.linkage.aliases import variants
from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.institutions import build_institutions
from pipeline.linkage.judgements import read_aliases, read_judgements
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.linkage.links.positions import match_positions
from pipeline.linkage.petitions import sum_petitions
from pipeline.linkage.places import metro_area
from pipeline.release.review import review_queue
from pipeline.schemas.frames import to_arrow

GROUP = "linked"
LINK_REVIEW = dg.AssetKey(["to_review", "review_queue"])


@dg.multi_asset(
    name="group_petitions",
    outs={name: dg.AssetOut(key=name, **spec(name, GROUP)) for name in ("petitions", "petitioners")},
    check_specs=[registry_check("petitions"), registry_check("petitioners")],
)
def petitions_and_petitioners(uscis_petition_rows: pd.DataFrame, snapshots: pd.DataFrame) -> Iterator[Any]:
    """Petitions summed by spelling and place, and the spellings of each petitioner held together."""
    parts = snapshots.loc[snapshots["used"].astype("bool"), ["snapshot_id", "part", "coverage"]]
    rows = uscis_petition_rows.assign(part="FY" + uscis_petition_rows["fiscal_year"].astype("str"))
    rows = rows.merge(parts, on=["snapshot_id", "part"], how="left").drop(columns="part")
    petitioners, petitions = group_petitioners(sum_petitions(rows))
    yield from checked(petitions, "petitions", output="petitions")
    yield from checked(petitioners, "petitioners", output="petitioners")


@dg.multi_asset(
    name="build_institutions",
    outs={name: dg.AssetOut(key=name, **spec(name, GROUP)) for name in ("institutions", "programs")},
    check_specs=[registry_check("institutions"), registry_check("programs")],
)
def institutions_and_programs(
    acgme_programs: pd.DataFrame,
    acgme_participating_sites: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    nrmp_tracks: pd.DataFrame,
) -> Iterator[Any]:
    """Sponsoring institutions, by ACGME code or program name, and the programs of each with their positions."""
    registers = Registers(
        ipeds=ipeds_institutions, cms=cms_hospitals, irs=irs_exempt_organizations, ror=ror_organizations
    )
    built = build_institutions(acgme_programs, acgme_participating_sites, registers, read_aliases())
    institutions = built.institutions.assign(
        metro_area=metro_area(built.institutions["city"], built.institutions["state"])
    )
    positions = match_positions(nrmp_tracks, built.programs, institutions)
    programs = built.programs.assign(metro_area=metro_area(built.programs["city"], built.programs["state"]))
    yield from checked(institutions, "institutions", output="institutions")
    yield from checked(programs.merge(positions, on="program_code", how="left"), "programs", output="programs")


@dg.multi_asset(
    name="link_petitioners",
    outs={
        "petitioner_links": dg.AssetOut(key="petitioner_links", **spec("petitioner_links", GROUP)),
        "link_review": dg.AssetOut(key=LINK_REVIEW, **spec("review_queue", GROUP)),
    },
    check_specs=[registry_check("petitioner_links")],
)
def links(
    petitions: pd.DataFrame,
    institutions: pd.DataFrame,
    programs: pd.DataFrame,
    acgme_participating_sites: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    lca_filings: pd.DataFrame,
) -> Iterator[Any]:
    """Which petitioner stands for which institution, and what a person should look at."""
    registers = Registers(
        ipeds=ipeds_institutions, cms=cms_hospitals, irs=irs_exempt_organizations, ror=ror_organizations
    )
    names = variants(institutions, programs, acgme_participating_sites, registers, read_aliases(), lca_filings)
    linked = link_petitioners(petitions, institutions, names, registers, read_judgements())
    yield from checked(linked.links, "petitioner_links", output="petitioner_links")
    ranked = review_queue([linked.review])
    yield dg.Output(to_arrow(ranked, "review_queue"), output_name="link_review", metadata=row_metadata(ranked))


linked_assets = [petitions_and_petitioners, institutions_and_programs, links]

"""What must hold between the tables of a release, beyond what each table's own description says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.schemas.frames import to_frame_of

_LISTED: Final = ["program_code", "institution_id", "h1b_stated", "j1_stated", "evidence_quote", "evidence_snapshot"]
_LINKED: Final = ["employer", "petitioner_site_id", "institution_id", "petitioner_id", "relation", "decision", "method"]
CURATED: Final = ("judgement", "alias")


def inconsistencies(tables: Mapping[str, pa.Table], programs: pa.Table) -> list[str]:
    """What doesn't fit together, one line each; empty when all does.

    `tables` are those of the release, `programs` the parsed programs that the list must show once each.
    """
    listed = to_frame_of(tables["functional_h1b_sponsors"], _LISTED)
    links = to_frame_of(tables["petitioner_links"], _LINKED)
    petitions = to_frame_of(tables["petitions"], ["fiscal_year", "petitioner_id", "snapshot_id"])
    institutions = to_frame_of(tables["institutions"], ["institution_id"])["institution_id"]
    petitioners = to_frame_of(tables["petitioners"], ["petitioner_id"])["petitioner_id"]
    policies = to_frame_of(tables["visa_policies"], ["institution_id"])["institution_id"]
    said = [
        *_same_programs(listed["program_code"], to_frame_of(programs, ["program_code"])["program_code"]),
        *_known("petitioner_links", links["institution_id"], "institutions", institutions),
        *_known("petitioner_links", links["petitioner_id"], "petitioners", petitioners),
        *_known("petitions", petitions["petitioner_id"].dropna(), "petitioners", petitioners),
        *_known("functional_h1b_sponsors", listed["institution_id"], "institutions", institutions),
        *_known("visa_policies", policies.dropna(), "institutions", institutions),
        *_one_institution_each(links),
        *_no_claim_without_evidence(listed),
        *_one_snapshot_a_year(petitions),
    ]
    judged = tables["cap_exemption"].num_rows
    if judged != len(petitioners):
        said.append(f"cap_exemption has {judged:,} rows for {len(petitioners):,} petitioners")
    return said


def _same_programs(listed: pd.Series, programs: pd.Series) -> list[str]:
    lost = set(programs) - set(listed)
    strange = set(listed) - set(programs)
    said = [f"{len(lost):,} programs are lost from the list, e.g. {min(lost)}"] if lost else []
    return said + ([f"{len(strange):,} programs of the list are in no source, e.g. {min(strange)}"] if strange else [])


def _known(name: str, ids: pd.Series, other: str, known: pd.Series) -> list[str]:
    strange = ids[~ids.isin(known)]
    return (
        [f"{name} names {strange.nunique():,} ids that {other} does not have, e.g. {strange.iloc[0]}"]
        if len(strange)
        else []
    )


def _one_institution_each(links: pd.DataFrame) -> list[str]:
    """The machine finds one institution for a petitioner site; a person may add others, since two sponsors may share a legal entity."""
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same") & ~links["method"].isin(CURATED)]
    twice = same[same.duplicated("petitioner_site_id", keep=False)]
    if twice.empty:
        return []
    said = f"{len(twice):,} links say `same` of one petitioner and several institutions"
    return [f"{said}, e.g. {twice['employer'].iloc[0]}; rule on it in judgements.csv"]


def _no_claim_without_evidence(listed: pd.DataFrame) -> list[str]:
    stated = (listed["h1b_stated"] != "not_stated") | (listed["j1_stated"] != "not_stated")
    bare = listed[stated & (listed["evidence_quote"].isna() | listed["evidence_snapshot"].isna())]
    return (
        [f"{len(bare):,} programs state a policy without evidence, e.g. {bare['program_code'].iloc[0]}"]
        if len(bare)
        else []
    )


def _one_snapshot_a_year(petitions: pd.DataFrame) -> list[str]:
    by_year = petitions.groupby("fiscal_year")["snapshot_id"].nunique()
    added = [str(year) for year, snapshots in by_year.items() if snapshots > 1]
    return [f"petitions of {', '.join(added)} come from several snapshots, which must not add up"] if added else []

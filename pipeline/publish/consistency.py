"""What must hold between the tables of a release, beyond what each table's own description says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.publish.history import UNIT


def inconsistencies(tables: Mapping[str, pd.DataFrame], programs: pd.DataFrame) -> list[str]:
    """What doesn't fit together, one line each; empty when all does.

    `tables` are those of the release, `programs` the parsed programs that the list must show once each.
    """
    listed = tables["functional_h1b_sponsors"]
    links, petitions = tables["petitioner_links"], tables["petitions"]
    said = [
        *_same_programs(listed, programs),
        *_known("petitioner_links", links["institution_id"], "institutions", tables["institutions"]["institution_id"]),
        *_known("petitioner_links", links["petitioner_id"], "petitioners", tables["petitioners"]["petitioner_id"]),
        *_known(
            "petitions", petitions["petitioner_id"].dropna(), "petitioners", tables["petitioners"]["petitioner_id"]
        ),
        *_known(
            "functional_h1b_sponsors",
            listed["institution_id"],
            "institutions",
            tables["institutions"]["institution_id"],
        ),
        *_known(
            "visa_policies",
            tables["visa_policies"]["institution_id"].dropna(),
            "institutions",
            tables["institutions"]["institution_id"],
        ),
        *_one_institution_each(links),
        *_no_claim_without_evidence(listed),
        *_one_snapshot_a_year(petitions),
    ]
    if len(tables["cap_exemption"]) != len(tables["petitioners"]):
        said.append(
            f"cap_exemption has {len(tables['cap_exemption']):,} rows for {len(tables['petitioners']):,} petitioners"
        )
    return said


def _same_programs(listed: pd.DataFrame, programs: pd.DataFrame) -> list[str]:
    lost = set(programs["program_code"]) - set(listed["program_code"])
    strange = set(listed["program_code"]) - set(programs["program_code"])
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
    """A unit can be `same` as one institution only: else its petitions would be counted twice."""
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same")]
    twice = same[same.duplicated(UNIT, keep=False)]
    return (
        [
            f"{len(twice):,} links say `same` of one petitioner and several institutions, e.g. {twice['employer'].iloc[0]}"
        ]
        if len(twice)
        else []
    )


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

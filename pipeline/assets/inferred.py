"""Links to claims: visa policies, trainee filings, cap exemption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from pipeline.archive.store import snapshots as archived_snapshots
from pipeline.assets.factory import checked, registry_check, spec, table_asset
from pipeline.cap_exemption.institutions import judge_institutions
from pipeline.cap_exemption.judge import judge_petitioners
from pipeline.filings.table import trainee_filings as build_trainee_filings
from pipeline.linkage.links.employers import link_employers
from pipeline.linkage.links.pages import link_pages
from pipeline.policies.table import PageContent, policies_from_confirmations, policies_from_pages
from pipeline.resources.archive import DataResource
from pipeline.specialties.recognise import canonical_specialty, specialty_by_code, specialty_group, trains

GROUP = "inferred"


def _specialty_key(names: pd.Series) -> pd.Series:
    """Key under which names of one field are equal."""
    return specialty_group(canonical_specialty(names)["specialty"])


@table_asset(group=GROUP)
def visa_policies(
    program_pages: pd.DataFrame,
    confirmations: pd.DataFrame,
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    data: DataResource,
) -> pd.DataFrame:
    """What pages say and people were told of visas."""
    archived = {snapshot.id: snapshot for snapshot in archived_snapshots(data.folder().raw)}

    def content_of(snapshot_id: str) -> PageContent:
        snapshot = archived[snapshot_id]
        return PageContent(snapshot.path.read_bytes(), snapshot.manifest.layout)

    named = programs.assign(specialty=programs["specialty"].fillna(specialty_by_code(programs["specialty_code"])))
    linked = link_pages(program_pages, named, institutions, _specialty_key, trains)
    specialties = named.set_index("program_code")["specialty"]
    pages = policies_from_pages(program_pages, linked, specialties, content_of)
    told = policies_from_confirmations(confirmations, programs)
    return (
        pd.concat([part for part in (pages, told) if len(part)], ignore_index=True)
        if len(pages) or len(told)
        else pages
    )


@table_asset(group=GROUP)
def employer_links(
    lca_filings: pd.DataFrame, petitioner_links: pd.DataFrame, petitioners: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Employers of applications, and the petitioners and institutions they are."""
    return link_employers(lca_filings, petitioner_links, petitioners, institutions)


@table_asset(group=GROUP)
def trainee_filings(
    lca_filings: pd.DataFrame, employer_links: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Applications whose title says resident, fellow or trainee."""
    places = institutions[["institution_id", "name", "city", "state"]].rename(
        columns={"name": "institution", "city": "institution_city", "state": "institution_state"}
    )
    linked = employer_links.dropna(subset=["institution_id"]).merge(places, on="institution_id", how="left")
    return build_trainee_filings(lca_filings, linked)


@dg.multi_asset(
    name="judge_cap_exemption",
    outs={name: dg.AssetOut(key=name, **spec(name, GROUP)) for name in ("cap_exemption", "institution_cap_exemption")},
    check_specs=[registry_check("cap_exemption"), registry_check("institution_cap_exemption")],
)
def cap_exemption(
    petitioners: pd.DataFrame,
    petitioner_links: pd.DataFrame,
    institutions: pd.DataFrame,
    employer_links: pd.DataFrame,
    trainee_filings: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    ahrq_health_systems: pd.DataFrame,
    ahrq_hospitals: pd.DataFrame,
    ncses_obligations: pd.DataFrame,
    ncses_ffrdcs: pd.DataFrame,
    prevailing_wage_determinations: pd.DataFrame,
    cms_provider_of_services: pd.DataFrame,
) -> Iterator[Any]:
    """Whether each petitioner and each institution seems exempt from the cap, by the rules of docs/methods/cap_exemption.md."""
    tables = {
        "ipeds_institutions": ipeds_institutions,
        "cms_hospitals": cms_hospitals,
        "irs_exempt_organizations": irs_exempt_organizations,
        "ror_organizations": ror_organizations,
        "ahrq_health_systems": ahrq_health_systems,
        "ahrq_hospitals": ahrq_hospitals,
        "ncses_obligations": ncses_obligations,
        "ncses_ffrdcs": ncses_ffrdcs,
        "prevailing_wage_determinations": prevailing_wage_determinations,
        "cms_provider_of_services": cms_provider_of_services,
    }
    anchors = institutions[["institution_id", "name", "unitid", "facility_ids"]].rename(columns={"name": "institution"})
    links = petitioner_links.merge(anchors, on="institution_id", how="left")
    judged = judge_petitioners(petitioners, tables, links, summer_starts(trainee_filings, employer_links))
    yield from checked(judged, "cap_exemption", output="cap_exemption")
    yield from checked(
        judge_institutions(institutions, tables), "institution_cap_exemption", output="institution_cap_exemption"
    )


def summer_starts(filings: pd.DataFrame, employers: pd.DataFrame) -> pd.DataFrame:
    """petitioner_id, june_july_trainee_starts, snapshot_id: trainees of each petitioner who start in June or July."""
    summer = filings[filings["begin_date"].dt.month.isin([6, 7])]
    known = employers.loc[
        employers["petitioner_id"].notna(), ["employer_name", "worksite_state", "petitioner_id"]
    ].drop_duplicates()
    joined = summer.merge(known, left_on=["employer", "worksite_state"], right_on=["employer_name", "worksite_state"])
    return joined.groupby("petitioner_id", as_index=False).agg(
        june_july_trainee_starts=("filing_id", "nunique"), snapshot_id=("snapshot_id", "first")
    )


inferred_assets = [visa_policies, employer_links, trainee_filings, cap_exemption]

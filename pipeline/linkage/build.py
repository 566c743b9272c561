"""The tables of this room, each made from the tables it needs by the function of its name, or with others in one go."""

from __future__ import annotations

import pandas as pd
from pyarrow.dataset import Dataset

from pipeline.linkage import institutions as institution_building
from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.judgements import Curated, merged, read_aliases
from pipeline.linkage.kept_ids import parted_petitioners
from pipeline.linkage.links import employers
from pipeline.linkage.links.petitioners import READ, link_petitioners
from pipeline.linkage.links.positions import match_positions
from pipeline.linkage.petitioner_rulings import petitioner_rulings
from pipeline.linkage.petitions import SUMMED, numbered_petitions
from pipeline.linkage.places import metro_area
from pipeline.linkage.systems import read_systems, system_names, with_systems
from pipeline.reference.rulings import OwnRulings
from pipeline.schemas.frames import empty_frame, to_frame
from pipeline.schemas.numbers import distinct_rows, numbered


def group_petitions(
    uscis_petition_rows: Dataset,
    ipeds_institutions: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    snapshots: pd.DataFrame,
    earlier_petitioners: pd.DataFrame,
    own_rulings: OwnRulings,
) -> dict[str, pd.DataFrame]:
    """Return `petitions`, summed by spelling and place, `petitioners`, the spellings of each held together, and
    `petitioner_redirects`, ids of the release before that are given up or parted."""
    summed = numbered_petitions(_with_coverage(to_frame(uscis_petition_rows.to_table(SUMMED)), snapshots))
    registers = Registers(ipeds=ipeds_institutions, ror=ror_organizations)
    rulings = petitioner_rulings(own_rulings.petitioners)
    grouped = group_petitioners(summed.petitions, earlier_petitioners, registers, rulings, summed.numbers)
    redirects = [grouped.redirects, parted_petitioners(earlier_petitioners, grouped.petitioners)]
    return {
        "petitions": grouped.petitions,
        "petitioners": grouped.petitioners,
        "petitioner_redirects": pd.concat(
            [part for part in redirects if len(part)] or redirects[:1], ignore_index=True
        ),
    }


def _with_coverage(rows: pd.DataFrame, snapshots: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the coverage of the part of their snapshot that they are of: their fiscal year."""
    parts = snapshots.loc[snapshots["used"].astype("bool"), ["snapshot_id", "part", "coverage"]]
    first, place = distinct_rows(numbered(rows["snapshot_id"])[0], rows["fiscal_year"].to_numpy(dtype="int64"))
    known = rows[["snapshot_id", "fiscal_year"]].iloc[first]
    known = known.assign(part="FY" + known["fiscal_year"].astype("str"))
    coverage = known.merge(parts, on=["snapshot_id", "part"], how="left")["coverage"]
    return rows.assign(coverage=coverage.take(place).set_axis(rows.index))


def build_institutions(
    acgme_programs: pd.DataFrame,
    acgme_sponsors: pd.DataFrame,
    acgme_participating_sites: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    nrmp_tracks: pd.DataFrame,
    snapshots: pd.DataFrame,
    earlier_institutions: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Return `institutions`, the sponsoring institutions of the ACGME lists, `programs`, the programs of each with
    their positions in the Match, and `institution_redirects`, ids of the release before that are given up or parted; all are
    empty without a list."""
    if acgme_programs.empty:
        return {name: empty_frame(name) for name in ("institutions", "programs", "institution_redirects")}
    registers = Registers(
        ipeds=ipeds_institutions, cms=cms_hospitals, irs=irs_exempt_organizations, ror=ror_organizations
    )
    added = snapshots.drop_duplicates("snapshot_id").set_index("snapshot_id")["added_on"]
    filed = pd.to_datetime(acgme_sponsors["snapshot_id"].map(added)).dt.year
    statements = acgme_sponsors.assign(list_year=acgme_sponsors["list_year"].fillna(filed))
    built = institution_building.build_institutions(
        acgme_programs, acgme_participating_sites, registers, read_aliases(), statements, earlier_institutions
    )
    positions = match_positions(nrmp_tracks, built.programs, built.institutions)
    programs = built.programs.assign(metro_area=metro_area(built.programs["city"], built.programs["state"]))
    programs = programs.merge(positions, on="program_code", how="left")
    tracks = [cell if isinstance(cell, list) else [] for cell in programs["match_tracks"]]
    programs["match_tracks"] = pd.Series(tracks, index=programs.index, dtype="object")
    return {"institutions": built.institutions, "programs": programs, "institution_redirects": built.redirects}


def institution_names(
    institutions: pd.DataFrame,
    programs: pd.DataFrame,
    acgme_participating_sites: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    ahrq_hospitals: pd.DataFrame,
    cms_hospital_names: pd.DataFrame,
    lca_filings: pd.DataFrame,
) -> pd.DataFrame:
    """Return table `institution_names`: the names under which institutions, their systems and bodies tied to them may sign
    petitions. No petition is looked at: they can be collected while these are grouped."""
    return _names_by(
        read_aliases(),
        read_systems(),
        institutions,
        programs,
        acgme_participating_sites,
        ipeds_institutions,
        cms_hospitals,
        irs_exempt_organizations,
        ror_organizations,
        ahrq_hospitals,
        cms_hospital_names,
        lca_filings,
    )


def petitioner_links(
    petitions: Dataset,
    institutions: pd.DataFrame,
    institution_names: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    own_rulings: OwnRulings,
) -> pd.DataFrame:
    """Return table `petitioner_links`: which petitioner is which institution or its affiliate, by name, place, tax id and
    judgement, the operator's own among them."""
    registers = Registers(ipeds=ipeds_institutions, cms=cms_hospitals)
    read = to_frame(petitions.to_table(READ))
    return link_petitioners(read, institutions, institution_names, registers, merged(own_rulings.links))


def links_by(
    curated: Curated, *, petitions: pd.DataFrame, institutions: pd.DataFrame, **tables: pd.DataFrame
) -> pd.DataFrame:
    """Return table `petitioner_links` by the curated rows given. tables: the other tables that `institution_names` takes, by name."""
    names = _names_by(curated.aliases, curated.systems, institutions, **tables)
    registers = Registers(ipeds=tables["ipeds_institutions"], cms=tables["cms_hospitals"])
    return link_petitioners(petitions, institutions, names, registers, curated.judgements)


def _names_by(
    aliases: pd.DataFrame,
    systems: pd.DataFrame,
    institutions: pd.DataFrame,
    programs: pd.DataFrame,
    acgme_participating_sites: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    irs_exempt_organizations: pd.DataFrame,
    ror_organizations: pd.DataFrame,
    ahrq_hospitals: pd.DataFrame,
    cms_hospital_names: pd.DataFrame,
    lca_filings: pd.DataFrame,
) -> pd.DataFrame:
    """Return the names of institutions by the curated rows given, those of their health systems below them."""
    registers = Registers(
        ipeds=ipeds_institutions,
        cms=cms_hospitals,
        irs=irs_exempt_organizations,
        ror=ror_organizations,
        ahrq=ahrq_hospitals,
        cms_names=cms_hospital_names,
    )
    names = collect_aliases(institutions, programs, acgme_participating_sites, registers, aliases, lca_filings)
    return with_systems(names, institutions, system_names(institutions, systems))


def employer_links(
    lca_filings: pd.DataFrame, petitioner_links: pd.DataFrame, petitioners: Dataset, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Return table `employer_links`: employers of applications, and the petitioners and institutions they are."""
    systems = system_names(institutions, read_systems())
    named = to_frame(petitioners.to_table(employers.READ), arrow_lists=True)
    return employers.link_employers(lca_filings, petitioner_links, named, institutions, read_aliases(), systems)

"""The tables of this room, each made from the tables it needs by the function of its name."""

from __future__ import annotations

from typing import Final

import pandas as pd
from pyarrow.dataset import Dataset

from pipeline.cap_exemption.findings.attestations import with_applicants
from pipeline.cap_exemption.findings.base import at_hand
from pipeline.cap_exemption.institutions import judge_institutions
from pipeline.cap_exemption.judge import judge, search
from pipeline.cap_exemption.registers import read_registers
from pipeline.reference.rulings import OwnRulings
from pipeline.schemas.frames import to_frame

_JUDGED: Final = [
    "petitioner_id", "name", "tax_id_last4", "state", "spellings", "cities", "naics", "initial_approvals", "continuing_approvals",
]  # fmt: skip
_SUMMER: Final = (6, 7)  # the academic year of graduate medical education begins on 1 July or shortly before


def search_registers(
    petitioners: Dataset,
    institutions: pd.DataFrame,
    trainee_applications: pd.DataFrame,
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
    own_rulings: OwnRulings,
) -> dict[str, pd.DataFrame]:
    """Return `cap_exemption_findings`, what names and registers say of petitioners, and `institution_cap_exemption`, whether each
    institution seems exempt from the cap.

    None of it hangs on links: it can be made beside them.
    """
    registers = read_registers(
        {
            "ipeds_institutions": ipeds_institutions,
            "cms_hospitals": cms_hospitals,
            "irs_exempt_organizations": irs_exempt_organizations,
            "ror_organizations": ror_organizations,
            "ahrq_health_systems": ahrq_health_systems,
            "ahrq_hospitals": ahrq_hospitals,
            "ncses_obligations": ncses_obligations,
            "ncses_ffrdcs": ncses_ffrdcs,
            "prevailing_wage_determinations": with_applicants(prevailing_wage_determinations, trainee_applications),
            "cms_provider_of_services": cms_provider_of_services,
        }
    )
    return {
        "cap_exemption_findings": search(_read(petitioners), registers),
        "institution_cap_exemption": judge_institutions(institutions, registers, own_rulings.cap_exemption),
    }


def cap_exemption(
    petitioners: Dataset,
    cap_exemption_findings: pd.DataFrame,
    petitioner_links: pd.DataFrame,
    institutions: pd.DataFrame,
    employer_links: pd.DataFrame,
    trainee_filings: pd.DataFrame,
    ipeds_institutions: pd.DataFrame,
    cms_hospitals: pd.DataFrame,
    ncses_obligations: pd.DataFrame,
    own_rulings: OwnRulings,
) -> pd.DataFrame:
    """Return table `cap_exemption`: whether each petitioner seems exempt from the cap, by the rules of
    docs/methods/cap_exemption.md and the rulings of people, the operator's own last."""
    tables = at_hand(
        {
            "ipeds_institutions": ipeds_institutions,
            "cms_hospitals": cms_hospitals,
            "ncses_obligations": ncses_obligations,
        }
    )
    anchors = institutions[["institution_id", "name", "unitid", "facility_ids"]].rename(columns={"name": "institution"})
    links = petitioner_links.merge(anchors, on="institution_id", how="left")
    trainees = summer_trainees(trainee_filings, employer_links)
    return judge(_read(petitioners), cap_exemption_findings, tables, links, trainees, own=own_rulings.cap_exemption)


def _read(petitioners: Dataset) -> pd.DataFrame:
    """Read what is judged of petitioners."""
    return to_frame(petitioners.to_table(_JUDGED), arrow_lists=True)


def summer_trainees(trainee_filings: pd.DataFrame, employer_links: pd.DataFrame) -> pd.DataFrame:
    """Count the trainees of each petitioner who begin in June or July.

    Columns: petitioner_id, june_july_trainee_starts (applications), snapshot_id (of one of them); one row a petitioner
    that has any.
    """
    summer = trainee_filings[trainee_filings["begin_date"].dt.month.isin(_SUMMER)]
    known = employer_links.loc[
        employer_links["petitioner_id"].notna(), ["employer_name", "worksite_state", "petitioner_id"]
    ].drop_duplicates()
    joined = summer.merge(known, left_on=["employer", "worksite_state"], right_on=["employer_name", "worksite_state"])
    return joined.groupby("petitioner_id", as_index=False).agg(
        june_july_trainee_starts=("filing_id", "nunique"), snapshot_id=("snapshot_id", "first")
    )

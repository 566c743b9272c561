"""The functional H-1B sponsor list: everything known of a program in one row."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pipeline.publish.history import PetitionYears, approvals_by_institution
from pipeline.rules.policy_choice import choose_policy
from pipeline.rules.specialties import specialty_by_code
from pipeline.rules.sponsor_tier import sponsor_tiers
from pipeline.rules.trainee_filings import filings_by_program
from pipeline.schemas.registry import table

_CAP: Final = {"category": "cap_exempt_category", "basis": "cap_exempt_basis", "confidence": "cap_exempt_confidence"}
_COUNTED: Final = [
    "initial_approvals", "continuing_approvals", "affiliate_initial_approvals", "affiliate_continuing_approvals",
]  # fmt: skip


def build_list(
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    own: pd.DataFrame,
    policies: pd.DataFrame,
    filings: pd.DataFrame,
    cap_exemption: pd.DataFrame,
    years: PetitionYears,
    as_of: dt.date,
) -> pd.DataFrame:
    """Table `functional_h1b_sponsors` less release_id, one row for each of `programs`.

    programs, institutions, policies (visa_policies), filings (trainee_filings), cap_exemption: tables of the registry.
    own: `petitioners_of_institutions` in `years`. Counts of petitions are null where no petitions are at hand at all.
    """
    named = institutions[["institution_id", "name"]].rename(columns={"name": "institution"})
    base = programs.merge(named, on="institution_id", how="left")
    base["specialty"] = base["specialty"].fillna(specialty_by_code(base["specialty_code"]))
    judged = own.merge(cap_exemption[["petitioner_id", *_CAP]].rename(columns=_CAP), on="petitioner_id", how="left")
    base = base.merge(approvals_by_institution(own), on="institution_id", how="left")
    base[_COUNTED] = base[_COUNTED].fillna(0).astype("Int64") if years.years else base[_COUNTED].astype("Int64")
    base["petition_years"] = years.label
    base = base.merge(_cap_exemption_of(judged), on="institution_id", how="left")
    records = petitioner_records(judged)
    base["petitioners"] = pd.Series(
        [records.get(key, []) for key in base["institution_id"]], index=base.index, dtype="object"
    )
    base = base.merge(choose_policy(policies, programs[["program_code", "institution_id"]]), on="program_code")
    counts = filings_by_program(filings, base[["program_code", "institution_id", "specialty", "specialty_code"]], as_of)
    base = base.merge(counts, on="program_code").assign(as_of=pd.Timestamp(as_of))
    listed = base.merge(sponsor_tiers(base), on="program_code")
    return listed[[column for column in table("functional_h1b_sponsors").columns if column in listed.columns]]


def _cap_exemption_of(judged: pd.DataFrame) -> pd.DataFrame:
    """Answer of the petitioner that files most for each institution: `same` before affiliates, then by approvals."""
    ranked = judged.assign(
        affiliate=judged["relation"] == "affiliate",
        approvals=judged["initial_approvals"] + judged["continuing_approvals"],
    ).sort_values(["institution_id", "affiliate", "approvals", "petitioner_id"], ascending=[True, True, False, True])
    first = ranked[~ranked["affiliate"]].drop_duplicates("institution_id")
    return first[["institution_id", "name", *_CAP.values()]].rename(columns={"name": "cap_exempt_petitioner"})


def petitioner_records(judged: pd.DataFrame) -> dict[str, list[dict[str, object]]]:
    """The petitioners of each institution as records of PETITIONER, in the order of `judged`."""
    columns = ["petitioner_id", "name", "relation", "initial_approvals", "continuing_approvals", *_CAP.values()]
    plain = judged[columns].astype(object).where(judged[columns].notna(), None)
    records: dict[str, list[dict[str, object]]] = {}
    for institution_id, record in zip(judged["institution_id"], plain.to_dict("records"), strict=True):
        records.setdefault(institution_id, []).append({str(name): value for name, value in record.items()})
    return records

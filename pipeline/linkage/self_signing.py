"""Bodies that sign for themselves beside their university or health system, which is then an affiliate.

What belongs here: relations that follow from who signs. What the names say of them belongs to `comparison.py`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.model import ACCEPT, ID_APPROVALS, SCHOOL_APPROVALS, SYSTEM_APPROVALS
from pipeline.linkage.names.kinds import kinds_of
from pipeline.linkage.tax_ids import TaxIds, public_id

_OWN_NAMES: Final = ("sponsor", "cms", "program", "site")  # sources of names under which a body signs for itself


def self_signing(scored: pd.DataFrame, public: TaxIds) -> pd.DataFrame:
    """Separate bodies that sign for themselves from their university or system: what these sign becomes an affiliate's.

    A hospital whose own name is a petitioner: the university in its name is another entity, and so is a health system with
    its words under another tax id, or the hospital beside a system. A school of medicine that has a tax id of its own beside
    the university's: what the university files from another city is not the school's.
    """
    own = scored[
        scored["source"].isin([*_OWN_NAMES, "alias"])
        & (scored["relation"] == "same")
        & scored["how"].isin(["equal", "equal_cut", "cut", "kin"])
        & (scored["score"] >= ACCEPT)
    ]
    sizes = own.groupby("institution_id")["approvals"].sum()
    signing = scored["institution_id"].isin(sizes.index[sizes >= ID_APPROVALS])
    of_hospital = signing & (scored["source"] == "hospital_university")
    key = ["institution_id", "tax_id_last4"]
    under_own_id = pd.MultiIndex.from_frame(scored[key]).isin(pd.MultiIndex.from_frame(own[key].dropna()))
    of_system = (scored["how"] == "system") & (scored["relation"] == "same") & (scored["source"] != "alias")
    total = scored.drop_duplicates("petitioner_site_id").groupby("petitioner_id")["approvals"].sum()
    few = scored["petitioner_id"].map(total).fillna(0) < SYSTEM_APPROVALS
    of_system &= few | (signing & ~under_own_id) | ~scored["source"].isin(_OWN_NAMES)
    theirs = public_id(own, public)
    of_schools = (kinds_of(own["alias_form"]) != "hospital") | own["alias_form"].str.contains("UNIVERSITY").to_numpy()
    beside = own[of_schools & ~theirs & own["tax_id_last4"].notna() & (own["place"] == own["own_place"])]
    schools = beside.groupby("institution_id")["approvals"].sum()
    named = kinds_of(scored["alias_form"]) == "university"
    of_school = (
        named
        & (scored["relation"] == "same")
        & (scored["source"] != "alias")
        & public_id(scored, public)
        & (scored["place"] != scored["own_place"])
        & scored["institution_id"].isin(schools.index[schools >= SCHOOL_APPROVALS])
    )
    return scored.assign(relation=scored["relation"].mask(of_hospital | of_system | of_school, "affiliate"))

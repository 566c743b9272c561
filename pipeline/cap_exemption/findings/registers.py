"""Findings in registers of organizations: IPEDS, IRS, ROR and NCSES. Hospitals and attestations have modules of their own."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.findings.base import finding
from pipeline.cap_exemption.findings.lookup import Registers, lookup
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, canonical_all, core

LARGE_AWARDS: Final = 1000.0  # thousand USD of federal science obligations in one year
_SCHOOL: Final = r"\b(?:UNIVERSITY|COLLEGE|INSTITUTE|SEMINARY|POLYTECHNIC|CONSERVATORY|SCHOOL|ACADEMY|CUNY|SUNY)\b"
_NONPROFIT_SUBSECTIONS: Final = ("03", "04", "06")  # 501(c)(3), (4), (6): 8 CFR 214.2(h)(19)(iv)


def ipeds(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find schools, public, nonprofit and for-profit, by CONTROL and DEGGRANT of IPEDS HD."""
    rows = lookup(names, registers.records["ipeds_institutions"])
    own = names.loc[names["key"].isin(rows["key"]), ["key", "form"]].astype({"form": "str"})
    school = rows["key"].isin(own.loc[own["form"].str.contains(_SCHOOL), "key"])
    pairs = pd.MultiIndex.from_frame(own)
    same = np.asarray(pd.MultiIndex.from_arrays([rows["key"], canonical_all(rows["name"])]).isin(pairs))
    # NYC and its City University share a tax id: a petitioner that does not call itself a school is not one.
    rows = rows[school | same | ((rows["score"] >= 100) & (rows["how"] == "tax_id_name"))]
    degrees = rows["degree_granting"].fillna(False).astype(bool)
    control = rows["control"].fillna(0).astype(int)
    value = "CONTROL " + control.astype("str") + ": " + rows["name"]
    return pd.concat(
        [
            finding(rows, (control == 1) & degrees, "school_public", "CONTROL", value, "A"),
            finding(rows, (control == 2) & degrees, "school_nonprofit", "CONTROL", value, "A"),
            finding(rows, control == 3, "school_for_profit", "CONTROL", value, "A"),
        ]
    )


def with_second_names(table: pd.DataFrame) -> pd.DataFrame:
    """Return table `irs_exempt_organizations` with the second name of each organization, where it has one, as its alias."""
    second = [[name] if name else [] for name in table["sort_name"].fillna("")]
    return table.assign(aliases=pd.Series(second, index=table.index))


def irs(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find 501(c) status and research codes in the IRS extract of exempt organizations."""
    rows = lookup(names, registers.records["irs_exempt_organizations"])
    exempt = rows["subsection"].isin(_NONPROFIT_SUBSECTIONS)
    ntee = rows["ntee"].fillna("")
    status = "501(c)(" + rows["subsection"].str.lstrip("0") + "): " + rows["name"]
    return pd.concat(
        [
            finding(rows, exempt, "nonprofit_irs", "SUBSECTION", status, "A"),
            finding(rows, exempt & ntee.str[:1].isin(["H", "U", "V"]), "research_code", "NTEE_CD", ntee, "B"),
        ]
    )


def ror(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find kinds of organizations in ROR, and schools as their parents or relatives."""
    rows = lookup(names, registers.records["ror_organizations"])
    types = pd.Series(["|".join(sorted(kinds)) for kinds in rows["types"].tolist()], index=rows.index, dtype="str")
    company = types.str.fullmatch(r"(?:funder\|)?company|company\|funder")
    relative = rows["relationships"].map(_school_relative)
    return pd.concat(
        [
            finding(rows, types.str.contains("nonprofit"), "nonprofit_listed", "types", types, "C"),
            finding(rows, company, "ror_company", "types", types, "C"),
            finding(rows, relative != "", "school_relative", "relationships", relative, "C"),
        ]
    )


def _school_relative(relations: object) -> str:
    """Return a parent or related school in a ROR record's relationships: `kind: name`; "" if none."""
    for relation in relations if relations is not None else ():  # type: ignore[union-attr]
        kind, name = str(relation["kind"]).lower(), str(relation["name"])
        if kind in ("parent", "related") and kind_of(core(canonical(name))) in ("university", "school"):
            return f"{kind}: {name}"
    return ""


def best_years(table: pd.DataFrame) -> pd.DataFrame:
    """Return the row of table `ncses_obligations` with the most money of each institution, with the columns name and placed."""
    order = ["institution", "state", "obligations", "snapshot_id"]
    best = table.sort_values(order, ascending=[True, True, False, True])
    best = best.drop_duplicates(["institution", "state"], ignore_index=True)
    return best.assign(placed=best["institution"] + ", " + best["state"].fillna(""), name=best["institution"])


def ncses_obligations(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find nonprofits with federal science and engineering obligations; the list is of nonprofits by definition."""
    rows = lookup(names, registers.records["ncses_obligations"])
    amount = rows["obligations"].fillna(0.0)
    value = amount.round().astype("int64").astype("str") + " thousand USD in the best year: " + rows["name"]
    field = "field_all_agencies"
    return pd.concat(
        [
            finding(rows, amount > 0, "federal_awards", field, value, "B"),
            finding(rows, amount >= LARGE_AWARDS, "federal_awards_large", field, value, "B"),
            finding(rows, amount >= 0, "nonprofit_listed", "institution", rows["name"], "B"),
        ]
    )

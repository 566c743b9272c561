"""Findings on petitioners in public registers: one function a source, each on its own, all in one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.curated import read
from pipeline.cap_exemption.findings.attestations import attestations
from pipeline.cap_exemption.findings.hospitals import ahrq_hospitals, ahrq_systems, cms, provider_of_services
from pipeline.cap_exemption.lookup import finding, lookup, no_findings
from pipeline.cap_exemption.registers import SOURCE_IDS, CapExemptSources
from pipeline.linkage.names.bulk import canonical_all
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, core

LARGE_AWARDS: Final = 1000.0  # thousand USD of federal science obligations in one year
_SCHOOL: Final = r"\b(?:UNIVERSITY|COLLEGE|INSTITUTE|SEMINARY|POLYTECHNIC|CONSERVATORY|SCHOOL|ACADEMY|CUNY|SUNY)\b"
_NONPROFIT_SUBSECTIONS: Final = ("03", "04", "06")


def ipeds(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Schools: public, nonprofit, for-profit."""
    table = sources.table("ipeds")
    assert table is not None
    register = table.assign(id=table["unitid"])
    rows = lookup(names, register).merge(register, on="id")
    said = names.loc[names["key"].isin(rows["key"]), ["key", "form"]].astype({"form": "str"})
    school = rows["key"].isin(said.loc[said["form"].str.contains(_SCHOOL), "key"])
    pairs = pd.MultiIndex.from_frame(said)
    same = np.asarray(pd.MultiIndex.from_arrays([rows["key"], canonical_all(rows["name"])]).isin(pairs))
    # NYC and its City University share a tax id: a petitioner that does not call itself a school is not one.
    rows = rows[school | same | ((rows["score"] >= 100) & (rows["how"] == "tax_id_name"))]
    degrees = rows["degree_granting"].fillna(False).astype(bool)
    control = rows["control"].fillna(0).astype(int)
    value = "CONTROL " + control.astype("str") + ": " + rows["name"]
    return pd.concat(
        [
            finding(rows, (control == 1) & degrees, "school_public", "CONTROL", value, "A", "ipeds"),
            finding(rows, (control == 2) & degrees, "school_nonprofit", "CONTROL", value, "A", "ipeds"),
            finding(rows, control == 3, "school_for_profit", "CONTROL", value, "A", "ipeds"),
        ]
    )


def irs(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """501(c) status and research codes."""
    table = sources.table("irs")
    assert table is not None
    second = pd.Series([[name] if name else [] for name in table["sort_name"].fillna("")], index=table.index)
    register = table.assign(id=table["ein"], aliases=second)
    rows = lookup(names, register).merge(register, on="id")
    exempt = rows["subsection"].isin(_NONPROFIT_SUBSECTIONS)
    research = exempt & (rows["ntee"].fillna("").str[:1].isin(["H", "U", "V"]))
    status = "501(c)(" + rows["subsection"].str.lstrip("0") + "): " + rows["name"]
    return pd.concat(
        [
            finding(rows, exempt, "nonprofit_irs", "SUBSECTION", status, "A", "irs"),
            finding(rows, research, "research_code", "NTEE_CD", rows["ntee"].fillna(""), "B", "irs"),
        ]
    )


def ror(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Who is who: kinds of organizations, and schools as parents or relatives."""
    table = sources.table("ror")
    assert table is not None
    register = table.assign(id=table["ror_id"])
    rows = lookup(names, register).merge(register, on="id")
    types = pd.Series(["|".join(sorted(kinds)) for kinds in rows["types"].tolist()], index=rows.index, dtype="str")
    relative = rows["relationships"].map(_school_relative)
    return pd.concat(
        [
            finding(rows, types.str.contains("nonprofit"), "nonprofit_listed", "types", types, "C", "ror"),
            finding(
                rows,
                types.str.fullmatch(r"(?:funder\|)?company|company\|funder"),
                "ror_company",
                "types",
                types,
                "C",
                "ror",
            ),
            finding(rows, relative != "", "school_relative", "relationships", relative, "C", "ror"),
        ]
    )


def _school_relative(relations: object) -> str:
    """A parent or related school in a ROR record's relationships: `kind: name`; "" if none."""
    for relation in relations if relations is not None else ():  # type: ignore[union-attr]
        kind, name = str(relation["kind"]).lower(), str(relation["name"])
        if kind in ("parent", "related") and kind_of(core(canonical(name))) in ("university", "school"):
            return f"{kind}: {name}"
    return ""


def ncses_obligations(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Nonprofits with federal science and engineering obligations; the list is of nonprofits by definition."""
    table = sources.table("ncses_obligations")
    assert table is not None
    ranked = table.sort_values(
        ["institution", "state", "obligations", "snapshot_id"], ascending=[True, True, False, True]
    )
    register = ranked.drop_duplicates(["institution", "state"]).reset_index(drop=True)
    register = register.assign(
        id=register["institution"] + ", " + register["state"].fillna(""), name=register["institution"]
    )
    rows = lookup(names, register).merge(register, on="id")
    amount = rows["obligations"].fillna(0.0)
    value = amount.round().astype("int64").astype("str") + " thousand USD in the best year: " + rows["name"]
    return pd.concat(
        [
            finding(rows, amount > 0, "federal_awards", "field_all_agencies", value, "B", "ncses_obligations"),
            finding(
                rows,
                amount >= LARGE_AWARDS,
                "federal_awards_large",
                "field_all_agencies",
                value,
                "B",
                "ncses_obligations",
            ),
            finding(rows, amount >= 0, "nonprofit_listed", "institution", rows["name"], "B", "ncses_obligations"),
        ]
    )


def ncses_ffrdcs(curated: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """NCSES's word on who administers the lab that a curated row names (curated: findings of `curated_findings`)."""
    table = sources.table("ncses_ffrdcs")
    assert table is not None
    labs = read("cap_exempt_labs.csv")[["row", "label"]]
    named = curated[curated["source"] == "curated:cap_exempt_labs.csv"]
    named = named.assign(row=named["locator"].str.removeprefix("line ").astype("int64")).merge(labs, on="row")
    rows = named.merge(table, left_on="label", right_on="ffrdc")
    return pd.DataFrame(
        {
            "key": rows["key"],
            "signal": rows["signal"],
            "source": SOURCE_IDS["ncses_ffrdcs"],
            "snapshot": rows["snapshot_id"],
            "locator": rows["ffrdc"],
            "field": "administrator",
            "value": rows["administrator_kind"],
            "strength": "B",
            "how": "name_pattern",
        }
    )


GATHERERS: Final[Mapping[str, Callable[[pd.DataFrame, CapExemptSources], pd.DataFrame]]] = {
    "ipeds": ipeds,
    "cms": cms,
    "irs": irs,
    "ror": ror,
    "ahrq_systems": ahrq_systems,
    "ahrq_hospitals": ahrq_hospitals,
    "ncses_obligations": ncses_obligations,
    "dol_pwd": attestations,
    "cms_provider_of_services": provider_of_services,
}


def register_findings(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Findings of all registers that are at hand, on the names of `name_table`; an absent one yields nothing."""
    found = [gather(names, sources) for name, gather in GATHERERS.items() if sources.table(name) is not None]
    return pd.concat(found, ignore_index=True) if found else no_findings()

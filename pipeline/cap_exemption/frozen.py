"""Public bodies that an order of their state keeps from filing new petitions.

What belongs here: whom an order binds. It binds a body and not the state printed in a row: where IPEDS knows the school, the
state is that of IPEDS. What an order says and when it holds is in `pipeline/law/freezes.py`.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.curated import form_of
from pipeline.cap_exemption.findings.base import Tables
from pipeline.cap_exemption.signals import Facts
from pipeline.law.freezes import Freeze, freezes
from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import STATE_NAMES

_PUBLIC_SCHOOL: Final = "R1_public_school"
_AGENCY: Final = r"\b(?:DEPARTMENT|DEPT|COMMISSION)\b"


def state_freezes(facts: Facts, findings: pd.DataFrame, verdict: pd.DataFrame, tables: Tables) -> pd.Series:
    """Return the id of the order (reference/law/freezes.csv) that binds each row of `verdict`, None where none does.

    findings: as `gather` returns them. verdict: columns name, state, rule_id. tables: registers, ipeds_institutions among them.
    An order is named whatever the day: who shows it asks whether it holds.
    """
    bound = np.full(len(verdict), None, dtype=object)
    schools = _public_schools(findings, tables)
    public = (verdict["rule_id"] == _PUBLIC_SCHOOL).to_numpy()
    for order in freezes():
        if order.bodies == "state_agency":
            concerned = facts.has("government_name") & _agencies(verdict, order)
        else:
            concerned = public & _of_order(verdict, public, schools, order)
        bound[concerned] = order.id
    return pd.Series(bound, dtype="object")


def _public_schools(findings: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the public schools of IPEDS found for each row: columns key, unitid, state."""
    public = findings[findings["signal"] == "school_public"]
    found = public[public["source"] == "ipeds_hd"]
    schools = found[["key", "locator"]].rename(columns={"locator": "unitid"})
    ipeds = tables.get("ipeds_institutions")
    if ipeds is None or ipeds.empty:
        return schools.iloc[:0].assign(state="")
    return schools.merge(ipeds[["unitid", "state"]], on="unitid")


def _of_order(verdict: pd.DataFrame, public: np.ndarray, schools: pd.DataFrame, order: Freeze) -> np.ndarray:
    """Find the rows whose school an order names: by IPEDS; of those that IPEDS doesn't know, the `public` ones by name."""
    listed = order.bodies == "listed_school"
    named = schools["unitid"].isin(order.unitids) if listed else schools["state"] == order.state
    bound = np.zeros(len(verdict), dtype=bool)
    bound[schools.loc[named, "key"].unique()] = True
    known = np.zeros(len(verdict), dtype=bool)
    known[schools["key"].unique()] = True
    unknown = np.flatnonzero(public & ~known)
    names = verdict["name"].iloc[unknown].astype("str").tolist()
    if listed:
        bound[unknown] = [form_of(name).startswith(_listed(order.id)) for name in names]
    else:
        printed = verdict["state"].iloc[unknown].tolist()
        bound[unknown] = [_of_state(name.upper(), state, order) for name, state in zip(names, printed, strict=True)]
    return bound


@functools.cache
def _listed(freeze: str) -> tuple[str, ...]:
    rows = read_rows("law/frozen_schools.csv")
    return tuple(form_of(row["name"]) for row in rows if row["freeze"] == freeze)


def _of_state(name: str, printed: object, order: Freeze) -> bool:
    """Decide whether a school is of the order's state: its name says so in full, or the row does and the name of no other."""
    states = {state for state, spelled in STATE_NAMES.items() if f" {spelled.upper()} " in f" {name} "}
    return order.state in states or (not states and printed == order.state)


def _agencies(verdict: pd.DataFrame, order: Freeze) -> np.ndarray:
    """Find departments and commissions that bear the name of the order's state."""
    upper = verdict["name"].str.upper()
    of_state = upper.str.contains(rf"^(?:STATE OF )?(?:{order.state}|{STATE_NAMES[order.state].upper()})\b")
    return (of_state & upper.str.contains(_AGENCY) & (verdict["state"] == order.state)).fillna(False).to_numpy(bool)

"""Which public registers cap exemption reads: the one list of them. How each is read is in findings/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.cap_exemption.findings import hospitals, registers
from pipeline.cap_exemption.findings.attestations import attestations, employers
from pipeline.cap_exemption.findings.base import Tables, at_hand, no_findings
from pipeline.cap_exemption.findings.curated import LAB_REGISTER
from pipeline.cap_exemption.findings.lookup import Records, Registers


@dataclass(frozen=True)
class _Register:
    """How a register is read. key: column that names a record; find: what finds petitioners in it, by the names of `name_table`;
    records: what makes records of the rows of its table."""

    key: str
    find: Callable[[pd.DataFrame, Registers], pd.DataFrame]
    records: Callable[[pd.DataFrame], pd.DataFrame] = pd.DataFrame


# By table of the registry. A new register is one function and one line here.
REGISTERS: Final[Mapping[str, _Register]] = {
    "ipeds_institutions": _Register("unitid", registers.ipeds),
    "cms_hospitals": _Register("facility_id", hospitals.cms),
    "irs_exempt_organizations": _Register("ein", registers.irs, registers.with_second_names),
    "ror_organizations": _Register("ror_id", registers.ror),
    "ahrq_health_systems": _Register("health_system_id", hospitals.ahrq_systems),
    "ahrq_hospitals": _Register("compendium_hospital_id", hospitals.ahrq_hospitals),
    "ncses_obligations": _Register("placed", registers.ncses_obligations, registers.best_years),
    "prevailing_wage_determinations": _Register("employer", attestations, employers),
    "cms_provider_of_services": _Register("facility_id", hospitals.provider_of_services, hospitals.still_open),
}
# All tables that `judge_petitioners` and `judge_institutions` read as registers.
REGISTER_TABLES: Final = (*REGISTERS, LAB_REGISTER)


def read_registers(tables: Tables) -> Registers:
    """Return the registers of tables by the names REGISTER_TABLES; an absent or empty one yields no evidence and so lowers
    confidence."""
    known = at_hand(tables)
    of = {name: Records.of(one.records(known[name]), one.key) for name, one in REGISTERS.items() if name in known}
    return Registers(known, of)


def register_findings(names: pd.DataFrame, known: Registers) -> pd.DataFrame:
    """Return the findings of all registers at hand, on the names of `name_table`."""
    found = [REGISTERS[name].find(names, known) for name in known.records]
    return pd.concat([no_findings(), *found], ignore_index=True)

"""Which public registers cap exemption reads: the one list of them. How each is read is in findings/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from pipeline.cap_exemption.findings.attestations import attestations
from pipeline.cap_exemption.findings.base import Tables, no_findings
from pipeline.cap_exemption.findings.curated import LAB_REGISTER
from pipeline.cap_exemption.findings.hospitals import ahrq_hospitals, ahrq_systems, cms, provider_of_services
from pipeline.cap_exemption.findings.registers import ipeds, irs, ncses_obligations, ror

# Table of the registry -> what finds petitioners in it. A new register is one function and one line here.
REGISTERS: Final[Mapping[str, Callable[[pd.DataFrame, Tables], pd.DataFrame]]] = {
    "ipeds_institutions": ipeds,
    "cms_hospitals": cms,
    "irs_exempt_organizations": irs,
    "ror_organizations": ror,
    "ahrq_health_systems": ahrq_systems,
    "ahrq_hospitals": ahrq_hospitals,
    "ncses_obligations": ncses_obligations,
    "prevailing_wage_determinations": attestations,
    "cms_provider_of_services": provider_of_services,
}
# All tables that `judge_petitioners` and `judge_institutions` read as registers.
REGISTER_TABLES: Final = (*REGISTERS, LAB_REGISTER)


def register_findings(names: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the findings of all registers at hand, on the names of `name_table`; an absent one yields nothing."""
    found = [find(names, tables) for table, find in REGISTERS.items() if table in tables]
    return pd.concat([no_findings(), *found], ignore_index=True)

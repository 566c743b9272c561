"""What the cap-exemption rules read: parsed tables of public registers, and which snapshot each row is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

# field of CapExemptSources -> source id of the archive, for evidence and for the list of absent sources
SOURCE_IDS: Final[Mapping[str, str]] = {
    "ipeds": "ipeds_hd",
    "cms": "cms_hospitals",
    "irs": "irs_eo_bmf",
    "ror": "ror",
    "ahrq_systems": "ahrq_compendium",
    "ahrq_hospitals": "ahrq_compendium",
    "ncses_obligations": "ncses",
    "ncses_ffrdcs": "ncses",
    "ncses_herd": "ncses",
    "dol_pwd": "dol_pwd",
    "cms_provider_of_services": "cms_provider_of_services",
}

# field of CapExemptSources -> table of the registry
TABLES: Final[Mapping[str, str]] = {
    "ipeds": "ipeds_institutions",
    "cms": "cms_hospitals",
    "irs": "irs_exempt_organizations",
    "ror": "ror_organizations",
    "ahrq_systems": "ahrq_health_systems",
    "ahrq_hospitals": "ahrq_hospitals",
    "ncses_obligations": "ncses_obligations",
    "ncses_ffrdcs": "ncses_ffrdcs",
    "ncses_herd": "ncses_herd",
    "dol_pwd": "prevailing_wage_determinations",
    "cms_provider_of_services": "cms_provider_of_services",
}


@dataclass(frozen=True)
class CapExemptSources:
    """Parsed tables in the columns of the registry (TABLES names them); None or empty: absent.

    A column `snapshot_id` names the snapshot of each row; where a frame has none, `snapshots` gives it by field name.
    """

    ipeds: pd.DataFrame | None = None
    cms: pd.DataFrame | None = None
    irs: pd.DataFrame | None = None
    ror: pd.DataFrame | None = None
    ahrq_systems: pd.DataFrame | None = None
    ahrq_hospitals: pd.DataFrame | None = None
    ncses_obligations: pd.DataFrame | None = None
    ncses_ffrdcs: pd.DataFrame | None = None
    ncses_herd: pd.DataFrame | None = None
    dol_pwd: pd.DataFrame | None = None
    cms_provider_of_services: pd.DataFrame | None = None
    snapshots: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame | None:
        """The table of that field with a column `snapshot_id`; None where it is absent or has no row."""
        frame: pd.DataFrame | None = getattr(self, name)
        if frame is None or frame.empty:
            return None
        if "snapshot_id" in frame.columns:
            return frame
        return frame.assign(snapshot_id=self.snapshots.get(name, ""))

    def absent(self) -> tuple[str, ...]:
        """Fields without data, in the order of SOURCE_IDS."""
        return tuple(name for name in SOURCE_IDS if self.table(name) is None)

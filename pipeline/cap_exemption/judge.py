"""Cap exemption of every petitioner: an inference from public data with its evidence; docs/methods/cap_exemption.md says how.

What belongs here: the way from petitioners to answers. What sources say is found in findings/, what follows in rules/.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.cap_exemption.confidence import confidence
from pipeline.cap_exemption.decision_list import DECISION_LIST, RULES_VERSION
from pipeline.cap_exemption.evidence import evidence_lists
from pipeline.cap_exemption.findings.base import FINDING, Tables, no_findings, placed
from pipeline.cap_exemption.findings.curated import curated_findings
from pipeline.cap_exemption.findings.lookup import Registers
from pipeline.cap_exemption.findings.name_table import name_table
from pipeline.cap_exemption.findings.names import Origin, industry_of, name_findings
from pipeline.cap_exemption.findings.training import link_findings, trainee_findings
from pipeline.cap_exemption.frozen import state_freezes
from pipeline.cap_exemption.overlays import overlays, with_rulings
from pipeline.cap_exemption.registers import register_findings
from pipeline.cap_exemption.signals import Facts
from pipeline.law.as_of import law_as_of
from pipeline.schemas.frames import empty_frame, list_column
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES, RESOLUTION

PETITIONS: Final = Origin("uscis_h1b_employers", "petitioners")


def judge_petitioners(
    petitioners: pd.DataFrame,
    registers: Registers,
    links: pd.DataFrame | None = None,
    trainees: pd.DataFrame | None = None,
    *,
    origin: Origin = PETITIONS,
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return table `cap_exemption`: one row for each row of table `petitioners`, by petitioner_id.

    registers: as of `read_registers`. The rest as of `judge`.
    """
    found = search(petitioners, registers, origin)
    return judge(petitioners, found, registers.tables, links, trainees, origin=origin, own=own)


def search(petitioners: pd.DataFrame, registers: Registers, origin: Origin = PETITIONS) -> pd.DataFrame:
    """Return what names, industries, curated rows and registers say of each petitioner: columns petitioner_id and, but for key,
    those of FINDING.

    origin: where names and industries are from, for their evidence.
    """
    if petitioners.empty:
        return _by_id(no_findings(), petitioners)
    names = name_table(petitioners)
    industry = industry_of(petitioners)
    found = [
        curated_findings(names, industry, registers.tables),
        register_findings(names, registers),
        name_findings(petitioners, names, industry, origin),
    ]
    table = pd.concat([no_findings(), *(frame for frame in found if len(frame))], ignore_index=True)
    return _by_id(table, petitioners)


def _by_id(findings: pd.DataFrame, petitioners: pd.DataFrame) -> pd.DataFrame:
    """Return findings with petitioner_id in the place of key."""
    ids = petitioners["petitioner_id"].take(findings["key"].to_numpy()).set_axis(findings.index)
    return findings.assign(petitioner_id=ids)[["petitioner_id", *(name for name in FINDING if name != "key")]]


def judge(
    petitioners: pd.DataFrame,
    found: pd.DataFrame,
    tables: Tables,
    links: pd.DataFrame | None = None,
    trainees: pd.DataFrame | None = None,
    *,
    origin: Origin = PETITIONS,
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return table `cap_exemption` from what `search` has found.

    tables: registers by name, without empty ones; ipeds_institutions, cms_hospitals and ncses_obligations are read here.
    links: table petitioner_links, optionally joined with institutions (columns institution, unitid, facility_ids).
    trainees: petitioner_id, june_july_trainee_starts (physician trainees on LCAs who start in June or July) and, if
    known, snapshot_id. origin: as of `search`. own: the operator's own rulings.
    """
    if petitioners.empty:
        return empty_frame("cap_exemption")
    petitioners = petitioners.sort_values("petitioner_id", ignore_index=True)
    findings = gather(petitioners, found, tables, links, trainees)
    facts = facts_of(findings, len(petitioners))
    places, also = decide(facts)
    verdict = pd.DataFrame(
        {
            "petitioner_id": petitioners["petitioner_id"],
            "name": petitioners["name"],
            "state": petitioners["state"],
            "category": _at([rule.category for rule in DECISION_LIST], places),
            "rule_id": _at([rule.id for rule in DECISION_LIST], places),
            "basis": _at([rule.basis for rule in DECISION_LIST], places),
            "confidence": confidence(findings, places, tables),
        }
    )
    verdict = with_rulings(verdict, petitioners, own)
    support, counter = evidence_lists(findings, verdict["category"])
    return verdict.assign(
        evidence=support,
        counter_evidence=counter,
        also_basis=also,
        overlays=overlays(facts, verdict),
        state_freeze=state_freezes(facts, findings, verdict, tables),
        resolution=_resolution(findings[findings["source"] != origin.source], len(petitioners)),
        rules_version=RULES_VERSION,
        law_as_of=pd.Timestamp(law_as_of()),
    )


def gather(
    petitioners: pd.DataFrame,
    found: pd.DataFrame,
    tables: Tables,
    links: pd.DataFrame | None,
    trainees: pd.DataFrame | None,
) -> pd.DataFrame:
    """Return all findings on petitioners (key: row of `petitioners`) in the columns of FINDING, in order of key."""
    all_found = [placed(found, petitioners)[list(FINDING)], trainee_findings(petitioners, trainees)]
    if links is not None:
        all_found.append(link_findings(petitioners, links, tables))
    table = pd.concat([frame for frame in all_found if len(frame)], ignore_index=True)
    return table.sort_values(["key", "signal", "source", "locator", "field"], ignore_index=True)


def facts_of(findings: pd.DataFrame, size: int) -> Facts:
    """Return the findings as one boolean array for each signal; size: number of petitioners."""
    flags: dict[str, np.ndarray] = {}
    for signal, keys in findings.groupby("signal")["key"]:
        flags[str(signal)] = np.zeros(size, dtype=bool)
        flags[str(signal)][keys.to_numpy()] = True
    return Facts(flags, size)


def decide(facts: Facts) -> tuple[np.ndarray, pd.Series]:
    """Return the place in DECISION_LIST of the first rule that holds, and the ids of later rules of exemption that hold too."""
    holds = np.column_stack([rule.holds(facts) for rule in DECISION_LIST])
    places = holds.argmax(axis=1)
    exempting = np.array([rule.category in EXEMPT_CATEGORIES for rule in DECISION_LIST])
    later = holds & exempting & (np.arange(len(DECISION_LIST)) > places[:, None])
    rows, also = later.nonzero()
    ids = _at([rule.id for rule in DECISION_LIST], also)
    return places, list_column(rows, pa.array(ids, pa.string()), len(places))


def _at(values: list[str], places: np.ndarray) -> pd.Series:
    """Return the value at each place."""
    return pd.Series(values, dtype="str").take(places).reset_index(drop=True)


def _resolution(found: pd.DataFrame, size: int) -> pd.Series:
    """Return the surest way in which each petitioner was found in a source, one of RESOLUTION."""
    rank = found["how"].map({how: place for place, how in enumerate(RESOLUTION)}).to_numpy()
    surest = np.full(size, RESOLUTION.index("none"))
    np.minimum.at(surest, found["key"].to_numpy(), rank)
    return _at(list(RESOLUTION), surest)

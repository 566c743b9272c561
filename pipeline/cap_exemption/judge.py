"""Cap exemption of every petitioner: an inference from public data with its evidence; docs/methods/cap_exemption.md says how."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.confidence import confidence
from pipeline.cap_exemption.decision_list import DECISION_LIST, LAW_AS_OF, RULES_VERSION
from pipeline.cap_exemption.evidence import evidence_lists
from pipeline.cap_exemption.findings.curated import curated_findings
from pipeline.cap_exemption.findings.names import industry_of, name_signals, name_table
from pipeline.cap_exemption.findings.registers import ncses_ffrdcs, register_findings
from pipeline.cap_exemption.findings.training import link_findings, trainee_findings
from pipeline.cap_exemption.overlays import overlays, with_rulings
from pipeline.cap_exemption.registers import CapExemptSources
from pipeline.cap_exemption.signals import Facts
from pipeline.schemas.frames import empty_frame

HUB: Final = "uscis_h1b_employers"  # source id of the Employer Data Hub
_BEST_LAST: Final = ("fuzzy", "name_pattern", "link", "name_state", "tax_id_name")


def judge_petitioners(
    petitioners: pd.DataFrame,
    sources: CapExemptSources,
    links: pd.DataFrame | None = None,
    trainees: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Table `cap_exemption`: one row for each row of table `petitioners`, by petitioner_id.

    links: table petitioner_links, optionally joined with institutions (columns institution, unitid, facility_ids).
    trainees: petitioner_id, june_july_trainee_starts (physician trainees on LCAs who start in June or July) and, if
    known, snapshot_id. An absent source yields no evidence and so lowers confidence; `sources.absent()` names it.
    """
    return judge(petitioners, sources, links, trainees, named_by=HUB)


def judge(
    petitioners: pd.DataFrame,
    sources: CapExemptSources,
    links: pd.DataFrame | None,
    trainees: pd.DataFrame | None,
    *,
    named_by: str,
) -> pd.DataFrame:
    """`judge_petitioners`; named_by: source of the names and industries, for their evidence."""
    if petitioners.empty:
        return empty_frame("cap_exemption")
    petitioners = petitioners.sort_values("petitioner_id", ignore_index=True)
    findings = gather(petitioners, sources, links, trainees, named_by)
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
            "confidence": confidence(findings, places, sources),
        }
    )
    verdict = with_rulings(verdict, petitioners)
    support, counter = evidence_lists(findings, verdict["category"])
    return verdict.assign(
        evidence=support,
        counter_evidence=counter,
        also_basis=also,
        overlays=overlays(facts, verdict),
        resolution=_resolution(findings[findings["source"] != named_by], len(petitioners)),
        rules_version=RULES_VERSION,
        law_as_of=pd.Timestamp(LAW_AS_OF),
    )


def gather(
    petitioners: pd.DataFrame,
    sources: CapExemptSources,
    links: pd.DataFrame | None,
    trainees: pd.DataFrame | None,
    named_by: str = HUB,
) -> pd.DataFrame:
    """All findings on petitioners (key: row of `petitioners`), in the columns of `cap_exempt_lookup.FINDING`, sorted."""
    names = name_table(petitioners)
    industry = industry_of(petitioners)
    curated = curated_findings(names, industry)
    found = [curated, register_findings(names, sources), trainee_findings(petitioners, trainees)]
    if sources.table("ncses_ffrdcs") is not None:
        found.append(ncses_ffrdcs(curated, sources))
    if links is not None:
        found.append(link_findings(petitioners, links, sources))
    words = name_signals(petitioners, names, industry)
    found.append(
        words.assign(
            source=named_by,
            snapshot="",
            locator="petitioners" if named_by == HUB else "",
            strength="C",
            how="name_pattern",
        )
    )
    table = pd.concat([frame for frame in found if len(frame)], ignore_index=True)
    return table.sort_values(["key", "signal", "source", "locator", "field"], ignore_index=True)


def facts_of(findings: pd.DataFrame, size: int) -> Facts:
    """The findings as one boolean array for each signal."""
    flags: dict[str, np.ndarray] = {}
    for signal, keys in findings.groupby("signal")["key"]:
        flags[str(signal)] = np.zeros(size, dtype=bool)
        flags[str(signal)][keys.to_numpy()] = True
    return Facts(flags, size)


def decide(facts: Facts) -> tuple[np.ndarray, pd.Series]:
    """Place in DECISION_LIST of the first rule that holds, and the ids of later rules of exemption that would hold too."""
    holds = np.column_stack([rule.holds(facts) for rule in DECISION_LIST])
    places = holds.argmax(axis=1)
    exempting = np.array(["exempt" in rule.category for rule in DECISION_LIST])
    later = holds & exempting & (np.arange(len(DECISION_LIST)) > places[:, None])
    also: list[list[str]] = [[] for _ in places]
    for row, place in zip(*later.nonzero(), strict=True):
        also[row].append(DECISION_LIST[place].id)
    return places, pd.Series(also, dtype="object")


def _at(values: list[str], places: np.ndarray) -> pd.Series:
    return pd.Series(values, dtype="str").take(places).reset_index(drop=True)


def _resolution(found: pd.DataFrame, size: int) -> pd.Series:
    """The surest way in which a petitioner was found in a source; `none` where only its own name and industry speak."""
    best = np.full(size, -1)
    rank = found["how"].map({how: place for place, how in enumerate(_BEST_LAST)}).to_numpy()
    np.maximum.at(best, found["key"].to_numpy(), rank)
    return pd.Series(np.array([*_BEST_LAST, "none"], dtype=object)[best], dtype="str")

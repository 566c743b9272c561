"""How sure an answer is: the weight of its evidence, what speaks against it, and the ceiling of its rule."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.decision_list import DECISION_LIST
from pipeline.cap_exemption.findings.base import Tables
from pipeline.cap_exemption.signals import SIGNALS, numbers
from pipeline.schemas.vocabulary import CONFIDENCE, STRENGTH

_LEVELS: Final = tuple(reversed(CONFIDENCE))  # from the least
_GRADES: Final = {strength: len(STRENGTH) - place for place, strength in enumerate(STRENGTH)}  # A 3, B 2, C 1
# That no register knows a petitioner is evidence only if these are at hand.
_NEEDED: Final = ("ipeds_institutions", "cms_hospitals", "ncses_obligations")
_COMPANY_SECTORS: Final = ("naics_other", "naics_54", "naics_81", "naics_unknown")


def confidence(findings: pd.DataFrame, places: np.ndarray, tables: Tables) -> pd.Series:
    """Return high, medium or low for each petitioner; places: position of the deciding rule in DECISION_LIST.

    high: A evidence on a tax-id match and nothing of B or better against it. medium: A evidence, or two sources at B; for
    companies by industry, that the registers of _NEEDED know nothing of them. low: the rest, and whatever has A evidence
    against it. Never above the rule's ceiling.
    """
    size = len(places)
    rule = places[findings["key"].to_numpy()]
    signal, signals = pd.factorize(findings["signal"])
    supports = np.array([[name in known.rests_on for name in signals] for known in DECISION_LIST])[rule, signal]
    grade = numbers(findings["strength"], _GRADES)
    subject = np.array([known.category == "likely_cap_subject" for known in DECISION_LIST])[rule]
    leaning = numbers(findings["signal"], SIGNALS) * np.where(subject, -1, 1)

    sure = _marked(findings, supports & (grade == 3) & (findings["how"] == "tax_id_name").to_numpy(), size)
    strong = _marked(findings, supports & (grade == 3), size)
    contested = _marked(findings, (leaning < 0) & (grade >= 2), size)
    strongly = _marked(findings, (leaning < 0) & (grade == 3), size)
    good = findings[supports & (grade >= 2)].drop_duplicates(["key", "source"])
    agreeing = np.bincount(good["key"].to_numpy(), minlength=size)
    level = np.where(
        sure & ~contested, 2, np.where(strong | (agreeing >= 2) | _untraced(findings, places, tables), 1, 0)
    )
    level = np.where(strongly & (level < 2), 0, level)
    ceiling = np.array([_LEVELS.index(known.ceiling) for known in DECISION_LIST])[places]
    return pd.Series(np.array(_LEVELS)[np.minimum(level, ceiling)], dtype="str")


def _untraced(findings: pd.DataFrame, places: np.ndarray, tables: Tables) -> np.ndarray:
    """Mark companies by their industry of which no register knows anything."""
    size = len(places)
    if any(name not in tables for name in _NEEDED):
        return np.zeros(size, dtype=bool)
    company = np.array([known.id == "R8_company" for known in DECISION_LIST])[places]
    outside = _marked(findings, findings["signal"].isin(_COMPANY_SECTORS).to_numpy(), size)
    traced = _marked(findings, numbers(findings["signal"], SIGNALS) > 0, size)
    return company & outside & ~traced


def _marked(findings: pd.DataFrame, mask: np.ndarray, size: int) -> np.ndarray:
    """Mark the petitioners with a finding where `mask` holds."""
    flags = np.zeros(size, dtype=bool)
    flags[findings["key"].to_numpy()[mask]] = True
    return flags

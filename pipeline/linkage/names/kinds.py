"""What kind of body a name says it is: a hospital, a university, a practice, a health plan and so on."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
import re
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.schemas.frames import text_array

Kind = Literal[
    "k12", "plan", "research", "practice", "foundation", "school", "hospital", "university", "system", "clinic", "other"
]

_KINDS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    (
        "k12",
        re.compile(
            r"\b(SCHOOL DISTRICT|PUBLIC SCHOOL|(UNIFIED|CHARTER|HIGH|ELEMENTARY|COUNTY|CITY) SCHOOL|SCHOOL BOARD|INDEPENDENT SCHOOL|"
            r"(BOARD|OFFICE) EDUCATION|MONTESSORI|PRESCHOOL|ACADEMY)\b"
        ),
    ),
    ("plan", re.compile(r"\b(HEALTH PLAN|INSURANCE|HMO|HEALTH MAINTENANCE)\b")),
    ("research", re.compile(r"\bRESEARCH( FOUNDATION| INSTITUTE| CENTER)?$|\bRESEARCH (FOUNDATION|INSTITUTE)\b")),
    (
        "practice",
        re.compile(
            r"\b(MEDICAL GROUP|PHYSICIAN|PRACTICE|(MEDICAL|CLINICAL|FACULTY|HEALTH) ASSOCIATE|"
            r"CLINICAL (SERVICE|PRACTICE)|MEDICAL SERVICE|SPECIALIST|PEDIATRIX|ANESTHESIA|PERMANENTE MEDICAL|"
            r"FACULTY (GROUP|FOUNDATION)|DOCTOR|MEDICAL STAFF|HOSPITALIST|(MEDICAL|HEALTH|HEALTHCARE) PARTNER|"
            r"(CARDIOLOGY|RADIOLOGY|SURGICAL|PEDIATRIC) (ASSOCIATE|SERVICE|GROUP))\b"
        ),
    ),
    ("foundation", re.compile(r"\bFOUNDATION$|\bHEALTH SERVICE FOUNDATION\b")),
    (
        "system",
        re.compile(r"\b(HEALTH|HEALTHCARE|HOSPITAL|MEDICAL) (SYSTEM|NETWORK)\b|\b(HEALTH|HEALTHCARE)( SERVICE)?$"),
    ),
    ("school", re.compile(r"\b(SCHOOL MEDICINE|MEDICAL (SCHOOL|COLLEGE)|COLLEGE (OSTEOPATHIC )?MEDICINE)\b")),
    ("hospital", re.compile(r"\b(HOSPITAL|MEDICAL CENTER|INFIRMARY|HEALTH CENTER|CANCER CENTER)\b")),
    ("university", re.compile(r"\b(UNIVERSITY|COLLEGE|INSTITUTE TECHNOLOGY)\b")),
    ("system", re.compile(r"\b(HEALTH|HEALTHCARE|HEALTH SYSTEM|HOSPITAL SYSTEM)\b")),
    ("clinic", re.compile(r"\bCLINIC\b")),
)


@functools.lru_cache(maxsize=1 << 18)
def kind_of(form: str) -> Kind:
    """Return the kind of body a canonical form says it is: the first that fits of the kinds, the most specific first."""
    for kind, pattern in _KINDS:
        if pattern.search(form):
            return kind
    return "other"


def kinds_of(forms: pd.Series) -> np.ndarray:
    """Return `kind_of` of each canonical form of a column."""
    codes, distinct = pd.factorize(forms)
    texts = text_array(pd.Series(distinct, dtype="str"))
    kinds = np.full(len(texts), "other", dtype=object)
    for kind, pattern in reversed(_KINDS):
        kinds[pc.match_substring_regex(texts, pattern.pattern).to_numpy(zero_copy_only=False)] = kind
    return kinds[codes]

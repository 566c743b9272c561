"""Job titles of labor condition applications: trainee physicians, other physicians, other people.

What belongs here: reading a title as a whole. Its words are weighed in `levels.py`. See docs/methods/trainee_filings.md.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.filings.levels import TRAINEE_LEVELS, Confidence, Level, decide, kinds_of
from pipeline.filings.postgraduate_years import read_pgy
from pipeline.filings.soc import SocKind, soc_kind
from pipeline.reference.load import read_reference
from pipeline.specialties.reading import Reading, read_specialty
from pipeline.specialties.vocabulary import specialty_words
from pipeline.specialties.words import known_words, words

# A title outside health care that has none of these can't be a trainee physician's.
_HINT: Final = r"resid|fello|felow|pgy|house ?(?:staff|officer)|trainee|in training|post[- ]?grad|post[- ]?doc"


@dataclass(frozen=True)
class TitleReading:
    """What a title with its SOC code says of the position; pgy: postgraduate year, None where it names none."""

    level: Level
    pgy: int | None
    specialty: str
    specialty_code: str
    confidence: Confidence
    evidence: tuple[str, ...]


@functools.cache
def _known() -> frozenset[str]:
    phrases = [phrase for cell in read_reference("titles/levels.csv")["phrases"] for phrase in cell.split("|")]
    return specialty_words() | known_words(phrases)


def read_title(title: str, soc_code: str) -> TitleReading:
    """Read one title under its SOC code (either may be "")."""
    soc = soc_kind(soc_code)
    if soc == "outside" and not re.search(_HINT, title, re.IGNORECASE):
        return TitleReading("non_physician", None, "", "", "high", (f"SOC {soc_code} is no code of health care",))
    found = words(title, _known() if soc in ("physician", "open", "none") else frozenset())
    kinds = kinds_of(found)
    trainee = not kinds.keys().isdisjoint({"resident", "fellow", "trainee", "intern", "residency", "fellowship"})
    specialty = read_specialty(found, soc_code, combined=trainee)
    pgy = read_pgy(title)
    level, confidence, why = decide(found, kinds, soc, specialty, pgy)
    if level == "non_physician":
        specialty = Reading()
    elif trainee and level not in TRAINEE_LEVELS:
        specialty = read_specialty(found, soc_code, combined=False)
    return TitleReading(
        level, pgy, specialty.name, specialty.code, confidence, _evidence(why, soc, soc_code, specialty, pgy)
    )


def _evidence(why: str, soc: SocKind, soc_code: str, specialty: Reading, pgy: int | None) -> tuple[str, ...]:
    lines = [f"title: {why}"]
    if pgy is not None:
        lines.append(f"title: postgraduate year {pgy}")
    if specialty.name:
        field = "names a field of" if specialty.topic else "names"
        lines.append(f"title: {field} {specialty.name}")
    of_code = {
        "physician": f"supports: SOC {soc_code} is a code of physicians",
        "open": f"open: SOC {soc_code} is a residual or teaching code under which trainees are also filed",
        "profession": f"contradicts: SOC {soc_code} is the code of another health profession",
        "outside": f"contradicts: SOC {soc_code} is no code of health care",
        "none": "open: no SOC code is given",
    }
    return (*lines, of_code[soc])


def read_titles(titles: pd.DataFrame) -> pd.DataFrame:
    """Read job titles under their SOC codes; the work is done once for each distinct pair.

    titles: job_title, soc_code (nulls allowed). Returns, indexed as `titles`: level, pgy (Int64), specialty, specialty_code,
    confidence (high, medium, low: of the level) and evidence (list of sentences).
    """
    pairs = pd.DataFrame(
        {name: titles[name].astype("str").fillna("").str.strip() for name in ("job_title", "soc_code")}
    )
    number = pairs.groupby(["job_title", "soc_code"], sort=False).ngroup()
    distinct = pairs[~number.duplicated()]
    kinds = {soc: soc_kind(soc) for soc in distinct["soc_code"].unique()}
    # Nine of ten applications are outside health care: one look shows that nothing in the title needs reading.
    plainly_outside = (distinct["soc_code"].map(kinds) == "outside") & ~distinct["job_title"].str.contains(
        _HINT, case=False, regex=True
    )
    outside = {soc: read_title("", soc) for soc, kind in kinds.items() if kind == "outside"}
    unique = [
        outside[soc] if skip else read_title(title, soc)
        for title, soc, skip in zip(distinct["job_title"], distinct["soc_code"], plainly_outside, strict=True)
    ]
    readings = pd.DataFrame(
        {
            "level": pd.Series([reading.level for reading in unique], dtype="str"),
            "pgy": pd.array([reading.pgy for reading in unique], dtype="Int64"),
            "specialty": pd.Series([reading.specialty or None for reading in unique], dtype="str"),
            "specialty_code": pd.Series([reading.specialty_code or None for reading in unique], dtype="str"),
            "confidence": pd.Series([reading.confidence for reading in unique], dtype="str"),
            "evidence": pd.Series([list(reading.evidence) for reading in unique], dtype="object"),
        }
    )
    found = readings.take(number.to_numpy())
    found.index = titles.index
    return found


def is_trainee(levels: pd.Series) -> pd.Series:
    """Find the levels of trainee physicians."""
    return levels.isin(TRAINEE_LEVELS)

"""Findings in what a petitioner's printed names and its industry say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.schemas.frames import list_items

# A company by its form: the words at the end of a legal name, before the name it trades under. Names are in single spaces:
# a pattern without \s is left to Arrow, ten times quicker.
_COMPANY_FORM: Final = (
    r"(?:\b(?:LLC|L L C|PLLC|P L L C|LLP|L L P|LP|L P|PC|P C|PA|P A|PLC|MDPC|MDPA|SC|S C|PSC|LTD|LIMITED|PROFESSIONAL CORP\w*|"
    r"PRO CORP|A MEDICAL CORP\w*|A PROFESSIONAL \w+|APMC|APC|CHARTERED|PLLP|LLLP)\.?|L\.L\.C\.|P\.C\.|P\.A\.)"
    r" *(?:$|,? (?:D ?/? ?B ?/? ?A|A/K/A|DOING BUSINESS AS)\b)"
)
# Signal -> words of the normal form that raise it.
_WORDS: Final = {
    "hospital_name": r"\b(?:HOSPITAL|MEDICAL CENTER|INFIRMARY|HEALTH SYSTEM|HEALTHCARE SYSTEM|CANCER CENTER|SANATORIUM)\b",
    "practice_name": (
        r"\b(?:MEDICAL GROUP|PHYSICIAN|MEDICAL ASSOCIATE|CLINICAL ASSOCIATE|CARDIOLOGY|RADIOLOGY|ANESTHESIA|ANESTHESIOLOGY|"
        r"HOSPITALIST|DENTAL|DENTISTRY|ORTHOPEDIC|PEDIATRIC|NEPHROLOGY|ONCOLOGY|NEUROLOGY|PATHOLOGY|SURGERY|MEDICAL SERVICE|"
        r"REHABILITATION|THERAPY|HOME HEALTH|PHARMACY|NURSING)\b"
    ),
    "care_name": r"\b(?:HEALTH|HEALTHCARE|CLINIC|MEDICAL|MEDICINE|CARE)\b",
    "school_word": r"\b(?:UNIVERSITY|COLLEGE|SEMINARY|POLYTECHNIC|CONSERVATORY|INSTITUTE TECHNOLOGY|SCHOOL MEDICINE)\b",
    "research_word": r"\b(?:RESEARCH|INSTITUTE|INSTITUTION|NATIONAL LABORATORY|OBSERVATORY|MUSEUM|ACADEMY SCIENCE)\b",
    "association_name": r"\b(?:FOUNDATION|SOCIETY|COUNCIL|ASSOCIATION|FEDERATION|CHARITY|LEAGUE|ALLIANCE|FUND)\b",
    "government_name": (
        r"\b(?:DEPARTMENT (?:STATE|HEALTH|TRANSPORTATION|PUBLIC|ENVIRONMENTAL|NATURAL|REVENUE|LABOR|AGRICULTURE|CORRECTION|"
        r"HUMAN|MENTAL|WATER|INSURANCE|SOCIAL|CHILDREN|COMMERCE|ECOLOGY|FINANCE)|HOSPITAL DISTRICT|HOSPITAL AUTHORITY|"
        r"TRANSIT AUTHORITY|WATER DISTRICT|CITY COUNCIL)\b"
    ),
    "nonprofit_listed": r"\b(?:NON PROFIT|NONPROFIT|NOT PROFIT)\b",
}
# Read in the printed name: the normal form has no OF, and State Street is a bank.
_GOVERNMENT: Final = r"^(?:THE )?(?:CITY|COUNTY|STATE|COMMONWEALTH|TOWN|VILLAGE|BOROUGH)(?: (?:&|AND) COUNTY)? OF "
_NAICS: Final = {
    "61": "naics_61",
    "62": "naics_62",
    "54": "naics_54",
    "81": "naics_81",
    "92": "naics_92",
    "99": "naics_unknown",
}


@dataclass(frozen=True)
class Origin:
    """Where names and industries are from, for their evidence: source id, and the table in which they were read."""

    source: str
    locator: str = ""


def industry_of(petitioners: pd.DataFrame) -> pd.Series:
    """Return the first NAICS sector of each petitioner by position, 99 where none is known."""
    row, sectors = list_items(petitioners["naics"])
    known, first = np.unique(row, return_index=True)
    return (
        pd.Series(sectors.take(pa.array(first)), index=known, dtype="str").reindex(range(len(petitioners))).fillna("99")
    )


def name_findings(petitioners: pd.DataFrame, names: pd.DataFrame, industry: pd.Series, origin: Origin) -> pd.DataFrame:
    """Return what names and industries say, at most one finding for each petitioner and signal.

    names: as of `name_table`; industry: as of `industry_of`.
    """
    found = [_by_words(names), _by_company_form(petitioners["name"]), _by_industry(industry)]
    table = pd.concat(found, ignore_index=True).astype({"key": "int64"})
    return table.assign(source=origin.source, snapshot="", locator=origin.locator, strength="C", how="name_pattern")


def _by_words(names: pd.DataFrame) -> pd.DataFrame:
    """Find words of normal forms, and governments in printed names."""
    worded = names["form"].cat.categories.str.contains("|".join(_WORDS.values()))
    any_word = names.loc[worded[names["form"].cat.codes], ["key", "printed", "form"]].astype({"form": "str"})
    found: list[pd.DataFrame] = []
    for signal, pattern in _WORDS.items():
        hits = any_word.loc[any_word["form"].str.contains(pattern), ["key", "printed"]]
        found.append(hits.assign(signal=signal))
    government = names.loc[names["printed"].str.upper().str.contains(_GOVERNMENT), ["key", "printed"]]
    found.append(government.assign(signal="government_name"))
    words = pd.concat(found).drop_duplicates(["key", "signal"])  # of several names of a petitioner the first
    return words.rename(columns={"printed": "value"}).assign(field="name")


def _by_company_form(printed: pd.Series) -> pd.DataFrame:
    """Find legal forms of companies in first names."""
    company = printed.str.upper().str.contains(_COMPANY_FORM).to_numpy()
    keys, value = company.nonzero()[0], printed[company]
    return pd.DataFrame({"key": keys, "signal": "company_form", "field": "name", "value": value.array})


def _by_industry(industry: pd.Series) -> pd.DataFrame:
    """Return the NAICS sector of every petitioner as a finding."""
    code, sectors = pd.factorize(industry)
    signal = pd.Series([_NAICS.get(sector, "naics_other") for sector in sectors], dtype="str").take(code)
    keys = range(len(industry))
    return pd.DataFrame({"key": keys, "signal": signal.array, "field": "naics", "value": industry.array})

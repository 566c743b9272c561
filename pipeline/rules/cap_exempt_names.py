"""What a petitioner's printed names say of it, and in which state to look it up."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from pipeline.matching.bulk import canonical_many, parts_of
from pipeline.matching.names import core, is_cut

# A company by its form: the words at the end of a legal name, before the name it trades under.
COMPANY_FORM: Final = (
    r"(?:\b(?:LLC|L L C|PLLC|P L L C|LLP|L L P|LP|L P|PC|P C|PA|P A|PLC|MDPC|MDPA|SC|S C|PSC|LTD|LIMITED|PROFESSIONAL CORP\w*|"
    r"PRO CORP|A MEDICAL CORP\w*|A PROFESSIONAL \w+|APMC|APC|CHARTERED|PLLP|LLLP)\.?|L\.L\.C\.|P\.C\.|P\.A\.)"
    r"\s*(?:$|,? (?:D\s?/?\s?B\s?/?\s?A|A/K/A|DOING BUSINESS AS)\b)"
)
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
    "nonprofit_word": r"\b(?:NON PROFIT|NONPROFIT|NOT PROFIT)\b",
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


def name_table(petitioners: pd.DataFrame) -> pd.DataFrame:
    """Every name of every petitioner, as a whole and without its governing body, d/b/a names apart.

    Columns key (position of the petitioner), printed, form (normal form), cut (may have lost its end), tax_id_last4, cities,
    weight (approvals), state, tax_key (last four and state). state is where to look it up: the state in which petitioners of
    the same form and tax id have most approvals.
    """
    own: list[str] = petitioners["name"].to_numpy(dtype=object).tolist()
    others: list[Sequence[str]] = [()] * len(own)
    if "spellings" in petitioners.columns:
        others = petitioners["spellings"].tolist()
    distinct = dict.fromkeys(itertools.chain(own, itertools.chain.from_iterable(others)))
    forms = _forms([name for name in distinct if isinstance(name, str)])
    keys: list[int] = []
    printed: list[str] = []
    found: list[str] = []
    for key, (name, spellings) in enumerate(zip(own, others, strict=True)):
        if len(spellings) == 1 and spellings[0] == name and len(forms[name]) == 1:
            keys.append(key)
            found.append(forms[name][0])
            printed.append(name)
            continue
        mine = {form: text for text in (*spellings, name) for form in forms.get(text, ())}
        keys += [key] * len(mine)
        found += mine.keys()
        printed += mine.values()
    at = np.asarray(keys, dtype="int64")
    table = pd.DataFrame(
        {
            "key": at,
            "printed": pd.Series(printed, dtype="str"),
            "form": pd.Series(found, dtype="str"),
            "cut": pd.Series([is_cut(text) for text in printed], dtype="bool"),
            "tax_id_last4": pd.Series(petitioners["tax_id_last4"].take(at).to_numpy(), dtype="str"),
            "cities": petitioners["cities"].take(at).to_numpy(),
            "weight": (petitioners["initial_approvals"] + petitioners["continuing_approvals"]).take(at).to_numpy(),
            "state": pd.Series(petitioners["state"].take(at).to_numpy(), dtype="str"),
        }
    )
    home = _home_state(table)
    # Looked through one by one for each register: plain strings are quicker at that.
    return table.assign(state=home, tax_key=(table["tax_id_last4"] + home).astype(object))


def _forms(printed: list[str]) -> dict[str, tuple[str, ...]]:
    """printed name -> normal forms of each of its parts, as a whole and without the governing body."""
    # A parent that a name mentions is another body, with evidence of its own.
    parts = parts_of(printed)
    texts = [text for mine in parts for text in mine]
    whole = canonical_many(texts)
    found: dict[str, tuple[str, ...]] = {}
    place = 0
    for name, mine in zip(printed, parts, strict=True):
        own: list[str] = []
        for form in whole[place : place + len(mine)]:
            own += (form,) if core(form) == form else (core(form), form)
        place += len(mine)
        found[name] = (
            tuple(dict.fromkeys(form for form in own if form)) if len(own) != 1 else (own[0],) * (own[0] != "")
        )
    return found


def _home_state(names: pd.DataFrame) -> pd.Series:
    """State with the most approvals for the same form and tax id; the petitioner's own where there is no tax id."""
    body = pd.factorize(names["form"] + "|" + names["tax_id_last4"])[0]
    state, states = pd.factorize(names["state"], sort=True)
    known = (body >= 0) & (state >= 0)
    place = body * (len(states) + 1) + state
    several = np.bincount(np.unique(place[known]) // (len(states) + 1)) > 1
    # One state is home to most; only the others, and names without a state of their own, are weighed.
    asked = known & np.append(several, False)[np.minimum(body, len(several))] if len(several) else known
    asked |= known & np.isin(body, body[(state < 0) & (body >= 0)])
    totals = pd.DataFrame({"body": body, "state": state, "weight": names["weight"].to_numpy()})[asked]
    totals = totals.groupby(["body", "state"])["weight"].sum().reset_index()
    best = totals.sort_values(["body", "weight", "state"], ascending=[True, False, True]).drop_duplicates("body")
    home = pd.Series(body).map(best.set_index("body")["state"]).fillna(-1).astype("int64").to_numpy()
    home = np.where((home >= 0) & (body >= 0), home, state)
    return pd.Series([*states.to_numpy(dtype=object).tolist(), None], dtype="str").take(home).set_axis(names.index)


def industry_of(petitioners: pd.DataFrame) -> pd.Series:
    """First NAICS sector of each petitioner by position, 99 where none is known."""
    sectors = [str(known[0]) if known is not None and len(known) else "99" for known in petitioners["naics"].tolist()]
    return pd.Series(sectors, dtype="str")


def name_signals(petitioners: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Columns key, signal, value, field: what the name and the industry say. At most one row for each key and signal."""
    found: list[pd.DataFrame] = []
    telling = names[names["form"].str.contains("|".join(_WORDS.values()))]
    for word, pattern in _WORDS.items():
        signal = "nonprofit_listed" if word == "nonprofit_word" else word
        hits = telling.loc[telling["form"].str.contains(pattern), ["key", "printed"]]
        found.append(hits.assign(signal=signal, field="name").rename(columns={"printed": "value"}))
    said = names.loc[names["printed"].str.upper().str.contains(_GOVERNMENT), ["key", "printed"]]
    found.append(said.assign(signal="government_name", field="name").rename(columns={"printed": "value"}))
    forms = petitioners["name"].str.upper().str.contains(COMPANY_FORM).to_numpy()
    company = pd.DataFrame({"key": forms.nonzero()[0], "signal": "company_form", "field": "name"})
    found.append(company.assign(value=petitioners["name"].to_numpy()[forms]))
    first = industry_of(petitioners)
    industry = first.map(_NAICS).fillna("naics_other")
    found.append(
        pd.DataFrame(
            {
                "key": range(len(petitioners)),
                "signal": industry.to_numpy(),
                "field": "naics",
                "value": first.to_numpy(),
            }
        )
    )
    table = pd.concat(found, ignore_index=True).drop_duplicates(["key", "signal"])
    return table.astype({"key": "int64"})

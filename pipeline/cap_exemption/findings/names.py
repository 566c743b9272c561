"""What a petitioner's printed names say of it, and in which state to look it up."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.names.bulk import are_cut, canonical_many, core_many, parts_of

# A company by its form: the words at the end of a legal name, before the name it trades under. Names are in single spaces:
# a pattern without \s is left to Arrow, ten times quicker.
COMPANY_FORM: Final = (
    r"(?:\b(?:LLC|L L C|PLLC|P L L C|LLP|L L P|LP|L P|PC|P C|PA|P A|PLC|MDPC|MDPA|SC|S C|PSC|LTD|LIMITED|PROFESSIONAL CORP\w*|"
    r"PRO CORP|A MEDICAL CORP\w*|A PROFESSIONAL \w+|APMC|APC|CHARTERED|PLLP|LLLP)\.?|L\.L\.C\.|P\.C\.|P\.A\.)"
    r" *(?:$|,? (?:D ?/? ?B ?/? ?A|A/K/A|DOING BUSINESS AS)\b)"
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
    weight (approvals), state, tax_key (last four and state); form and tax_key are categories, for register after register is
    looked up in them. state is where to look it up: the state in which petitioners of the same form and tax id have most
    approvals.
    """
    printed, distinct = _printed(petitioners)
    forms = _forms(distinct.tolist())
    code, known = pd.factorize(forms["form"])
    rows = printed.merge(pd.DataFrame({"text": forms["text"], "form": code}), on="text")
    # Of a petitioner's names of one form the last speaks for it, in the place of the first.
    rows["text"] = rows.groupby(["key", "form"])["text"].transform("last")
    rows = rows.drop_duplicates(["key", "form"])
    at = rows["key"].to_numpy()
    own = petitioners[["tax_id_last4", "cities", "state"]].take(at).reset_index(drop=True)
    table = pd.DataFrame(
        {
            "key": at,
            "printed": distinct.take(rows["text"].to_numpy()),
            "form": pd.Categorical.from_codes(rows["form"].to_numpy(), known),
            "tax_id_last4": own["tax_id_last4"],
            "cities": own["cities"],
            "weight": (petitioners["initial_approvals"] + petitioners["continuing_approvals"]).take(at).to_numpy(),
            "state": own["state"],
        }
    ).astype({"printed": "str", "tax_id_last4": "str", "state": "str"})
    home = _home_state(table)
    tax_key = (table["tax_id_last4"] + home).astype("category")
    return table.assign(cut=are_cut(table["printed"]), state=home, tax_key=tax_key)


def _printed(petitioners: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index]:
    """Columns key, text (position in the index): each petitioner's spellings, then its name; and the distinct names."""
    names = petitioners["name"]
    if "spellings" in petitioners.columns:
        names = pd.concat([petitioners["spellings"].explode().astype("str"), names])
    names = names.dropna().sort_index(kind="stable")
    text, distinct = pd.factorize(names)
    return pd.DataFrame({"key": names.index, "text": text}), pd.Index(distinct)


def _forms(printed: list[str]) -> pd.DataFrame:
    """Columns text (position in `printed`), form: of each part of each name without the governing body, then as a whole."""
    # A parent that a name mentions is another body, with evidence of its own.
    parts = parts_of(printed)
    text = np.repeat(np.arange(len(printed)), [len(mine) for mine in parts])
    whole = pd.DataFrame({"text": text, "form": canonical_many(list(itertools.chain.from_iterable(parts)))})
    bare = whole.assign(form=core_many(whole["form"].tolist()))
    forms = pd.concat([bare, whole[whole["form"] != bare["form"]]]).sort_index(kind="stable")
    return forms[forms["form"] != ""]


def _home_state(names: pd.DataFrame) -> pd.Series:
    """State with the most approvals for the same form and tax id; the petitioner's own where there is no tax id."""
    form = names["form"].cat.codes.to_numpy(dtype="int64")
    tax_id = pd.factorize(names["tax_id_last4"])[0]
    body = np.where(tax_id >= 0, pd.factorize(form * (tax_id.max(initial=0) + 1) + tax_id)[0], -1)
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
    home = np.full(body.max(initial=-1) + 2, -1)  # the last: where there is no tax id
    home[best["body"]] = best["state"]
    home = np.where(home[body] >= 0, home[body], state)
    return pd.Series([*states.to_numpy(dtype=object).tolist(), None], dtype="str").take(home).set_axis(names.index)


def industry_of(petitioners: pd.DataFrame) -> pd.Series:
    """First NAICS sector of each petitioner by position, 99 where none is known."""
    sectors = petitioners["naics"].reset_index(drop=True).explode()
    return sectors[~sectors.index.duplicated()].astype("str").fillna("99")


def name_signals(petitioners: pd.DataFrame, names: pd.DataFrame, industry: pd.Series) -> pd.DataFrame:
    """Columns key, signal, value, field: what the name and the industry say. At most one row for each key and signal.

    names: as of `name_table`; industry: as of `industry_of`.
    """
    found: list[pd.DataFrame] = []
    names = names[["key", "printed", "form"]].astype({"form": "str"})
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
    found.append(
        pd.DataFrame(
            {
                "key": range(len(petitioners)),
                "signal": industry.map(_NAICS).fillna("naics_other").to_numpy(),
                "field": "naics",
                "value": industry.to_numpy(),
            }
        )
    )
    table = pd.concat(found, ignore_index=True).drop_duplicates(["key", "signal"])
    return table.astype({"key": "int64"})

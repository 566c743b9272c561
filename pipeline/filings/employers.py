"""Which institution the employer of a trainee is linked to, and what the worksite says of it.

What belongs here: choosing among links that there are. How employers are linked is a question of `pipeline/linkage`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.places import metro_area

# Keys a link may leave null: it then holds for every value.
_NARROWING: Final = ("employer_state", "worksite_state", "worksite_city")
_OPTIONAL: Final = (*_NARROWING, "institution", "institution_city", "institution_state")
_RANK: Final = ["is_same", "narrowed", "at_city", "in_metro", "in_state"]  # the most telling first
_NOT_LINKED: Final = "open: the employer is linked to no sponsoring institution"
_RESULT: Final = ["institution_id", "relation", "possible_institution_ids", "employer_says", "worksite_says"]
_MOST_NAMED: Final = 4


def linked_employers(filings: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Find the institution of each filing's employer.

    filings: employer, employer_state, worksite_city, worksite_state, secondary_entity_name.
    links: employer_name (as filed; case and white space don't count), institution_id, relation (same, affiliate), and
    where known employer_state, worksite_state, worksite_city (each narrows the link; null: any), institution (name),
    institution_city, institution_state (for the worksite).
    Returns, indexed as `filings`: institution_id and relation (null where none or undecided), possible_institution_ids (list
    of those between which nothing decides, else empty), employer_says and worksite_says (sentences for the evidence). `same` goes
    before `affiliate`; then the narrower link, then the institution at the worksite or in its metropolitan area; what is still open
    between institutions is left open.
    """
    found = pd.DataFrame(index=filings.index, columns=_RESULT, dtype="object").assign(employer_says=_NOT_LINKED)
    found["possible_institution_ids"] = pd.Series([[] for _ in found.index], found.index, dtype="object")
    candidates = _candidates(filings, links)
    if candidates.empty:
        return found
    decided, undecided = _decided(candidates)
    found.loc[decided.index, ["institution_id", "relation"]] = decided[["institution_id", "relation"]]
    found.loc[decided.index, "employer_says"] = _employer_says(decided)
    found.loc[decided.index, "worksite_says"] = _worksite_says(decided)
    several = dict(list(undecided.groupby("row")))
    found.loc[list(several), "employer_says"] = [_files_for_several(group["institution"]) for group in several.values()]
    ids = {row: group["institution_id"].tolist() for row, group in several.items()}
    return found.assign(
        possible_institution_ids=pd.Series([ids.get(row, []) for row in found.index], found.index, dtype="object")
    )


def _files_for_several(names: pd.Series) -> str:
    """Return the sentence for an employer that files for several institutions of the list."""
    listed = "; ".join(str(name) for name in names.head(_MOST_NAMED)) + (" …" if len(names) > _MOST_NAMED else "")
    return f"open: the employer files for several of this list ({len(names)}: {listed}), not attributed: the worksite doesn't decide"


def _decided(candidates: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the best candidate of each filing, and the candidates between which the rest are undecided, one an institution."""
    ranked = candidates.sort_values(["row", *_RANK, "institution_id"], ascending=[True, *[False] * len(_RANK), True])
    best = ranked.groupby("row")[_RANK].transform("first")
    tied = ranked[(ranked[_RANK] == best).all(axis=1)]
    several = tied.groupby("row")["institution_id"].transform("nunique") > 1
    undecided = tied[several].drop_duplicates(["row", "institution_id"]).sort_values(["row", "institution_id"])
    return tied[~several].drop_duplicates("row").set_index("row"), undecided


def _candidates(filings: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Pair filings with the links that fit, with what ranks them."""
    offered = links.assign(**dict.fromkeys([name for name in _OPTIONAL if name not in links.columns], None))
    offered = offered.rename(columns={name: f"link_{name}" for name in _NARROWING}).assign(
        key=_plain(links["employer_name"])
    )
    employers = filings[["employer_state", "worksite_state", "worksite_city", "secondary_entity_name"]].assign(
        row=filings.index, key=_plain(filings["employer"])
    )
    pairs = employers.merge(offered.drop(columns="employer_name"), on="key", how="inner")
    fits = pd.Series(True, index=pairs.index)
    for name in _NARROWING:
        wanted, filed = _plain(pairs[f"link_{name}"]), _plain(pairs[name])
        fits &= (wanted == "") | (wanted == filed)
    pairs = pairs[fits].reset_index(drop=True)
    city = _plain(pairs["institution_city"])
    state = _plain(pairs["institution_state"])
    in_state = (state != "") & (state == _plain(pairs["worksite_state"]))
    return pairs.assign(
        is_same=pairs["relation"] == "same",
        narrowed=sum(pairs[f"link_{name}"].notna().astype("int64") for name in _NARROWING),
        in_metro=_same_metro(pairs),
        in_state=in_state,
        at_city=in_state & (city != "") & (city == _plain(pairs["worksite_city"])),
    )


def _same_metro(pairs: pd.DataFrame) -> pd.Series:
    site, home = (
        metro_area(pairs[f"{whose}_city"].astype("str"), pairs[f"{whose}_state"].astype("str"))
        for whose in ("worksite", "institution")
    )
    return (site == home).fillna(False).astype("bool")


def _plain(cells: pd.Series) -> pd.Series:
    text = cells.astype("str").fillna("").str.upper()
    return text.str.replace(r"[\s.,]+", " ", regex=True).str.strip()


def _named(decided: pd.DataFrame) -> pd.Series:
    return decided["institution"].astype("str").fillna("a sponsoring institution")


def _employer_says(decided: pd.DataFrame) -> pd.Series:
    how = np.where(
        decided["is_same"], "supports: the employer is that of ", "supports: the employer is an affiliate of "
    )
    return pd.Series(how, index=decided.index) + _named(decided)


def _worksite_says(decided: pd.DataFrame) -> pd.Series:
    city, state = (decided[name].astype("str").fillna("") for name in ("worksite_city", "worksite_state"))
    place = (city + ", " + state).str.strip(", ")
    home = (
        decided["institution_city"].astype("str").fillna("")
        + ", "
        + decided["institution_state"].astype("str").fillna("")
    ).str.strip(", ")
    site = decided["secondary_entity_name"].astype("str")
    at = (" at " + site).where(site.notna() & (site != ""), "")
    known = decided["institution_state"].notna() & (state != "")
    sentences = np.select(
        [~known, decided["at_city"], decided["in_state"]],
        [
            "",
            "supports: the worksite" + at + " is in " + place,
            "supports: the worksite" + at + " is in " + place + ", in the institution's state",
        ],
        "open: the worksite" + at + " is in " + place + ", not in " + home + ": a rotation or another site",
    )
    return pd.Series(sentences, index=decided.index, dtype="object").replace("", None)

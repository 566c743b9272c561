"""Clusters of spellings: the petitioners, held together by the last four of the EIN, the state and rare words.

Which institution a petitioner is does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipeline.linkage.components import join, root
from pipeline.linkage.kept_ids import KeptIds, keep_ids
from pipeline.linkage.names.differences import UNSPECIFIC
from pipeline.linkage.names.normalise import core_all, printed_words
from pipeline.linkage.names.printed import CUT_LENGTH, is_cut, is_prefix, split_names, with_parts
from pipeline.linkage.petitions import COUNTS
from pipeline.linkage.public_bodies import MISPRINT, pairs_of_bodies, shared_by_bodies
from pipeline.schemas.frames import list_column
from pipeline.schemas.ids import stable_ids

SPELLING: Final = ["employer", "tax_id_last4", "state"]


@dataclass(frozen=True)
class Grouped:
    """petitioners: table `petitioners`; petitions: the petitions with petitioner_id, null where the employer is blank;
    redirects: columns old_id, new_id, kind of `kept_ids.KeptIds`."""

    petitioners: pd.DataFrame
    petitions: pd.DataFrame
    redirects: pd.DataFrame


def group_petitioners(petitions: pd.DataFrame, earlier: pd.Series | None = None) -> Grouped:
    """Return the petitioners, and the petitions of each. earlier: ids of the release before, none in a first one.

    Spellings with the same tax id and state are one petitioner if they share a word that is neither a kind word nor
    common among employers, have the same canonical form but for a misprint, or one is the other cut off at 34
    characters; under a tax id that several public bodies share, by the stricter evidence of `public_bodies`. A spelling
    without a tax id, or without a state, joins the one petitioner that has the same canonical form and the same of the
    other; with none or several it stays alone. The id is a hash of tax id, state and the canonical form of one spelling: of
    that from which it was made before, else of the one first seen. So neither other petitioners nor more spellings change it.
    """
    spellings = _spellings(petitions)
    spellings["group"] = _components(spellings, petitions)
    kept = _kept_ids(spellings, pd.Series(dtype="str") if earlier is None else earlier)
    spellings["petitioner_id"] = spellings["group"].map(kept.ids)
    ids = petitions[SPELLING].merge(spellings[[*SPELLING, "petitioner_id"]], on=SPELLING, how="left")["petitioner_id"]
    keyed = petitions.assign(petitioner_id=ids.set_axis(petitions.index))
    return Grouped(_petitioners(keyed), keyed, kept.redirects)


def _spellings(petitions: pd.DataFrame) -> pd.DataFrame:
    """Return columns employer, tax_id_last4, state, first_year, form: the distinct spellings, in order; no blank names."""
    named = petitions[petitions["employer"] != ""]
    first = named.groupby(SPELLING, dropna=False, sort=True)["fiscal_year"].min()
    spellings = first.rename("first_year").reset_index()
    forms = core_all(spellings["employer"])
    return spellings.assign(form=forms.where(forms != "", spellings["employer"]))


def _components(spellings: pd.DataFrame, petitions: pd.DataFrame) -> np.ndarray:
    """Return a group number for each spelling: connected components of the links described in `group_petitioners`."""
    parent = list(range(len(spellings)))
    whole = spellings[spellings["tax_id_last4"].notna() & spellings["state"].notna()]
    whole = whole[whole.duplicated(["tax_id_last4", "state"], keep=False)]
    _joined(parent, _same_words(whole))
    _joined(parent, _same_form(whole))
    _joined(parent, _cut_forms(whole))
    _joined(parent, _similar_forms(whole))
    roots = np.array([root(parent, row) for row in range(len(spellings))], dtype="int64")
    shared = whole[shared_by_bodies(whole, roots[whole.index])]
    for row in shared.index.tolist():
        parent[row] = row
    join(parent, pairs_of_bodies(shared, petitions).tolist())
    roots = np.array([root(parent, row) for row in range(len(spellings))], dtype="int64")
    _joined(parent, _same_lacking(spellings))
    for missing, present in (("tax_id_last4", "state"), ("state", "tax_id_last4")):
        _joined(parent, _only_home(spellings, roots, missing, present))
    return np.array([root(parent, row) for row in range(len(spellings))], dtype="int64")


def _same_words(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of rows that follow each other within tax id, state and a rare word."""
    owner, word, printed = printed_words(spellings["form"].to_numpy(dtype=object))
    rare = np.array([len(one) > 2 and one not in UNSPECIFIC for one in printed], dtype=bool)
    # The last word of a cut name is a fragment: it would never meet its whole, and may meet another's.
    cut = np.array([is_cut(name) for name in spellings["employer"].tolist()], dtype=bool)
    last = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    kept = rare[word] & ~(last & cut[owner])
    places = (spellings["tax_id_last4"] + spellings["state"]).to_numpy()
    return _chain(
        pd.DataFrame({"row": spellings.index[owner[kept]], "place": places[owner[kept]], "word": word[kept]}),
        ["place", "word"],
    )


def _same_form(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of rows that follow each other within tax id, state and a canonical form of the name or of a part of it."""
    places = spellings["tax_id_last4"] + spellings["state"]
    own = pd.DataFrame({"row": spellings.index, "place": places, "form": spellings["form"]})
    names = spellings["employer"].tolist()
    parts = [(place, part.text) for place in with_parts(names) for part in split_names(names[place])]
    at = np.array([place for place, _ in parts], dtype="int64")
    inner = pd.DataFrame({"row": spellings.index[at], "place": places.iloc[at].to_numpy()})
    inner["form"] = core_all(pd.Series([part for _, part in parts], dtype="str"))
    forms = pd.concat([own, inner]).drop_duplicates(["row", "form"])
    return _chain(forms[forms["form"] != ""], ["place", "form"])


def _cut_forms(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of a cut spelling and a longer one that begins with it, in the same tax id and state."""
    cut = spellings[np.array([is_cut(name) for name in spellings["employer"].tolist()], dtype=bool)]
    pairs = cut.reset_index(names="row").merge(
        spellings.reset_index(names="other"), on=["tax_id_last4", "state"], suffixes=("", "_other")
    )
    pairs = pairs[pairs["employer_other"].str.len() > pairs["employer"].str.len()]
    fits = [is_prefix(name, form) for name, form in zip(pairs["employer"], pairs["form_other"], strict=True)]
    return pairs.loc[np.array(fits, dtype=bool), ["row", "other"]]


def _similar_forms(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of spellings in the same tax id and state that differ by a letter or two: a misprint."""
    rows = spellings[["tax_id_last4", "state", "form"]].reset_index(names="row")
    pairs = rows.merge(rows, on=["tax_id_last4", "state"], suffixes=("", "_other"))
    pairs = pairs[(pairs["row"] < pairs["row_other"]) & (pairs["form"] != pairs["form_other"])]
    forms, theirs = pairs["form"].tolist(), pairs["form_other"].tolist()
    alike = process.cpdist(forms, theirs, scorer=fuzz.ratio, score_cutoff=MISPRINT) if forms else np.array([])
    met = pairs[alike > 0]
    return pd.DataFrame({"row": met["row"], "other": met["row_other"]})


def _same_lacking(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of rows that follow each other with the same form and the same of tax id and state, one of which they lack."""
    lost = spellings[spellings["tax_id_last4"].isna() | spellings["state"].isna()]
    place = lost["tax_id_last4"].fillna("") + lost["state"].fillna("")
    return _chain(pd.DataFrame({"row": lost.index, "place": place, "form": lost["form"]}), ["place", "form"])


def _only_home(spellings: pd.DataFrame, roots: np.ndarray, missing: str, present: str) -> pd.DataFrame:
    """Return the pairs of a spelling that lacks `missing` and the one group with the same form and the same `present`."""
    rows = spellings.assign(row=spellings.index, root=roots)
    lost = rows[rows[missing].isna() & rows[present].notna()]
    homes = rows[rows[missing].notna() & rows[present].notna()]
    homes = homes.drop_duplicates(["form", present, "root"])
    single = homes[~homes.duplicated(["form", present], keep=False)]
    pairs = lost.merge(single, on=["form", present], suffixes=("", "_home"))
    return pd.DataFrame({"row": pairs["row"], "other": pairs["row_home"]})


def _chain(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return columns row, other: each row with the next one of the same values of `by`."""
    ordered = rows.sort_values("row")
    other = ordered.groupby(by, sort=False)["row"].shift(-1)
    return pd.DataFrame({"row": ordered["row"], "other": other}).dropna().astype("int64")


def _joined(parent: list[int], pairs: pd.DataFrame) -> None:
    join(parent, zip(pairs["row"].tolist(), pairs["other"].tolist(), strict=True))


def _kept_ids(spellings: pd.DataFrame, earlier: pd.Series) -> KeptIds:
    """Return the id of each group, made of the spelling first seen, rows with tax id and state first, unless it had another."""
    lacking = spellings["tax_id_last4"].isna().astype(int) + spellings["state"].isna()
    ordered = spellings.assign(lacking=lacking).sort_values(["lacking", "first_year", "form", *SPELLING])
    if earlier.empty:
        ordered = ordered.drop_duplicates("group")
    ids = stable_ids("pet", ordered["tax_id_last4"], ordered["state"], ordered["form"])
    evidence = pd.DataFrame({"group": ordered["group"], "id": ids, "own": True})
    return keep_ids(evidence, pd.DataFrame({"id": earlier, "member": None}))


def _petitioners(keyed: pd.DataFrame) -> pd.DataFrame:
    rows = keyed[keyed["petitioner_id"].notna()]
    owner, ids = pd.factorize(rows["petitioner_id"], sort=True)
    rows = rows.assign(
        owner=owner,
        weight=rows[COUNTS].sum(axis=1),
    )
    by_owner = rows.groupby("owner", sort=True)
    result = by_owner.agg(
        first_fiscal_year=("fiscal_year", "min"),
        last_fiscal_year=("fiscal_year", "max"),
        initial_approvals=("initial_approvals", "sum"),
        continuing_approvals=("continuing_approvals", "sum"),
    )
    result.insert(0, "petitioner_id", pd.Series(ids, dtype="str"))
    names = _ranked(rows, "employer")
    whole = names.assign(cut=names["employer"].str.len().isin([CUT_LENGTH - 1, CUT_LENGTH]).to_numpy(dtype=bool))
    result["name"] = _first(whole.sort_values(["owner", "cut"], kind="stable"), "employer")
    for column in ("tax_id_last4", "state"):
        result[column] = _first(_ranked(rows, column), column)
    result["spellings"] = _lists(names.sort_values(["owner", "code"]), "employer", len(result))
    for column, source in (("cities", "city"), ("naics", "naics")):
        result[column] = _lists(_ranked(rows, source), source, len(result))
    for column in ("name", "tax_id_last4", "state"):
        result[column] = result[column].astype("str")
    return result.reset_index(drop=True)


def _ranked(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return columns owner, code (place of the value in order), `value`: the values of each owner, the heaviest first, then in order."""
    code, values = pd.factorize(rows[value], sort=True)
    known = code >= 0
    size = max(len(values), 1)
    keys, member = np.unique(rows["owner"].to_numpy()[known] * size + code[known], return_inverse=True)
    weight = np.bincount(member, weights=rows["weight"].to_numpy()[known], minlength=len(keys))
    owner, code = np.divmod(keys, size)
    order = np.lexsort((code, -weight, owner))
    ranked = pd.DataFrame({"owner": owner[order], "code": code[order]})
    return ranked.assign(**{value: pd.Series(values, dtype="str").take(code[order]).to_numpy()})


def _first(ranked: pd.DataFrame, value: str) -> pd.Series:
    return ranked.drop_duplicates("owner").set_index("owner")[value]


def _lists(ordered: pd.DataFrame, value: str, owners: int) -> pd.Series:
    """Return the values of the owners 0 to `owners` - 1 as lists; rows in order of owner."""
    return list_column(ordered["owner"].to_numpy(), pa.array(ordered[value], pa.string()), owners)

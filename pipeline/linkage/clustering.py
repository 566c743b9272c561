"""Clusters of spellings: the petitioners, held together by the last four of the EIN, the state and rare words.

Which institution a petitioner is does not belong here.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipeline.linkage.anchors import Registers
from pipeline.linkage.components import chain, first_rows
from pipeline.linkage.initials import pairs_by_initials
from pipeline.linkage.kept_ids import petitioner_ids
from pipeline.linkage.model import MISPRINT
from pipeline.linkage.names.normalise import canonical_forms, core_all, cores
from pipeline.linkage.names.printed import CUT_LENGTH, are_cut, is_prefix, split_all
from pipeline.linkage.petitioner_rulings import with_rulings
from pipeline.linkage.petitions import Filed, text_numbers
from pipeline.linkage.public_bodies import pairs_of_bodies, shared_by_bodies
from pipeline.linkage.register_names import named_records, pairs_of_records
from pipeline.linkage.shared_words import telling_words
from pipeline.linkage.stray_names import homes_elsewhere, pairs_elsewhere
from pipeline.linkage.successions import pairs_of_successions
from pipeline.schemas.frames import list_column, text_array
from pipeline.schemas.numbers import Numbers, distinct_rows, numbered, row_numbers, row_order

# The columns that make a spelling, and those of their numbers.
_CODES: Final = {"employer": "employer_code", "tax_id_last4": "tax_code", "state": "state_code"}
SPELLING: Final = [*_CODES]
_NEVER: Final = np.iinfo("int64").max
_NO_PAIRS: Final = np.empty((0, 2), dtype="int64")
_NO_IDS: Final = pd.DataFrame({"id": [], "spelling": []}, dtype="str")


@dataclass(frozen=True)
class Grouped:
    """petitioners: table `petitioners`; petitions: the petitions with petitioner_id, null where the employer is blank;
    redirects: columns old_id, new_id, kind of `kept_ids.KeptIds`."""

    petitioners: pd.DataFrame
    petitions: pd.DataFrame
    redirects: pd.DataFrame


def group_petitioners(
    petitions: pd.DataFrame,
    earlier: pd.DataFrame | None = None,
    registers: Registers | None = None,
    rulings: pd.DataFrame | None = None,
    numbers: Mapping[str, Numbers] | None = None,
) -> Grouped:
    """Return the petitioners, and the petitions of each. earlier: columns id, spelling (as of `spelling_keys`) of the release before, none
    in a first one. registers: IPEDS and ROR are read, none without them. rulings: of `petitioner_rulings`; they have the last word.
    numbers: of `text_numbers`, where they are known.

    Spellings with the same tax id and state are one petitioner if they share a telling word and none is at home under
    another tax id, have the same canonical form but for a misprint, name one record of a register, one is the other cut off
    at 34 characters, or one ends where the other begins (`successions.py`); several public bodies: `public_bodies.py`. A spelling
    without a tax id, or without a state, joins the one petitioner that has the same canonical form and the same of the
    other; with none or several it stays alone. The id is a hash of tax id, state and the canonical form of one spelling: of
    that from which it was made before, else of the one first seen. So neither other petitioners nor more spellings change it.
    """
    numbers = numbers or text_numbers(petitions)
    spellings, of_petition = _spellings(petitions, numbers)
    filed = Filed.of(petitions, numbers, of_petition)
    spellings["group"] = _components(spellings, filed, petitions, registers or Registers(), rulings)
    kept = petitioner_ids(spellings, _NO_IDS if earlier is None else earlier)
    ids = kept.ids.sort_values()
    owner_of = ids.index.get_indexer(pd.Index(spellings["group"]))
    owner = np.append(owner_of, -1)[of_petition]
    distinct = ids.astype("str").reset_index(drop=True)
    keyed = petitions.assign(petitioner_id=distinct.reindex(owner).set_axis(petitions.index))
    return Grouped(_petitioners(petitions, numbers, spellings, filed, owner_of, distinct), keyed, kept.redirects)


def _spellings(petitions: pd.DataFrame, numbers: Mapping[str, Numbers]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the distinct spellings in order, and the place of that of each petition among them, -1 for a blank name.

    Columns employer, tax_id_last4, state, first_year, form; and numbers to sort and join by, in the order of what they stand for,
    nulls last: employer_code, tax_code, state_code, form_code, and home, of tax id and state.
    """
    names, ids, states = (numbers[column].codes for column in SPELLING)
    named = np.flatnonzero((petitions["employer"] != "").to_numpy(dtype=bool))
    first, owner = distinct_rows(names[named], ids[named], states[named])
    of_petition = np.full(len(petitions), -1)
    of_petition[named] = owner
    rows = named[first]
    spellings = petitions[SPELLING].iloc[rows].reset_index(drop=True)
    distinct = numbers["employer"].distinct
    forms = pd.Series(cores(canonical_forms(distinct.tolist())), dtype="str")
    forms = numbered(forms.where(forms != "", distinct)).at(names[rows])
    return spellings.assign(
        first_year=petitions["fiscal_year"].iloc[named].groupby(owner).min(), form=forms.texts(), employer_code=names[rows],
        tax_code=ids[rows], state_code=states[rows], form_code=forms.codes, home=row_numbers(ids[rows], states[rows]),
    ), of_petition  # fmt: skip


def _components(
    spellings: pd.DataFrame,
    filed: Filed,
    petitions: pd.DataFrame,
    registers: Registers,
    rulings: pd.DataFrame | None,
) -> np.ndarray:
    """Return a group number for each spelling: connected components of the links described in `group_petitioners`."""
    cities = _cities(filed)
    stated = spellings[spellings["tax_id_last4"].notna() & spellings["state"].notna()]
    whole = stated[stated.duplicated("home", keep=False)]
    named = named_records(whole, registers)
    records = pairs_of_records(whole, named, cities)
    sure = np.concatenate(
        [_same_form(whole), _cut_forms(whole), _similar_forms(whole), pairs_by_initials(whole), records]
    )
    words = telling_words(whole, cities)
    groups = first_rows(len(spellings), np.concatenate([sure, chain(*words)]))
    elsewhere = homes_elsewhere(stated, groups[stated.index], cities)
    strayed = np.isin(words.rows, elsewhere.index)
    found = np.concatenate([sure, chain(*(part[~strayed] for part in words))])
    found = np.concatenate([found, pairs_elsewhere(stated, elsewhere, first_rows(len(spellings), found))])
    renamed = pairs_of_successions(stated, first_rows(len(spellings), found), filed)
    found = np.concatenate([found, renamed])
    several = shared_by_bodies(whole, first_rows(len(spellings), found)[whole.index], named.ipeds)
    shared = whole.assign(unit=named.ipeds)[several]
    # A link never leaves its tax id and state: where several bodies file, all links give way to those that make one body.
    found = np.concatenate([found[~np.isin(found[:, 0], shared.index)], pairs_of_bodies(shared, petitions), records])
    ruled = found if rulings is None else with_rulings(stated, found, rulings)
    roots = first_rows(len(spellings), ruled)
    links = [ruled, _same_lacking(spellings)]
    for missing, present in (("tax_id_last4", "state"), ("state", "tax_id_last4")):
        links.append(_only_home(spellings, roots, missing, present))
    return first_rows(len(spellings), np.concatenate(links))


def _cities(filed: Filed) -> pd.DataFrame:
    """Return columns row, city, weight: the petitions of each spelling from each city, null where they do not say from where."""
    named = filed.spelling >= 0
    size = len(filed.city.distinct) + 1
    keys, place = np.unique(filed.spelling[named] * size + filed.city.codes[named], return_inverse=True)
    row, city = np.divmod(keys, size)
    kind = pd.CategoricalDtype(filed.city.distinct)
    cities = pd.Categorical.from_codes(np.where(city == size - 1, -1, city), dtype=kind)
    return pd.DataFrame({"row": row, "city": cities, "weight": np.bincount(place, weights=filed.weight[named])})


def _same_form(spellings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows that follow each other within tax id, state and a canonical form of the name or of a part of it."""
    parts = [(place, part.text) for place, inside in split_all(spellings["employer"]).items() for part in inside]
    at = np.array([place for place, _ in parts], dtype="int64")
    inner = core_all(pd.Series([part for _, part in parts], dtype="str"))
    forms = numbered(pd.concat([spellings["form"], inner]))[0]
    places = np.append(np.arange(len(spellings)), at)
    stated = np.append(np.ones(len(spellings), dtype=bool), inner != "")
    rows, homes = spellings.index.to_numpy()[places], spellings["home"].to_numpy()[places]
    return chain(rows[stated], homes[stated], forms[stated])


def _cut_forms(spellings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of a cut spelling and a longer one that begins with it, in the same tax id and state."""
    length = spellings["employer"].str.len()
    rows = pd.DataFrame({"row": spellings.index, "home": spellings["home"], "length": length})
    cut = rows[are_cut(spellings["employer"])]
    pairs = cut.merge(rows[length >= CUT_LENGTH].rename(columns={"row": "other", "length": "longer"}), on="home")
    pairs = pairs.loc[pairs["longer"] > pairs["length"], ["row", "other"]]
    names, forms = spellings["employer"].loc[pairs["row"]].tolist(), spellings["form"].loc[pairs["other"]].tolist()
    fits = [is_prefix(name, form) for name, form in zip(names, forms, strict=True)]
    return pairs[np.array(fits, dtype=bool)].to_numpy(dtype="int64")


def _similar_forms(spellings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of spellings in the same tax id and state that differ by a letter or two: a misprint.

    Only forms of about one length are compared: two cannot be that similar if the longer one has too many letters more.
    """
    length = spellings["form"].str.len().to_numpy(dtype="int64")
    scale = length.max(initial=0) * 2 + 2
    homes = spellings["home"].to_numpy() * scale
    order = np.argsort(homes + length, kind="stable")
    longest = (length * (200.0 / MISPRINT - 1.0)).astype("int64") + 1
    ends = np.searchsorted((homes + length)[order], (homes + longest)[order], side="right")
    following = np.arange(len(order)) + 1
    count = ends - following
    one = np.repeat(np.arange(len(order)), count)
    other = np.arange(len(one)) - np.repeat(np.cumsum(count) - count - following, count)
    one, other = order[one], order[other]
    codes = spellings["form_code"].to_numpy()
    differ = codes[one] != codes[other]
    one, other = one[differ], other[differ]
    if not len(one):
        return _NO_PAIRS
    forms = text_array(spellings["form"])
    both = (forms.take(pa.array(places)).to_pylist() for places in (one, other))
    alike = process.cpdist(*both, scorer=fuzz.ratio, score_cutoff=MISPRINT) > 0
    rows = spellings.index.to_numpy()
    return np.column_stack([rows[one[alike]], rows[other[alike]]])


def _same_lacking(spellings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows that follow each other with the same form and the same of tax id and state, one of which they lack."""
    lost = spellings[spellings["tax_id_last4"].isna() | spellings["state"].isna()]
    return chain(lost.index.to_numpy(), lost["home"].to_numpy(), lost["form_code"].to_numpy())


def _only_home(spellings: pd.DataFrame, roots: np.ndarray, missing: str, present: str) -> np.ndarray:
    """Return the pairs of a spelling that lacks `missing` and the one group with the same form and the same `present`."""
    known = {column: spellings[column].notna().to_numpy(dtype=bool) for column in (missing, present)}
    key = ["form_code", "tax_code" if present == "tax_id_last4" else "state_code"]
    rows = spellings[key].assign(row=spellings.index, root=roots)
    lost = rows[~known[missing] & known[present]]
    met = np.isin(rows["form_code"], lost["form_code"])
    homes = rows[known[missing] & known[present] & met].drop_duplicates([*key, "root"])
    single = homes[~homes.duplicated(key, keep=False)]
    pairs = lost.merge(single, on=key, suffixes=("", "_home"))
    return pairs[["row", "row_home"]].to_numpy(dtype="int64")


def _petitioners(
    petitions: pd.DataFrame,
    numbers: Mapping[str, Numbers],
    spellings: pd.DataFrame,
    filed: Filed,
    owner_of: np.ndarray,
    ids: pd.Series,
) -> pd.DataFrame:
    """Return table `petitioners`. owner_of: the place in `ids`, the distinct ones in order, of the petitioner of each spelling."""
    owner = np.append(owner_of, -1)[filed.spelling]  # -1: a blank name is nobody's
    named = owner >= 0
    result = pd.DataFrame({"petitioner_id": ids})
    first, last = np.full(len(result), _NEVER), np.full(len(result), -_NEVER)
    np.minimum.at(first, owner[named], filed.year[named])
    np.maximum.at(last, owner[named], filed.year[named])
    result = result.assign(first_fiscal_year=first, last_fiscal_year=last)
    for column in ("initial_approvals", "continuing_approvals"):
        counts = petitions[column].to_numpy(dtype="int64")[named]
        result[column] = np.bincount(owner[named], weights=counts, minlength=len(result)).astype("int64")
    of_spelling = np.bincount(filed.spelling[named], weights=filed.weight[named], minlength=len(spellings))
    texts = {column: Numbers(spellings[code].to_numpy(), numbers[column].distinct) for column, code in _CODES.items()}
    names = _ranked(owner_of, of_spelling, texts["employer"])
    result["name"] = names.by(are_cut(names.values).to_numpy(dtype="int64")[names.code]).first(len(result))
    for column in ("tax_id_last4", "state"):
        result[column] = _ranked(owner_of, of_spelling, texts[column]).first(len(result))
    result["spellings"] = names.by(names.code).lists(len(result))
    for column, source in (("cities", "city"), ("naics", "naics")):
        result[column] = _ranked(owner, filed.weight, numbers[source]).lists(len(result))
    return result.reset_index(drop=True)


@dataclass(frozen=True)
class _Ranked:
    """Values of each owner in an order of preference. owner: number, ascending; code: place of the value among `values`."""

    owner: np.ndarray
    code: np.ndarray
    values: pd.Series

    def by(self, first: np.ndarray) -> _Ranked:
        """Return the values of each owner by `first`, then as they are."""
        order = row_order(self.owner, first)
        return _Ranked(self.owner[order], self.code[order], self.values)

    def first(self, owners: int) -> pd.Series:
        """Return the first value of each owner 0 to `owners` - 1, null where there is none."""
        code = np.full(owners, -1)
        code[self.owner[::-1]] = self.code[::-1]
        return self.values.reindex(code).reset_index(drop=True)

    def lists(self, owners: int) -> pd.Series:
        """Return the values of each owner 0 to `owners` - 1 as lists."""
        return list_column(self.owner, text_array(self.values).take(pa.array(self.code)), owners)


def _ranked(owner: np.ndarray, weight: np.ndarray, values: Numbers) -> _Ranked:
    """Return the values of each owner, the heaviest first, then in order; -1 owns nothing."""
    size = max(len(values.distinct), 1)
    known = (values.codes < len(values.distinct)) & (owner >= 0)
    keys, member = np.unique(owner[known] * size + values.codes[known], return_inverse=True)
    weights = np.bincount(member, weights=weight[known], minlength=len(keys)).astype("int64")
    owners, codes = np.divmod(keys, size)
    order = row_order(owners, weights.max(initial=0) - weights)  # the codes of each owner are in order
    return _Ranked(owners[order], codes[order], values.distinct)

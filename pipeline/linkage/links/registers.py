"""Which record of a public register (IPEDS, IRS, CMS, ROR) a petitioner is: by tax id, by name, or by similarity."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.linkage.model import (
    REGISTER_CONTAINED,
    REGISTER_LEAD,
    REGISTER_LIKE,
    REGISTER_PAIRS,
    REGISTER_RARE,
    REGISTER_SHARED,
    REGISTER_SIMILAR,
    REGISTER_TAX_ID,
)
from pipeline.linkage.names.differences import differences
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import core_all, state_words
from pipeline.linkage.names.overlap import Overlap
from pipeline.linkage.names.printed import each_part, is_cut, is_prefix
from pipeline.linkage.names.words import rare_tokens
from pipeline.linkage.reach import within_reach

COLUMNS: Final = ["petitioner_id", "id", "how", "score"]
_ORDER: Final = {"tax_id_name": 0, "name_state": 1, "fuzzy": 2}


def resolve(petitioners: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Return the record of a register that each petitioner is, at most one; petitioners without one are left out.

    petitioners: petitioner_id, name, state, tax_id_last4 and, if known, spellings (lists). register: as of `record_names`. Columns
    of the answer: petitioner_id, id, how, score (0 to 100), by petitioner_id. how: `tax_id_name` the last four of the EIN, the
    state and the name agree; `name_state` the canonical name and the state are equal and no other record in the state has that
    name; `fuzzy` the name is similar, nothing distinguishes the two, and the runner-up is behind: a hint, never a proof.
    """
    return resolve_spellings(
        _spellings(petitioners, "petitioner_id", "spellings", petitioners["tax_id_last4"]), record_names(register)
    )


def record_names(register: pd.DataFrame) -> pd.DataFrame:
    """Return the names of the records of a register, as `resolve_spellings` compares them; single: no other record in the state has
    the name.

    register: id, name, state and, if known, ein (nine digits), aliases (lists).
    """
    last4 = register["ein"].str[-4:] if "ein" in register else pd.Series(None, index=register.index, dtype="str")
    names = _names(_spellings(register, "id", "aliases", last4))
    return names.assign(single=names["state"].notna() & ~names.duplicated(["form", "state"], keep=False))


def resolve_spellings(spellings: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return what `resolve` does. spellings: columns key (of the petitioner), state, last4, printed, one row a spelling, the first
    of a petitioner first; records: as of `record_names`."""
    left = _names(spellings.iloc[within_reach(spellings["printed"], records["form"])])
    if left.empty or records.empty:
        return _empty()
    overlap = Overlap(left["form"], records["form"])
    found = [_by_tax_id(left, records, overlap), _by_name(left, records)]
    known = left["key"].isin([*found[0]["petitioner_id"], *found[1]["petitioner_id"]])
    found.append(_by_similarity(left.assign(state=left["state"].mask(known)), records, overlap))
    table = pd.concat([frame for frame in found if len(frame)] or found[:1], ignore_index=True)
    table["order"] = table["how"].map(_ORDER)
    table = table.sort_values(["petitioner_id", "order", "score", "id"], ascending=[True, True, False, True])
    return table.drop_duplicates("petitioner_id")[COLUMNS].reset_index(drop=True)


def match_names(names: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Resolve bare names: columns name, state in; name, state, id, how, score out, one row a name found."""
    distinct = names[["name", "state"]].drop_duplicates().sort_values(["name", "state"], ignore_index=True)
    wanted = distinct.assign(petitioner_id=distinct.index.astype("str"), tax_id_last4=None)
    found = resolve(wanted, register)
    return wanted.merge(found, on="petitioner_id")[["name", "state", "id", "how", "score"]]


def _empty() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype="float64" if name == "score" else "str") for name in COLUMNS},
    )


def _spellings(frame: pd.DataFrame, key: str, more_names: str, last4: pd.Series) -> pd.DataFrame:
    """Return columns key, state, last4, printed: every name of every record."""
    base = pd.DataFrame({"key": frame[key], "state": frame["state"], "last4": last4, "printed": frame["name"]})
    if more_names in frame:
        more = base.assign(printed=frame[more_names]).explode("printed")
        base = pd.concat([base, more], ignore_index=True)
    return base[base["printed"].notna() & (base["printed"] != "")].drop_duplicates(ignore_index=True)


def _names(spellings: pd.DataFrame) -> pd.DataFrame:
    """Return columns key, state, last4, printed, form: every name of every record, distinct, d/b/a names split."""
    at, texts = each_part(spellings["printed"].tolist())
    names = spellings.take(at).assign(printed=pd.array(texts, dtype="str"))
    names["form"] = core_all(names["printed"])
    names = names[names["form"] != ""].drop_duplicates(["key", "form"], ignore_index=True)
    return names.sort_values(["key", "form"], ignore_index=True)


def _by_tax_id(left: pd.DataFrame, right: pd.DataFrame, overlap: Overlap) -> pd.DataFrame:
    with_id = left[["key", "state", "last4", "printed", "form"]].assign(left_row=np.arange(len(left)))
    other = right[["key", "state", "last4", "form"]].assign(right_row=np.arange(len(right)))
    pairs = with_id.dropna(subset=["last4", "state"]).merge(
        other.dropna(subset=["last4", "state"]), on=["last4", "state"], suffixes=("", "_right")
    )
    if pairs.empty:
        return _answer(pairs, "tax_id_name")
    forward, backward = overlap.containment(pairs["left_row"].to_numpy(), pairs["right_row"].to_numpy())
    larger, smaller = REGISTER_CONTAINED
    pairs["score"] = larger * np.maximum(forward, backward) + smaller * np.minimum(forward, backward)
    prefix = [
        is_cut(printed) and is_prefix(printed, form)
        for printed, form in zip(pairs["printed"].tolist(), pairs["form_right"].tolist(), strict=True)
    ]
    rare = [
        _share_words(mine, theirs)
        for mine, theirs in zip(pairs["form"].tolist(), pairs["form_right"].tolist(), strict=True)
    ]
    support = (np.asarray(rare, dtype=bool) & (pairs["score"] >= 100.0 * REGISTER_TAX_ID)) | np.asarray(
        prefix, dtype=bool
    )
    return _answer(pairs[support], "tax_id_name")


def _share_words(mine: str, theirs: str) -> bool:
    """Decide whether two forms share a rare word that is not a state's, or one of several words is part of the other."""
    if (set(rare_tokens(mine)) & set(rare_tokens(theirs))) - state_words():
        return True
    shorter, longer = sorted((mine, theirs), key=len)
    return mine == theirs or (" " in shorter and f" {shorter} " in f" {longer} ")


def _by_name(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    single = right.loc[right["single"], ["form", "state", "key"]]
    pairs = left[["form", "state", "key"]].merge(single, on=["form", "state"], suffixes=("", "_right"))
    return _answer(pairs.assign(score=100.0), "name_state")


def _by_similarity(left: pd.DataFrame, right: pd.DataFrame, overlap: Overlap) -> pd.DataFrame:
    pairs = overlap.candidates(left["state"], right["state"], least_weight=REGISTER_RARE, most_pairs=REGISTER_PAIRS)
    if pairs.empty:
        return _answer(pairs.assign(key="", key_right="", score=0.0), "fuzzy")
    left_rows, right_rows = pairs["left_row"].to_numpy(), pairs["right_row"].to_numpy()
    forward, backward = overlap.containment(left_rows, right_rows)
    keep = np.minimum(forward, backward) >= REGISTER_SHARED
    left_rows, right_rows = left_rows[keep], right_rows[keep]
    mine, theirs = left["form"].to_numpy()[left_rows], right["form"].to_numpy()[right_rows]
    sort_ratio = process.cpdist(mine, theirs, scorer=fuzz.token_sort_ratio, workers=-1).astype("float64")
    likeness, shared = REGISTER_LIKE
    score = likeness * sort_ratio + shared * np.minimum(forward, backward)[keep]
    frame = pd.DataFrame(
        {
            "key": left["key"].to_numpy()[left_rows],
            "key_right": right["key"].to_numpy()[right_rows],
            "score": score,
            "mine": mine,
            "theirs": theirs,
        }
    )
    frame = frame[frame["score"] >= REGISTER_SIMILAR]
    apart = [_are_distinct(a, b) for a, b in zip(frame["mine"].tolist(), frame["theirs"].tolist(), strict=True)]
    frame = frame[~np.asarray(apart, dtype=bool)]
    frame = frame.sort_values(["key", "score", "key_right"], ascending=[True, False, True])
    frame = frame.drop_duplicates(["key", "key_right"])
    runner_up = frame.groupby("key")["score"].shift(-1).fillna(0.0)
    best = frame.assign(margin=frame["score"] - runner_up).drop_duplicates("key")
    return _answer(best[best["margin"] >= REGISTER_LEAD], "fuzzy")


def _are_distinct(mine: str, theirs: str) -> bool:
    """Decide whether something distinguishes two similar names; a university's hospital may be another's, so it does too."""
    kinds = {kind_of(mine), kind_of(theirs)}
    return bool(differences(mine, theirs)) or ("hospital" in kinds and bool(kinds & {"university", "school"}))


def _answer(pairs: pd.DataFrame, how: str) -> pd.DataFrame:
    if pairs.empty:
        return _empty()
    return pd.DataFrame(
        {"petitioner_id": pairs["key"], "id": pairs["key_right"], "how": how, "score": pairs["score"].astype("float64")}
    )

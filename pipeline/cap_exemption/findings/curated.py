"""Findings of the curated tables: which names begin with, contain or are one of their phrases, and who runs a listed lab."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.cap_exemption.curated import CURATED, phrases
from pipeline.cap_exemption.findings.base import FINDING, Tables, no_findings, source_of
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical
from pipeline.schemas.frames import among
from pipeline.text.phrases import PhraseTree, phrase_tree, phrases_at, phrases_cut

LAB_REGISTER: Final = "ncses_ffrdcs"  # federally funded labs and who administers them, a table of the registry
LEAST_PARTIAL: Final = 3  # letters of a cut last word that must agree
# A single word such as Aurora or Sanford is also a surname and a company: the name must hold one of these.
_CARE: Final = frozenset((
    "HOSPITAL", "MEDICAL", "MEDICINE", "HEALTH", "HEALTHCARE", "CLINIC", "PHYSICIAN", "UNIVERSITY", "SCHOOL", "RESEARCH",
    "INSTITUTE", "FOUNDATION", "CANCER", "CHILDREN", "CENTER", "CARE", "PRACTICE", "FACULTY", "DENTAL", "SURGICAL",
    "LABORATORY", "MUSEUM", "OBSERVATORY", "SCIENCE",
))  # fmt: skip


def curated_findings(names: pd.DataFrame, industry: pd.Series, tables: Tables) -> pd.DataFrame:
    """Return what the curated tables say, and what NCSES says of the labs that they name.

    names: as of `name_table`; industry: first NAICS sector by key. Of each table the longest phrase in a petitioner's names
    counts. Where a school's legal name and the name of an affiliate both fit, the longer phrase is meant.
    """
    rows = _rows_met(names.assign(industry=industry.to_numpy()[names["key"].to_numpy()]))
    rows = rows[~_superseded(rows)]
    found = pd.DataFrame(
        {
            "key": rows["key"],
            "signal": rows["signal"],
            "source": rows["evidence_source"],
            "snapshot": "as of " + rows["as_of"],
            "locator": rows["phrase"],
            "field": rows["kind"],
            "value": rows["label"] + " (" + rows["source"] + ")",
            "strength": rows["strength"],
            "how": "name_pattern",
        }
    )
    return pd.concat([found, _administrators(rows, tables)], ignore_index=True)


def _administrators(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Find who administers the lab that a curated row names, in the list of NCSES."""
    if LAB_REGISTER not in tables:
        return no_findings()
    labs = rows[rows["table"].isin([place for place, curated in enumerate(CURATED) if curated.labels_name])]
    known = labs[["key", "label", "signal"]].merge(tables[LAB_REGISTER], left_on="label", right_on="ffrdc")
    found = known.assign(
        source=source_of(known["snapshot_id"]),
        snapshot=known["snapshot_id"],
        locator=known["ffrdc"],
        field="administrator",
        value=known["administrator_kind"],
        strength="B",
        how="name_pattern",
    )
    return found[list(FINDING)]


def _superseded(rows: pd.DataFrame) -> pd.Series:
    """Find rows of a school's name where an affiliate's longer phrase fits too, and the other way round."""
    school = rows["signal"].isin(["school_name_public", "school_name_nonprofit"])
    body = rows["signal"].isin(["control", "principal_affiliate"])
    of_school = rows["key"].map(rows[school].groupby("key")["length"].max())
    of_body = rows["key"].map(rows[body].groupby("key")["length"].max())
    return (school & (of_body > of_school)) | (body & (of_school >= of_body))


def _rows_met(names: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `phrases` that names meet, for each key and table the one with the longest phrase.

    names: columns key, form (normal form), state (null unknown), cut (printed name may have lost its end), industry (first
    NAICS sector). Columns of the answer: key, length (letters of the phrase), those of `phrases`.
    """
    codes, forms = pd.factorize(names["form"])
    cut = np.bincount(codes[names["cut"].to_numpy(dtype=bool)], minlength=len(forms)) > 0
    hits = _hits(list(forms), cut.tolist())
    own = names[["key", "state", "cut", "industry"]].assign(code=codes)
    known = phrases().rename(columns={"state": "states", "form": "phrase_form"})
    met = own.merge(hits, on="code").merge(known, left_on="row", right_index=True)
    met = met[~met["needs_cut"] | met["cut"].astype(bool)]
    met = met.assign(form=np.asarray(forms, dtype=object)[met["code"]], length=met["phrase_form"].str.len())
    columns = ("table", "form", "state", "phrase_form", "states", "unless", "industry")
    meant = [_meant(*cells) for cells in zip(*(met[column].tolist() for column in columns), strict=True)]
    met = met[np.asarray(meant, dtype=bool)]
    met = met.sort_values(["key", "table", "length", "row"], ascending=[True, True, False, True])
    return met.drop_duplicates(["key", "table"]).drop(columns=["state", "cut", "code", "row"]).reset_index(drop=True)


@functools.cache
def phrase_trees() -> tuple[PhraseTree[int], PhraseTree[int], frozenset[int]]:
    """Return the phrases that names begin with or are, those that names contain, and the rows that must be all of a name."""
    rows = phrases()
    inside = rows["match"] == "contains"
    heads, parts = _tree(rows[~inside]), _tree(rows[inside])
    return heads, parts, frozenset(rows.index[rows["match"] == "exact"].tolist())


def _tree(rows: pd.DataFrame) -> PhraseTree[int]:
    forms = rows["form"].tolist()
    return phrase_tree((form.split(), row) for row, form in zip(rows.index.tolist(), forms, strict=True))


def _hits(forms: list[str], cut: list[bool]) -> pd.DataFrame:
    """Find phrases in normal forms: columns code (position of the form), row (of `phrases`), needs_cut.

    cut: whether a name of the form may have lost its end; needs_cut: whether the phrase is met only if it has.
    """
    heads, parts, exact = phrase_trees()
    first = parts.following.keys()
    hits: list[tuple[int, int, bool]] = []
    for code in _beginning(forms, heads.following.keys(), first):
        words = forms[code].split()
        if words and words[0] in heads.following:
            hits += [
                (code, row, False)
                for size, row in phrases_at(heads, words, 0)
                if size == len(words) or row not in exact
            ]
            if cut[code]:
                hits += [(code, row, True) for row in phrases_cut(heads, words, LEAST_PARTIAL)]
        if not first.isdisjoint(words):
            places = [place for place, word in enumerate(words) if word in first]
            found = {row for place in places for _, row in phrases_at(parts, words, place)}
            hits += [(code, row, False) for row in found]
    return pd.DataFrame(hits, columns=["code", "row", "needs_cut"]).astype(
        {"code": "int64", "row": "int64", "needs_cut": "bool"}
    )


def _beginning(forms: list[str], heads: Collection[str], parts: Collection[str]) -> list[int]:
    """Return the positions of forms that begin with one of the words `heads` or have one of `parts`: one in ten or so."""
    lists = pc.ascii_split_whitespace(pa.array(forms, pa.string()))
    words = pc.dictionary_encode(lists.flatten())
    owner = np.repeat(np.arange(len(forms)), np.diff(lists.offsets.to_numpy()))
    begins = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    found = among(words.dictionary, parts)[words.indices] | (among(words.dictionary, heads)[words.indices] & begins)
    return np.unique(owner[found]).tolist()


def _meant(table: int, form: str, state: object, phrase: str, states: str, unless: str, industry: str) -> bool:
    """Decide whether a name that meets a phrase is one of those that the row means."""
    curated = CURATED[table]
    if curated.industries and industry not in curated.industries:
        return False
    if states and state not in states.split():
        return False
    padded = f" {form} "
    if any(f" {canonical(word)} " in padded for word in unless.split("/") if word):
        return False
    return kind_of(form) not in curated.never and not (curated.guarded and _vague(form, phrase, industry))


def _vague(form: str, phrase: str, industry: str) -> bool:
    """Decide whether a phrase is a single word and not the whole name, with nothing of care, schooling or research beside it."""
    alone = " " not in phrase and form != phrase
    return alone and industry not in ("61", "62") and not _CARE & set(form.split())

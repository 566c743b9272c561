"""Findings of the curated tables: which names begin with, contain or are one of their phrases."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.curated import TABLES, read, signal_of
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical

_BY_FILE: Final = {curated.file: curated for curated in TABLES}
LEAST_PARTIAL: Final = 3  # letters of a cut last word that must agree
# A single word such as Aurora or Sanford is also a surname and a company: more must be said in the name.
_CARE: Final = frozenset((
    "HOSPITAL", "MEDICAL", "MEDICINE", "HEALTH", "HEALTHCARE", "CLINIC", "PHYSICIAN", "UNIVERSITY", "SCHOOL", "RESEARCH",
    "INSTITUTE", "FOUNDATION", "CANCER", "CHILDREN", "CENTER", "CARE", "PRACTICE", "FACULTY", "DENTAL", "SURGICAL",
    "LABORATORY", "MUSEUM", "OBSERVATORY", "SCIENCE",
))  # fmt: skip


def curated_findings(names: pd.DataFrame, industry: pd.Series) -> pd.DataFrame:
    """What the curated tables say. names: as of `name_table`; industry: first NAICS sector by key.

    Where a school's legal name and the name of an affiliate both fit, the longer phrase is meant.
    """
    rows = match_phrases(names.assign(industry=industry.to_numpy()[names["key"].to_numpy()])).merge(_rows(), on="at")
    found = pd.DataFrame(
        {
            "key": rows["key"],
            "signal": rows["signal"],
            "source": "curated:" + rows["file"],
            "snapshot": "as of " + rows["as_of"],
            "locator": "line " + rows["row"].astype("str"),
            "field": rows["kind"],
            "value": rows["label"] + " (" + rows["source"] + ")",
            "strength": rows["strength"],
            "how": "name_pattern",
            "length": rows["length"],
        }
    )
    return found[~_outdone(found)].drop(columns="length").reset_index(drop=True)


@functools.cache
def _rows() -> pd.DataFrame:
    """The rows of all tables that raise a signal, with columns at (position), file, signal, strength."""
    tables: list[pd.DataFrame] = []
    for curated in TABLES:
        table = read(curated.file)
        raised = {kind: signal_of(curated, str(kind)) for kind in table["kind"].unique()}
        tables.append(
            table.assign(
                file=curated.file,
                signal=table["kind"].map({kind: found[0] for kind, found in raised.items() if found}),
                strength=table["kind"].map({kind: found[1] for kind, found in raised.items() if found}),
            )
        )
    rows = pd.concat(tables, ignore_index=True).dropna(subset=["signal"]).reset_index(drop=True)
    return rows.assign(at=np.arange(len(rows)))


def _outdone(table: pd.DataFrame) -> pd.Series:
    """Findings of a school's name where an affiliate's longer phrase fits too, and the other way round."""
    school = table["signal"].isin(["school_name_public", "school_name_nonprofit"])
    body = table["signal"].isin(["control", "principal_affiliate"])
    of_school = table["key"].map(table[school].groupby("key")["length"].max())
    of_body = table["key"].map(table[body].groupby("key")["length"].max())
    return (school & (of_body > of_school)) | (body & (of_school >= of_body))


def match_phrases(names: pd.DataFrame) -> pd.DataFrame:
    """Which names the phrases of the curated tables meet.

    names: distinct columns key, form (normal form), state (null unknown), cut (printed name may have lost its end),
    industry (first NAICS sector). Answer: key, at (row of `_rows`), length (letters of the phrase): for each key and table
    the longest phrase. Where a table is guarded, a phrase of one word needs a word of care, schooling or research beside it,
    or such an industry, unless it is the whole name.
    """
    table = _rows()
    ends, inside = table[table["match"] != "contains"], table[table["match"] == "contains"]
    names = names.reset_index(drop=True).astype({"form": "str"})
    hits = [_begins(names, ends), _contains(names, inside), _completed(names[names["cut"].astype("bool")], ends)]
    found = pd.concat(hits, ignore_index=True)
    found = found.merge(table[["at", "file", "form", "state", "unless"]].rename(columns={"form": "phrase"}), on="at")
    found = found.join(names[["key", "form", "industry"]].assign(where=names["state"]), on="name")
    columns = ("file", "form", "where", "phrase", "state", "unless", "industry")
    keep = [_meant(*cells) for cells in zip(*(found[column].tolist() for column in columns), strict=True)]
    found = found[np.asarray(keep, dtype=bool)]
    found = found.assign(length=found["phrase"].str.len())
    found = found.sort_values(["key", "file", "length", "at"], ascending=[True, True, False, True])
    return found.drop_duplicates(["key", "file"])[["key", "at", "length"]].reset_index(drop=True)


def _meant(file: str, form: str, where: object, phrase: str, states: str, unless: str, industry: str) -> bool:
    curated = _BY_FILE[file]
    if curated.industries and industry not in curated.industries:
        return False
    if not _allowed(form, where, phrase, states, unless) or kind_of(form) in curated.never:
        return False
    return not (curated.guarded and _vague(form, phrase, industry))


def _hits(names: list[int], rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"name": pd.Series(names, dtype="int64"), "at": pd.Series(rows, dtype="int64")})


def _begins(names: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Names whose first words are a phrase (`exact`: all words)."""
    starts: dict[str, list[int]] = {}
    exact: dict[str, list[int]] = {}
    for form, match, row in zip(table["form"], table["match"], table["at"].tolist(), strict=True):
        (exact if match == "exact" else starts).setdefault(form, []).append(row)
    first = {form.split()[0] for form in (*starts, *exact)}
    most = max((len(form.split()) for form in starts), default=0)
    places: list[int] = []
    rows: list[int] = []
    for place, form in enumerate(names["form"].tolist()):
        if form.partition(" ")[0] not in first:
            continue
        tokens = form.split()
        found = list(exact.get(form, ()))
        for length in range(1, min(most, len(tokens)) + 1):
            found += starts.get(" ".join(tokens[:length]), ())
        places += [place] * len(found)
        rows += found
    return _hits(places, rows)


def _contains(names: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Names that hold a phrase as whole words, anywhere."""
    by_first: dict[str, list[tuple[str, int]]] = {}
    for form, row in zip(table["form"], table["at"].tolist(), strict=True):
        by_first.setdefault(form.split()[0], []).append((f" {form} ", row))
    if not by_first:
        return _hits([], [])
    first = by_first.keys()
    names = names[names["form"].str.contains(rf"\b(?:{'|'.join(table['form'].unique())})\b")]
    places: list[int] = []
    rows: list[int] = []
    for place, form in zip(names.index.tolist(), names["form"].tolist(), strict=True):
        tokens = first & set(form.split())
        padded = f" {form} "
        found = [row for token in sorted(tokens) for phrase, row in by_first[token] if phrase in padded]
        places += [place] * len(found)
        rows += found
    return _hits(places, rows)


def _completed(names: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Cut names that are a phrase but for the end of its last word."""
    by_head: dict[str, list[tuple[str, int]]] = {}
    for form, row in zip(table["form"], table["at"].tolist(), strict=True):
        head, _, last = form.rpartition(" ")
        if head:
            by_head.setdefault(head, []).append((last, row))
    places: list[int] = []
    rows: list[int] = []
    for place, form in zip(names.index.tolist(), names["form"].tolist(), strict=True):
        head, _, last = form.rpartition(" ")
        if len(last) < LEAST_PARTIAL:
            continue
        found = [row for word, row in by_head.get(head, ()) if word.startswith(last) and word != last]
        places += [int(place)] * len(found)
        rows += found
    return _hits(places, rows)


def _allowed(form: str, where: object, phrase: str, states: str, unless: str) -> bool:
    if states and where not in states.split():
        return False
    padded = f" {form} "
    return not any(f" {canonical(word)} " in padded for word in unless.split("/") if word)


def _vague(form: str, phrase: str, industry: str) -> bool:
    """A single word that is not the whole name, with nothing said of care, schooling or research."""
    alone = " " not in phrase and form != phrase
    return alone and industry not in ("61", "62") and not _CARE & set(form.split())

"""What shows that two codes or names are one sponsor: curated rows, lists of different years, registers, brands.

Each function returns pairs of rows of evidence, as `sponsors.py` makes them, with the reason in words ("" where it is plain).
Which pairs are joined, so that no sponsor gets two codes by them, is decided there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pandas as pd

from pipeline.linkage.model import RENAMED_PROGRAMS, RENAMED_SHARE
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import is_common, rare_tokens
from pipeline.linkage.sponsor_names import stated_key, take_apart, without_brand

Pair = tuple[int, int, str]

_MARK: Final = "\x1f"
# Bodies that are made to sponsor programs, wherever these are.
_EDUCATION: Final = re.compile(
    r"\b(CONSORTIUM|OPTI|GME|MEDICAL EDUCATION|POSTDOCTORAL|POSTGRADUATE|TRAINING INSTITUTION)\b"
)
_FACILITY: Final = re.compile(r" (HOSPITAL|MEDICAL CENTER|HEALTH|HEALTHCARE)( SYSTEM| CENTER)?$")
_HYPHEN: Final = re.compile(r"\s*[-–—]\s*")


def code_mark(codes: pd.Series) -> pd.Series:
    """Return the mark of the row of evidence of each sponsor code."""
    return "code" + _MARK + codes


def name_mark(keys: pd.Series, states: pd.Series) -> pd.Series:
    """Return the mark of the row of evidence of each name in a state."""
    return "name" + _MARK + keys + _MARK + states


def spans_states(key: str) -> bool:
    """Decide whether one name in several states is one sponsor: a university's, school's or consortium's, not a hospital's."""
    return bool(rare_tokens(key)) and (kind_of(key) in ("university", "school") or _EDUCATION.search(key) is not None)


def targets(curated: pd.DataFrame) -> pd.DataFrame:
    """Return the curated rows with code, key and mark of the row of evidence to which they say that `name` belongs."""
    keys = pd.Series([stated_key(name) if name else "" for name in curated["institution"]], index=curated.index)
    codes = curated["sponsor_code"]
    marks = code_mark(codes).where(codes != "", name_mark(keys.astype("str"), curated["state"]))
    return curated.assign(code=codes, key=keys, mark=marks)


def curated_forms(curated: pd.DataFrame) -> pd.DataFrame:
    """Return columns form, state, mark, reason: the canonical form of each curated name, and its key where no other row has that."""
    rows = targets(curated)[["name", "state", "mark", "reason"]]
    whole = rows.assign(form=[canonical(name) for name in rows["name"]]).drop_duplicates(["form", "state"])
    keyed = rows.assign(form=[stated_key(name) for name in rows["name"]])
    keyed = keyed[keyed.groupby(["form", "state"])["mark"].transform("nunique") == 1]
    return pd.concat([whole, keyed], ignore_index=True).drop_duplicates(["form", "state"])


def with_one_code(stated: pd.DataFrame, codes: pd.Series) -> Iterator[Pair]:
    """Yield the pairs of a name and the code with which lists state it, where all its codes have one number in `codes`."""
    both = stated.dropna(subset=["coded", "named"])
    numbers = codes.reindex(both.index).groupby(both["named"]).nunique().to_dict()
    firsts = both.drop_duplicates(["named", "coded"])
    for named, coded in zip(firsts["named"], firsts["coded"], strict=True):
        if numbers[named] == 1:
            yield int(named), int(coded), ""


def curated_pairs(stated: pd.DataFrame, at: pd.Series, curated: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of a stated name and the sponsor to which a curated row says it belongs. at: row by mark."""
    known = curated_forms(curated).set_index(["form", "state"])[["mark", "reason"]]
    rows = dict(zip(known.index, known.itertuples(index=False), strict=True))
    distinct = stated.dropna(subset=["named"]).drop_duplicates(["named", "form"])
    cells = (distinct[column] for column in ("named", "name", "form", "key", "state"))
    for named, name, form, key, state in zip(*cells, strict=True):
        parts = take_apart(name)
        head = "" if parts.campus or parts.partners else canonical(parts.head)
        found = next((rows[one, state] for one in (form, key, head) if (one, state) in rows), None)
        if found is not None:
            yield int(named), int(at[str(found.mark)]), str(found.reason)


def same_name_in_several_states(rows: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of one name in two states that are one sponsor: a school's or consortium's, or within a metropolitan area."""
    names = rows[rows["key"] != ""]
    names = names[names.duplicated("key", keep=False)]
    for key, group in names.sort_values(["programs", "state"], ascending=[False, True]).groupby("key", sort=True):
        own = list(zip(group.index, group["state"], group["metros"], strict=True))
        spans = spans_states(str(key))
        for place, (row, state, metros) in enumerate(own):
            for other, other_state, others in own[place + 1 :]:
                near = metros & others
                if spans or near:
                    why = f"in {min(near)}" if near else "a school or consortium"
                    yield row, other, f"one name in {state} and {other_state}: {why}"


def renamed(stated: pd.DataFrame, rows: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of a sponsor and the one that replaces it in later lists: the same programs, under a name new in these.

    stated: with the number of the sponsor of each row. A sponsor that stays in the later lists lost programs and was not
    renamed; one whose programs go to sponsors known before was taken over.
    """
    dated = stated.sort_values("list_year", kind="stable")
    before = dated.groupby("program_code")[["sponsor", "row", "list_year"]].shift(1)
    moves = dated.assign(old=before["sponsor"], old_row=before["row"], old_year=before["list_year"])
    moves = moves[moves["old"].notna() & (moves["old"] != moves["sponsor"]) & (moves["old_year"] < moves["list_year"])]
    if moves.empty:
        return
    begun = dated.groupby("sponsor")["list_year"].min()
    had = dated.groupby("sponsor")["program_code"].nunique().to_dict()
    for old, gone in moves.groupby("old", sort=True):
        later = dated[(dated["sponsor"] == old) & (dated["list_year"] >= gone["list_year"].min())]
        everything = gone["program_code"].nunique() + later["program_code"].nunique()
        sizes = gone.groupby("sponsor")["program_code"].nunique().sort_values(ascending=False, kind="stable")
        new, count = int(sizes.index[0]), int(sizes.iloc[0])
        part = gone[gone["sponsor"] == new]
        enough = count >= RENAMED_PROGRAMS or 2 * count >= had[old]
        if enough and count >= RENAMED_SHARE * everything and begun[new] > part["old_year"].max():
            row, other = int(part["old_row"].iloc[0]), int(part["row"].iloc[0])
            yield row, other, _renaming(rows, part, row, other, count)


def _renaming(rows: pd.DataFrame, part: pd.DataFrame, row: int, other: int, count: int) -> str:
    old, new = (rows.at[place, "name"] or rows.at[place, "code"] for place in (row, other))
    programs = "a program is" if count == 1 else f"{count} programs are"
    years = f"the list of {int(part['old_year'].max())} and under {new} in that of {int(part['list_year'].max())}"
    return f"{programs} under {old} in {years}"


def same_program_name(stated: pd.DataFrame, rows: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of sponsors under which programs of one name in one city are listed, in one year or one after the other.

    stated: with label_form, place, row, oldest first. A sponsor that is still listed when another has programs of the name is
    not the same, unless one list has both.
    """
    newest = stated.drop_duplicates("program_code", keep="last").dropna(subset=["place"])
    by = ["label_form", "state", "place"]
    known = newest.drop_duplicates([*by, "row", "list_year"])
    known = known[known.groupby(by)["row"].transform("nunique") > 1]
    last = stated.groupby("row")["list_year"].max()
    for (form, _, place), group in known.groupby(by, sort=True):
        if kind_of(str(form)) == "other" or is_common(str(form)):
            continue
        ordered = sorted(zip(group["list_year"], group["row"], strict=True))
        for (year, row), (later, other) in pairwise(ordered):
            if row != other and (year == later or last[row] < later):
                names = " and ".join(sorted(str(rows.at[one, "name"] or rows.at[one, "code"]) for one in (row, other)))
                yield row, other, f"programs of one name in {str(place).title()} are listed under {names}"


def registered_together(rows: pd.DataFrame, registered: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of names in a state that a register has as names of one body. registered: columns record, form, state."""
    names = rows[rows["programs"] > 0].explode("forms").dropna(subset=["forms"]).reset_index(names="row")
    names = names[~names["forms"].map(is_common).astype("bool")]
    found = names.merge(registered.drop_duplicates(), left_on=["forms", "state"], right_on=["form", "state"])
    for record, group in _several(found, ["record"]):
        for row, other in pairwise(sorted(set(group["row"]))):
            yield row, other, f"names of one body in a register: {record}"


def _several(rows: pd.DataFrame, key: list[str]) -> Iterator[tuple[object, pd.DataFrame]]:
    """Yield the rows of each key that several rows have, in the order of the keys: most have one, and a frame for each takes long."""
    yield from rows[rows.duplicated(key, keep=False)].groupby(key if len(key) > 1 else key[0], sort=True)


def same_but_for_the_facility(rows: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of names in one city that differ in the word for what they are: `Norwalk Hospital`, `Norwalk Medical Center`.

    What is left must tell more than the city's own name. No two sponsors of the national list share such a name.
    """
    names = rows[(rows["key"] != "") & (rows["programs"] > 0)]
    left = names.assign(left=names["name"].map(_without_facility)).explode("places").dropna(subset=["places"])
    left = left[(left["left"] != "") & (left["left"] != left["places"])].reset_index(names="row")
    for _, group in _several(left, ["left", "state", "places"]):
        for row, other in pairwise(sorted(set(group["row"]))):
            yield row, other, f"one name but for the word of what it is, both in {group['places'].iloc[0].title()}"


def _without_facility(name: str) -> str:
    """Return the canonical form of a hospital's or system's name without its last words for what it is; "" where nothing rare is left."""
    parts = take_apart(name)
    form = canonical(parts.head)
    rest = _FACILITY.sub("", form)
    whole = not parts.campus and not parts.partners and rest != form and kind_of(form) in ("hospital", "system")
    return rest if whole and rare_tokens(rest) else ""


def same_but_for_the_brand(rows: pd.DataFrame) -> Iterator[Pair]:
    """Yield the pairs of a name and the same with its owner's brand in front, in one city: `Mercy Health-St Rita's` and `St Rita's`."""
    names = rows[(rows["key"] != "") & (rows["programs"] > 0)]
    found = [_without_owner(name, forms) for name, forms in zip(names["name"], names["forms"], strict=True)]
    bare = pd.Series(found, index=names.index, dtype=object)
    own = names.assign(form=names["forms"], branded=False)
    short = names.assign(form=bare, branded=True)
    both = pd.concat([own, short]).explode("form").explode("places").dropna(subset=["form", "places"])
    for _, group in _several(both.reset_index(names="row"), ["form", "state", "places"]):
        if group["branded"].any():
            for row, other in pairwise(sorted(set(group["row"]))):
                yield row, other, f"one name but for the brand of its owner, both in {group['places'].iloc[0].title()}"


def _without_owner(name: str, forms: frozenset[str]) -> frozenset[str]:
    """Return the canonical forms of what is left of a name without its owner's brand, or without what is before a hyphen."""
    found = {without_brand(form) for form in forms}
    pieces = _HYPHEN.split(name, maxsplit=1)
    if len(pieces) == 2 and kind_of(canonical(pieces[0])) in ("system", "other"):
        rest = canonical(take_apart(pieces[1]).label)
        if kind_of(rest) == "hospital" and any(token for token in rare_tokens(rest)):
            found.add(rest)
    return frozenset(found - {""})

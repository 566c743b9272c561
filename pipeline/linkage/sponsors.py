"""Which programs have one sponsor: by what the lists state, by program names only where no list states a sponsor.

A sponsor is known by its ACGME code and by its name in a state; each such code and each such name is a row of evidence. Rows
that speak of one sponsor are joined, with the reason. What speaks for that is in `sponsor_evidence.py`; which id a
sponsor gets, in `kept_ids.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage import sponsor_evidence as evidence
from pipeline.linkage.components import root
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import is_common
from pipeline.linkage.sponsor_names import sponsor_key, stated_key, take_apart

_FORMS: Final = ("label_form", "key", "bare")


@dataclass(frozen=True)
class Sponsors:
    """Sponsors of programs, each with a number.

    of_program: number of the sponsor of each program, in the programs' index. evidence: the codes and names of each sponsor,
    columns sponsor, code ("" for a name), key ("" for a code), state, name (as printed most often), first_year, programs
    (how many), stated (whether a list states it), curated (whether a curated row names it as what others belong to); also of
    sponsors that have no program any more. reasons: why rows are one sponsor, columns sponsor, reason. statements: the
    newest statement of each program, columns program_code, sponsor_code, sponsor_name.
    """

    of_program: pd.Series
    evidence: pd.DataFrame
    reasons: pd.DataFrame
    statements: pd.DataFrame


def find_sponsors(
    programs: pd.DataFrame, statements: pd.DataFrame, registered: pd.DataFrame, curated: pd.DataFrame
) -> Sponsors:
    """Return the sponsor of each program.

    programs: table `acgme_programs` with what `institutions.build_institutions` reads from the names. statements: table
    `acgme_sponsors`, each row with a year. registered: columns record, form, state: names under which a register has one body.
    curated: as `institutions.sponsor_names` returns it. The order of the rows does not matter.
    """
    stated = _stated(programs, statements)
    newest = stated.drop_duplicates("program_code", keep="last")
    bare = programs[~programs["program_code"].isin(set(stated["program_code"]))]
    rows = _rows(stated, bare, curated)
    at = pd.Series(rows.index, index=rows["mark"])
    stated = stated.assign(
        coded=stated["code_mark"].map(at), named=stated["name_mark"].map(at), row=stated["mark"].map(at).astype("int64")
    )
    groups = _Groups(list(range(len(rows))), [{code} if code else set() for code in rows["code"]], [])
    groups.join(evidence.with_one_code(stated, stated["coded"]))
    groups.join(evidence.curated_pairs(stated, at, curated))
    groups.join(evidence.same_name_in_several_states(rows))
    groups.join(evidence.renamed(stated.assign(sponsor=groups.numbers(stated["row"])), rows), several_codes=True)
    groups.join(evidence.with_one_code(stated, groups.numbers(stated["coded"].dropna().astype("int64"))))
    groups.join(evidence.same_program_name(stated, rows))
    own = newest.set_index("program_code")["mark"].map(at)
    of_program = programs["program_code"].map(own).astype("Int64")
    owners = _owners(bare, newest, programs, groups.numbers(own), at, curated)
    derived = evidence.name_mark(bare["derived_key"], bare["state"]).map(at).astype("Int64")
    groups.join(_owners_of_names(owners, derived))
    of_program = of_program.fillna(owners.fillna(derived)).astype("int64")
    groups.join(evidence.registered_together(rows, registered))
    groups.join(evidence.same_but_for_the_brand(rows))
    groups.join(evidence.same_but_for_the_facility(rows))
    numbers = groups.numbers(pd.Series(rows.index, index=rows.index))
    return Sponsors(
        groups.numbers(of_program),
        rows.assign(sponsor=numbers).drop(columns=["mark", "forms", "places", "metros"]),
        groups.reasons(),
        newest[["program_code", "sponsor_code", "sponsor_name"]],
    )


@dataclass
class _Groups:
    """Rows of evidence that are joined: `parent` as of `components.root`, the codes of each root, the reasons given for rows."""

    parent: list[int]
    codes: list[set[str]]
    given: list[tuple[int, str]]

    def join(self, pairs: Iterable[evidence.Pair], *, several_codes: bool = False) -> None:
        """Join the rows of each pair, except, without `several_codes`, those that would give a sponsor two codes."""
        for one, other, reason in pairs:
            first, second = sorted((root(self.parent, one), root(self.parent, other)))
            codes = self.codes[first] | self.codes[second]
            if first == second or (len(codes) > 1 and not several_codes and self.codes[first] != self.codes[second]):
                continue
            self.parent[second], self.codes[first] = first, codes
            if reason:
                self.given.append((first, reason))

    def numbers(self, rows: pd.Series) -> pd.Series:
        """Return the number of the sponsor of each row of evidence: the first row of its group."""
        return pd.Series([root(self.parent, int(row)) for row in rows], index=rows.index, dtype="int64")

    def reasons(self) -> pd.DataFrame:
        """Return columns sponsor, reason, each once."""
        found = sorted({(root(self.parent, row), reason) for row, reason in self.given})
        return pd.DataFrame(found, columns=["sponsor", "reason"])


def _stated(programs: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of the programs, oldest first, with key, form and place, and the marks of their rows of evidence."""
    home = programs[["program_code", "state", "place", "metro", "label_form"]]
    stated = statements[["program_code", "sponsor_code", "sponsor_name", "list_year"]].merge(home, on="program_code")
    stated = stated.assign(sponsor_code=stated["sponsor_code"].fillna(""), name=stated["sponsor_name"].fillna(""))
    order = ["list_year", "sponsor_code", "name", "program_code"]
    stated = stated.sort_values(order, ignore_index=True).drop_duplicates()
    keys = {name: stated_key(name) if name else "" for name in stated["name"].unique()}
    stated["key"] = stated["name"].map(keys).astype("str")
    stated["form"] = stated["name"].map({name: canonical(take_apart(name).label) for name in keys}).astype("str")
    stated = stated[(stated["sponsor_code"] != "") | (stated["key"] != "")]
    stated["code_mark"] = evidence.code_mark(stated["sponsor_code"]).where(stated["sponsor_code"] != "")
    stated["name_mark"] = evidence.name_mark(stated["key"], stated["state"]).where(stated["key"] != "")
    stated["mark"] = stated["code_mark"].fillna(stated["name_mark"])
    return stated.reset_index(drop=True)


def _rows(stated: pd.DataFrame, bare: pd.DataFrame, curated: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of evidence, by mark: those of `Sponsors.evidence` without the number, and mark, forms, places, metros."""
    columns = ["mark", "code", "key", "state", "name", "form", "list_year", "program_code", "place", "metro"]
    codes = stated.assign(mark=stated["code_mark"], code=stated["sponsor_code"], key="", form="")
    names = stated.assign(mark=stated["name_mark"], code="")
    derived = bare.assign(code="", key=bare["derived_key"], name=bare["label"], form=bare["label_form"])
    derived["mark"] = evidence.name_mark(bare["derived_key"], bare["state"])
    parts = [
        part[columns].dropna(subset=["mark"]).assign(stated=listed, curated=False)
        for part, listed in ((codes, True), (names, True), (derived, False))
    ]
    known = evidence.targets(curated).assign(stated=False, curated=True, name=curated["institution"], form="")
    long = pd.concat([*parts, known.reindex(columns=[*columns, "stated", "curated"])], ignore_index=True)
    by_mark = long.groupby("mark", sort=True)
    rows = by_mark.agg(
        code=("code", "first"), key=("key", "first"), state=("state", "first"), first_year=("list_year", "min"),
        programs=("program_code", "nunique"), stated=("stated", "any"), curated=("curated", "any"),
    )  # fmt: skip
    counts = long[long["name"] != ""].groupby(["mark", "name"]).size().rename("times").reset_index()
    counts = counts.sort_values(["mark", "times", "name"], ascending=[True, False, True]).drop_duplicates("mark")
    rows["name"] = counts.set_index("mark")["name"].reindex(rows.index).fillna("")
    for column, value in (("forms", "form"), ("places", "place"), ("metros", "metro")):
        filled = long[long[value].fillna("") != ""].groupby("mark")[value].agg(frozenset)
        found = [cell if isinstance(cell, frozenset) else frozenset() for cell in filled.reindex(rows.index)]
        rows[column] = pd.Series(found, index=rows.index, dtype=object)
    return rows.reset_index()


def _owners(
    bare: pd.DataFrame,
    newest: pd.DataFrame,
    programs: pd.DataFrame,
    sponsor: pd.Series,
    at: pd.Series,
    curated: pd.DataFrame,
) -> pd.Series:
    """Return the stated sponsor of each program for which no list states one, by its name and state; null where none or several fit.

    sponsor: number of the sponsor by program code. A name of saints and kind words only needs a place of the sponsor, too.
    """
    owner = pd.Series(pd.NA, index=bare.index, dtype="Int64")
    if bare.empty:
        return owner
    known = programs.merge(newest[["program_code", "name", "form"]], on="program_code")
    known["sponsor"] = known["program_code"].map(sponsor)
    known = known.drop_duplicates([*_FORMS, "state", "sponsor", "name", "place", "metro"])
    parts = [take_apart(name) for name in known["name"]]
    at_campus = pd.Series([part.campus != "" for part in parts], index=known.index)
    # `University of California (Irvine)` is not the University of California: its name ends with the campus.
    known["bare"] = known["bare"].mask(at_campus, "")
    known["sponsor_key"] = [sponsor_key(part) for part in parts]
    known["head"] = [canonical(part.head) if not part.campus else "" for part in parts]
    own = ["form", "sponsor_key", "head"]
    forms = known.melt(["state", "sponsor", "place", "metro"], [*own, *_FORMS], "of", "found")
    forms = forms[forms["found"] != ""].drop_duplicates()
    named = evidence.curated_forms(curated).assign(sponsor=lambda rows: rows["mark"].map(at))
    for column in _FORMS:
        owner = owner.fillna(_single(bare, column, named))
    forms = forms.rename(columns={"found": "form"})
    for column, table in itertools.product(_FORMS, (forms[forms["of"].isin(own)], forms)):
        found = _single(bare, column, table)
        common = pd.Series([is_common(form) for form in bare[column]], index=bare.index, dtype=bool)
        owner = owner.fillna(found.mask(common & ((column == "bare") | ~_near(bare, found, forms))))
    return owner


def _single(programs: pd.DataFrame, column: str, table: pd.DataFrame) -> pd.Series:
    """Return the sponsor whose form equals the program's in `column`, in its state, if there is exactly one."""
    unique = table[["form", "state", "sponsor"]].drop_duplicates()
    unique = unique[~unique.duplicated(["form", "state"], keep=False)].set_index(["form", "state"])["sponsor"]
    keys = pd.MultiIndex.from_arrays([programs[column], programs["state"]])
    return pd.Series(unique.reindex(keys).to_numpy(), index=programs.index, dtype="Int64")


def _near(programs: pd.DataFrame, sponsor: pd.Series, places: pd.DataFrame) -> pd.Series:
    """Decide whether a program of the sponsor is in the program's city or metropolitan area."""
    near = pd.Series(False, index=programs.index)
    for column in ("place", "metro"):
        held = pd.MultiIndex.from_frame(places[["sponsor", column]].dropna().drop_duplicates())
        near |= pd.MultiIndex.from_arrays([sponsor, programs[column]]).isin(held)
    return near


def _owners_of_names(owners: pd.Series, derived: pd.Series) -> Iterable[evidence.Pair]:
    """Return the pairs of a program name and the sponsor to which all programs of that name go."""
    by_name = owners.groupby(derived)
    whole = by_name.size() == by_name.count()
    single = by_name.nunique() == 1
    first = by_name.first()
    return [(int(row), int(first[row]), "") for row in first.index[whole & single]]

"""Which petitioner or institution of a release a labelled employer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.linkage.links.registers import match_names
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, canonical_all, core
from pipeline.linkage.names.printed import split_names
from pipeline.linkage.names.words import rare_tokens

if TYPE_CHECKING:
    from pipeline.evaluate.cap_exemption import Case

_BODY_ORDER: Final = {"acgme": 0, "ipeds_hd": 1, "cms_hospitals": 2, "ncses": 3, "ahrq_compendium": 4}
_BENIGN: Final = frozenset(("SYSTEM", "DISTRICT", "AUTHORITY"))
# Words that make another body of a name they are added to.
_DISTINGUISHING: Final = frozenset((
    "FOUNDATION", "PHYSICIAN", "GROUP", "CLINIC", "PLAN", "SCHOOL", "HOSPITAL", "ASSOCIATE", "PRACTICE", "EAST", "WEST",
    "NORTH", "SOUTH",
))  # fmt: skip
_OTHER_BODIES: Final = ("research", "practice", "plan", "foundation")
Candidates = Mapping[tuple[str, ...], Sequence[tuple[str, str]]]
_LEAST_CUT: Final = 24  # letters of a normal form that a name cut at 34 characters still has


@dataclass(frozen=True)
class _Known:
    """Names at hand: (form, state) or form -> id, and (state, words) -> candidates, the first the best."""

    by_state: Mapping[tuple[str, str], str]
    through: Mapping[tuple[str, str], str]
    body_in: Mapping[tuple[str, str], str]
    anywhere: Mapping[str, str]
    own_words: Candidates
    own_heads: Candidates
    body_words: Candidates
    body_heads: Candidates
    phrases: Mapping[tuple[str, str], str]


def find(
    cases: tuple[Case, ...],
    petitioners: pd.DataFrame,
    institutions: pd.DataFrame,
    links: pd.DataFrame,
    bodies: pd.DataFrame,
) -> list[str | None]:
    """Return the petitioner_id or body_id each case is about; None where none is found.

    In this order: the normal form of a name in the state, as a petitioner; an institution of that name in the state, and the
    petitioner with the most approvals that is the same; a body of that name in the state (table institution_cap_exemption);
    a petitioner with the normal form in another state; the same distinctive words in the state; a curated phrase with which
    the name begins; a similar name in the state. A petitioner's first name goes before its other spellings, then approvals
    decide; a sponsor goes before a record of a register, and that before a curated row.
    """
    known = _known(petitioners, institutions, links, bodies)
    return _similar(cases, [_found_by_name(case, known) for case in cases], petitioners)


def _known(petitioners: pd.DataFrame, institutions: pd.DataFrame, links: pd.DataFrame, bodies: pd.DataFrame) -> _Known:
    total = petitioners["initial_approvals"] + petitioners["continuing_approvals"]
    approvals = total.set_axis(petitioners["petitioner_id"])
    own = _forms(petitioners, "petitioner_id", "spellings").assign(approvals=lambda rows: rows["id"].map(approvals))
    first_forms = [core(canonical(name)) for name in petitioners["name"]]
    first = pd.MultiIndex.from_arrays([petitioners["petitioner_id"], first_forms])
    own["first"] = pd.MultiIndex.from_frame(own[["id", "form"]]).isin(first)
    own = own.sort_values(["first", "approvals", "id"], ascending=[False, False, True])
    known = _body_forms(bodies)
    return _Known(
        by_state=_first_of(own),
        through=_through_institutions(institutions, links, approvals),
        body_in=_first_of(known),
        anywhere={str(row.form): str(row.id) for row in own.drop_duplicates("form").itertuples()},
        own_words=_by_distinctive_words(own),
        own_heads=_by_first_words(own),
        body_words=_by_distinctive_words(known),
        body_heads=_by_first_words(known),
        phrases=_first_of(known[known["source"].str.startswith("curated:")]),
    )


def _first_of(forms: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return (form, state) -> the first id."""
    first = forms.drop_duplicates(["form", "state"])
    return {(str(row.form), str(row.state)): str(row.id) for row in first.itertuples()}


def _found_by_name(case: Case, known: _Known) -> str | None:
    """Return what `find` returns of one case, but for similar names."""
    forms = [core(canonical(name)) for name in case.names]
    state = case.state
    answers = [known.by_state.get((form, state)) for form in forms]
    answers += [known.through.get((" ".join(sorted(form.split())), state)) for form in forms]
    answers += [known.body_in.get((form, place)) for form in forms for place in (state, "")]
    answers += [known.anywhere.get(form) for form in forms if _is_distinguishing(form)]
    for by_words, by_head in ((known.own_words, known.own_heads), (known.body_words, known.body_heads)):
        answers += [_same_words(form, by_words.get((state, *rare_tokens(form)), ())) for form in forms]
        answers += [_longer(form, by_head.get((state, *form.split()[:2]), ())) for form in forms]
    answers += [_begins_with(form, state, known.phrases) for form in forms]
    return next((answer for answer in answers if answer is not None), None)


def _body_forms(bodies: pd.DataFrame) -> pd.DataFrame:
    """Return columns id, state ("" for everywhere), form, source of all names of the bodies, the surest source first."""
    named = bodies.assign(state=bodies["state"].fillna(""))
    forms = _forms(named, "body_id", "aliases")
    forms = forms.assign(source=forms["id"].map(named.set_index("body_id")["source"]))
    order = forms["source"].map(_BODY_ORDER).fillna(len(_BODY_ORDER))
    return forms.assign(order=order).sort_values(["order", "id", "form"]).drop(columns="order")


def _begins_with(form: str, state: str, phrases: Mapping[tuple[str, str], str]) -> str | None:
    """Return the curated row whose phrase the name begins with, the longest first: what the rules would read in it."""
    tokens = form.split()
    for size in range(len(tokens) - 1, 0, -1):
        head = " ".join(tokens[:size])
        for place in (state, ""):
            if size >= 2 and (head, place) in phrases:
                return phrases[head, place]
    return None


def _by_distinctive_words(own: pd.DataFrame) -> Candidates:
    """Return (state, each distinctive word) -> (form, petitioner_id), the first the best."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in own.dropna(subset=["state"]).itertuples():
        words = rare_tokens(str(row.form))
        if words:
            found.setdefault((str(row.state), *words), []).append((str(row.form), str(row.id)))
    return found


def _by_first_words(own: pd.DataFrame) -> Candidates:
    """Return (state, first word, second word) -> (form, petitioner_id), the first the best."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in own.dropna(subset=["state"]).itertuples():
        found.setdefault((str(row.state), *str(row.form).split()[:2]), []).append((str(row.form), str(row.id)))
    return found


def _is_distinguishing(form: str) -> bool:
    """Decide whether a name distinguishes enough to be looked for in other states: Christ Hospital does not."""
    return len(rare_tokens(form)) >= 2 or kind_of(form) not in ("hospital", "university", "school", "clinic")


def _longer(form: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """Return a petitioner whose name goes on where `form` ends, or breaks off where it is cut, and is no other kind."""
    if len(rare_tokens(form)) < 2 and len(form.split()) < 4:
        return None
    for other, identity in candidates:
        longer, shorter = max(form, other, key=len), min(form, other, key=len)
        rest = longer[len(shorter) :]
        cut = " " not in rest and len(shorter) >= _LEAST_CUT
        if longer.startswith(shorter) and (
            cut or (other == longer and rest.startswith(" ") and not _DISTINGUISHING & set(rest.split()))
        ):
            return identity
    return None


def _same_words(form: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """Return a petitioner whose name differs from `form` in words of kind only, and is not another kind of body.

    With one distinctive word alone, nothing but SYSTEM, DISTRICT and the like may differ.
    """
    for other, identity in candidates:
        kinds = {kind_of(form), kind_of(other)} - {"other"}
        apart = set(form.split()) ^ set(other.split())
        if (
            len(kinds) < 2
            and not apart & (_DISTINGUISHING - {"SCHOOL"})
            and (len(rare_tokens(form)) >= 2 or apart <= _BENIGN)
        ):
            return identity
    return None


def _forms(frame: pd.DataFrame, key: str, spellings: str) -> pd.DataFrame:
    """Return columns id, state, form: every name of every record, d/b/a names apart."""
    base = pd.DataFrame({"id": frame[key], "state": frame["state"], "name": frame["name"]})
    more = base.assign(name=frame[spellings]).explode("name").dropna(subset=["name"])
    names = pd.concat([base, more], ignore_index=True).drop_duplicates(["id", "name"])
    names["name"] = names["name"].map(
        {name: [part.text for part in split_names(name)] for name in names["name"].unique()}
    )
    names = names.explode("name").dropna(subset=["name"])
    forms = canonical_all(names["name"])
    names["form"] = forms.map({form: core(form) for form in forms.unique()})
    return names.loc[names["form"] != "", ["id", "state", "form"]].drop_duplicates()


def _through_institutions(
    institutions: pd.DataFrame, links: pd.DataFrame, approvals: pd.Series
) -> dict[tuple[str, str], str]:
    """Return (words of a name in order, state) of an institution -> petitioner with the most approvals linked as the same.

    The words are sorted: Houston Methodist Hospital is the Methodist Hospital (Houston).
    """
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same")]
    if institutions.empty or same.empty:
        return {}
    same = same.assign(total=same["petitioner_id"].map(approvals)).dropna(subset=["total"])
    # A hospital's research institute or practice may sign more petitions than the hospital, and is another body.
    same = same.assign(other=[kind_of(core(canonical(name))) in _OTHER_BODIES for name in same["employer"]])
    same = same.sort_values(["other", "total", "petitioner_id"], ascending=[True, False, True])
    best = same.drop_duplicates("institution_id").set_index("institution_id")["petitioner_id"]
    forms = _forms(institutions, "institution_id", "aliases")
    forms = forms.assign(petitioner=forms["id"].map(best)).dropna(subset=["petitioner"])
    forms = forms.sort_values(["form", "state", "petitioner"], ascending=False)
    return {
        (" ".join(sorted(str(row.form).split())), str(row.state)): str(row.petitioner) for row in forms.itertuples()
    }


def _similar(cases: tuple[Case, ...], found: list[str | None], petitioners: pd.DataFrame) -> list[str | None]:
    """Fill what is not found yet with a similar name in the state, by the linkage room's rules."""
    queried = [
        (name, case.state) for case, answer in zip(cases, found, strict=True) if answer is None for name in case.names
    ]
    if not queried:
        return found
    states = {state for _, state in queried}
    register = petitioners[petitioners["state"].isin(states)].assign(id=lambda rows: rows["petitioner_id"])
    register = register[["id", "name", "state"]].assign(aliases=petitioners["spellings"])
    answers = match_names(pd.DataFrame(queried, columns=["name", "state"]), register)
    similar = {
        (str(row.name_), str(row.state)): str(row.id) for row in answers.rename(columns={"name": "name_"}).itertuples()
    }
    return [
        answer or next((similar[name, case.state] for name in case.names if (name, case.state) in similar), None)
        for case, answer in zip(cases, found, strict=True)
    ]

"""Which participating sites and partners of a sponsor are the sponsor itself, and which are another sponsor of the list.

What belongs here: what names, initials and ownership tell of sites. Where names come from belongs to `aliases.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipeline.linkage.comparison import compare
from pipeline.linkage.judgements import institutions_by_code
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.names.words import is_common

# Levels at which a body with the words of another is that body: nothing but kind words or the place differs.
_ONE_BODY: Final = ("kin", "placeless")
_NOWHERE: Final[frozenset[str]] = frozenset()


def with_own_bodies(table: pd.DataFrame, institutions: pd.DataFrame, hospitals: pd.DataFrame) -> pd.DataFrame:
    """Return names of institutions, those of sites and partners that are the sponsor itself as `same`.

    A site is the sponsor if it bears its words (`Albert Einstein Medical Center` of the Albert Einstein Healthcare Network), if
    the sponsor's name has its initials (`B-JH/SLCH Consortium`), or if the sponsor is the health system that owns it. One
    that is a sponsor of its own in the state is not, but for its words, and then in the sponsor's city only.

    hospitals: table `ahrq_hospitals`.
    """
    own: dict[str, set[str]] = defaultdict(set)
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    mine = table[(table["relation"] == "same") & (table["source"] == "sponsor")]
    for identity, form, state in zip(mine["institution_id"], mine["form"], mine["state"], strict=True):
        own[identity].add(form)
        bearers[form, state].add(identity)
    letters = {
        identity: acronyms_in(name)
        for identity, name in zip(institutions["institution_id"], institutions["name"], strict=True)
    }
    owned = _owned(own, dict(zip(institutions["institution_id"], institutions["state"], strict=True)), hospitals)
    partners = table[
        (table["relation"] == "affiliate") & table["source"].isin(["site", "program", "hospital_university"])
    ]
    own_words: list[bool] = []
    by_ownership: list[bool] = []
    for identity, form, state in zip(partners["institution_id"], partners["form"], partners["state"], strict=True):
        own_words.append(_is_one_of(form, own[identity]))
        named = kind_of(form) == "hospital" and initials(form) in letters.get(identity, ())
        others = bearers.get((form, state), {identity}) != {identity}
        by_ownership.append(not others and (named or _is_one_of(form, owned.get(identity, set()))))
    itself = pd.Series(own_words, partners.index) | pd.Series(by_ownership, partners.index)
    elsewhere = pd.Series(
        [bearers.get(pair, set()) != set() for pair in zip(partners["form"], partners["state"], strict=True)],
        partners.index,
    )
    rows = partners.index[itself]
    table = table.copy()
    table.loc[rows, "relation"] = "same"
    table.loc[partners.index[itself & elsewhere], "needs"] = "city"
    return table


def _is_one_of(form: str, others: set[str]) -> bool:
    if form in others:
        return True
    for other in others:
        how, apart, words = compare(form, other, _NOWHERE)
        if how in _ONE_BODY and not apart and not words:
            return True
    return False


def acronyms_in(name: str) -> frozenset[str]:
    """Return the acronyms of three letters and more in a sponsor's name, a hyphen in one left out: BJH of `B-JH/SLCH Consortium`."""
    return frozenset(text.replace("-", "") for text in re.findall(r"\b[A-Z]-?[A-Z]{2,5}\b", name))


def initials(form: str) -> str:
    """Return the first letters of the words of a canonical form."""
    return "".join(word[0] for word in form.split())


def _owned(own: Mapping[str, set[str]], states: Mapping[str, str], hospitals: pd.DataFrame) -> dict[str, set[str]]:
    """Return the canonical names of the hospitals of each sponsor that is a health system of AHRQ's compendium, in its state."""
    rows = hospitals.dropna(subset=["health_system_name", "state"])
    systems: dict[tuple[str, str], set[str]] = defaultdict(set)
    names = zip(canonical_all(rows["health_system_name"]), rows["state"], canonical_all(rows["name"]), strict=True)
    for system, state, hospital in names:
        systems[system, state].add(hospital)
    by_state: dict[str, list[str]] = defaultdict(list)
    for system, state in systems:
        by_state[state].append(system)
    found: dict[str, set[str]] = {}
    for identity, forms in own.items():
        state = states.get(identity, "")
        mine = {form for form in forms if kind_of(form) == "system"}
        for system in by_state.get(state, ()):
            if mine and _is_one_of(system, mine):
                found.setdefault(identity, set()).update(systems[system, state])
    return found


def sponsoring_sites(institutions: pd.DataFrame, sites: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return names of sponsors that are participating sites of other sponsors, by code or by name: as affiliates of these."""
    by_code = institutions_by_code(institutions)
    coded = pd.DataFrame(
        {"host": sites["sponsor_code"].map(by_code), "institution_id": sites["site_code"].map(by_code)}
    )
    own = table[(table["relation"] == "same") & (table["source"] != "brandless")]
    pairs = pd.concat([coded.dropna(), _sites_by_name(table, own)])
    pairs = pairs[pairs["host"] != pairs["institution_id"]].drop_duplicates()
    found = (
        pairs.merge(own, on="institution_id").drop(columns="institution_id").rename(columns={"host": "institution_id"})
    )
    return found.assign(relation="affiliate", source="site")[own.columns.tolist()]


def _sites_by_name(table: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return columns host, institution_id: sites whose name is that of one institution alone in the host's state."""
    named = own.loc[own["needs"] == "nothing", ["form", "state", "institution_id"]].drop_duplicates()
    distinct = pd.Series([not is_common(form) for form in named["form"]], index=named.index, dtype=bool)
    single = named[distinct & ~named.duplicated(["form", "state"], keep=False)]
    of_sites = table.loc[table["source"] == "site", ["form", "state", "institution_id"]]
    return of_sites.rename(columns={"institution_id": "host"}).merge(single, on=["form", "state"])[
        ["host", "institution_id"]
    ]

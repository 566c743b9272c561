"""What a profile is held against, program by program, worked out before anybody's profile is known: for readers that have no Python.

What belongs here: the parts of scores and must-haves that hang on the program alone, the terms that close a visa to some, and the tables by
which both come together. Every score and every text is made by the functions that make a shortlist; what is left to a reader is to look
up and to add (docs/methods/shortlist.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.applicants import scores
from pipeline.applicants.holds import held_everywhere, holds_on_visa
from pipeline.applicants.lights import OF_PROGRAM, must_haves
from pipeline.applicants.profile import (
    CERTIFIED,
    DEFAULT_WEIGHTS,
    DEGREES,
    LEVELS,
    MUST_HAVES,
    NOT_PLANNED,
    NOT_YET,
    ROUTES_FROM,
    SCHOOLS,
    VISAS,
    WHERE_WORDS,
    Profile,
)
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.routes import Limits
from pipeline.applicants.rows import records
from pipeline.applicants.shortlist import UNKNOWN_COUNTS, UNRATED
from pipeline.applicants.step3 import ASK, CLOSED, GOOD, IN_TIME, LATER, NOT_PLANNED_WORDS, TOO_LATE, WORDS, due_for
from pipeline.law.holds import countries
from pipeline.linkage.places import metro_names
from pipeline.schemas.vocabulary import OFFERED
from pipeline.specialties.relations import group_of, listed_group, relation
from pipeline.specialties.vocabulary import fellowship_names, named_specialties
from pipeline.tiers.accreditation import WITHDRAWN

CITIZENSHIP: Final = "{citizenship}"  # stands for the country in texts about holds
_TERMS: Final = ("h1b_stated", "conditions", "routes", "state_freeze", "state_freeze_until")
_DUE: Final = ("step3_due", "step3_due_on", "fellowship")
_CARRIED: Final = {"h1b": True, "j1": False}


def program_facts(listed: pd.DataFrame) -> dict[str, list[Any]]:
    """Return by name a value for each row of the list (functional_h1b_sponsors), null where unknown.

    h1b, j1: the fit of the visa before anything is closed to the applicant; evidence_*, recency_*: the other two criteria where that
    visa carries the row; size, img; *_why: each in words. must_*: yes, no or unknown for each must-have that hangs on the program
    alone; group: the key of its field; limited: whether a stated H-1B is for some alone; terms: its place in `closed_by_terms`; due: its
    place in `step3_due`.
    """
    rows = listed.reset_index(drop=True).assign(fellowship=listed["specialty"].isin(fellowship_names()).to_numpy())
    facts: dict[str, Any] = {
        "h1b": scores.h1b_fit(rows),
        "h1b_why": scores.h1b_words(rows),
        "j1": scores.j1_fit(rows),
        "j1_why": scores.j1_words(rows),
    }
    good = pd.Series(float(GOOD), index=rows.index)
    for visa, by_h1b in _CARRIED.items():
        carried = scores.Carried(pd.Series(by_h1b, index=rows.index), good, good)
        for name, part in (
            ("evidence", scores.evidence_strength(rows, carried)),
            ("recency", scores.recency(rows, carried)),
        ):
            facts |= {f"{name}_{visa}": part.score, f"{name}_{visa}_why": part.why}
    for name, part in (("size", scores.size(rows)), ("img", scores.img_share(rows))):
        facts |= {name: part.score, f"{name}_why": part.why}
    answers = must_haves(rows, pd.DataFrame(index=rows.index), Profile(visas=VISAS, must_haves=OF_PROGRAM))
    facts |= {f"must_{name}": answer for name, answer in answers.items()}
    facts |= {
        "group": listed_group(rows["specialty"], rows["specialty_code"]),
        "limited": (rows["routes"].map(len) > 0) & rows["h1b_stated"].isin(OFFERED),
        "terms": _places(_keys(rows, _TERMS)),
        "due": _places(_keys(rows, _DUE)),
    }
    return {name: _plain(pd.Series(column)) for name, column in facts.items()}


def step3_due(listed: pd.DataFrame) -> list[dict[str, Any] | None]:
    """Return by place when Step 3 is due in the cycle of the list (`step3.Due`); null where nothing that is stated tells it."""
    rows = listed.assign(fellowship=listed["specialty"].isin(fellowship_names()))
    firsts = rows.loc[~pd.Series(_places(_keys(rows, _DUE)), rows.index, dtype="int64").duplicated()]
    found = [
        due_for(row["step3_due"], row["step3_due_on"], pd.Timestamp(row["as_of"]).date(), bool(row["fellowship"]))
        for row in records(firsts[[*_DUE, "as_of"]])
    ]
    return [due and due._asdict() for due in found]


def closed_by_terms(listed: pd.DataFrame) -> dict[str, Any]:
    """Return why visas are closed to an applicant, by what the profile says: country, place, school.

    countries: by each listed one its class, all others are of class 0; held: by class whether some route to an H-1B is closed;
    h1b: by `class|where|school`, by terms of a program, why an H-1B is closed; j1: by `class|where`. What isn't there isn't closed.
    """
    rows = listed.reset_index(drop=True)
    firsts = rows.loc[~pd.Series(_places(_keys(rows, _TERMS)), dtype="int64").duplicated()].reset_index(drop=True)
    if firsts.empty:
        return {"countries": {}, "held": [False], "h1b": {}, "j1": {}}
    day, limits = pd.Timestamp(rows["as_of"].iloc[0]).date(), Limits.of(firsts)
    classes, of_country = _classes(day)
    h1b, j1 = {}, {}
    for number, country in enumerate(classes.values()):
        for where in (None, *ROUTES_FROM):
            profile = Profile(VISAS, where=where, citizenship=country)
            if closed := _without_country([held_everywhere(profile, "J-1", day)], country):
                j1[f"{number}|{where or ''}"] = closed[0]
            for school in (None, *SCHOOLS):
                of_school = Profile(VISAS, where=where, school=school, citizenship=country)
                if closed := _without_country(limits.closed_to(of_school), country):
                    h1b[f"{number}|{where or ''}|{school or ''}"] = closed
    held = [any(name == "H-1B" for name, _ in key) for key in classes]
    return {"countries": of_country, "held": held, "h1b": h1b, "j1": j1}


def _classes(day: dt.date) -> tuple[dict[tuple[tuple[str, str], ...], str | None], dict[str, int]]:
    """Return the sets of visas and holds under which nationals of some country are, each with one such country, first none; and the
    place of each listed country among them."""
    classes: dict[tuple[tuple[str, str], ...], str | None] = {(): None}
    of_country = {}
    for country in sorted(set(countries().values())):
        profile = Profile(VISAS, citizenship=country)
        held = tuple((visa, hold.id) for visa in VISAS for hold in holds_on_visa(profile, visa, day))
        classes.setdefault(held, country)
        of_country[country] = list(classes).index(held)
    return classes, of_country


def wanted_specialties(groups: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return each ACGME name with those of the listed groups to which it is related, and how; names related to none are left out."""
    listed = sorted(groups)
    found = {}
    for name in sorted(named_specialties()["name"].unique()):
        related = {group: how for group in listed if (how := relation(group, frozenset([group_of(name)]))) != "other"}
        if related:
            found[name] = related
    return found


def area_states(areas: Iterable[str]) -> dict[str, list[str]]:
    """Return the states of each metropolitan area, the named ones of the vocabulary."""
    known = set(metro_names())
    return {area: sorted(scores.states_of((area.lower(),))) for area in sorted(areas) if area in known}


def profile_tables() -> Mapping[str, Any]:
    """Return the scales, words and allowed values by which facts and a profile come together."""
    return {
        "visas": VISAS,
        "must_haves": MUST_HAVES,
        "where": WHERE_WORDS,
        "schools": SCHOOLS,
        "degrees": DEGREES,
        "levels": LEVELS,
        "passed": PASSED,
        "not_planned": NOT_PLANNED,
        "not_yet": NOT_YET,
        "certified": CERTIFIED,
        "withdrawn": WITHDRAWN,
        "weights": DEFAULT_WEIGHTS,
        "unknown_counts": UNKNOWN_COUNTS,
        "unrated": UNRATED,
        "good": GOOD,
        "second_choice": {f"{fit:g}": counts for fit, counts in scores.SECOND_CHOICE.items()},
        "specialty": scores.SPECIALTY,
        "specialty_why": scores.SPECIALTY_WHY,
        "no_specialty": scores.NO_SPECIALTY,
        "place_why": scores.PLACE_WHY,
        "against": scores.AGAINST,
        "doubtful": scores.DOUBTFUL,
        "nothing": scores.NOTHING,
        "undated": scores.UNDATED,
        "nothing_known": scores.NOTHING_KNOWN,
        "step3_not_planned": NOT_PLANNED_WORDS,
        "step3_words": WORDS,
        "step3_closed": CLOSED,
        "step3_verdicts": {"in_time": IN_TIME, "too_late": TOO_LATE, "ask": ASK, "later": LATER},
    }


def _keys(rows: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return some columns of each row as a key that can be compared."""
    return list(zip(*(_comparable(rows[name]) for name in columns), strict=True))


def _places(keys: list[tuple[Any, ...]]) -> list[int]:
    """Return numbers of keys, in the order in which they first stand there."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [places[key] for key in keys]


def _comparable(column: pd.Series) -> list[Any]:
    return [value if value is None or pd.api.types.is_scalar(value) else tuple(value) for value in _plain(column)]


def _plain(column: pd.Series) -> list[Any]:
    """Return the values of a column, None for each null."""
    return column.astype("object").where(column.notna(), None).tolist()


def _without_country(closed: Sequence[str | None], country: str | None) -> dict[int, str]:
    """Return by place why something is closed, the country as a mark; nothing where it isn't."""
    return {place: text.replace(country, CITIZENSHIP) if country else text for place, text in enumerate(closed) if text}

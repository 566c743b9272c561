"""Anchors: the records of public registers (IPEDS, CMS, IRS, ROR) that an institution is, only where it is sure.

Which record a petitioner is belongs to `links/registers.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from pipeline.linkage.model import (
    UNIT_CITY,
    UNIT_EQUAL,
    UNIT_FIT,
    UNIT_HOSPITAL,
    UNIT_LEAD,
    UNIT_LONGER,
    UNIT_MEDICAL,
    UNIT_METRO,
    UNIT_MUCH_SHORTER,
    UNIT_NAMED,
    UNIT_SAME_UNIVERSITY,
    UNIT_SHORTER,
)
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, canonical_all, core_all, state_words
from pipeline.linkage.names.words import acronyms, rare_tokens
from pipeline.linkage.places import with_places
from pipeline.linkage.sponsor_names import take_apart, university_in
from pipeline.schemas.frames import empty_frame

# Words after the university's name that do not make it another university.
_BRANDED: Final = re.compile(r" (MEDICINE|HEALTH|HEALTHCARE|MEDICAL CENTER|HEALTH SYSTEM)$")
_SAME_UNIVERSITY: Final = frozenset(["MAIN", "CAMPUS", "CENTER", "HEALTH", "SCIENCE", "MEDICAL"])


@dataclass(frozen=True)
class Registers:
    """Public registers, as the registry's tables `ipeds_institutions`, `cms_hospitals`, `irs_exempt_organizations`,
    `ror_organizations`, `ahrq_hospitals` and `cms_hospital_names`; each may be empty."""

    ipeds: pd.DataFrame = field(default_factory=lambda: empty_frame("ipeds_institutions"))
    cms: pd.DataFrame = field(default_factory=lambda: empty_frame("cms_hospitals"))
    irs: pd.DataFrame = field(default_factory=lambda: empty_frame("irs_exempt_organizations"))
    ror: pd.DataFrame = field(default_factory=lambda: empty_frame("ror_organizations"))
    ahrq: pd.DataFrame = field(default_factory=lambda: empty_frame("ahrq_hospitals"))
    cms_names: pd.DataFrame = field(default_factory=lambda: empty_frame("cms_hospital_names"))


def anchors(institutions: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Return columns institution_id, unitid, ror_id, facility_ids, ein for each institution; null or empty where not sure.

    unitid: the IPEDS unit that the institution is or whose school its name speaks of. facility_ids: CMS facilities with
    one of the institution's own hospital names in its city, or in its state if the name says more than kind words. ein:
    of the IPEDS unit if the institution is the university, else of the one IRS record with its name in its state.
    """
    frame = institutions[["institution_id", "name", "city", "state"]].copy()
    frame["unitid"] = _ipeds_units(frame, registers.ipeds)
    frame["facility_ids"] = _facilities(frame, registers.cms)
    frame["ror_id"] = _by_name_and_place(frame, registers.ror, "ror_id")
    irs = _by_name_and_place(frame, registers.irs, "ein")
    unit_ein = registers.ipeds.set_index("unitid")["ein"] if len(registers.ipeds) else pd.Series(dtype="str")
    of_unit = frame["unitid"].map(unit_ein).astype("str")
    is_university = pd.Series([_is_university(str(name)) for name in frame["name"]], index=frame.index)
    frame["ein"] = of_unit.where(is_university).fillna(irs)
    return frame[["institution_id", "unitid", "ror_id", "facility_ids", "ein"]]


def _is_university(name: str) -> bool:
    university, body = university_in(name)
    return bool(university) and not body


def counties(places: pd.DataFrame, registers: Registers) -> pd.Series:
    """Return the county of each row, as CMS and IPEDS print it for most of its city, in capitals; "" where they have none.

    places: columns city, state.
    """
    columns = ["city", "state", "county"]
    printed = pd.concat([register.reindex(columns=columns) for register in (registers.cms, registers.ipeds)])
    printed = with_places(printed.dropna())
    plain = printed["county"].str.upper().str.replace(r" (COUNTY|PARISH)$", "", regex=True)
    counts = printed.assign(county=plain).value_counts(["place", "state", "county"]).rename("rows").reset_index()
    counts = counts.sort_values(["rows", "county"], ascending=[False, True]).drop_duplicates(["place", "state"])
    most = counts.set_index(["place", "state"])["county"]
    keys = pd.MultiIndex.from_frame(with_places(places[["city", "state"]])[["place", "state"]])
    return pd.Series(most.reindex(keys).fillna("").to_numpy(), index=places.index, dtype="str")


def own_names(name: str) -> list[str]:
    """Return the canonical forms of the sponsor itself in a sponsor's name: its head, and hospitals after a slash."""
    parts = take_apart(name)
    forms = [canonical(parts.label), canonical(parts.head), canonical(f"{parts.head} {parts.campus}")]
    forms += [canonical(part) for part in parts.partners if kind_of(canonical(part)) in ("hospital", "system")]
    return list(dict.fromkeys(form for form in forms if form))


def ipeds_names(ipeds: pd.DataFrame) -> pd.DataFrame:
    """Return columns unitid, state, city, form: the names and aliases of every unit, canonical, `Main Campus` dropped."""
    names = ipeds[["unitid", "state", "city", "name"]]
    if ipeds.empty:
        return names.astype("str").assign(form=pd.Series(dtype="str")).reset_index(drop=True)
    aliases = ipeds[["unitid", "state", "city"]].assign(name=ipeds["aliases"]).explode("name").dropna(subset=["name"])
    both = pd.concat([names, aliases], ignore_index=True)
    both = both.astype("str")
    both["form"] = core_all(both["name"]).str.removesuffix(" MAIN CAMPUS")
    return both[both["form"] != ""].drop_duplicates(["unitid", "form"], ignore_index=True)


def bearers_of_units(institutions: pd.DataFrame, ipeds: pd.DataFrame) -> dict[tuple[str, str], set[str]]:
    """Return the institutions whose university has a name in IPEDS, by the name and its state: `UCLA David Geffen School of Medicine`."""
    names = ipeds_names(ipeds)[["unitid", "form", "state"]]
    found: dict[tuple[str, str], set[str]] = {}
    owned = institutions.dropna(subset=["unitid"])[["institution_id", "unitid"]].merge(names, on="unitid")
    for identity, form, state in zip(owned["institution_id"], owned["form"], owned["state"], strict=True):
        found.setdefault((form, state), set()).add(identity)
    return found


def _ipeds_units(institutions: pd.DataFrame, ipeds: pd.DataFrame) -> pd.Series:
    result = pd.Series(None, index=institutions.index, dtype="str")
    if ipeds.empty:
        return result
    names = ipeds_names(ipeds)
    flags = ipeds.set_index("unitid")[["grants_medical_degree", "has_hospital"]].fillna(False).astype(bool)
    has = {name: names["unitid"].map(flags[name]).astype(float) for name in flags}
    names["bonus"] = UNIT_MEDICAL * has["grants_medical_degree"] + UNIT_HOSPITAL * has["has_hospital"]
    by_state = _names_by_state(names)
    placed = with_places(institutions)
    place, metro = placed["place"], placed["metro"]
    for row, name, state in zip(institutions.index, institutions["name"], institutions["state"], strict=True):
        if state not in by_state:
            continue
        form, _ = university_in(str(name))
        parts = take_apart(str(name))
        whole = canonical(parts.label)
        forms = (form, whole, canonical(parts.head), canonical(f"{whole} {place[row]}"))
        result[row] = _best_unit(forms, canonical(parts.campus), place[row], metro[row], by_state[state])
        if pd.isna(result[row]) and not form:
            result[row] = _by_acronym(parts.label, by_state[state]) or _by_namesake(
                canonical(parts.head), place[row], metro[row], by_state[state]
            )
    return result


@dataclass(frozen=True, slots=True)
class _UnitName:
    """One name of an IPEDS unit. bonus: 1 for a unit that grants medical degrees and a half for one with a hospital."""

    unit: str
    form: str
    words: list[str]
    bonus: float
    place: object
    metro: object


def _names_by_state(names: pd.DataFrame) -> dict[str, list[_UnitName]]:
    """Return the names of units by state. names: columns unitid, form, bonus, state, city."""
    placed = with_places(names.dropna(subset=["state"]))
    columns = (placed[column].tolist() for column in ("state", "unitid", "form", "bonus", "place", "metro"))
    found: dict[str, list[_UnitName]] = {}
    for state, unit, form, bonus, place, metro in zip(*columns, strict=True):
        found.setdefault(state, []).append(_UnitName(unit, form, form.split(), bonus, place, metro))
    return found


def _by_acronym(label: str, names: list[_UnitName]) -> str | None:
    """Return the one medical unit of the state whose acronym is in a sponsor's name: `School of Medicine at UNLV`."""
    letters = set(re.findall(r"\b[A-Z]{3,5}\b", label))
    found = {
        name.unit
        for name in names
        if name.bonus >= UNIT_MEDICAL and (name.form in letters or acronyms(name.form) & letters)
    }
    return found.pop() if len(found) == 1 else None


def _by_namesake(head: str, city: object, metro: object, names: list[_UnitName]) -> str | None:
    """Return the one medical unit of the area whose name, without kind words, the sponsor bears: `Stony Brook Medicine`."""
    wanted = _BRANDED.sub("", head).split()
    if " ".join(wanted) == head or set(wanted) <= state_words() | set(canonical(str(city)).split()):
        return None
    found = {
        name.unit
        for name in names
        if name.bonus >= UNIT_MEDICAL
        and (name.place == city or name.metro == metro)
        and "UNIVERSITY" in name.form
        and [token for token in name.words if token != "UNIVERSITY"] == wanted
    }
    return found.pop() if len(found) == 1 else None


def _best_unit(forms: tuple[str, ...], campus: str, city: object, metro: object, names: list[_UnitName]) -> str | None:
    """Return the unit that fits best. A school of medicine's unit must grant medical degrees, unless it has the very name."""
    wanted = forms[0].split()
    places = {*canonical(str(city)).split(), *campus.split()}
    scores: dict[str, float] = {}
    for name in names:
        if name.form in forms[1:] or (name.place == city and f"{name.form} {canonical(str(city))}" == forms[1]):
            fit = UNIT_NAMED
        elif not name.bonus or not (fit := _fit(wanted, name.words, places, campus.split())):
            continue
        near = (
            UNIT_CITY if name.place == city else UNIT_METRO if isinstance(metro, str) and name.metro == metro else 0.0
        )
        scores[name.unit] = max(scores.get(name.unit, 0.0), fit + name.bonus + near)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < UNIT_FIT or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < UNIT_LEAD):
        return None
    return ranked[0][0]


def _fit(wanted: list[str], other: list[str], places: set[str], campus: list[str]) -> float:
    if len(other) < 2 or not wanted:
        return 0.0
    if other in (wanted, [*wanted, *campus]):
        return UNIT_EQUAL
    if other[: len(wanted)] == wanted:
        rest = set(other[len(wanted) :])
        return (
            UNIT_EQUAL if rest <= places else UNIT_SAME_UNIVERSITY if rest <= places | _SAME_UNIVERSITY else UNIT_LONGER
        )
    if wanted[: len(other)] == other and rare_tokens(" ".join(other)):
        return UNIT_SHORTER if len(other) > 2 else UNIT_MUCH_SHORTER
    return 0.0


def _with_own_names(institutions: pd.DataFrame) -> pd.DataFrame:
    """Return the institutions, one row for each of their own names, with the column form."""
    forms = pd.Series([own_names(str(name)) for name in institutions["name"]], index=institutions.index, dtype=object)
    return institutions.assign(form=forms).explode("form")


def _facilities(institutions: pd.DataFrame, cms: pd.DataFrame) -> list[list[str]]:
    if cms.empty:
        return [[] for _ in institutions.index]
    own = _with_own_names(institutions)
    register = with_places(cms.assign(form=canonical_all(cms["name"])))
    pairs = with_places(own).merge(register, on=["form", "state"], suffixes=("", "_register"))
    here = pairs["place"] == pairs["place_register"]
    specific = pd.Series([bool(rare_tokens(str(form))) for form in pairs["form"]], index=pairs.index, dtype=bool)
    single = ~pairs.duplicated(["institution_id", "form"], keep=False)
    sure = pairs[here | (specific & single)]
    found = {key: sorted(set(group)) for key, group in sure.groupby("institution_id")["facility_id"]}
    return [found.get(identity, []) for identity in institutions["institution_id"]]


def register_names(register: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return columns `key`, name, state, city, form: the names of every record, and its aliases where the register has them."""
    names = register[[key, "name", "state", "city"]]
    if "aliases" in register:
        more = register[[key, "state", "city"]].assign(name=register["aliases"]).explode("name").dropna(subset=["name"])
        names = pd.concat([names, more], ignore_index=True)
    names = names.assign(form=core_all(names["name"]))
    return names[names["form"] != ""]


def _by_name_and_place(institutions: pd.DataFrame, register: pd.DataFrame, key: str) -> pd.Series:
    """Return the key of the one record that has one of the institution's own names in its state; a common name: in its city."""
    if register.empty:
        return pd.Series(None, index=institutions.index, dtype="str", name="institution_id")
    own = _with_own_names(institutions)
    names = with_places(register_names(register, key))
    pairs = with_places(own).merge(names, on=["form", "state"], suffixes=("", "_register"))
    specific = pd.Series([bool(rare_tokens(str(form))) for form in pairs["form"]], index=pairs.index, dtype=bool)
    pairs = pairs[(pairs["place"] == pairs["place_register"]) | specific].drop_duplicates(["institution_id", key])
    single = pairs[~pairs.duplicated("institution_id", keep=False)].set_index("institution_id")[key]
    return institutions["institution_id"].map(single).astype("str")

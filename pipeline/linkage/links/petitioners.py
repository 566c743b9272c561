"""Links between petitioners and institutions: candidates, two rounds of scores, decisions; judgements always win."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.anchors import Registers, ipeds_names
from pipeline.linkage.blocking import find_pairs
from pipeline.linkage.campuses import campuses_by_unit, with_campuses_of_tax_ids
from pipeline.linkage.decisions import decide, judge
from pipeline.linkage.facilities import facility_places
from pipeline.linkage.full_names import cut_names, full_names
from pipeline.linkage.model import ACCEPT, PRINTED_IN, SPREAD_SHARE
from pipeline.linkage.names.differences import DISTINGUISHING, UNSPECIFIC, remainders
from pipeline.linkage.names.kinds import kinds_of
from pipeline.linkage.names.normalise import canonical, canonical_all, canonical_forms, core
from pipeline.linkage.names.printed import are_cut
from pipeline.linkage.petitions import COUNTS
from pipeline.linkage.places import canonical_city, with_places
from pipeline.linkage.scoring import by_curated_name, score
from pipeline.linkage.self_signing import self_signing
from pipeline.linkage.shared_words import bearers_near, common_words
from pipeline.linkage.tax_ids import (
    TaxIds,
    held_elsewhere,
    learned_ids,
    linked_elsewhere,
    not_denied,
    public_id,
    register_ids,
    taken,
)
from pipeline.schemas.frames import among
from pipeline.schemas.ids import PETITIONER_SITE
from pipeline.schemas.numbers import first_places, numbered

# What is read of table petitions.
READ: Final = ["fiscal_year", *PETITIONER_SITE, "naics", *COUNTS, "petitioner_id", "petitioner_site_id"]
_NOTHING: Final[frozenset[str]] = frozenset()
_UNKNOWN: Final = frozenset(("",))  # tax ids are known, and none is the site's
_NO_CAMPUS: Final = (_NOTHING, _NOTHING)


def link_petitioners(
    petitions: pd.DataFrame,
    institutions: pd.DataFrame,
    names: pd.DataFrame,
    registers: Registers,
    judgements: pd.DataFrame,
) -> pd.DataFrame:
    """Return table `petitioner_links`: which petitioner is which institution.

    petitions: as `group_petitioners` yields them. institutions: table `institutions`. names: as `collect_aliases` yields them.
    registers: IPEDS and CMS are read. judgements: as `read_judgements` yields them. What is linked is the petitioner site:
    one spelling with one tax id in one city. Accepted and reviewed links are kept, and rejected ones that came near. The
    result does not depend on the order of the rows.
    """
    sites, printed = _petitioner_sites(petitions)
    table = names.sort_values(["institution_id", "form", "state", "last4"], ignore_index=True)
    candidates = _candidates(sites, printed, table, institutions, registers)
    ids = register_ids(institutions)
    candidates["linked_elsewhere"] = False
    candidates["held_elsewhere"] = held_elsewhere(candidates, ids)
    candidates["bearers"] = bearers_near(candidates, sites, printed["form"], petitions)
    columns = list(candidates.columns)
    ruled = sites[among(printed["form"], canonical_all(judgements["employer"]))[sites["name"]]]
    verdicts = judge(ruled.assign(form=printed["form"].take(ruled["name"].to_numpy()).array), institutions, judgements)
    first = self_signing(_round(candidates, ids, ids), ids)
    learned = learned_ids(first, ids, verdicts)
    spread = _same_petitioner(first, sites, verdicts)
    again = pd.concat([first[columns], spread.reindex(columns=columns)], ignore_index=True)
    again["linked_elsewhere"] = linked_elsewhere(again, first, learned)
    second = _round(again, learned, ids)
    second["own_id"] = public_id(second, ids) & (second["relation"] == "same")
    judged = sites[among(sites["petitioner_site_id"], verdicts["petitioner_site_id"])]
    return decide(second, judged, institutions, verdicts)


def _petitioner_sites(petitions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the petitioner sites, columns petitioner_site_id, employer, tax_id_last4, state, city, petitioner_id, approvals, name: the
    row of its printed name, and read_as: that of the name that is compared, of a cut one the full name where it is known; and the
    distinct names in order, columns text, form (canonical), cut: whether its end is lost."""
    site, distinct = pd.factorize(petitions["petitioner_site_id"])
    named = site >= 0
    approvals = (petitions["initial_approvals"] + petitions["continuing_approvals"]).to_numpy(dtype="float64")[named]
    first = first_places(site, len(distinct))
    sites = petitions[["petitioner_site_id", *PETITIONER_SITE, "petitioner_id"]].iloc[first].reset_index(drop=True)
    sites["approvals"] = np.bincount(site[named], weights=approvals, minlength=len(distinct)).astype("int64")
    name, texts = numbered(sites["employer"])
    years = petitions["fiscal_year"].to_numpy(dtype="int64")[named]
    names = pd.DataFrame({"text": texts, "form": pd.Series(canonical_forms(texts.tolist()), dtype="str")})
    names["cut"] = cut_names(texts, name[site[named]], years)
    sites["name"], sites["read_as"] = name, full_names(sites["petitioner_id"], name, names)
    return sites, names


def _candidates(
    sites: pd.DataFrame, printed: pd.DataFrame, names: pd.DataFrame, institutions: pd.DataFrame, registers: Registers
) -> pd.DataFrame:
    """Return the pairs of a petitioner site and an institution: the site's columns and place, the institution's place, and how the names
    meet. printed: the names of the sites."""
    # People rule on names as printed: a curated name may be a cut one, whatever the full name is.
    name, read_as = sites["name"].to_numpy(), sites["read_as"].to_numpy()
    as_it_is = printed["cut"].to_numpy(dtype=bool)[name] & (read_as == name)
    as_cut = sites[are_cut(printed["text"]).to_numpy(dtype=bool)[name] & ~as_it_is]
    employers, states = _compared_names(sites, as_cut, printed)
    pairs = find_pairs(employers, states, names)
    row = pairs["row"].to_numpy()
    chosen = names.iloc[pairs["alias"].to_numpy()].reset_index(drop=True)
    pairs = pd.DataFrame(
        {
            "read_as": employers["number"].to_numpy()[row],
            "curated": employers["curated"].to_numpy()[row],
            "form": pairs["form"],
            "how": pairs["how"],
            "relation": pairs["relation"],
            "distinguishing_words": pairs["distinguishing_words"],
            "institution_id": chosen["institution_id"],
            "source": chosen["source"],
            "needs": chosen["needs"],
            "name_state": chosen["state"],
            "restricted": chosen["last4"],
            "alias_form": chosen["form"],
        }
    )
    pairs["common"] = common_words(pairs)
    pairs["form"] = employers["form"].take(row).array
    pairs = _with_homes(pairs, institutions, registers)
    pairs = pairs.drop(columns="form")
    by_hand = pairs[pairs["curated"] & by_curated_name(pairs)].rename(columns={"read_as": "name"})
    met = sites[np.isin(read_as, pairs["read_as"])]
    both = [pairs[~pairs["curated"]].merge(met, on="read_as"), by_hand.merge(as_cut, on="name")]
    found = pd.concat(both, ignore_index=True).drop(columns=["curated", "name"])
    return with_campuses_of_tax_ids(with_places(found), registers.ipeds)


def _compared_names(
    sites: pd.DataFrame, as_cut: pd.DataFrame, printed: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the names that are compared, columns number (the row in `printed`), name, form, cut, and curated: with curated names alone;
    and columns row (of these), state: where each is printed. as_cut: the sites whose name is compared as it is cut, too."""
    name = np.append(sites["read_as"].to_numpy(), as_cut["name"].to_numpy())
    curated = np.arange(len(name)) >= len(sites)
    key, rows = np.unique(name * 2 + curated, return_inverse=True)
    state = pd.concat([sites["state"], as_cut["state"]])
    states = pd.DataFrame({"row": rows, "state": state.to_numpy()})
    states = states[~pd.DataFrame({"row": rows, "state": pd.factorize(state)[0]}).duplicated()].dropna(
        ignore_index=True
    )
    number, curated = key // 2, key % 2 == 1
    compared = printed.take(number).reset_index(drop=True).rename(columns={"text": "name"})
    return compared.assign(number=number, curated=curated, cut=compared["cut"] | curated), states


def _with_homes(pairs: pd.DataFrame, institutions: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Add own_state, own_place, own_metro, program_places, campuses, campus_word and rival of the institution of each pair."""
    home = with_places(institutions[["institution_id", "state", "city", "unitid", "places", "facility_ids"]]).set_index(
        "institution_id"
    )
    pairs["own_state"] = pairs["name_state"].where(
        pairs["source"].isin(PRINTED_IN), pairs["institution_id"].map(home["state"])
    )
    pairs["own_place"] = pairs["institution_id"].map(home["place"])
    both = zip(home["places"].tolist(), facility_places(home, registers.cms).tolist(), strict=True)
    program_places = _program_places(
        pd.Series([[*listed, *own] for listed, own in both], index=home.index, dtype=object)
    )
    pairs["program_places"] = pairs["institution_id"].map(program_places)
    pairs["own_metro"] = pairs["institution_id"].map(home["metro"])
    campuses = campuses_by_unit(registers.ipeds)
    other = [campuses.get(unit, _NO_CAMPUS) for unit in pairs["institution_id"].map(home["unitid"])]
    pairs["campuses"] = pd.Series([places for places, _ in other], index=pairs.index, dtype=object)
    pairs["campus_word"] = [
        words.issuperset(named.upper().split()) and not UNSPECIFIC.issuperset(named.upper().split())
        for named, (_, words) in zip(pairs["distinguishing_words"].tolist(), other, strict=True)
    ]
    pairs["rival"] = _names_of_other_units(pairs, home["unitid"], registers.ipeds)
    return pairs


def _program_places(places: pd.Series) -> pd.Series:
    """Return the places of the programs of each institution as sets of (canonical city, state), from lists of `City, ST`."""
    one = places.explode().dropna().astype("str")
    city, state = canonical_city(one.str[:-4]), one.str[-2:]
    found: dict[object, set[tuple[str, str]]] = {}
    for institution, pair in zip(one.index.tolist(), zip(city.tolist(), state.tolist(), strict=True), strict=True):
        found.setdefault(institution, set()).add(pair)
    sets = [frozenset(found.get(institution, ())) for institution in places.index.tolist()]
    return pd.Series(sets, index=places.index, dtype=object)


def _names_of_other_units(pairs: pd.DataFrame, unit_of: pd.Series, ipeds: pd.DataFrame) -> pd.Series:
    """Decide whether a printed name that is near a name of the institution is the very name of another unit in IPEDS."""
    known = ipeds_names(ipeds)[["form", "state", "unitid"]].drop_duplicates(["form", "state"])
    known = known[kinds_of(known["form"]) != "other"]
    wanted = pairs[["own_state", "institution_id", "how"]].assign(
        row=pairs.index, form=[core(form) for form in pairs["form"].tolist()]
    )
    wanted = wanted[~wanted["how"].str.startswith("equal")].astype({"form": "str", "own_state": "str"})
    found = wanted.merge(known, left_on=["form", "own_state"], right_on=["form", "state"])
    rivals = set(found.loc[found["unitid"] != found["institution_id"].map(unit_of), "row"])
    return pd.Series([row in rivals for row in pairs.index], index=pairs.index, dtype=bool)


def _round(candidates: pd.DataFrame, ids: TaxIds, public: TaxIds) -> pd.DataFrame:
    """Return the scored candidates, the best name of each petitioner site, institution and relation."""
    known = [
        (_UNKNOWN if held else ids.get((identity, relation), _NOTHING))
        | ({restricted} if isinstance(restricted, str) else _NOTHING)
        for identity, relation, restricted, held in zip(
            *(candidates[name].tolist() for name in ("institution_id", "relation", "restricted", "held_elsewhere")),
            strict=True,
        )
    ]
    sets = pd.Series(known, index=candidates.index, dtype=object)
    scored = score(candidates.assign(ids=sets, taken=taken(candidates, public)))
    order = ["petitioner_site_id", "institution_id", "relation", "score", "name_points", "how", "source", "alias_form"]
    scored = scored.sort_values(order, ascending=[True, True, True, False, False, True, True, True])
    return scored.drop_duplicates(["petitioner_site_id", "institution_id", "relation"]).reset_index(drop=True)


def _same_petitioner(scored: pd.DataFrame, sites: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates for the other spellings of petitioners that are linked, unless a direction or the like distinguishes them."""
    sure = scored[(scored["score"] >= ACCEPT) & (scored["distinguishing_words"] == "") & scored["tax_id_last4"].notna()]
    sure = not_denied(sure, verdicts)
    best = sure.sort_values(["petitioner_id", "institution_id", "score", "approvals", *PETITIONER_SITE],
                            ascending=[True, True, False, False, *[True] * len(PETITIONER_SITE)])  # fmt: skip
    best = best.drop_duplicates(["petitioner_id", "institution_id"])
    carried = ["institution_id", "relation", "own_state", "own_place", "own_metro", "program_places", "campuses"]
    linked = (
        sure.groupby(["petitioner_id", "institution_id"])["approvals"].sum().rename("linked_approvals").reset_index()
    )
    sites = with_places(sites[among(sites["petitioner_id"], best["petitioner_id"])])
    best = best.merge(linked, on=["petitioner_id", "institution_id"])
    best["total"] = best["petitioner_id"].map(sites.groupby("petitioner_id")["approvals"].sum()).astype("float64")
    # One misprinted tax id must not make another body's petitions the institution's.
    best = best[(best["tax_points"] > 0) | (best["linked_approvals"] >= SPREAD_SHARE * best["total"])]
    spread = best[["petitioner_id", "employer", *carried]].rename(columns={"employer": "linked"})
    spread = spread.merge(sites, on="petitioner_id")
    spread = spread[spread["employer"] != spread["linked"]]
    # An EIN that campuses share says nothing of the campus: there only the institution's own city carries a link.
    pooled = np.array([bool(places) for places in spread["campuses"].tolist()], dtype=bool)
    spread = spread[~pooled | (spread["place"] == spread["own_place"])]
    words = [
        _distinguishing(mine, theirs)
        for mine, theirs in zip(spread["employer"].tolist(), spread["linked"].tolist(), strict=True)
    ]
    fixed = {
        "how": "tax_id",
        "source": "tax_id",
        "needs": "nothing",
        "campus_word": False,
        "rival": False,
        "held_elsewhere": False,
        "common": "",
        "bearers": 0,
    }
    return spread.assign(
        distinguishing_words=words, restricted=spread["tax_id_last4"], alias_form=spread["linked"], **fixed
    )


def _distinguishing(mine: str, theirs: str) -> str:
    left, right = remainders(canonical(mine).split(), canonical(theirs).split())
    return " ".join(token.lower() for token in (*left, *right) if token in DISTINGUISHING - {"NEW"})

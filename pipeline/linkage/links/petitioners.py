"""Links between petitioners and institutions: candidates, two rounds of scores, decisions; judgements always win."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.anchors import Registers, ipeds_names
from pipeline.linkage.blocking import find_pairs
from pipeline.linkage.decisions import decide, judge
from pipeline.linkage.names.differences import DISTINGUISHING, remainders
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, canonical_all, core
from pipeline.linkage.places import with_places
from pipeline.linkage.scoring import ACCEPT, PRINTED_IN, SYSTEM, score
from pipeline.schemas.ids import PETITIONER_SITE

ID_SHARE: Final = 0.02  # a tax id is the institution's own if it is on this share of its approvals ...
ID_APPROVALS: Final = 5  # ... or on so many of them
SCHOOL_APPROVALS: Final = 20  # a school of medicine signs for itself from so many approvals on
SPREAD_SHARE: Final = 0.3  # of a petitioner's approvals must be linked by name before its other spellings follow
_NOTHING: Final[frozenset[str]] = frozenset()
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
    registers: the public registers. judgements: as `read_judgements` yields them. What is linked is the petitioner site:
    one spelling with one tax id in one city. Accepted and reviewed links are kept, and rejected ones that came near. The
    result does not depend on the order of the rows.
    """
    sites = _petitioner_sites(petitions)
    table = names.sort_values(["institution_id", "form", "state", "last4"], ignore_index=True)
    candidates = _candidates(sites, table, institutions, registers)
    columns = list(candidates.columns)
    verdicts = judge(sites, institutions, judgements)
    ids = register_ids(institutions)
    first = _self_signing(_round(candidates, ids, ids), ids)
    learned = _learned_ids(first, ids, verdicts)
    spread = _same_petitioner(first, sites, verdicts)
    second = _round(pd.concat([first[columns], spread.reindex(columns=columns)], ignore_index=True), learned, ids)
    second["own_id"] = _public_id(second, ids) & (second["relation"] == "same")
    return decide(second, sites, institutions, verdicts)


def _petitioner_sites(petitions: pd.DataFrame) -> pd.DataFrame:
    """Return petitioner_site_id, employer, tax_id_last4, state, city, petitioner_id, approvals, place, metro, form (canonical)."""
    named = petitions.dropna(subset=["petitioner_site_id"])
    approvals = named["initial_approvals"] + named["continuing_approvals"]
    sums = approvals.groupby(named["petitioner_site_id"]).sum()
    columns = ["petitioner_site_id", *PETITIONER_SITE, "petitioner_id"]
    sites = named[columns].drop_duplicates("petitioner_site_id", ignore_index=True)
    sites["approvals"] = sites["petitioner_site_id"].map(sums).astype("int64")
    return with_places(sites).assign(form=canonical_all(sites["employer"]))


def register_ids(institutions: pd.DataFrame) -> dict[tuple[str, str], frozenset[str]]:
    """Return the last four of the EIN that a register gives for the very entity, by (institution, relation)."""
    have = institutions.dropna(subset=["ein"])
    return {
        (identity, "same"): frozenset((ein[-4:],))
        for identity, ein in zip(have["institution_id"].tolist(), have["ein"].tolist(), strict=True)
    }


def _candidates(
    sites: pd.DataFrame, names: pd.DataFrame, institutions: pd.DataFrame, registers: Registers
) -> pd.DataFrame:
    """Return the pairs of a petitioner site and an institution: the site's columns, the institution's place, and how the names meet."""
    codes, _ = pd.factorize(sites["employer"], sort=True)
    employers = sites.drop_duplicates("employer").sort_values("employer", ignore_index=True)
    employers = employers[["employer", "form"]].rename(columns={"employer": "name"})
    states = pd.DataFrame({"row": codes, "state": sites["state"]}).dropna().drop_duplicates(ignore_index=True)
    pairs = find_pairs(employers, states, names)
    chosen = names.iloc[pairs["alias"].to_numpy()].reset_index(drop=True)
    pairs = pd.DataFrame(
        {
            "employer": employers["name"].to_numpy()[pairs["row"].to_numpy()],
            "form": employers["form"].to_numpy()[pairs["row"].to_numpy()],
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
    home = with_places(institutions[["institution_id", "state", "city", "unitid"]]).set_index("institution_id")
    pairs["own_state"] = pairs["name_state"].where(
        pairs["source"].isin(PRINTED_IN), pairs["institution_id"].map(home["state"])
    )
    pairs["own_place"] = pairs["institution_id"].map(home["place"])
    pairs["own_metro"] = pairs["institution_id"].map(home["metro"])
    campuses = _other_campuses(registers.ipeds)
    other = [campuses.get(unit, _NO_CAMPUS) for unit in pairs["institution_id"].map(home["unitid"])]
    pairs["campuses"] = pd.Series([places for places, _ in other], index=pairs.index, dtype=object)
    pairs["campus_word"] = [
        named != "" and words.issuperset(named.upper().split())
        for named, (_, words) in zip(pairs["distinguishing_words"].tolist(), other, strict=True)
    ]
    pairs["rival"] = _names_of_other_units(pairs, home["unitid"], registers.ipeds)
    return pairs.drop(columns="form").merge(sites, on="employer")


def _names_of_other_units(pairs: pd.DataFrame, unit_of: pd.Series, ipeds: pd.DataFrame) -> pd.Series:
    """Decide whether a printed name that is near a name of the institution is the very name of another unit in IPEDS."""
    known = ipeds_names(ipeds)[["form", "state", "unitid"]].drop_duplicates(["form", "state"])
    known = known[np.array([kind_of(form) != "other" for form in known["form"].tolist()], dtype=bool)]
    wanted = pairs[["own_state", "institution_id", "how"]].assign(
        row=pairs.index, form=[core(form) for form in pairs["form"].tolist()]
    )
    wanted = wanted[~wanted["how"].str.startswith("equal")].astype({"form": "str", "own_state": "str"})
    found = wanted.merge(known, left_on=["form", "own_state"], right_on=["form", "state"])
    rivals = set(found.loc[found["unitid"] != found["institution_id"].map(unit_of), "row"])
    return pd.Series([row in rivals for row in pairs.index], index=pairs.index, dtype=bool)


def _other_campuses(ipeds: pd.DataFrame) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return, for each IPEDS unit that shares its EIN, the places of the others under it and the words of their names."""
    known = with_places(ipeds.dropna(subset=["ein"]))
    shared = known[known.duplicated("ein", keep=False)]
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for _, group in shared.groupby("ein", sort=True):
        members = list(zip(group["unitid"].tolist(), group["place"].tolist(), group["name"].tolist(), strict=True))
        for unit, own, _ in members:
            elsewhere = [(place, name) for other, place, name in members if other != unit and place != own]
            words = {word for place, name in elsewhere for word in canonical(f"{name} {place}").split()}
            found[unit] = (frozenset(place for place, _ in elsewhere), frozenset(words))
    return found


def _taken(candidates: pd.DataFrame, public: dict[tuple[str, str], frozenset[str]]) -> pd.Series:
    """Decide whether a register gives the site's tax id to another candidate of the site, and another one to this."""
    own = [
        public.get((identity, "same"), _NOTHING) if relation == "same" else _NOTHING
        for identity, relation in zip(
            candidates["institution_id"].tolist(), candidates["relation"].tolist(), strict=True
        )
    ]
    fits = pd.Series(
        [tax_id in ids for tax_id, ids in zip(candidates["tax_id_last4"].tolist(), own, strict=True)],
        index=candidates.index,
    )
    claimed = fits.groupby(candidates["petitioner_site_id"]).transform("any")
    return claimed & ~fits & pd.Series([bool(ids) for ids in own], index=candidates.index)


def _round(
    candidates: pd.DataFrame, ids: dict[tuple[str, str], frozenset[str]], public: dict[tuple[str, str], frozenset[str]]
) -> pd.DataFrame:
    """Return the scored candidates, the best name of each petitioner site, institution and relation."""
    known = [
        ids.get((identity, relation), _NOTHING) | ({restricted} if isinstance(restricted, str) else _NOTHING)
        for identity, relation, restricted in zip(
            candidates["institution_id"], candidates["relation"], candidates["restricted"], strict=True
        )
    ]
    sets = pd.Series(known, index=candidates.index, dtype=object)
    scored = score(candidates.assign(ids=sets, taken=_taken(candidates, public)))
    order = ["petitioner_site_id", "institution_id", "relation", "score", "name_points", "source", "alias_form"]
    scored = scored.sort_values(order, ascending=[True, True, True, False, False, True, True])
    return scored.drop_duplicates(["petitioner_site_id", "institution_id", "relation"]).reset_index(drop=True)


def _self_signing(scored: pd.DataFrame, public: dict[tuple[str, str], frozenset[str]]) -> pd.DataFrame:
    """Separate bodies that sign for themselves from their university: what the university signs becomes an affiliate's.

    A hospital whose own name is a petitioner: the university in its name is another entity. A school of medicine that
    has a tax id of its own beside the university's: what the university files from another city is not the school's.
    """
    own = scored[
        scored["source"].isin(["sponsor", "cms", "program", "alias"])
        & (scored["relation"] == "same")
        & scored["how"].isin(["equal", "equal_cut", "cut", "kin"])
        & (scored["score"] >= ACCEPT)
    ]
    sizes = own.groupby("institution_id")["approvals"].sum()
    of_hospital = (scored["source"] == "hospital_university") & scored["institution_id"].isin(
        sizes.index[sizes >= ID_APPROVALS]
    )
    theirs = _public_id(own, public)
    beside = own[~theirs & own["tax_id_last4"].notna() & (own["place"] == own["own_place"])]
    schools = beside.groupby("institution_id")["approvals"].sum()
    named = pd.Series(
        [kind_of(form) == "university" for form in scored["alias_form"].tolist()], index=scored.index, dtype=bool
    )
    of_school = (
        named
        & (scored["relation"] == "same")
        & (scored["source"] != "alias")
        & _public_id(scored, public)
        & (scored["place"] != scored["own_place"])
        & scored["institution_id"].isin(schools.index[schools >= SCHOOL_APPROVALS])
    )
    return scored.assign(relation=scored["relation"].mask(of_hospital | of_school, "affiliate"))


def _public_id(rows: pd.DataFrame, public: dict[tuple[str, str], frozenset[str]]) -> pd.Series:
    """Decide whether the site's tax id is the one that a register gives for the institution."""
    return pd.Series(
        [
            tax_id in public.get((identity, "same"), _NOTHING)
            for identity, tax_id in zip(rows["institution_id"].tolist(), rows["tax_id_last4"].tolist(), strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def _learned_ids(
    scored: pd.DataFrame, ids: dict[tuple[str, str], frozenset[str]], verdicts: pd.DataFrame
) -> dict[tuple[str, str], frozenset[str]]:
    """Return the known tax ids, with those of links that the name alone carries; one-off misprints are left out."""
    sure = scored[(scored["score"] >= ACCEPT) & (scored["distinguishing_words"] == "") & scored["tax_id_last4"].notna()]
    sure = _not_denied(sure[sure["source"] != SYSTEM], verdicts)  # a parent's tax ids are not those of small affiliates
    key = ["institution_id", "relation"]
    sizes = sure.groupby([*key, "tax_id_last4"])["approvals"].sum().reset_index()
    total = sizes.groupby(key)["approvals"].transform("sum")
    large = sizes[(sizes["approvals"] >= ID_APPROVALS) & (sizes["approvals"] >= ID_SHARE * total)]
    learned = dict(ids)
    for (identity, relation), group in large.groupby(key, sort=True):
        own = ids.get((str(identity), "same"), _NOTHING) if relation == "affiliate" else _NOTHING
        pair = (str(identity), str(relation))
        learned[pair] = learned.get(pair, _NOTHING) | (frozenset(group["tax_id_last4"]) - own)
    return learned


def _not_denied(rows: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose petitioner site and institution nobody has judged different or unsure: what is denied carries nothing further."""
    denied = verdicts.loc[verdicts["verdict"].isin(["different", "unsure"]), ["petitioner_site_id", "institution_id"]]
    pairs = pd.MultiIndex.from_frame(rows[["petitioner_site_id", "institution_id"]])
    return rows[~pairs.isin(pd.MultiIndex.from_frame(denied))]


def _same_petitioner(scored: pd.DataFrame, sites: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates for the other spellings of petitioners that are linked, unless a direction or the like distinguishes them."""
    sure = scored[(scored["score"] >= ACCEPT) & (scored["distinguishing_words"] == "") & scored["tax_id_last4"].notna()]
    sure = _not_denied(sure, verdicts)
    best = sure.sort_values(["petitioner_id", "institution_id", "score", "approvals", *PETITIONER_SITE],
                            ascending=[True, True, False, False, *[True] * len(PETITIONER_SITE)])  # fmt: skip
    best = best.drop_duplicates(["petitioner_id", "institution_id"])
    carried = ["institution_id", "relation", "own_state", "own_place", "own_metro", "campuses"]
    linked = (
        sure.groupby(["petitioner_id", "institution_id"])["approvals"].sum().rename("linked_approvals").reset_index()
    )
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
    fixed = {"how": "tax_id", "source": "tax_id", "needs": "nothing", "campus_word": False, "rival": False}
    return spread.assign(
        distinguishing_words=words, restricted=spread["tax_id_last4"], alias_form=spread["linked"], **fixed
    )


def _distinguishing(mine: str, theirs: str) -> str:
    left, right = remainders(canonical(mine).split(), canonical(theirs).split())
    return " ".join(token.lower() for token in (*left, *right) if token in DISTINGUISHING - {"NEW"})

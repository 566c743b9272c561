"""Decisions: which candidate links are accepted, which a person should look at; and judgements, which always win.

The score that a decision rests on belongs to `scoring.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.governing_bodies import away_from_home
from pipeline.linkage.judgements import locate
from pipeline.linkage.legal_entities import ANOTHERS_SITE, beaten_by_own_name, shared_entities
from pipeline.linkage.model import ACCEPT, CITY_EQUAL, KEEP, MARGIN, REVIEW
from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.scoring import by_curated_name, by_written_name, reasons
from pipeline.linkage.single_signs import by_one_sign
from pipeline.schemas.frames import among
from pipeline.schemas.ids import PETITIONER_SITE

_PAIR: Final = ["petitioner_site_id", "institution_id"]
COLUMNS: Final = [
    *PETITIONER_SITE, "petitioner_site_id", "petitioner_id", "institution_id", "relation", "score", "decision", "method", "reasons",
    "runner_up_institution_id", "margin", "approvals", "single_sign",
]  # fmt: skip
# Methods of linking that rest on a row a person wrote.
CURATED: Final = ("judgement", "alias", "system")
_DECISIONS: Final = {"same": "accepted", "affiliate": "accepted", "different": "rejected", "unsure": "review"}


def decide(
    scored: pd.DataFrame, sites: pd.DataFrame, institutions: pd.DataFrame, verdicts: pd.DataFrame
) -> pd.DataFrame:
    """Return table `petitioner_links` from scored candidates (one a petitioner site, institution and relation) and verdicts.

    A petitioner site is one institution only: the one that leads by MARGIN wins, else the one in its very city, else the one
    whose city holds most of the petitioner's approvals. A name that is curated for all of them is that of one corporation
    which owns several sponsors, and is each of them. Otherwise all go to review. Several affiliates may be accepted. What is
    accepted on one sign alone is marked (`single_sign`), and is in the review queue all the same.
    """
    one = _margins(_one_relation(scored))
    one["decision"] = np.select([one["score"] >= ACCEPT, one["score"] >= REVIEW], ["accepted", "review"], "rejected")
    one = _ties_to_review(_settle_rivals(one), verdicts)
    away = away_from_home(one, institutions)
    one["decision"] = one["decision"].mask(away, "review")
    one["note"] = one["note"].mask(away, "+0 a name of several campuses, in a city that is not this one's")
    one = shared_entities(unanchored(one, sites, verdicts), institutions)
    one["method"] = one["how"].map(_method).mask(one["source"].isin(CURATED), one["source"])
    spoken = zip(reasons(one), one["note"].tolist(), strict=True)
    one["reasons"] = pd.Series([[*given, note] if note else given for given, note in spoken], one.index, dtype=object)
    one["single_sign"] = by_one_sign(one, verdicts)
    one = one[(one["score"] >= KEEP) | (one["decision"] != "rejected")]
    return _with_verdicts(one[COLUMNS], sites, verdicts)[COLUMNS].sort_values(
        [*PETITIONER_SITE, "institution_id"], ignore_index=True
    )


def _method(how: str) -> str:
    return {"equal": "exact", "equal_trade": "exact", "equal_former": "exact", "tax_id": "tax_id"}.get(how, "score")


def _one_relation(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the better relation of each petitioner site and institution: what a curated name says, then the institution's own tax id.

    Column needed: own_id (the tax id is the one a public register gives for the very institution).
    """
    own_id = (scored["relation"] == "affiliate") & (scored["source"] != "alias")
    own_id &= scored["how"].isin(["typed", "longer"])
    by_tax_id = (scored["relation"] == "same") & (scored["tax_points"] > 0) & (scored["score"] >= REVIEW)
    same_ids = scored.loc[by_tax_id, _PAIR]
    pairs = pd.MultiIndex.from_frame(scored[_PAIR])
    beaten = (own_id & pairs.isin(pd.MultiIndex.from_frame(same_ids))) | beaten_by_own_name(scored)
    ranked = scored[~beaten].assign(
        second=lambda frame: (frame["relation"] != "same").astype(int),
        public=lambda frame: ~(frame["own_id"] & (frame["score"] >= ACCEPT)),
        curated=lambda frame: ~(by_curated_name(frame) & (frame["score"] >= ACCEPT)),
    )
    ranked = ranked.sort_values(
        ["petitioner_site_id", "institution_id", "curated", "public", "score", "second"],
        ascending=[True, True, True, True, False, True],
    )
    return ranked.drop_duplicates(_PAIR).reset_index(drop=True)


def _margins(one: pd.DataFrame) -> pd.DataFrame:
    """Add runner_up_institution_id and margin: against the best other institution of the site with that relation."""
    ordered = one.sort_values(
        ["petitioner_site_id", "relation", "score", "institution_id"], ascending=[True, True, False, True]
    )
    first = ~ordered.duplicated(["petitioner_site_id", "relation"])
    block = first.cumsum().to_numpy()
    best = ordered[first]
    second = ordered[~first & first.shift(fill_value=False)]
    best_of = best.set_axis(block[first.to_numpy()])
    second_of = second.set_axis(block[ordered.index.get_indexer(second.index)])
    for name, column in (("rival_score", "score"), ("runner_up_institution_id", "institution_id")):
        rival = pd.Series(second_of[column].reindex(block).to_numpy(), index=ordered.index)
        ordered[name] = rival.where(first, pd.Series(best_of[column].reindex(block).to_numpy(), index=ordered.index))
    ordered["lead"] = ordered["score"] - ordered["rival_score"]
    ordered["margin"] = ordered["lead"].clip(lower=0.0)
    return ordered.sort_index()


def _settle_rivals(one: pd.DataFrame) -> pd.DataFrame:
    """Settle the sites that several institutions claim as `same`: see `decide`. Adds note, a line for the reasons."""
    contested = one[(one["relation"] == "same") & (one["decision"] == "accepted")]
    contested = contested[contested.duplicated("petitioner_site_id", keep=False)]
    one = _outdone(one.assign(note=""))
    if contested.empty:
        return one
    site = contested["petitioner_site_id"]
    home = contested["place_points"] == CITY_EQUAL
    leads = contested["score"] > contested.groupby("petitioner_site_id")["score"].transform("max") - MARGIN
    alone = leads.groupby(site).transform("sum") == 1
    near = leads & (home | alone)
    open_still = ~near.groupby(site).transform("any")
    heaviest = open_still & leads & _holds_most(contested, home, leads)
    open_still &= ~heaviest.groupby(site).transform("any")
    curated = by_written_name(contested) | ~leads
    shared = open_still & leads & curated.groupby(site).transform("all")
    open_still &= ~shared.groupby(site).transform("any")
    wins = near | heaviest | shared
    decision = np.select([wins, open_still], ["accepted", "review"], "rejected")
    note = np.select(
        [heaviest, shared, wins, open_still],
        [
            "+0 its city holds most of this petitioner's approvals",
            "+0 one legal entity of several sponsors, by curated names",
            "",
            "+0 neither name nor city decides between institutions",
        ],
        ANOTHERS_SITE,
    )
    one.loc[contested.index, "decision"] = decision
    one.loc[contested.index, "note"] = note
    # A person named it the sponsor's, and the city is another's: one legal entity of which this sponsor is a part.
    part = contested.index[(decision == "rejected") & by_curated_name(contested).to_numpy()]
    one.loc[part, ["decision", "relation", "note"]] = [
        "accepted",
        "affiliate",
        "+0 the legal entity of another sponsor, too",
    ]
    return one


def _ties_to_review(one: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Send to review the links by which a site would be `same` as several institutions still, but for those that rest on a row
    a person wrote."""
    ruled = pd.MultiIndex.from_frame(verdicts[_PAIR])
    open_still = (one["decision"] == "accepted") & (one["relation"] == "same") & ~one["source"].isin(CURATED)
    open_still &= ~pd.MultiIndex.from_frame(one[_PAIR]).isin(ruled)
    tied = open_still & (open_still.groupby(one["petitioner_site_id"]).transform("sum") > 1)
    return one.assign(
        decision=one["decision"].mask(tied, "review"),
        note=one["note"].mask(tied, "+0 several institutions fit this petitioner equally well"),
    )


def _holds_most(contested: pd.DataFrame, home: pd.Series, leads: pd.Series) -> pd.Series:
    """Decide whether the institution's city alone holds most of the petitioner's approvals, among the leaders of the site."""
    key = ["petitioner_id", "institution_id"]
    weight = contested[home].groupby(key)["approvals"].sum()
    sizes = pd.Series(weight.reindex(pd.MultiIndex.from_frame(contested[key])).fillna(0).to_numpy(), contested.index)
    sizes = sizes.where(leads, -1)
    most = sizes.groupby(contested["petitioner_site_id"]).transform("max")
    top = (sizes == most) & (most > 0)
    return top & (top.groupby(contested["petitioner_site_id"]).transform("sum") == 1)


def unanchored(one: pd.DataFrame, sites: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Send links that follow another spelling of the petitioner to review unless that petitioner has one accepted by itself.

    one: scored links with a decision; sites: columns petitioner_site_id, petitioner_id; verdicts: as of `judge`.
    """
    key = ["petitioner_id", "institution_id"]
    carried = one["source"] == "tax_id"
    by_name = one.loc[~carried & (one["decision"] == "accepted"), key]
    ruled = verdicts[verdicts["verdict"].isin(["same", "affiliate"])]
    by_ruling = ruled.merge(sites[["petitioner_site_id", "petitioner_id"]], on="petitioner_site_id")[key]
    anchors = pd.MultiIndex.from_frame(pd.concat([by_name, by_ruling]))
    loose = carried & (one["decision"] == "accepted") & ~pd.MultiIndex.from_frame(one[key]).isin(anchors)
    return one.assign(
        decision=one["decision"].mask(loose, "review"),
        note=one["note"].mask(loose, "+0 the spelling that it follows is not accepted itself"),
    )


def _outdone(one: pd.DataFrame) -> pd.DataFrame:
    """Reject doubtful links of a site that is clearly another institution: they need no review."""
    same = one["relation"] == "same"
    best = one[same & (one["decision"] == "accepted")].groupby("petitioner_site_id")["score"].max()
    behind = (
        same
        & (one["decision"] == "review")
        & (one["score"] <= one["petitioner_site_id"].map(best).astype("float64") - MARGIN)
    )
    return one.assign(
        decision=one["decision"].mask(behind, "rejected"),
        note=one["note"].mask(behind, "+0 another institution fits better"),
    )


def judge(sites: pd.DataFrame, institutions: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Return columns petitioner_site_id, institution_id, verdict, judgement (row of `judgements`): the sites that each judgement meets.

    sites: columns petitioner_site_id, those of PETITIONER_SITE and, where it is known, form, the canonical one. A blank tax id, state
    or city of a judgement means any. If several judgements meet a pair the operator's own (column `own`) wins, then the
    most specific, then the later row.
    """
    rows = judgements.assign(
        institution_id=locate(judgements, institutions), form=canonical_all(judgements["employer"]),
        judgement=np.arange(len(judgements)), own=judgements.get("own", False),
    ).dropna(subset=["institution_id"])  # fmt: skip
    named = _of_forms(sites, rows["form"])
    met = named.merge(rows, on="form", suffixes=("", "_judged"))
    specific = pd.Series(0, index=met.index)
    fits = pd.Series(True, index=met.index)
    for mine, theirs in (
        ("tax_id_last4", "tax_id_last4_judged"), ("state", "employer_state"), ("city", "employer_city"),
    ):  # fmt: skip
        wanted = met[theirs].str.upper() if mine == "city" else met[theirs]
        fits &= (wanted == "") | (met[mine] == wanted)
        specific += (wanted != "").astype(int)
    met = met.assign(specific=specific)[fits]
    met = met.sort_values([*_PAIR, "own", "specific", "judgement"])
    return met.drop_duplicates(_PAIR, keep="last")[
        ["petitioner_site_id", "institution_id", "verdict", "judgement", "reason", "judged_by", "date"]
    ].reset_index(drop=True)


def _of_forms(sites: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """Return the sites whose name has one of the canonical forms, columns petitioner_site_id, those of PETITIONER_SITE and form."""
    formed = sites if "form" in sites else sites.assign(form=canonical_all(sites["employer"]))
    return formed.loc[among(formed["form"], wanted), ["petitioner_site_id", *PETITIONER_SITE, "form"]]


def unmet_judgements(petitions: pd.DataFrame, institutions: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the judgements that meet no petition of the data at hand, or whose institution is not in the list."""
    named = _of_forms(petitions, canonical_all(judgements["employer"]))
    named = named.dropna(subset=["petitioner_site_id"]).drop_duplicates("petitioner_site_id")
    met = judge(named, institutions, judgements)
    several = set(met["judgement"])
    # A judgement overruled by a more specific one has met its row all the same.
    alone = [place for place in range(len(judgements)) if place not in several]
    rest = judgements.iloc[alone]
    if rest.empty or len(rest) == len(judgements):
        return rest
    again = judge(named, institutions, rest.reset_index(drop=True))
    return rest[~pd.Series(np.arange(len(rest)), index=rest.index).isin(set(again["judgement"]))]


def _with_verdicts(table: pd.DataFrame, sites: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Apply the verdicts: each is the decision, whatever the score; pairs that were no candidates are added."""
    if verdicts.empty:
        return table
    judged = pd.MultiIndex.from_frame(verdicts[_PAIR])
    rest = table[~pd.MultiIndex.from_frame(table[_PAIR]).isin(judged)]
    old = table.set_index(_PAIR)
    rows = verdicts.merge(
        sites[["petitioner_site_id", *PETITIONER_SITE, "petitioner_id", "approvals"]], on="petitioner_site_id"
    )
    keys = pd.MultiIndex.from_frame(rows[_PAIR])
    lines = old["reasons"].reindex(keys).to_numpy()
    judged_lines = [
        [f"judged {verdict} by a {who}, {date}: {why}", *(before if isinstance(before, list) else [])]
        for verdict, who, date, why, before in zip(
            rows["verdict"], rows["judged_by"], rows["date"], rows["reason"], lines, strict=True
        )
    ]
    before = pd.Series(old["relation"].reindex(keys).to_numpy(), index=rows.index, dtype="str").fillna("affiliate")
    ruled = rows.assign(
        relation=rows["verdict"].where(rows["verdict"].isin(["same", "affiliate"]), before),
        score=np.where(rows["verdict"].isin(["same", "affiliate"]), 100.0, 0.0),
        decision=rows["verdict"].map(_DECISIONS),
        method="judgement",
        reasons=pd.Series(judged_lines, index=rows.index, dtype=object),
        runner_up_institution_id=None,
        margin=None,
        single_sign=False,
    )
    return pd.concat([rest, ruled[COLUMNS]], ignore_index=True)

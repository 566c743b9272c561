"""Tax ids of institutions: those of public registers, those that their names teach, and misprints of them.

What belongs here: which tax id is whose. Which spellings share one belongs to `clustering.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.model import ACCEPT, ID_APPROVALS, ID_SHARE, MISPRINTED, SYSTEM

# Last four of the EIN by (institution, relation).
TaxIds = dict[tuple[str, str], frozenset[str]]
_NOTHING: Final[frozenset[str]] = frozenset()


def register_ids(institutions: pd.DataFrame) -> TaxIds:
    """Return the last four of the EIN that a register gives for the very entity, by (institution, relation)."""
    have = institutions.dropna(subset=["ein"])
    return {
        (identity, "same"): frozenset((ein[-4:],))
        for identity, ein in zip(have["institution_id"].tolist(), have["ein"].tolist(), strict=True)
    }


def public_id(rows: pd.DataFrame, public: TaxIds) -> pd.Series:
    """Decide whether the site's tax id is the one that a register gives for the institution."""
    return pd.Series(
        [
            tax_id in public.get((identity, "same"), _NOTHING)
            for identity, tax_id in zip(rows["institution_id"].tolist(), rows["tax_id_last4"].tolist(), strict=True)
        ],
        index=rows.index,
        dtype=bool,
    )


def taken(candidates: pd.DataFrame, public: TaxIds) -> pd.Series:
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


def learned_ids(scored: pd.DataFrame, ids: TaxIds, verdicts: pd.DataFrame) -> TaxIds:
    """Return the known tax ids, with those of links that the name alone carries; one-off misprints are left out."""
    sure = scored[(scored["score"] >= ACCEPT) & (scored["distinguishing_words"] == "") & scored["tax_id_last4"].notna()]
    sure = not_denied(sure[sure["source"] != SYSTEM], verdicts)  # a parent's tax ids are not those of small affiliates
    key = ["institution_id", "relation"]
    sizes = sure.groupby([*key, "tax_id_last4"])["approvals"].sum().reset_index()
    total = sizes.groupby(key)["approvals"].transform("sum")
    large = sizes[(sizes["approvals"] >= ID_APPROVALS) & (sizes["approvals"] >= ID_SHARE * total)]
    learned = dict(ids)
    for identity, relation, tax_id in zip(*(large[column].tolist() for column in [*key, "tax_id_last4"]), strict=True):
        own = ids.get((identity, "same"), _NOTHING) if relation == "affiliate" else _NOTHING
        learned[identity, relation] = learned.get((identity, relation), _NOTHING) | (frozenset((tax_id,)) - own)
    return learned


def held_elsewhere(candidates: pd.DataFrame, public: TaxIds) -> np.ndarray:
    """Decide whether the tax id stands mostly on petitions of the site's state, which is not the institution's.

    An id that the institution's names taught it there by a misprinted row or two does not carry a link across the border: it is
    that of a body of the same name in the other state. Ids of public registers are left alone.
    """
    key = ["institution_id", "relation", "tax_id_last4"]
    rows = candidates[["petitioner_site_id", *key, "state", "own_state", "approvals"]]
    sums = rows.drop_duplicates(["petitioner_site_id", *key]).groupby([*key, "state"])["approvals"].sum()
    here, home = (
        sums.reindex(pd.MultiIndex.from_frame(rows[[*key, state]])).fillna(0).to_numpy()
        for state in ("state", "own_state")
    )
    away = rows["state"].notna() & (rows["state"] != rows["own_state"])
    return away.to_numpy() & (home < MISPRINTED * here) & ~public_id(rows, public).to_numpy()


def linked_elsewhere(candidates: pd.DataFrame, scored: pd.DataFrame, ids: TaxIds) -> np.ndarray:
    """Decide whether the very spelling is linked under a known tax id: another one is a slip, and a blank state was left out."""
    key = ["institution_id", "relation", "read_as"]
    sure = scored[(scored["score"] >= ACCEPT) & (scored["approvals"] >= ID_APPROVALS)]
    known = [
        tax_id in ids.get((identity, relation), _NOTHING)
        for identity, relation, tax_id in zip(
            sure["institution_id"].tolist(), sure["relation"].tolist(), sure["tax_id_last4"].tolist(), strict=True
        )
    ]
    sure = sure[np.array(known, dtype=bool)]
    return pd.MultiIndex.from_frame(candidates[key]).isin(pd.MultiIndex.from_frame(sure[key]))


def not_denied(rows: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose petitioner site and institution nobody has judged different or unsure: what is denied carries nothing further."""
    denied = verdicts.loc[verdicts["verdict"].isin(["different", "unsure"]), ["petitioner_site_id", "institution_id"]]
    pairs = pd.MultiIndex.from_frame(rows[["petitioner_site_id", "institution_id"]])
    return rows[~pairs.isin(pd.MultiIndex.from_frame(denied))]

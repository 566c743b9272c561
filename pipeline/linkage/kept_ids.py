"""Ids that outlive growth: a thing keeps the id it had in the release before as long as it still means the same.

An id is the hash of one piece of evidence (a sponsor code, a name, a spelling). More data add evidence and take none away, so
a thing that had an id still has the evidence of it; a piece of evidence is of one thing, so an id never comes to mean another.
What counts as evidence is the caller's matter.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.schemas.frames import among, text_array
from pipeline.schemas.ids import stable_ids
from pipeline.schemas.numbers import row_numbers


@dataclass(frozen=True)
class KeptIds:
    """ids: id of each group, by group. redirects: ids of the release before that are given up or parted, columns old_id, new_id, kind."""

    ids: pd.Series
    redirects: pd.DataFrame


def keep_ids(evidence: pd.DataFrame, earlier: pd.DataFrame, members: pd.DataFrame | None = None) -> KeptIds:
    """Return an id for each group of `evidence`.

    evidence: columns group, id, own: the ids that the evidence of each group makes, the most characteristic first. `own`: no
    other group can have that very evidence; of the other ids those that several groups would have are nobody's. earlier:
    columns id, member: the ids of the release before, each with its members (null where these are not needed). members:
    columns member, group: the members that groups have now; None where evidence alone decides.
    A group with members gets the first of its ids that the release before has, else the one that most of its members had if no evidence
    of today explains it, else its first.
    """
    codes, distinct = pd.factorize(pd.concat([evidence["id"], earlier["id"]]))
    texts = pd.Series(distinct, dtype="str")
    evidence, earlier = evidence.assign(id=codes[: len(evidence)]), earlier.assign(id=codes[len(evidence) :])
    own = _undisputed(evidence, len(texts))
    known = own[np.isin(own["id"], earlier["id"])]
    first = own.drop_duplicates("group").set_index("group")["id"]
    kept = known.drop_duplicates("group").set_index("group")["id"]
    now = _moved(earlier, members, own, texts)
    inherited = now[~now["explained"] & ~now["group"].isin(kept.index)]
    inherited = inherited.drop_duplicates("group").drop_duplicates("id").set_index("group")["id"]
    ids = pd.concat([inherited, kept, first])
    ids = ids[~ids.index.duplicated()].sort_index()
    if members is not None:  # a group without members only keeps others from its ids
        ids = ids[ids.index.isin(members["group"])]
    return KeptIds(texts.take(ids.to_numpy()).set_axis(ids.index), _redirects(known, now, ids, earlier, texts))


def petitioner_ids(spellings: pd.DataFrame, earlier: pd.DataFrame) -> KeptIds:
    """Return the id of each group of spellings, made of the one first seen, rows with tax id and state first, unless it had another. An id
    whose spelling is read otherwise than when it was made goes with the spelling.

    spellings: columns employer, tax_id_last4, state, form, first_year, group, and numbers in the order of the texts: employer_code,
    tax_code, state_code, form_code. earlier: columns id, spelling (as of `spelling_keys`) of the release before.
    """
    lacking = spellings["tax_id_last4"].isna().to_numpy(dtype="int64") + spellings["state"].isna().to_numpy(
        dtype="int64"
    )
    codes = [spellings[f"{part}_code"].to_numpy() for part in ("form", "employer", "tax", "state")]
    # No two rows are equal in all of these.
    order = np.argsort(row_numbers(lacking, spellings["first_year"].to_numpy(dtype="int64"), *codes))
    groups = spellings["group"].to_numpy()[order]
    if earlier.empty:
        order = order[np.sort(np.unique(groups, return_index=True)[1])]
    ordered = spellings[["tax_id_last4", "state", "form", "group"]].iloc[order]
    form, _, tax_id, state = (code[order] for code in codes)
    ids = stable_ids("pet", ordered["tax_id_last4"], ordered["state"], ordered["form"], codes=[tax_id, state, form])
    evidence = pd.DataFrame({"group": ordered["group"], "id": ids, "own": True})
    lost = earlier["spelling"].mask(among(earlier["id"], ids))  # of ids that no spelling makes today
    known = earlier[["id"]].assign(member=lost)
    if lost.isna().all():
        return keep_ids(evidence, known)
    keys = spelling_keys(spellings)
    return keep_ids(
        evidence, known, pd.DataFrame({"group": spellings["group"], "member": keys.where(among(keys, lost))})
    )


def spelling_keys(rows: pd.DataFrame) -> pd.Series:
    """Return one text for each spelling: columns tax_id_last4, state, employer; a tax id or state that is null is blank."""
    texts = [text_array(rows[column]) for column in ("tax_id_last4", "state", "employer")]
    keys = pc.binary_join_element_wise(*(pc.fill_null(one, "") for one in texts), " ")
    return pd.Series(keys, dtype="str").set_axis(rows.index)


def parted_petitioners(earlier: pd.DataFrame, petitioners: pd.DataFrame) -> pd.DataFrame:
    """Return redirects of ids that are still in use and lost spellings to a new one: columns old_id, new_id, kind, sorted.

    earlier: columns id, spelling (as of `spelling_keys`) of the release before. petitioners: the table of this one.
    """
    ids = petitioners["petitioner_id"]
    known = among(ids, earlier["id"])
    new = petitioners[~known].explode("spellings").rename(columns={"spellings": "employer"})
    moved = earlier.merge(new.assign(spelling=spelling_keys(new)), on="spelling")
    moved = moved[moved["id"].isin(ids[ids.isin(moved["id"])])]
    rows = moved[["id", "petitioner_id"]].drop_duplicates().set_axis(["old_id", "new_id"], axis=1)
    return rows.assign(kind="split").sort_values(["old_id", "new_id"], ignore_index=True).astype("str")


def _undisputed(evidence: pd.DataFrame, ids: int) -> pd.DataFrame:
    """Return columns group, id, in order: the ids that one group alone can have. evidence: the ids as numbers below `ids`."""
    group, own = pd.factorize(evidence["group"])[0], evidence["own"].to_numpy(dtype=bool)
    first = ~pd.Series(row_numbers(group, evidence["id"].to_numpy())).duplicated().to_numpy()
    holder = np.full(ids, -1)
    holder[evidence["id"][own]] = group[own]
    several = np.bincount(evidence["id"][first], minlength=ids) > 1
    held = np.where(holder < 0, ~several, False)[evidence["id"]] | (holder[evidence["id"]] == group)
    return evidence.loc[first & held, ["group", "id"]]


def _moved(earlier: pd.DataFrame, members: pd.DataFrame | None, own: pd.DataFrame, texts: pd.Series) -> pd.DataFrame:
    """Return columns id, group, count, explained: in which groups the members of each earlier id are now, most first. texts: of the ids,
    which are numbers."""
    if members is None:
        none = own.iloc[:0][["id", "group"]]
        return none.assign(count=0, explained=False)
    both = earlier.dropna(subset=["member"]).merge(members, on="member")
    counts = both.groupby(["id", "group"]).size().rename("count").reset_index()
    counts = counts.assign(text=texts.take(counts["id"].to_numpy()).to_numpy())
    counts = counts.sort_values(["count", "text", "group"], ascending=[False, True, True], ignore_index=True)
    return counts.drop(columns="text").assign(explained=counts["id"].isin(own["id"]))


def _redirects(
    known: pd.DataFrame, now: pd.DataFrame, ids: pd.Series, earlier: pd.DataFrame, texts: pd.Series
) -> pd.DataFrame:
    """Return columns old_id, new_id, kind, sorted: `merged` where an id is given up for another, `split` where one becomes several.
    texts: of the ids, which are numbers."""
    by_evidence = pd.DataFrame({"old_id": known["id"], "new_id": known["group"].map(ids)}).dropna()
    by_members = pd.DataFrame({"old_id": now["id"], "new_id": now["group"].map(ids)})
    parted = by_members[np.isin(by_members["old_id"], ids) & ~np.isin(by_members["new_id"], earlier["id"])]
    by_members = by_members[~np.isin(by_members["old_id"], by_evidence["old_id"])]
    gone = pd.concat([by_evidence, by_members]).dropna()
    gone = gone[~np.isin(gone["old_id"], ids)]
    rows = pd.concat([gone, parted]).drop_duplicates()
    several = np.isin(rows["old_id"], ids) | rows["old_id"].duplicated(keep=False).to_numpy()
    named = {column: texts.reindex(rows[column]).to_numpy() for column in ("old_id", "new_id")}
    kinds = pd.DataFrame({**named, "kind": np.where(several, "split", "merged")}, dtype="str")
    return kinds.sort_values(["old_id", "new_id"], ignore_index=True)

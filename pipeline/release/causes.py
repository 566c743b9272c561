"""Why the stated policy of a program is another one: whether other evidence came or went, or the same was read otherwise.

What belongs here: the evidence of two releases held against each other. That a policy changed is found in `changes` and `delta`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.release.reader import Release

_POLICIES: Final = "visa_policies"
_STATEMENT: Final = ["url", "evidence_quote"]


@dataclass(frozen=True)
class AtHand:
    """The evidence of a release. snapshots: ids of those used; statements: address ("" for none) and sentences of each.

    A file of many statements is another snapshot as soon as one row is added, so that a statement is known by its words, too.
    """

    snapshots: frozenset[str]
    statements: frozenset[tuple[str, str]]

    def holds(self, rows: pd.DataFrame, when: str) -> pd.Series:
        """Return whether the evidence of each row is at hand. rows: columns `{when}_snapshot`, `_url` and `_quote`."""
        known = rows[f"{when}_snapshot"].isin(self.snapshots)
        pairs = zip(rows[f"{when}_url"].fillna(""), rows[f"{when}_quote"].fillna(""), strict=True)
        return known | pd.Series([one in self.statements for one in pairs], index=rows.index, dtype="bool")


def at_hand(snapshots: pd.Series, policies: pd.DataFrame) -> AtHand:
    """Return the evidence of a release. snapshots: ids of those used. policies: url and evidence_quote of table visa_policies."""
    stated = policies.dropna(subset=["evidence_quote"])
    pairs = zip(stated["url"].fillna(""), stated["evidence_quote"], strict=True)
    return AtHand(frozenset(snapshots), frozenset((str(url), str(quote)) for url, quote in pairs))


def evidence_of(release: Release | None) -> AtHand:
    """Return the evidence of a release; none of None. Raises ReleaseError where its table of policies is damaged."""
    if release is None:
        return AtHand(frozenset(), frozenset())
    used = pd.Series([one["id"] for one in release.manifest["snapshots"]], dtype="str")
    named = release.table(_POLICIES, _STATEMENT) if release.has(_POLICIES) else pd.DataFrame(columns=_STATEMENT)
    return at_hand(used, named)


def causes(rows: pd.DataFrame, before: AtHand, now: AtHand) -> pd.Series:
    """Return the cause of each change of a stated policy, a word of CHANGE_CAUSE.

    rows: columns old_ and new_ of snapshot, url and quote, null where nothing was stated. Where the evidence for what is stated now
    was at hand before and the evidence for what was stated is at hand still, no statement has changed: the same is
    read or applied otherwise.
    """
    silent_before, silent_now = rows["old_snapshot"].isna(), rows["new_snapshot"].isna()
    same = (silent_now | before.holds(rows, "new")) & (silent_before | now.holds(rows, "old"))
    cause = pd.Series("other_statement", index=rows.index, dtype="str")
    cause = cause.mask(silent_before, "first_statement").mask(silent_now, "withdrawn")
    return cause.mask(same, "read_again")

"""Which of several institutions an employer's trade name speaks of: `NYC Health + Hospitals/Woodhull` of the corporation's hospitals."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.names.normalise import canonical, canonical_all, state_words
from pipeline.linkage.names.words import GENERIC


def agrees_with_trade_name(rows: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Decide which candidates stay: those of the one institution that the trade name tells from the employer's others, else all.

    rows: columns employer, institution_id, trade_name_dba; one a candidate. institutions: columns institution_id, name. The trade
    name tells an institution where it has a word of that one's name alone: neither a kind word nor a state.
    """
    several = rows.groupby("employer")["institution_id"].transform("nunique") > 1
    open_rows = rows[several & rows["trade_name_dba"].notna()]
    names = institutions.set_index("institution_id")["name"]
    words = dict(zip(names.index, map(_telling, canonical_all(names.astype("str"))), strict=True))
    stays = pd.Series(True, index=rows.index)
    for _, group in open_rows.groupby("employer"):
        trade_words = set(canonical(str(group["trade_name_dba"].iloc[0])).split())
        ids = group["institution_id"].unique()
        named = [
            one for one in ids if trade_words & words[one].difference(*(words[other] for other in ids if other != one))
        ]
        if len(named) == 1:
            stays[group.index] = (group["institution_id"] == named[0]).to_numpy()
    return stays


def _telling(form: str) -> frozenset[str]:
    return frozenset(word for word in form.split() if word not in GENERIC and word not in state_words())

"""What became of each program between two releases, in the words of PROGRAM_CHANGES: for the notes and for those who ask.

What belongs here: reading the lines of `delta` for programs. Which sentence changed is in table `policy_changes`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from pipeline.schemas.vocabulary import CONDITION_WORDS, DELTA_FIELDS, OFFERED, PROGRAM_CHANGES

COLUMNS: Final = ("program_code", "change", "before", "now", "evidence")
_WORDS: Final = {
    "h1b_stated": "H-1B", "j1_stated": "J-1", "step3_required_for_h1b": "Step 3", "step3_deadline": "Step 3 due",
    "conditions": "terms", "routes": "routes left open", "paused_until": "paused until", "state_freeze": "",
    "state_freeze_until": "until", "trainee_filings_same_specialty_recent": "applications",
}  # fmt: skip


def compared(lines: pd.DataFrame) -> pd.DataFrame:
    """Return COLUMNS, a row for each change of a program, in the order of PROGRAM_CHANGES, then by program.

    lines: as `delta.delta` returns them. before, now: the fields that differ, in words. evidence: of a stated policy, else None. A
    program that one of the lists alone has is listed once, whatever is stated of it.
    """
    itself = lines[(lines["kind"] == "program") & lines["field"].isna()]
    of_both = lines[~lines["id"].isin(set(itself["id"]))]
    policies, orders, filings = (of_both[of_both["kind"] == kind] for kind in ("policy", "freeze", "filings"))
    filed = filings[filings["change"] != "changed"]
    parts = [
        _lines_of(policies, _of_policies(policies)),
        _lines_of(orders, _of_orders(orders)),
        _lines_of(filed, _by_change(filed, "started_filing", "stopped_filing")),
        _lines_of(_with_policies(itself, lines), _by_change(itself, "new_in_list", "left_list")),
    ]
    rows = pd.concat(parts, ignore_index=True)
    place = rows["change"].map({change: number for number, change in enumerate(PROGRAM_CHANGES)})
    return rows.assign(place=place).sort_values(["place", "program_code"], ignore_index=True)[list(COLUMNS)]


def _of_policies(lines: pd.DataFrame) -> pd.Series:
    """Return what became of each program's stated policy, by program."""
    programs = lines.drop_duplicates("id").set_index("id")
    stance = lines[lines["field"] == "h1b_stated"].set_index("id")
    old, new = (stance[when].reindex(programs.index) for when in ("old", "new"))
    offered, was_offered = new.isin(OFFERED), old.isin(OFFERED)
    changes = np.select(
        [
            programs["cause"] == "read_again",
            offered & ~was_offered,
            was_offered & (new == "no"),
            was_offered & ~offered,
        ],
        ["read_otherwise", "newly_states", "withdrew", "no_longer_states"],
        "states_otherwise",
    )
    return pd.Series(changes, index=programs.index, dtype="object")


def _of_orders(lines: pd.DataFrame) -> pd.Series:
    """Return what became of the order of a state that binds each program, by program."""
    orders = lines[lines["field"] == "state_freeze"]
    whole = _by_change(orders, "freeze_began", "freeze_ended").reindex(lines["id"].unique())
    return whole.fillna("freeze_changed")


def _by_change(lines: pd.DataFrame, added: str, removed: str) -> pd.Series:
    """Return a word for each line that came or went, by program; null for others."""
    words = lines["change"].map({"added": added, "removed": removed})
    return pd.Series(words.to_numpy(), index=lines["id"], dtype="object")


def _with_policies(itself: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of programs that came or went, or instead of them those on their H-1B and J-1 where any is stated."""
    stated = lines[lines["id"].isin(set(itself["id"])) & lines["field"].isin(("h1b_stated", "j1_stated"))]
    silent = itself[~itself["id"].isin(set(stated["id"]))].assign(old=None, new=None)
    return pd.concat([stated, silent], ignore_index=True)


def _lines_of(lines: pd.DataFrame, changes: pd.Series) -> pd.DataFrame:
    """Return COLUMNS: one row for each program of `lines`, its fields in words. changes: word of PROGRAM_CHANGES by program."""
    order = {name: place for place, name in enumerate(name for names in DELTA_FIELDS.values() for name in names)}
    rows = lines.assign(place=lines["field"].map(order)).sort_values(["id", "place"], kind="stable")
    for when in ("old", "new"):
        in_words = [_in_words(field, value) for field, value in zip(rows["field"], rows[when], strict=True)]
        rows[when] = pd.Series(in_words, index=rows.index, dtype="object")
    joined = rows.groupby("id", sort=True).agg(
        before=("old", _joined), now=("new", _joined), evidence=("evidence", lambda cells: cells.iloc[0])
    )
    changed = joined.reset_index(names="program_code").astype("object")
    return changed.assign(change=changed["program_code"].map(changes.to_dict()))[list(COLUMNS)]


def _joined(texts: pd.Series) -> str:
    return ", ".join(text for text in texts if text)


def _in_words(field: str | None, value: Any) -> str:
    """Return a value with the word for its field, "" where there is nothing to state."""
    word = _WORDS.get(field or "")
    if word is None:
        return ""
    stated = field in DELTA_FIELDS["policy"]
    if value is None or value == []:
        return f"{word} not stated" if stated else ""
    parts = [CONDITION_WORDS.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])]
    text = ", ".join(parts)
    return f"{word} {text.replace('_', ' ') if stated else text}".strip()

"""What one release says otherwise than another, a line for each thing: the one comparison from which notes, feed and commands are made.

What belongs here: finding the differences of two releases, whichever they are. What they mean for a program is in `compared`, how they
are in `notes`. Kinds, fields and words are DELTA_FIELDS, DELTA_CHANGE and CHANGE_CAUSE of `schemas.vocabulary`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from pipeline.release.causes import causes, evidence_of
from pipeline.release.changes import LIST
from pipeline.release.reader import Release
from pipeline.release.redirected import earlier_redirects
from pipeline.schemas.vocabulary import DELTA_FIELDS

COLUMNS: Final = ("kind", "id", "change", "field", "old", "new", "cause", "evidence")
# Entry of a line's evidence -> column of the list.
_EVIDENCE: Final = {
    "quote": "evidence_quote", "url": "evidence_url", "date": "evidence_date", "kind": "evidence_kind",
    "scope": "evidence_scope", "snapshot": "evidence_snapshot",
}  # fmt: skip
_JUDGED: Final = "cap_exemption"
_PETITIONER: Final = {"petitioner_id": "petitioner_id", "name": "name", "category": "cap_exempt_category"}
# Kinds that have an id of their own: they come and go themselves, of the others a value does.
_THINGS: Final = frozenset({"program", "petitioner"})
_NOTHING: Final = frozenset({"", "not_stated", "0"})


def delta(before: Release, now: Release) -> pd.DataFrame:
    """Return what `now` says otherwise than `before`: COLUMNS, all of type object, in the order of DELTA_FIELDS, then by id and field.

    field is None where a program or petitioner itself came or went; old and new are plain values (text, number, list of text, day as
    text), None for unknown. cause: of a stated policy of a program in both lists. evidence: of a stated policy, that of `now`, else of
    `before`, a record; None for all else. An id that `redirects` of either release leads to another is no other thing. A table or column
    that one of the two does not have, being older, tells nothing. Raises ReleaseError where a table is damaged.
    """
    moved = _moved(before, now)
    parts = [*_of_programs(before, now, moved), *_of_petitioners(before, now, moved)]
    found = pd.concat([_lines("program", pd.DataFrame({"id": []})), *parts], ignore_index=True)
    place = found["kind"].map({kind: number for number, kind in enumerate(DELTA_FIELDS)})
    order = found.assign(place=place, named=found["field"].fillna(""))
    return order.sort_values(["place", "id", "named"], kind="stable", ignore_index=True)[list(COLUMNS)]


def as_json_lines(lines: pd.DataFrame) -> str:
    """Return lines of `delta` as JSON Lines, each with all of COLUMNS, null where there is nothing to say."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines.to_dict("records"))


def _moved(before: Release, now: Release) -> pd.DataFrame:
    """Return columns old_id, new_id: ids of `before` and what stands for them in `now`, whichever of the two is the later one."""
    forward = earlier_redirects(now)[["old_id", "new_id"]]
    backward = earlier_redirects(before)[["old_id", "new_id"]].rename(columns={"old_id": "new_id", "new_id": "old_id"})
    return pd.concat([forward, backward], ignore_index=True).drop_duplicates().sort_values(["old_id", "new_id"])


def _of_programs(before: Release, now: Release, moved: pd.DataFrame) -> Iterator[pd.DataFrame]:
    if not (before.has(LIST) and now.has(LIST)):
        return
    shared = set(before.columns(LIST)) & set(now.columns(LIST))
    fields = [
        (kind, name) for kind in DELTA_FIELDS for name in DELTA_FIELDS[kind] if kind != "petitioner" and name in shared
    ]
    columns = list(dict.fromkeys(["program_code", *(name for _, name in fields), *_EVIDENCE.values()]))
    both = before.table(LIST, columns).merge(
        now.table(LIST, columns), on="program_code", how="outer", suffixes=("_old", "_new"), indicator="known"
    )
    both = both.rename(columns={"program_code": "id"})
    yield from _came_and_went("program", both, "program_name")
    policies: pd.DataFrame | None = None  # worked out where a policy is another one, which is seldom
    for kind, name in fields:
        rows = _changed(both, name)
        if rows.empty:
            continue
        if kind == "policy":
            policies = _explained(both, before, now) if policies is None else policies
            rows = policies.loc[rows.index]
        if kind in _THINGS:
            rows = rows[rows["known"] == "both"]
        if name == "institution_id":
            rows = rows[~_led_on(rows, moved)]
        yield _lines(kind, rows, name)


def _explained(both: pd.DataFrame, before: Release, now: Release) -> pd.DataFrame:
    """Return the rows with two more columns, cause and evidence of what is stated."""
    stated = pd.DataFrame(
        {
            f"{when}_{name}": both[f"{_EVIDENCE[name]}_{when}"]
            for when in ("old", "new")
            for name in ("snapshot", "url", "quote")
        }
    )
    cause = causes(stated, evidence_of(before), evidence_of(now)).astype("object")
    return both.assign(cause=cause.where(both["known"] == "both", None), evidence=_evidence(both))


def _of_petitioners(before: Release, now: Release, moved: pd.DataFrame) -> Iterator[pd.DataFrame]:
    if not (before.has(_JUDGED) and now.has(_JUDGED)):
        return
    old, new = (one.table(_JUDGED, list(_PETITIONER)).rename(columns=_PETITIONER) for one in (before, now))
    # Many ids are looked up in few: the other way round it would be slow.
    named = [*moved["old_id"], *moved["new_id"]]
    had, has = (set(one.loc[one["petitioner_id"].isin(named), "petitioner_id"]) for one in (old, new))
    led = moved[moved["old_id"].isin(had) & moved["new_id"].isin(has)]
    fresh, gone = ~led["new_id"].isin(had), ~led["old_id"].isin(has)
    ended = led[fresh | gone]
    renamed = {"old_id": "petitioner_id_old", "new_id": "petitioner_id_new"}
    yield _lines("petitioner", ended.assign(id=ended["new_id"]).rename(columns=renamed), "petitioner_id")
    # A new id is compared with the one that it stands for; an old one that is led on is not gone.
    stands_for = led[fresh].drop_duplicates("new_id").set_index("new_id")["old_id"]
    known_as = (
        new["petitioner_id"].map(stands_for).fillna(new["petitioner_id"]) if len(stands_for) else new["petitioner_id"]
    )
    both = old.rename(columns={"petitioner_id": "known_as"}).merge(
        new.assign(known_as=known_as), on="known_as", how="outer", suffixes=("_old", "_new"), indicator="known"
    )
    both = both[(both["known"] != "left_only") | ~both["known_as"].isin(ended["old_id"])]
    both = both.assign(id=both["petitioner_id"].fillna(both["known_as"]))
    yield from _came_and_went("petitioner", both, "name")
    for name in ("name", "cap_exempt_category"):
        rows = _changed(both, name)
        yield _lines("petitioner", rows[rows["known"] == "both"], name)


def _came_and_went(kind: str, both: pd.DataFrame, name: str) -> Iterator[pd.DataFrame]:
    """Yield the lines of what one of the two releases alone has; old or new is its name."""
    for side in ("left_only", "right_only"):
        yield _lines(kind, both[both["known"] == side], name).assign(field=None)


def _changed(both: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows whose column `name` differs; an absence written in another way is no difference."""
    old, new = (both[f"{name}_{when}"] for when in ("old", "new"))
    if old.dtype != object and old.equals(new):
        return both.iloc[:0]
    old, new = _as_text(old), _as_text(new)
    return both[(old != new) & ~(old.isin(_NOTHING) & new.isin(_NOTHING))]


def _lines(kind: str, rows: pd.DataFrame, name: str = "") -> pd.DataFrame:
    """Return a line for each row. rows: columns id and, of the field `name`, `_old` and `_new`; cause and evidence where there are any."""
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS), dtype="object")
    old, new = (rows.get(f"{name}_{when}", pd.Series(dtype="object")) for when in ("old", "new"))
    came, went = _as_text(old).isin(_NOTHING), _as_text(new).isin(_NOTHING)
    if kind in _THINGS:
        came, went = (rows.get("known", pd.Series("both", rows.index)) == side for side in ("right_only", "left_only"))
    lines = {
        "kind": kind,
        "id": rows["id"],
        "change": np.select([came, went], ["added", "removed"], "changed"),
        "field": name,
        "old": _plain(old),
        "new": _plain(new),
        "cause": rows.get("cause"),
        "evidence": rows.get("evidence"),
    }
    return pd.DataFrame(lines, index=rows.index, columns=list(COLUMNS)).astype("object")


def _led_on(rows: pd.DataFrame, moved: pd.DataFrame) -> pd.Series:
    """Return whether the two institution ids of each row are one thing by the redirects."""
    pairs = set(zip(moved["old_id"], moved["new_id"], strict=True))
    both = zip(rows["institution_id_old"], rows["institution_id_new"], strict=True)
    return pd.Series([pair in pairs for pair in both], index=rows.index, dtype="bool")


def _evidence(both: pd.DataFrame) -> pd.Series:
    """Return what is stated now, else what was: a record of each row, None where neither release states anything."""
    stated = both["evidence_snapshot_new"].notna()
    parts = {
        name: _plain(both[f"{column}_new"].where(stated, both[f"{column}_old"])) for name, column in _EVIDENCE.items()
    }
    records = [dict(zip(parts, values, strict=True)) for values in zip(*parts.values(), strict=True)]
    found = [record if record["snapshot"] is not None else None for record in records]
    return pd.Series(found, index=both.index, dtype="object")


def _as_text(column: pd.Series) -> pd.Series:
    """Return the values as text to compare: lists in one order, "" for null and for an empty list."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d").fillna("")
    if column.dtype == object:
        column = column.map(lambda value: "; ".join(sorted(value)) if isinstance(value, np.ndarray) else value)
    return column.astype("str").where(column.notna(), "")


def _plain(column: pd.Series) -> pd.Series:
    """Return the values as JSON has them: text, numbers, lists; days as text; None for null."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    elif column.dtype == object:
        column = column.map(lambda value: list(value) if isinstance(value, np.ndarray) else value)
    plain = column.astype("object")
    return plain.where(column.notna(), None)

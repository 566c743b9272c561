"""What is new in a release, for a doctor: plain values ready for JSON. How they are written as text is in `notes_text`.

What belongs here: choosing and counting what `delta` found. A statement, an inference and a reading are kept apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from pipeline.law.as_of import warning_on
from pipeline.release.changes import LIST
from pipeline.release.compared import compared
from pipeline.release.coverage import in_words
from pipeline.release.inputs import changed_sources
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import PROGRAM_CHANGES
from pipeline.sources.catalogue import SOURCES

GROUPS_SHOWN: Final = 12  # of each change: institutions, whose programs stand together
_DESCRIBED: Final = ["program_code", "program_name", "specialty", "institution", "state", "initial_approvals"]
# Change -> what one program, and what several, do; {stances} is filled for those that newly state an H-1B.
_IN_SHORT: Final = {
    "newly_states": ("newly states an H-1B{stances}", "newly state an H-1B{stances}"),
    "withdrew": ("withdrew: it stated an H-1B and now states none", "withdrew: they stated an H-1B and now state none"),
    "no_longer_states": (
        "no longer has a statement of an H-1B at hand, which is no no",
        "no longer have a statement of an H-1B at hand, which is no no",
    ),
    "states_otherwise": ("states other terms, or another J-1", "state other terms, or another J-1"),
    "read_otherwise": ("is {reading}", "are {reading}"),
    "freeze_began": ("is newly bound by an order of a state", "are newly bound by an order of a state"),
    "freeze_ended": ("is no longer bound by an order of a state", "are no longer bound by an order of a state"),
    "freeze_changed": ("is bound by a changed order of a state", "are bound by a changed order of a state"),
    "started_filing": (
        "has applications for trainees of its specialty within 24 months, and had none",
        "have applications for trainees of their specialty within 24 months, and had none",
    ),
    "stopped_filing": (
        "had applications for trainees of its specialty, and none within 24 months is at hand any more: that is no no",
        "had applications for trainees of their specialty, and none within 24 months is at hand any more: that is no no",
    ),
    "new_in_list": ("is new in the list", "are new in the list"),
    "left_list": ("is not in the list any more", "are not in the list any more"),
}
READ_BY_CODE: Final = "read differently by newer code: the evidence is the same, and the program need not have changed"
APPLIED_OTHERWISE: Final = "told otherwise on the same evidence: the day, a list or a link is another one"


def release_notes(before: Release | None, now: Release, lines: pd.DataFrame) -> dict[str, Any]:
    """Return what is new in `now` against `before`, as plain values: see docs/contract.md.

    lines: of these two, as `delta.delta` returns them; none where there is no release before. Raises ReleaseError where a table is damaged.
    """
    manifest, figures = now.manifest, now.manifest.get("figures", {})
    law = manifest.get("law_as_of")
    points = _changes(before, now, lines)
    notes = {
        "release_id": now.id,
        "as_of": now.as_of.isoformat(),
        "compared_with": before.id if before else None,
        "compared_as_of": before.as_of.isoformat() if before else None,
        "sample": manifest["sample"],
        "made_from": now.made_from,
        "law_as_of": law,
        "law_warning": _law_warning(now.as_of, law),
        "coverage": in_words(figures["coverage"]) if "coverage" in figures else None,
        "code_changed": before is not None and before.manifest["code_version"] != manifest["code_version"],
        "sources_changed": _titles(changed_sources(before.manifest["snapshots"], manifest["snapshots"]))
        if before
        else [],
        "sources_gone": _titles(sorted(_used(before) - _used(now))) if before else [],
        "changes": points,
        "tiers": _moves(lines, "tier"),
        "cap_exemption": _moves(lines, "cap_exemption"),
        "petitioners": _petitioners(lines),
        "orders_of_states": _orders(now),
        "lines": len(lines),
    }
    return {"in_short": in_short(notes), **notes}


def reading(notes: Mapping[str, Any]) -> str:
    """Return why the same evidence gives another answer, in words: newer code, else the day or what it is linked with."""
    return READ_BY_CODE if notes["code_changed"] else APPLIED_OTHERWISE


def in_short(notes: Mapping[str, Any]) -> list[str]:
    """Return the notes in a sentence each, the most important first."""
    if notes["compared_with"] is None:
        return ["This release has none before it to be compared with.", *_of_orders(notes["orders_of_states"])]
    points = [
        f"No file of {source} is at hand any more: what rested on it alone is unknown now, and may be as it was."
        for source in notes["sources_gone"]
    ]
    for one in notes["changes"]:
        few, many = _IN_SHORT[one["change"]]
        words = (few if one["count"] == 1 else many).format(reading=reading(notes), stances=_stances(one))
        points.append(f"{_programs(one['count'])} {words}.")
    inferred = (("tiers", "into another tier"), ("cap_exemption", "into another category of cap exemption"))
    for name, where in inferred:
        if count := sum(move["count"] for move in notes[name]):
            points.append(f"{_programs(count)} moved {where}: that is inferred.")
    if not points:
        points = ["No program states or shows anything else than before."]
    return points + list(_of_orders(notes["orders_of_states"]))


def _programs(count: int) -> str:
    return f"{count:,} program{'' if count == 1 else 's'}"


def _stances(change: Mapping[str, Any]) -> str:
    by = change["by_stance"]
    parts = [f"{by[stance]:,} {stance.replace('_', ' ')}" for stance in ("yes", "case_by_case") if by.get(stance)]
    return f" ({', '.join(parts)})" if parts else ""


def _of_orders(orders: list[dict[str, Any]]) -> list[str]:
    return [
        f"An order of a state binds {_programs(one['programs'])} "
        + (f"until {one['until']}, when it ends: " if one["until"] else "until further notice: ")
        + f"{one['order']}."
        for one in orders
    ]


def _changes(before: Release | None, now: Release, lines: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each change with the programs of it, grouped by institution and words, those with the most approvals first, capped."""
    if before is None or lines.empty:
        return []
    found = compared(lines).merge(described(before, now), on="program_code", how="left")
    found["said"] = found["evidence"].map(_statement_of)
    stances = lines[lines["field"] == "h1b_stated"].set_index("id")["new"]
    points = []
    for change in PROGRAM_CHANGES:
        rows = found[found["change"] == change]
        if rows.empty:
            continue
        groups = [
            _group(group) for _, group in rows.groupby(["institution", "state", "before", "now", "said"], dropna=False)
        ]
        groups.sort(key=lambda one: (-one["approvals"], -len(one["programs"]), one["institution"], one["now"]))
        shown = groups[:GROUPS_SHOWN]
        counts = rows["program_code"].map(stances).value_counts() if change == "newly_states" else {}
        points.append(
            {
                "change": change,
                "meaning": PROGRAM_CHANGES[change],
                "count": len(rows),
                "by_stance": {str(stance): int(count) for stance, count in counts.items()},
                "groups": shown,
                "programs_not_shown": len(rows) - sum(len(one["programs"]) for one in shown),
            }
        )
    return points


def _statement_of(evidence: Any) -> str:
    return f"{evidence['url']} {evidence['quote']}" if evidence else ""


def _group(rows: pd.DataFrame) -> dict[str, Any]:
    """Return programs of one institution that share one note. approvals: initial ones of the institution, 0 where unknown."""
    first = rows.iloc[0]
    named = rows["specialty"].fillna(rows["program_name"])
    return {
        "institution": _or_none(first["institution"]) or "institution not known",
        "state": _or_none(first["state"]),
        "programs": [
            {"program_code": code, "name": name} for code, name in zip(rows["program_code"], named, strict=True)
        ],
        "before": first["before"],
        "now": first["now"],
        "evidence": first["evidence"],
        "approvals": int(rows["initial_approvals"].fillna(0).max()),
    }


def _or_none(cell: Any) -> str | None:
    return None if pd.isna(cell) else str(cell)


def described(before: Release, now: Release) -> pd.DataFrame:
    """Return _DESCRIBED of each program of either release, as the later one has it."""
    both = pd.concat([one.table(LIST, _DESCRIBED) for one in (now, before)], ignore_index=True)
    return both.drop_duplicates("program_code")


def _moves(lines: pd.DataFrame, kind: str) -> list[dict[str, Any]]:
    """Return from which value to which programs moved, and how many; the most first. Programs that came or went are no move."""
    rows = lines[(lines["kind"] == kind) & (lines["change"] == "changed")]
    counts = rows.groupby(["old", "new"]).size().reset_index(name="count")
    counts = counts.sort_values(["count", "old", "new"], ascending=[False, True, True])
    return [{"old": row["old"], "new": row["new"], "count": int(row["count"])} for row in counts.to_dict("records")]


def _petitioners(lines: pd.DataFrame) -> dict[str, int]:
    """Return how many petitioners are new, gone, now part of another id, named otherwise, or of another category."""
    rows = lines[lines["kind"] == "petitioner"]
    counted = {
        "new": rows["field"].isna() & (rows["change"] == "added"),
        "gone": rows["field"].isna() & (rows["change"] == "removed"),
        "led_to_another_id": rows["field"] == "petitioner_id",
        "named_otherwise": rows["field"] == "name",
        "of_another_category": rows["field"] == "cap_exempt_category",
    }
    return {name: int(holds.sum()) for name, holds in counted.items()}


def _orders(now: Release) -> list[dict[str, Any]]:
    """Return the orders of states in force on the day of the release, that which binds most programs first."""
    if not now.has(LIST) or not {"state_freeze", "state_freeze_until"} <= set(now.columns(LIST)):
        return []
    rows = now.table(LIST, ["state_freeze", "state_freeze_until"]).dropna(subset=["state_freeze"])
    rows = rows.assign(until=rows["state_freeze_until"].dt.strftime("%Y-%m-%d").fillna(""))
    counts = rows.groupby(["state_freeze", "until"]).size().reset_index(name="programs")
    counts = counts.sort_values(["programs", "state_freeze"], ascending=[False, True])
    return [
        {"order": row["state_freeze"], "until": row["until"] or None, "programs": int(row["programs"])}
        for row in counts.to_dict("records")
    ]


def _law_warning(as_of: dt.date, law: str | None) -> str | None:
    """Return what readers should know of law that was read long ago; None where it was not. What the operator should do is not theirs."""
    old = warning_on(as_of, dt.date.fromisoformat(law)) if law else ""
    return f"{old.partition(':')[0]}: look up what changed since" if old else None


def _used(release: Release) -> set[str]:
    return {one["id"].partition("/")[0] for one in release.manifest["snapshots"]}


def _titles(sources: Iterable[str]) -> list[str]:
    titles = {source.id: source.title for source in SOURCES}
    return [titles.get(source, source) for source in sources]

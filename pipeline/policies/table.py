"""Table `visa_policies`: readings of pages with their links, one row a claim, and the columns that claims of all kinds share.

What belongs here: the columns of the table. What a page says is read in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.documents.unreadable import UnreadablePageError
from pipeline.policies.agreement import DIFFER
from pipeline.policies.deadlines import due
from pipeline.policies.kept_readings import KeptReading, KeptReadings
from pipeline.policies.published import Evidence, Reading
from pipeline.policies.reading import read_page
from pipeline.policies.terms import Terms, routes_of, terms_of_text
from pipeline.policies.third_reader.verdict import ThirdReader
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_id


@dataclass(frozen=True)
class PageContent:
    """An archived page: what reads its bytes, their SHA-256, its media (html or pdf), and the day of the last change that its server
    named."""

    read: Callable[[], bytes]
    sha256: str
    media: Any
    last_changed_on: date | None = None


def policies_from_pages(
    pages: pd.DataFrame,
    page_links: pd.DataFrame,
    specialties: pd.Series,
    content_of: Callable[[str], PageContent],
    third: ThirdReader | None = None,
    kept: KeptReadings | None = None,
) -> pd.DataFrame:
    """Return the table `visa_policies` of archived pages, one row a page.

    pages: table program_pages. page_links: snapshot_id, institution_id, program_code, department, scope (null where nothing
    decides). specialties: specialty by program code, for which a page is read that names no program itself.
    content_of: the page of a snapshot. third: as in `reading.read_page`. kept: readings of the run before, which are those of pages
    that have not changed. A page that can't be read states nothing, and a person
    should look at it: its blocks could be read when it was loaded, so this is rare.
    """
    linked = pages.drop(columns="program_code").merge(page_links, on="snapshot_id", how="left")
    linked["program"] = linked["program"].fillna(linked["program_code"].map(specialties))
    if linked.empty:
        return empty_frame("visa_policies")
    plain = linked.astype(object).where(linked.notna(), None)
    records = [{str(name): value for name, value in record.items()} for record in plain.to_dict("records")]
    rows = [_page_row(record, content_of(record["snapshot_id"]), third, kept) for record in records]
    if kept:
        kept.close()
    return pd.DataFrame(rows)


def _page_row(
    row: dict[str, Any], page: PageContent, third: ThirdReader | None, kept: KeptReadings | None
) -> dict[str, Any]:
    claim = {
        "policy_id": stable_id("policy", row["snapshot_id"], row["program_code"]),
        "program_code": row["program_code"],
        "institution_id": row["institution_id"],
        "institution_as_named": row["institution"],
        "program_as_named": row["program"],
        "department": row["department"],
        "evidence_kind": "page",
        "url": row["url"],
        "retrieved_on": row["retrieved_on"],
        "snapshot_id": row["snapshot_id"],
    }
    about = row["program"] if row["scope"] != "institution" else None

    def read() -> KeptReading:
        return _reading(page, about, row["institution"], third)

    named = (page.sha256, str(page.media), about, row["institution"])
    reading = kept.of(named, read) if kept else read()
    if reading:
        return claim | {"last_changed_on": _stamp(page.last_changed_on)} | _as_read(row, reading)
    return claim | _as_unreadable(row)


def _reading(page: PageContent, about: str | None, institution: str | None, third: ThirdReader | None) -> KeptReading:
    """Return what a page says, as plain values of JSON; nothing of a page that can't be read."""
    try:
        reading = read_page(page.read(), page.media, program=about, institution=institution, third=third)
    except UnreadablePageError:
        return {}
    return {
        "scope": reading.scope,
        "j1": reading.j1,
        "h1b": reading.h1b,
        "policy": reading.policy,
        "step3_required_for_h1b": reading.step3_required_for_h1b,
        "step3_deadline": reading.step3_deadline,
        "conditions": list(reading.conditions),
        "paused_until": _iso(reading.paused_until),
        "evidence_quote": " ".join(piece.quote for piece in reading.evidence) or None,
        "evidence_locator": "; ".join(_locator(piece) for piece in reading.evidence) or None,
        "counter_evidence": [piece.quote for piece in reading.counter_evidence],
        "readings": list(reading.readings) if DIFFER in reading.rules or len(reading.readings) > 2 else [],
        "page_date": _iso(reading.page_date),
        "rules": list(reading.rules),
        "confidence": reading.confidence,
        "needs_confirmation": _open(reading),
    }


def _as_read(row: dict[str, Any], reading: KeptReading) -> dict[str, Any]:
    """Return the columns of what a page says. reading: as `_reading` returns it."""
    terms = Terms(tuple(reading["conditions"]), _day(reading["paused_until"]))
    return {
        **{name: value for name, value in reading.items() if name not in ("conditions", "paused_until")},
        "scope": row["scope"] or reading["scope"],
        **terms_columns(reading["step3_deadline"], terms),
        "page_date": _stamp(_day(reading["page_date"])),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _as_unreadable(row: dict[str, Any]) -> dict[str, Any]:
    unread = dict.fromkeys(("j1", "h1b", "policy", "step3_required_for_h1b"), "not_stated")
    return unread | {
        "scope": row["scope"] or "program",
        **terms_columns(None, Terms()),
        "counter_evidence": [],
        "readings": [],
        "page_date": pd.NaT,
        "rules": ["unreadable"],
        "confidence": "low",
        "needs_confirmation": True,
    }


def _stamp(day: date | None) -> Any:
    return pd.NaT if day is None else pd.Timestamp(day)


def terms_columns(step3_deadline: str | None, terms: Terms) -> dict[str, Any]:
    """Return the columns of what is stated beside the stances, for one row."""
    step3 = due(step3_deadline)
    return {
        "step3_deadline": step3_deadline,
        "step3_due": step3.point,
        "step3_due_on": step3.on,
        "conditions": list(terms.conditions),
        "routes": routes_of(terms.conditions),
        "paused_until": _stamp(terms.paused_until),
    }


def terms_frame(deadlines: pd.Series | None, in_words: pd.Series, h1b: pd.Series) -> dict[str, list[Any]]:
    """Return the same columns for many rows: deadlines of Step 3 (None: none), what was answered in words, and the stances on H-1B."""
    given = [None] * len(in_words) if deadlines is None else deadlines.astype(object).where(deadlines.notna(), None)
    rows = [
        terms_columns(deadline, terms_of_text(words, stance))
        for deadline, words, stance in zip(given, in_words.fillna(""), h1b, strict=True)
    ]
    return {name: [row[name] for row in rows] for name in terms_columns(None, Terms())}


def _locator(piece: Evidence) -> str:
    return f"block {piece.block}, characters {piece.start}-{piece.end}"


def _open(reading: Reading) -> bool:
    return reading.needs_confirmation or reading.policy == "contact"

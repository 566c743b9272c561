"""Table `visa_policies`: readings of pages and confirmations by people, with their links, one row a claim.

What belongs here: the columns of the table. What a page says is read in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pipeline.documents.unreadable import UnreadablePageError
from pipeline.policies.agreement import DIFFER
from pipeline.policies.decision import policy_of
from pipeline.policies.published import Evidence, Reading
from pipeline.policies.reading import read_page
from pipeline.policies.third_reader.verdict import ThirdReader
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_id

_HOW_CONFIRMED: Final = {
    "email": "Told by e-mail",
    "phone": "Told by phone",
    "open_house": "Told at an open house",
    "letter": "Told by letter",
    "other": "Told",
}


@dataclass(frozen=True)
class PageContent:
    """Bytes of an archived page and its media: html or pdf."""

    content: bytes
    media: Any


def policies_from_pages(
    pages: pd.DataFrame,
    page_links: pd.DataFrame,
    specialties: pd.Series,
    content_of: Callable[[str], PageContent],
    third: ThirdReader | None = None,
) -> pd.DataFrame:
    """Return the table `visa_policies` of archived pages, one row a page.

    pages: table program_pages. page_links: snapshot_id, institution_id, program_code, scope (null where nothing
    decides). specialties: specialty by program code, for which a page is read that names no program itself.
    content_of: the bytes of a snapshot. third: as in `reading.read_page`. A page that can't be read states nothing, and a person
    should look at it: its blocks could be read when it was loaded, so this is rare.
    """
    linked = pages.drop(columns="program_code").merge(page_links, on="snapshot_id", how="left")
    linked["program"] = linked["program"].fillna(linked["program_code"].map(specialties))
    if linked.empty:
        return empty_frame("visa_policies")
    plain = linked.astype(object).where(linked.notna(), None)
    records = [{str(name): value for name, value in record.items()} for record in plain.to_dict("records")]
    rows = [_page_row(record, content_of(record["snapshot_id"]), third) for record in records]
    return pd.DataFrame(rows)


def _page_row(row: dict[str, Any], page: PageContent, third: ThirdReader | None) -> dict[str, Any]:
    claim = {
        "policy_id": stable_id("policy", row["snapshot_id"], row["program_code"]),
        "program_code": row["program_code"],
        "institution_id": row["institution_id"],
        "institution_as_named": row["institution"],
        "program_as_named": row["program"],
        "evidence_kind": "page",
        "url": row["url"],
        "retrieved_on": row["retrieved_on"],
        "snapshot_id": row["snapshot_id"],
    }
    try:
        return claim | _as_read(row, page, third)
    except UnreadablePageError:
        return claim | _as_unreadable(row)


def _as_read(row: dict[str, Any], page: PageContent, third: ThirdReader | None) -> dict[str, Any]:
    about = row["program"] if row["scope"] != "institution" else None
    reading = read_page(page.content, page.media, program=about, institution=row["institution"], third=third)
    return {
        "scope": row["scope"] or reading.scope,
        "j1": reading.j1,
        "h1b": reading.h1b,
        "policy": reading.policy,
        "step3_required_for_h1b": reading.step3_required_for_h1b,
        "step3_deadline": reading.step3_deadline,
        "conditions": list(reading.conditions),
        "evidence_quote": " ".join(piece.quote for piece in reading.evidence) or None,
        "evidence_locator": "; ".join(_locator(piece) for piece in reading.evidence) or None,
        "counter_evidence": [piece.quote for piece in reading.counter_evidence],
        "readings": list(reading.readings) if DIFFER in reading.rules or len(reading.readings) > 2 else [],
        "page_date": pd.Timestamp(reading.page_date) if reading.page_date else pd.NaT,
        "rules": list(reading.rules),
        "confidence": reading.confidence,
        "needs_confirmation": _open(reading),
    }


def _as_unreadable(row: dict[str, Any]) -> dict[str, Any]:
    unread = dict.fromkeys(("j1", "h1b", "policy", "step3_required_for_h1b"), "not_stated")
    return unread | {
        "scope": row["scope"] or "program",
        "conditions": [],
        "counter_evidence": [],
        "readings": [],
        "page_date": pd.NaT,
        "rules": ["unreadable"],
        "confidence": "low",
        "needs_confirmation": True,
    }


def _locator(piece: Evidence) -> str:
    return f"block {piece.block}, characters {piece.start}-{piece.end}"


def _open(reading: Reading) -> bool:
    return reading.needs_confirmation or reading.policy == "contact"


def policies_from_confirmations(confirmations: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return the table `visa_policies` of confirmations, one row each.

    confirmations: table confirmations. programs: program_code, institution_id. A confirmation of a program that is not
    in the list has no institution.
    """
    known = confirmations.merge(programs[["program_code", "institution_id"]], on="program_code", how="left")
    if known.empty:
        return empty_frame("visa_policies")
    words = [policy_of(j1, h1b) for j1, h1b in zip(known["j1"], known["h1b"], strict=True)]
    notes = known["note"].fillna("J-1 " + known["j1"] + ", H-1B " + known["h1b"])
    empty = [[] for _ in words]
    return pd.DataFrame(
        {
            "policy_id": [
                stable_id("policy", code, str(day)[:10], "confirmed")
                for code, day in zip(known["program_code"], known["confirmed_on"], strict=True)
            ],
            "program_code": known["program_code"],
            "institution_id": known["institution_id"],
            "institution_as_named": None,
            "program_as_named": None,
            "scope": "program",
            "j1": known["j1"],
            "h1b": known["h1b"],
            "policy": words,
            "step3_required_for_h1b": known["step3_required_for_h1b"],
            "step3_deadline": None,
            "conditions": empty,
            "evidence_quote": known["how"].map(_HOW_CONFIRMED) + ": " + notes,
            "evidence_kind": "confirmed",
            "evidence_locator": "program "
            + known["program_code"]
            + ", "
            + known["confirmed_on"].dt.strftime("%Y-%m-%d"),
            "counter_evidence": empty,
            "readings": empty,
            "url": None,
            "page_date": known["confirmed_on"],
            "retrieved_on": known["confirmed_on"],
            "rules": [["confirmation"] for _ in words],
            "confidence": "high",
            "needs_confirmation": [word in ("contact", "not_stated") for word in words],
            "snapshot_id": known["snapshot_id"],
        }
    )

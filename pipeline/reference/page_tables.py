"""Descriptions of the tables that say where pages are looked for: known addresses, sites of institutions, words of links."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable
from pipeline.schemas.vocabulary import STATES

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_STATE: Final = ("", *STATES)

PAGE_TABLES: Final = (
    ReferenceTable(
        "pages/known_pages.csv",
        "Pages that are known to state a visa policy",
        ("institution", "program", "specialty", "city", "state", "url", "source"),
        required=("institution", "url", "source"),
        allowed={"state": _STATE},
        patterns={"url": r"https?://\S+"},
    ),
    ReferenceTable(
        "pages/gme_hosts.csv",
        "Sites of institutions for which no list or register has an address; folder: their part of a host that is others', too",
        ("institution", "city", "state", "url", "folder", "source", "as_of"),
        required=("institution", "state", "url", "source", "as_of"),
        allowed={"state": _STATE},
        patterns={"url": r"https?://\S+", "folder": r"(/\S+/)?", "as_of": _DAY},
        key=("institution", "state"),
        order=("institution", "state"),
    ),
    ReferenceTable(
        "pages/words.csv",
        "Words that make a link worth a request, with their weights",
        ("kind", "pattern", "weight", "note"),
        required=("kind", "pattern", "weight"),
        allowed={"kind": ("visa", "international", "eligibility", "faq", "apply", "training", "policy", "away")},
        patterns={"weight": r"-?\d+"},
        key=("kind", "pattern"),
    ),
)  # fmt: skip

"""Description of the table that says where the files of each source are published, how often, and who saves them."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable

_HOSTS: Final = r"([a-z0-9.-]+( [a-z0-9.-]+)*)?"
_COUNT: Final = r"\d{1,4}"

SOURCE_TABLES: Final = (
    ReferenceTable(
        "sources/publications.csv",
        "Files that publishers offer: addresses by period, the way to them in a catalogue, bounds, cadence, terms, and what a person does",
        ("source", "file", "saved_by", "address", "pick", "hosts", "media", "megabytes", "periods", "first", "last", "days",
         "lag", "layouts", "terms", "by_hand", "as_of"),
        required=("source", "file", "saved_by", "address", "media", "days", "lag", "terms", "by_hand", "as_of"),
        allowed={
            "saved_by": ("machine", "person"),
            "periods": ("", "fiscal_year", "fiscal_quarter", "year_to_date", "newest_year", "parts"),
        },
        patterns={
            "address": r"https://[a-z0-9.-]+/[!-~]*", "hosts": _HOSTS, "megabytes": r"\d{0,4}", "first": r"\d{0,4}",
            "last": r"\d{0,4}", "days": _COUNT, "lag": _COUNT, "as_of": r"\d{4}-\d{2}-\d{2}",
        },
        key=("source", "file"),
    ),
)  # fmt: skip

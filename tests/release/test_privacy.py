"""No personal data in what is published, whatever the sources hold."""

from __future__ import annotations

import pandas as pd

from pipeline.release.privacy import personal_data, without_personal_data
from pipeline.schemas.frames import to_arrow, to_frame
from pipeline.schemas.registry import TABLES


def quarantine(content: str) -> dict:
    rows = pd.DataFrame({"source": ["x"], "snapshot_id": ["x/1"], "row": [1], "reason": ["bad"], "content": [content]})
    return {"quarantine": to_arrow(rows, "quarantine")}


def test_it_is_left_out_and_the_gate_sees_what_would_have_been_left() -> None:
    tables = quarantine("Ask Dr. Amara Okafor, amara@hospital.example.org, (617) 555-0100")
    assert personal_data(tables) == ["quarantine.content holds personal data in 1 values"]
    clean = without_personal_data(tables)
    assert to_frame(clean["quarantine"])["content"].tolist() == ["Ask [name], [e-mail], [telephone]"]
    assert personal_data(clean) == [] and clean["quarantine"].schema == tables["quarantine"].schema


def test_tables_without_any_are_given_back_as_they_are() -> None:
    tables = quarantine("2021,GENERAL HOSPITAL,MA")
    assert without_personal_data(tables)["quarantine"] is tables["quarantine"]


def test_lists_and_records_are_looked_through() -> None:
    rows = pd.DataFrame(
        {
            "rank": [1], "kind": ["ruling"], "subject": ["x"], "question": ["?"], "uncertainty": [0.5], "subject_id": ["x"],
            "reasons": [["call 617-555-0100", "the names agree"]], "approvals": [0],
        }
    )  # fmt: skip
    clean = without_personal_data({"review_queue": to_arrow(rows, "review_queue")})["review_queue"]
    assert clean["reasons"].to_pylist() == [["call [telephone]", "the names agree"]]


def test_sentences_of_pages_are_prose_everywhere() -> None:
    quoted = {
        (table.name, field.name) for table in TABLES.values() for field in table.fields if field.name.endswith("quote")
    }
    assert quoted and all(TABLES[name].field(column).prose for name, column in quoted)

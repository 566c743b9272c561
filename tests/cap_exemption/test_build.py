"""What cap exemption makes of filings before it judges: the trainees of each petitioner who begin in summer."""

from __future__ import annotations

import pandas as pd

from pipeline.cap_exemption.build import summer_trainees


def test_trainees_who_begin_in_june_or_july_are_counted_once_each() -> None:
    filings = pd.DataFrame(
        {
            "filing_id": ["a", "b", "b", "c", "d"],
            "employer": ["H", "H", "H", "H", "I"],
            "worksite_state": ["MA"] * 5,
            "begin_date": pd.to_datetime(["2025-07-01", "2025-06-20", "2025-06-20", "2025-08-01", "2025-07-01"]),
            "snapshot_id": ["s"] * 5,
        }
    )
    links = pd.DataFrame(
        {
            "employer_name": ["H", "H", "H", "I"],
            "worksite_state": ["MA", "MA", "NY", "MA"],
            "petitioner_id": ["p", "p", "q", None],
        }
    )
    assert summer_trainees(filings, links).to_dict("records") == [
        {"petitioner_id": "p", "june_july_trainee_starts": 2, "snapshot_id": "s"}
    ]

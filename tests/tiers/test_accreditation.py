"""Where a program stands with its accreditation, and that nothing is inferred of one whose accreditation was withdrawn."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.schemas.vocabulary import ACCREDITATION
from pipeline.sources.acgme.rows import STATUSES
from pipeline.tiers.accreditation import accreditation_of

AS_OF = pd.Timestamp("2026-11-20")


def standing(status: str | None = None, first: str | None = None, new_in_eras: bool | None = None) -> str:
    row = {
        "accreditation_status": pd.Series([status], dtype="str"),
        "original_accreditation_date": pd.to_datetime(pd.Series([first])),
        "new_in_eras": pd.Series([new_in_eras], dtype="boolean"),
    }
    return accreditation_of(pd.DataFrame(row), AS_OF).iloc[0]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Continued Accreditation", "accredited"), ("Continued Accreditation without Outcomes", "accredited"),
        ("Full Accreditation", "accredited"), ("Initial Accreditation", "new"), ("Initial Accreditation - Contingent", "new"),
        ("Pre-Accreditation", "new"), ("Continued Pre-Accreditation", "accredited"), ("Applicant for Accreditation", "new"),
        ("Initial Accreditation with Warning", "warning"), ("Continued Accreditation with Warning", "warning"),
        ("Probationary Accreditation", "probation"), ("Voluntary Withdrawal", "withdrawn"),
        ("Administrative Withdrawal of Accreditation", "withdrawn"), ("Pre-Accreditation Withdrawn", "withdrawn"),
        ("Accreditation Withheld", "withdrawn"), (None, "not_listed"),
    ],
)  # fmt: skip
def test_a_status_in_one_word(status: str | None, word: str) -> None:
    assert standing(status) == word


def test_every_status_has_a_word() -> None:
    assert {standing(status) for status in STATUSES} <= set(ACCREDITATION) - {"not_listed"}


@pytest.mark.parametrize(
    ("first", "new_in_eras", "word"),
    [
        ("2025-06-01", None, "new"), ("2027-07-01", None, "new"), ("2023-06-01", None, "not_listed"),
        (None, True, "new"), (None, False, "not_listed"),
    ],
)  # fmt: skip
def test_a_program_without_a_status_is_new_by_its_first_day_or_by_eras(
    first: str | None, new_in_eras: bool | None, word: str
) -> None:
    assert standing(None, first, new_in_eras) == word
    assert standing("Continued Accreditation", first, new_in_eras) == "accredited", "a status says more"

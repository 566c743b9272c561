"""What `explain` says of petitioners and applications that are those of several institutions of the list."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest

from pipeline.commands.explain_sections import explain_filings, explain_petitioners

PETITIONER: dict[str, Any] = {
    "petitioner_id": "pet_1", "name": "BEACON MANAGEMENT LP", "relation": "affiliate", "initial_approvals": 5, "continuing_approvals": 6, "files_for": 1,
    "attributed": True, "cap_exempt_category": None, "cap_exempt_confidence": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "6 continuing approvals;"),
        ({"files_for": 3}, "6 continuing approvals (files for 3 of this list);"),
        ({"files_for": 3, "attributed": False}, "approvals (files for 3 of this list, not attributed);"),
    ],
)
def test_a_petitioner_of_several_institutions_says_so(
    change: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = pd.DataFrame(
        {"petitioner_id": ["pet_1"], "name": "BEACON", "tax_id_last4": "1234", "cities": [["RENO"]], "state": "NV"}
    )
    with duckdb.connect() as connection:
        connection.register("petitioners", known)
        explain_petitioners(connection, {"petition_years": "2022", "petitioners": [PETITIONER | change]})
    assert said in " ".join(capsys.readouterr().out.split())


def test_applications_of_an_employer_of_several_are_shown_and_not_attributed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    filings = pd.DataFrame(
        {
            "filing_id": ["a", "b"], "employer": "Beacon Management LP", "institution_id": None, "begin_date": None,
            "specialty": None, "possible_institution_ids": [["inst_1", "inst_2"]] * 2,
        }
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("trainee_filings", filings)
        explain_filings(connection, "inst_1")
        explain_filings(connection, "inst_3")
    said = " ".join(capsys.readouterr().out.split())
    assert "None that is attributed to it alone." in said
    assert said.count("2 × by Beacon Management LP, which files for several of this list: not attributed") == 1
    assert "None at hand." in said

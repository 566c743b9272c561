"""Petitioners as the tests of this room write them down."""

from __future__ import annotations

import pandas as pd

Row = tuple[str, str, str, str | None, str]  # name, state, city, last four of the EIN, NAICS


def petitioners(*rows: Row) -> pd.DataFrame:
    """Return table `petitioners` with one row for each of `rows`, pet_00 and so on, five new and seven continuing approvals."""
    return pd.DataFrame(
        {
            "petitioner_id": [f"pet_{place:02d}" for place in range(len(rows))],
            "name": [row[0] for row in rows],
            "tax_id_last4": [row[3] for row in rows],
            "state": [row[1] for row in rows],
            "spellings": [[row[0]] for row in rows],
            "cities": [[row[2]] for row in rows],
            "naics": [[row[4]] for row in rows],
            "first_fiscal_year": 2018,
            "last_fiscal_year": 2023,
            "initial_approvals": 5,
            "continuing_approvals": 7,
        }
    )

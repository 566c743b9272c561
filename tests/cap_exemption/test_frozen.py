"""Whom an order of a state binds: the body, not the state that a row of petitions prints."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.cap_exemption.judge import judge_petitioners
from pipeline.cap_exemption.registers import read_registers
from tests.cap_exemption.frames import Row, petitioners

SCHOOLS = pd.DataFrame(
    [
        ("100101", "University of Montana", "MT", "816001713"),
        ("100102", "The University of Texas at Austin", "TX", "746000203"),
        ("100103", "Springdale Community College", "TX", "741111111"),
        ("134130", "University of Florida", "FL", "596002052"),
        ("100105", "Miami Dade College", "FL", "591210485"),
    ],
    columns=["unitid", "name", "state", "ein"],
).assign(control=1, degree_granting=True, city="x", grants_medical_degree=False, snapshot_id="ipeds_hd/1")
SCHOOLS["aliases"] = [[] for _ in range(len(SCHOOLS))]


@pytest.mark.parametrize(
    ("row", "order"),
    [
        (("UNIVERSITY OF MONTANA", "TX", "MISSOULA", "1713", "61"), None),
        (("UNIVERSITY OF MONTANA", "MT", "MISSOULA", "1713", "61"), None),
        (("THE UNIVERSITY OF TEXAS AT AUSTIN", "TX", "AUSTIN", "0203", "61"), "TX_public_universities"),
        (("THE UNIVERSITY OF TEXAS AT AUSTIN", "CA", "AUSTIN", "0203", "61"), "TX_public_universities"),
        (("SPRINGDALE COMMUNITY COLLEGE", "TX", "SPRINGDALE", "1111", "61"), "TX_public_universities"),
        (("UT SOUTHWESTERN MEDICAL CTR", "TX", "DALLAS", "9999", "61"), "TX_public_universities"),
        (("BAYLOR COLLEGE OF MEDICINE", "TX", "HOUSTON", "8888", "61"), None),
        (("TEXAS DEPARTMENT OF STATE HEALTH SERVICES", "TX", "AUSTIN", "7777", "92"), "TX_agencies"),
        (("UNIVERSITY OF FLORIDA", "FL", "GAINESVILLE", "2052", "61"), "FL_universities"),
        (("UNIVERSITY OF SOUTH FLORIDA", "FL", "TAMPA", "6666", "61"), "FL_universities"),
        (("MIAMI DADE COLLEGE", "FL", "MIAMI", "0485", "61"), None),
    ],
)
def test_an_order_binds_the_body(row: Row, order: str | None) -> None:
    [answer] = judge_petitioners(petitioners(row), read_registers({"ipeds_institutions": SCHOOLS})).to_dict("records")
    assert answer["state_freeze"] == order

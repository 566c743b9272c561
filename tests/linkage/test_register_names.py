"""Records of IPEDS and ROR that spellings name: one record is one petitioner, two units of IPEDS are two."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.anchors import Registers
from pipeline.schemas.frames import empty_frame
from tests.linkage.grouped import are_one


def rows(table: str, *given: dict[str, object]) -> pd.DataFrame:
    empty = empty_frame(table)
    return pd.DataFrame([dict.fromkeys(empty.columns) | row for row in given]).astype({"name": "str", "state": "str"})


REGISTERS = Registers(
    ipeds=rows(
        "ipeds_institutions",
        {"unitid": "1", "name": "Auburn University", "state": "AL", "city": "Auburn", "aliases": []},
        {"unitid": "2", "name": "Auburn University at Montgomery", "state": "AL", "city": "Montgomery", "aliases": ["AUM"]},
        {
            "unitid": "3", "name": "Zedonia State University and Agricultural & Mechanical College", "state": "AL",
            "city": "Mobile", "aliases": ["Zedonia State University"],
        },
    ),
    ror=rows(
        "ror_organizations",
        {"ror_id": "9", "name": "Zmeta (United States)", "state": "AL", "city": "Mobile", "aliases": ["Facefolio"], "acronyms": ["ZMP"]},
    ),
)  # fmt: skip


def one(first: str, second: str, *, cities: tuple[str, str] = ("MOBILE", "MOBILE"), state: str = "AL") -> bool:
    filed = [(name, "1234", city, 5) for name, city in zip((first, second), cities, strict=True)]
    return are_one(filed[0], filed[1], state=state, registers=REGISTERS)


def test_names_of_one_record_are_one_petitioner() -> None:
    assert one("FACEFOLIO INC", "ZMETA UNITED STATES INC")
    assert one("ZEDONIA STATE UNIVERSITY", "ZEDONIA STATE UNIV & A&M COLLEGE")


def test_an_acronym_of_a_register_is_a_name() -> None:
    assert one("FACEFOLIO INC", "ZMP INC")


def test_a_name_filed_from_elsewhere_or_in_another_state_is_not_the_record() -> None:
    assert not one("FACEFOLIO INC", "ZMP INC", cities=("MOBILE", "HUNTSVILLE"))
    assert not one("FACEFOLIO INC", "ZMP INC", state="GA")


def test_two_units_are_two_petitioners_though_they_share_a_word() -> None:
    names = ("AUBURN UNIVERSITY", "AUBURN UNIVERSITY AT MONTGOMERY")
    assert not one(*names, cities=("AUBURN", "MONTGOMERY"))
    assert one("AUBURN UNIVERSITY", "AUBURN UNIV", cities=("AUBURN", "AUBURN"))

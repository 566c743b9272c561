"""The curated files: strict on the way in, and every row leads to an institution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.linkage.decisions import judge
from pipeline.linkage.judgements import (
    ALIAS_COLUMNS,
    JUDGEMENT_COLUMNS,
    locate,
    merged,
    read_aliases,
    read_judgements,
)
from pipeline.reference.rulings import read_own_rulings

ALIAS = "350366,Maimonides Medical Center,NY,Boro Park Corp,NY,,same,its legal name,public knowledge: name,2026-01-01"
RULING = "BORO PARK CORP,,NY,,350366,Maimonides Medical Center,NY,same,its legal name,test,2026-01-01,maintainer"


def write(folder: Path, name: str, header: tuple[str, ...], *lines: str) -> None:
    (folder / name).write_text("\n".join([",".join(header), *lines]) + "\n", encoding="utf-8")


def test_files_of_a_folder_are_read_together(tmp_path: Path) -> None:
    write(tmp_path, "aliases.csv", ALIAS_COLUMNS, ALIAS)
    write(tmp_path, "aliases_more.csv", ALIAS_COLUMNS, ALIAS.replace("Boro", "Old Boro"))
    assert read_aliases(tmp_path)["alias"].tolist() == ["Boro Park Corp", "Old Boro Park Corp"]
    assert read_judgements(tmp_path).empty


def test_the_operators_own_ruling_has_the_last_word(make_world: Callable[..., Any]) -> None:
    """Though the shipped one is more specific, and comes later by its date."""
    shipped = {
        "employer": "BORO PARK CORP", "employer_city": "BROOKLYN", "employer_state": "NY", "sponsor_code": "350366",
        "institution": "Maimonides Medical Center", "institution_state": "NY", "verdict": "different", "reason": "x",
        "source": "y", "date": "2026-02-01", "judged_by": "maintainer",
    }  # fmt: skip
    own = shipped | {"employer_city": "", "employer_state": "", "verdict": "same", "date": "2026-01-01"}
    sponsor = ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY")
    world = make_world([sponsor], [("BORO PARK CORP", "1", "NY", "BROOKLYN", 3)])
    for rows, verdict in (([own, shipped], "different"), ([shipped | {"own": False}, own | {"own": True}], "same")):
        table = pd.DataFrame(rows).fillna("").assign(tax_id_last4="")
        assert judge(world.petitions, world.built.institutions, table)["verdict"].tolist() == [verdict]


def test_the_shipped_and_the_own_rulings_are_merged(tmp_path: Path) -> None:
    write(tmp_path, "mine.csv", JUDGEMENT_COLUMNS, RULING)
    both = merged(read_own_rulings(tmp_path).links)
    assert len(both) == len(read_judgements()) + 1
    assert both["own"].tolist() == [False] * len(read_judgements()) + [True]


def test_rows_are_located_by_code_then_by_name_in_the_state() -> None:
    institutions = pd.DataFrame(
        {"institution_id": ["a", "b", "c"], "sponsor_code": ["350366", None, None],
         "name": ["Maimonides Medical Center", "Mercy Hospital", "Mercy Hospital"], "state": ["NY", "ME", "IA"],
         "aliases": [[], ["Mercy of Portland"], ["Mercy of Portland"]], "places": [[], [], ["Ames, IA", "Keene, NH"]],
         "sponsor_names": [["Boro Park Hospital"], [], []], "other_sponsor_codes": [["350001"], [], []]}
    )  # fmt: skip
    asked = pd.DataFrame(
        {"sponsor_code": ["350366", "", "", "", "999999", "350001", "", ""],
         "institution": ["renamed", "Mercy Hosp", "Mercy of Portland", "Mercy Hospital", "nobody", "by its other code",
                         "Boro Park Hospital", "Mercy Hospital"],
         "institution_state": ["NY", "ME", "ME", "OH", "NY", "NY", "NY", "NH"]}
    )  # fmt: skip
    found = locate(asked, institutions)
    assert [one if isinstance(one, str) else None for one in found] == ["a", "b", "b", None, None, "a", "a", "c"]


def test_a_row_finds_its_sponsor_under_the_name_of_the_list_at_hand() -> None:
    """People wrote of the hospital as an older list has it; the newest list has it renamed, or with its owner's brand."""
    institutions = pd.DataFrame(
        {"institution_id": ["a", "b"], "sponsor_code": None, "name": ["Hennepin Healthcare", "Mercy Health-St Rita's Medical Center"],
         "state": ["MN", "OH"], "aliases": [[], []], "places": [[], []], "sponsor_names": [[], []],
         "other_sponsor_codes": [[], []]}
    )  # fmt: skip
    asked = pd.DataFrame(
        {"sponsor_code": "", "institution": ["Hennepin County Medical Center", "St. Rita's Medical Center"] * 2,
         "institution_state": ["MN", "OH", "WI", "MN"]}
    )  # fmt: skip
    found = locate(asked, institutions)
    assert [one if isinstance(one, str) else None for one in found] == ["a", "b", None, None]

"""The curated files: strict on the way in, and every row leads to an institution."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.linkage.judgements import (
    ALIAS_COLUMNS,
    locate,
    read_aliases,
    read_judgements,
)

ALIAS = "350366,Maimonides Medical Center,NY,Boro Park Corp,NY,,same,its legal name,public knowledge: name,2026-01-01"
RULING = "BORO PARK CORP,,NY,,350366,Maimonides Medical Center,NY,same,its legal name,test,2026-01-01,maintainer"


def write(folder: Path, name: str, header: tuple[str, ...], *lines: str) -> None:
    (folder / name).write_text("\n".join([",".join(header), *lines]) + "\n", encoding="utf-8")


def test_files_of_a_folder_are_read_together(tmp_path: Path) -> None:
    write(tmp_path, "aliases.csv", ALIAS_COLUMNS, ALIAS)
    write(tmp_path, "aliases_more.csv", ALIAS_COLUMNS, ALIAS.replace("Boro", "Old Boro"))
    assert read_aliases(tmp_path)["alias"].tolist() == ["Boro Park Corp", "Old Boro Park Corp"]
    assert read_judgements(tmp_path).empty


def test_rows_are_located_by_code_then_by_name_in_the_state() -> None:
    institutions = pd.DataFrame(
        {"institution_id": ["a", "b", "c"], "sponsor_code": ["350366", None, None],
         "name": ["Maimonides Medical Center", "Mercy Hospital", "Mercy Hospital"], "state": ["NY", "ME", "IA"],
         "aliases": [[], ["Mercy of Portland"], []]}
    )  # fmt: skip
    asked = pd.DataFrame(
        {"sponsor_code": ["350366", "", "", "", "999999"],
         "institution": ["renamed", "Mercy Hosp", "Mercy of Portland", "Mercy Hospital", "nobody"],
         "institution_state": ["NY", "ME", "ME", "OH", "NY"]}
    )  # fmt: skip
    found = locate(asked, institutions)
    assert [one if isinstance(one, str) else None for one in found] == ["a", "b", "b", None, None]

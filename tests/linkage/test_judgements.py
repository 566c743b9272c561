"""The curated files: strict on the way in, and every row leads to an institution."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.linkage.judgements import (
    ALIAS_COLUMNS,
    JUDGEMENT_COLUMNS,
    CuratedError,
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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ALIAS.replace(",same,", ",twin,"), "line 2: relation 'twin'"),
        (ALIAS.replace("Corp,NY,", "Corp,ZZ,"), "line 2: alias_state 'ZZ'"),
        (ALIAS.replace("Boro Park Corp", ""), "line 2: alias is blank"),
        (ALIAS.replace("public knowledge: name", ""), "line 2: source is blank"),
    ],
)
def test_a_wrong_alias_stops_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path, "aliases.csv", ALIAS_COLUMNS, line)
    with pytest.raises(CuratedError, match=said):
        read_aliases(tmp_path)


def test_a_wrong_header_or_verdict_stops(tmp_path: Path) -> None:
    write(tmp_path, "judgements.csv", JUDGEMENT_COLUMNS, RULING.replace(",same,", ",perhaps,"))
    with pytest.raises(CuratedError, match="verdict 'perhaps'"):
        read_judgements(tmp_path)
    write(tmp_path, "judgements.csv", JUDGEMENT_COLUMNS[:-1], RULING)
    with pytest.raises(CuratedError, match="line 1: columns must be"):
        read_judgements(tmp_path)


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


def test_the_curated_files_of_the_project_can_be_read() -> None:
    aliases, judgements = read_aliases(), read_judgements()
    assert set(aliases["relation"]) <= {"same", "affiliate"}
    assert set(judgements["verdict"]) <= {"same", "affiliate", "different", "unsure"}

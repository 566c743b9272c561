"""The curated tables: all that are shipped fit their descriptions, and what doesn't fit is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reference.load import REFERENCE, ReferenceTableError, read_folder, read_reference, read_rows, read_table
from pipeline.reference.model import ReferenceTable
from pipeline.reference.tables import TABLES

TABLE = ReferenceTable(
    "x/fruit.csv",
    "Fruit",
    ("name", "colour", "day"),
    required=("name",),
    allowed={"colour": ("", "red", "green")},
    patterns={"day": r"\d{4}-\d{2}-\d{2}"},
    key=("name", "colour"),
    order=("name",),
)


def read(folder: Path, *lines: str) -> list[dict[str, str]]:
    path = folder / "fruit.csv"
    path.write_text("\n".join(("name,colour,day", *lines)) + "\n", "utf-8")
    return [{str(key): cell for key, cell in row.items()} for row in read_table(TABLE, path).to_dict("records")]


def test_cells_are_trimmed_text_and_know_their_line(tmp_path: Path) -> None:
    assert read(tmp_path, "apple, red ,2026-01-01", "", '"pear\nbig",,2026-01-02', "plum,,2026-01-03") == [
        {"name": "apple", "colour": "red", "day": "2026-01-01", "line": 2},
        {"name": "pear\nbig", "colour": "", "day": "2026-01-02", "line": 4},
        {"name": "plum", "colour": "", "day": "2026-01-03", "line": 6},
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["apple,red"], "line 2: 2 cells, not 3"),
        (["apple,red,2026-01-01", ",red,2026-01-01"], "line 3: name is blank"),
        (["apple,blue,2026-01-01"], "line 2: colour is none of red, green"),
        (["apple,red,soon"], "line 2: day is not of the form"),
        (["apple,red,٢٠٢٦-01-01"], "line 2: day is not of the form"),
        (["apple,red,2026-01-01", "apple,red,2026-01-02"], "line 3: a second row with the same name, colour"),
        (["pear,red,2026-01-01", "apple,red,2026-01-02"], "line 3: rows must be sorted by name"),
        (['apple,"red,2026-01-01'], "line 2: "),
    ],
)
def test_what_does_not_fit_is_named_with_file_and_line(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(ReferenceTableError, match=f"fruit.csv, {said}"):
        read(tmp_path, *lines)


def test_another_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fruit.csv").write_text("name,day,colour\n")
    with pytest.raises(ReferenceTableError, match=r"fruit\.csv, line 1: the columns must be name,colour,day"):
        read_table(TABLE, tmp_path / "fruit.csv")


@pytest.mark.parametrize("file", sorted(TABLES))
def test_every_shipped_table_fits_its_description(file: str) -> None:
    frame = read_reference(file)
    assert tuple(frame.columns) == (*TABLES[file].columns, "line")
    assert len(read_rows(file)) == len(frame)


def test_every_shipped_file_is_described() -> None:
    files = {path.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("*.csv")}
    # Snapshots that come with the package are read by their source.
    assert {file for file in files if not file.startswith("archive/")} == set(TABLES)


def test_files_of_a_folder_are_read_one_below_the_other(tmp_path: Path) -> None:
    header = ",".join(TABLES["specialties/pairs.csv"].columns)
    for name, row in (("pairs.csv", "a,b,c"), ("pairs-mine.csv", "d,e,f"), ("other.csv", "g,h,i")):
        (tmp_path / name).write_text(f"{header}\n{row}\n")
    assert read_folder("specialties/pairs.csv", tmp_path)["first"].tolist() == ["d", "a"]
    assert read_folder("specialties/paths.csv", tmp_path).empty


def test_a_caller_cannot_change_what_the_next_one_reads() -> None:
    mine = read_reference("specialties/pairs.csv")
    mine["first"] = "changed"
    assert "changed" not in set(read_reference("specialties/pairs.csv")["first"])

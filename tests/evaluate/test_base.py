"""Gold files are read one way, and refused with the line and what is wrong there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.base import GoldError, read_gold


def test_all_cells_are_text_and_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text('\ufeffname,state\nNA,OH\n"A, B",\n', "utf-8")
    rows = read_gold(path, ("name", "state"), {"state": ("OH", "")})
    assert rows.to_dict("list") == {"name": ["NA", "A, B"], "state": ["OH", ""], "line": [2, 3]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "can't be read as a CSV table"),
        (b"\xff\xfe\x00", "can't be read as a CSV table"),
        (b"name,state\nA,OH,1,2\nB,OH\nC,OH,1,2,3,4,5\n", "can't be read as a CSV table"),
        (b"name\nA\n", "line 1: no column state; wanted are name, state"),
        (b"name,state\n", "holds no labelled case"),
        (b"name,state\nA,OH\nB,Ohio\n", "line 3: state 'Ohio' must be one of OH, MA"),
        (b"name,state\nA,OH\nb,OH\n", r"line 3: name 'b' must be of the form \[A-Z\]"),
    ],
)
def test_a_file_in_another_form_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "gold.csv"
    path.write_bytes(content)
    with pytest.raises(GoldError, match=message) as refused:
        read_gold(path, ("name", "state"), {"state": ("OH", "MA")}, {"name": "[A-Z]"})
    assert "gold.csv" in str(refused.value) and "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"absent\.csv"):
        read_gold(tmp_path / "absent.csv", ("name",))

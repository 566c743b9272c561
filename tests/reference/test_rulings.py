"""The operator's own rulings: what fits is used, what doesn't is told with file and row, and nothing stops."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.reference.rulings import CAP_EXEMPTION, LINKS, read_own_rulings
from pipeline.reference.tables import TABLES

LINK = "BORO PARK CORP,1234,NY,,350366,Maimonides Medical Center,NY,same,its legal name,public knowledge: name,2026-01-01,reviewer"
CAP = "Riverbend Hospital,OH,,likely_exempt,letter seen,2026-10-02,reviewer,letter"


def write(folder: Path, name: str, kind: str, *rows: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([",".join(TABLES[kind].columns), *rows]) + "\n", "utf-8")
    return path


def test_without_a_folder_there_is_none(tmp_path: Path) -> None:
    own = read_own_rulings(tmp_path / "none")
    assert own.links.empty and own.cap_exemption.empty and (own.problems, own.digest) == ((), "")
    assert tuple(own.links.columns) == TABLES[LINKS].columns


def test_the_header_says_what_a_file_rules_on_never_its_name(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", CAP_EXEMPTION, CAP)
    write(tmp_path, "b.csv", LINKS, LINK)
    write(tmp_path, "judgements.csv", LINKS, LINK.replace("BORO", "OLD BORO"))
    (tmp_path / "notes.txt").write_text("no table")
    own = read_own_rulings(tmp_path)
    assert own.links["employer"].tolist() == ["BORO PARK CORP", "OLD BORO PARK CORP"]
    assert own.cap_exemption["name"].tolist() == ["Riverbend Hospital"] and own.problems == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (LINK.replace("same", "yes"), "verdict is none of"),
        (LINK.replace("NY,same", "ZZ,same"), "institution_state is none of"),
        (LINK.replace("1234", "12"), "tax_id_last4 is not of the form"),
        (LINK.replace("2026-01-01", "soon"), "date is not of the form"),
        (LINK.replace("BORO PARK CORP", ""), "employer is blank"),
        (LINK + ",more", "13 cells, not 12"),
        ('"BORO', "line 3: "),
    ],
)
def test_a_bad_row_is_told_and_the_others_count(tmp_path: Path, row: str, said: str) -> None:
    write(tmp_path, "mine.csv", LINKS, LINK, row)
    own = read_own_rulings(tmp_path)
    [line] = own.problems
    assert line.startswith("mine.csv, line 3: ") and said in line
    assert own.links["employer"].tolist() == ["BORO PARK CORP"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n1,2\n", "the columns must be employer,"), (b"", "the columns must be"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_file_that_is_no_table_of_rulings_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    write(tmp_path, "good.csv", LINKS, LINK)
    (tmp_path / "bad.csv").write_bytes(content)
    own = read_own_rulings(tmp_path)
    [line] = own.problems
    assert line.startswith("bad.csv, line 1: ") and said in line and len(own.links) == 1


def test_what_is_no_file_is_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    assert len(read_own_rulings(tmp_path).problems) == 3


def test_the_digest_changes_with_every_change(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.csv", LINKS, LINK)
    digests = {"", read_own_rulings(tmp_path).digest}
    path.write_text(path.read_text("utf-8").replace("same", "affiliate"), "utf-8")
    digests.add(read_own_rulings(tmp_path).digest)
    path.rename(tmp_path / "yours.csv")
    digests.add(read_own_rulings(tmp_path).digest)
    assert len(digests) == 4

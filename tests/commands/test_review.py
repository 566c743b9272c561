"""Reviewing links in the terminal."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands.review import append, open_links
from pipeline.linkage.judgements import FOLDER, JUDGEMENT_COLUMNS, read_judgements
from pipeline.reference.load import ReferenceTableError
from pipeline.reference.rulings import read_own_rulings
from pipeline.settings import DATA_DIR_VARIABLE

ROW = {
    "employer": "HMH HOSPITALS CORP",
    "tax_id_last4": "7576",
    "state": "NJ",
    "city": "EDISON",
    "sponsor_code": None,
    "institution": "Hackensack University Medical Center",
    "institution_state": "NJ",
}


@pytest.fixture
def judgements(tmp_path: Path) -> Path:
    path = tmp_path / "judgements.csv"
    path.write_text(",".join(JUDGEMENT_COLUMNS) + "\n", "utf-8")
    return path


def test_a_ruling_is_appended_and_can_be_read_again(judgements: Path) -> None:
    append(judgements, ROW, "same", "legal entity, since the merger", "public knowledge: merger", dt.date(2026, 11, 22))
    [ruling] = read_judgements(judgements.parent).to_dict("records")
    assert ruling["verdict"] == "same" and ruling["reason"] == "legal entity, since the merger"
    assert ruling["employer_city"] == "EDISON" and ruling["judged_by"] == "reviewer"


def test_a_file_that_ends_without_a_line_break_is_not_glued(judgements: Path) -> None:
    judgements.write_text(judgements.read_text().rstrip("\n"))
    append(judgements, ROW, "different", "x", "y", dt.date(2026, 11, 22))
    assert len(read_judgements(judgements.parent)) == 1


def link(employer: str, petitioner: str) -> dict[str, object]:
    unit = {"employer": employer, "tax_id_last4": "1", "state": "NJ", "city": "EDISON"}
    return unit | {
        "petitioner_id": petitioner,
        "institution_id": "inst_1",
        "decision": "review",
        "approvals": 3,
        "score": 55.0,
        "reasons": [],
    }


def test_links_come_in_the_order_of_the_queue_and_judged_ones_are_left_out(judgements: Path) -> None:
    links = pd.DataFrame([link("FIRST", "p1"), link("SECOND", "p2"), link("JUDGED", "p3")])
    institutions = pd.DataFrame(
        {
            "institution_id": ["inst_1"],
            "name": ["Hospital"],
            "sponsor_code": [None],
            "city": ["EDISON"],
            "state": ["NJ"],
        }
    )
    queue = pd.DataFrame(
        {"kind": "petitioner_link", "subject_id": ["p2", "p1", "p3"], "candidate_id": "inst_1", "rank": [1, 2, 3]}
    )
    append(judgements, ROW | {"employer": "JUDGED", "institution": "Hospital"}, "same", "x", "y", dt.date(2026, 11, 22))
    waiting = open_links(links, institutions, queue, read_judgements(judgements.parent))
    assert waiting["employer"].tolist() == ["SECOND", "FIRST"]


def test_the_walk_writes_what_was_said_and_nothing_else(sample_data: Path, judgements: Path) -> None:
    command = ["review", "--limit", "2", "--judgements", str(judgements)]
    before = (FOLDER / "judgements.csv").read_bytes()
    result = CliRunner().invoke(
        app,
        command,
        input="x\nd\nanother body\npublic knowledge: a page\nq\n",
        env={DATA_DIR_VARIABLE: str(sample_data)},
    )
    assert result.exit_code == 0, result.output
    [ruling] = read_judgements(judgements.parent).to_dict("records")
    assert (ruling["verdict"], ruling["reason"]) == ("different", "another body")
    assert "one of s, a, d, u, k, q" in result.output and "1 judgements appended" in result.output
    assert (FOLDER / "judgements.csv").read_bytes() == before


def walk(data: Path, keys: str, *words: str) -> str:
    result = CliRunner().invoke(app, ["review", *words], input=keys, env={DATA_DIR_VARIABLE: str(data)})
    assert result.exit_code == 0, result.output
    return result.output


def test_rulings_are_kept_in_the_data_folder_and_count_at_once(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data, symlinks=True)
    said = walk(data, "d\nanother body\npublic knowledge: a page\nk\nq\n")
    own = data / "judgements" / "judgements.csv"
    assert str(own) in said.replace("\n", "") and "count from the next refresh on" in said
    assert read_own_rulings(own.parent).links["verdict"].tolist() == ["different"]
    first = said[said.index("  petitioner") :].splitlines()[:2]  # and the institution
    assert "\n".join(first) in said and "\n".join(first) not in walk(data, "q\n")


def test_without_a_release_the_links_of_the_last_refresh_are_shown(sample_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "nothing to review yet" in walk(data, "")
    shutil.copytree(sample_data / "curated" / ".work", data / "curated" / ".work")
    assert walk(data, "q\n", "--limit", "1") == walk(sample_data, "q\n", "--limit", "1").replace(
        str(sample_data), str(data)
    )


def test_a_file_with_other_columns_is_not_appended_to(judgements: Path) -> None:
    judgements.write_text("a,b\n", "utf-8")
    with pytest.raises(ReferenceTableError, match=r"judgements\.csv, line 1: the columns must be employer,"):
        append(judgements, ROW, "same", "x", "y", dt.date(2026, 11, 22))
    assert judgements.read_text("utf-8") == "a,b\n"

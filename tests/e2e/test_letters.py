"""Letters, the log of what was asked, and answers, as a doctor does it: each step on the screen, and what the next command shows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from pipeline.settings import PROJECT
from tests.conftest import copy_worked
from tests.e2e.conftest import FIRST_DAY, command

CODES = ("1400500000", "1400500001")
PROFILE = (
    'visas = ["H-1B", "J-1"]\nstep3 = "passed"\n[applicant]\nwhere = "abroad"\nschool = "foreign"\nname = "A. Doctor"\n'
)


@pytest.fixture
def own_data(tiny_data: Path, tmp_path: Path) -> Path:
    """A folder of its own that shares the release of tiny_data."""
    data = tmp_path / "data"
    (data / "curated").mkdir(parents=True)
    (data / "curated" / "latest").symlink_to(tiny_data / "curated" / "latest")
    return data


def test_one_letter_in_the_applicants_voice_and_what_is_above_it(own_data: Path) -> None:
    profile = own_data / "mine.toml"
    profile.write_text(PROFILE)
    told = command(own_data, "contact-list", "--profile", str(profile), "--mailto")
    assert told.code == 0
    for part in (
        "1400500000 Internal Medicine, Boston, MA: visa ?; accreditation accredited, list of 2025", "Contact: to be asked",
        "Read on: docs/guide.md#", "I live outside the United States and hope for an H-1B", "Kind regards,\nA. Doctor",
        "Does Good Hospital file the H-1B petitions", "mailto:?subject=Visa%20question", "1 of 1 letter, programs asked about: 40",
        "run this command again with --mark-asked",
    ):  # fmt: skip
        assert part in told.output, part
    assert "USMLE Step 3 be passed" not in told.output


def test_the_line_that_is_offered_for_an_answer_fits_the_example(own_data: Path) -> None:
    heard = command(own_data, "note", CODES[0], "--answered", "--on", "2026-11-09").output
    line = heard.partition("It begins with ")[2].split()[0]
    columns = (PROJECT / "docs" / "confirmations.example.csv").read_text("utf-8").splitlines()[0].split(",")
    assert dict(zip(columns, line.split(","), strict=False))["date"] == "2026-11-09"


def test_rows_have_the_letter_once(own_data: Path) -> None:
    told = command(own_data, "contact-list", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(told.output.rpartition("1 of 1")[0]))
    assert row["letter"].startswith("Dear colleagues,") and row["mailto"].startswith("mailto:?subject=")
    assert len(row["program_codes"].split("; ")) == len(row["known"].split("; 14")) == 40


def test_what_is_asked_and_answered_is_kept_and_shown_everywhere(own_data: Path) -> None:
    assert "own_letters.csv" in command(own_data, "note", *CODES, "--asked", "--on", "2026-11-02").output
    waiting = command(own_data, "contact-list")
    assert "programs asked about: 38" in waiting.output and "2 asked (--contact asked)" in waiting.output
    assert "no answer noted" in command(own_data, "contact-list", "--contact", "asked").output
    short = command(own_data, "explain", CODES[0]).output
    assert "no answer noted" in short and "2026-11-02 asked: which visas are sponsored" in short
    heard = command(own_data, "note", CODES[0], "--answered", "--on", "2026-11-09", "--text", "H-1B yes").output
    assert f"It begins with {CODES[0]},,,2026-11-09" in heard
    assert "2026-11-09 answered: H-1B yes" in command(own_data, "explain", CODES[0]).output
    profile = own_data / "mine.toml"
    profile.write_text(PROFILE)
    listed = command(own_data, "shortlist", "--profile", str(profile), "--format", "csv").output
    rows = pd.read_csv(io.StringIO(listed), dtype="str").set_index("program_code")
    assert rows.loc[[*CODES], "contact"].tolist() == ["answered", "asked"]
    assert rows.loc[CODES[0], "answered_on"] == "2026-11-09" and rows.loc[CODES[1], "asked_on"] == "2026-11-02"
    assert "answered 2026-11-09" in command(own_data, "shortlist", "--profile", str(profile), "--limit", "50").output


def test_letters_that_were_written_can_be_noted_at_once(own_data: Path) -> None:
    assert "noted as asked today" in command(own_data, "contact-list", "--mark-asked").output
    log = pd.read_csv(own_data / "own_letters.csv", dtype="str")
    assert len(log) == 40 and set(log["event"]) == {"asked"} and log["text"].str.contains("H-1B|visas").all()
    assert "0 of 0 letters" in command(own_data, "contact-list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", CODES[0], "--asked", "--on", "2099-01-01"), "still to come"),
        (("note", CODES[0], "--asked", "--on", "May"), "'May' is no day"),
        (("note", CODES[0], "--asked", "--answered"), "--asked or --answered"),
        (("note", CODES[0], "--interest", "3", "--on", "2026-01-01"), "--on is the day of"),
        (("note", "inst_none", "--asked"), "no program code or institution inst_none"),
        (("contact-list", "--contact", "called"), "unknown contact 'called'"),
    ],
)
def test_what_a_user_did_wrong_is_told_in_a_line(own_data: Path, words: tuple[str, ...], said: str) -> None:
    told = command(own_data, *words)
    assert told.code == 2 and said in told.last and not (own_data / "own_letters.csv").exists()


def test_an_answer_for_the_whole_institution_reaches_each_of_its_programs(tmp_path: Path, tiny_data: Path) -> None:
    data = copy_worked(tmp_path / "data", tiny_data)
    told = tmp_path / "told.csv"
    told.write_text(
        "program_code,institution,state,date,how,j1,h1b,step3,step3_deadline,conditions,routes,note\n"
        ",Good Hospital,MA,2026-10-20,phone,yes,case by case,yes,rank list,transfer only,,\n"
        f"{CODES[0]},,,2026-10-21,email,,no,,,,,\n"
        ",Nowhere Hospital,MA,2026-10-20,phone,yes,yes,,,,,\n"
    )
    assert command(data, "add", str(told)).code == 0
    made = command(data, "refresh", "--as-of", FIRST_DAY)
    assert made.code == 0, made.output
    listed = pd.read_parquet(data / "curated" / "latest" / "functional_h1b_sponsors.parquet").set_index("program_code")
    own, other = listed.loc[CODES[0]], listed.loc[CODES[1]]
    assert (own["visa_category"], own["evidence_scope"]) == ("D", "program")
    assert (other["visa_category"], other["evidence_scope"], other["evidence_kind"]) == (
        "B",
        "institution",
        "confirmed",
    )
    assert (other["step3_due"], list(other["routes"])) == ("rank_list", ["transfer_or_extension"])
    queue = pd.read_parquet(data / "curated" / "latest" / "review_queue.parquet")
    [lost] = queue[queue["subject"].str.contains("Nowhere Hospital")].to_dict("records")
    assert "counts for nothing" in lost["question"]
    assert CODES[0] in command(data, "query", "--category", "D", "--format", "csv").output
    assert "no H-1B, J-1 not stated" in " ".join(command(data, "explain", CODES[0]).output.split())

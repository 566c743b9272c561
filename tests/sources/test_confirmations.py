"""confirmations.csv: what a person learned. Nothing in it may be guessed or lost in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.settings import PROJECT
from pipeline.sources import confirmations
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

HEADER = "program_code,date,how,j1,h1b,step3,note"
LINE = "1403400002,2026-03-01,email,yes,no,not_stated,Answered within a day"


def read(tmp_path: Path, *lines: str, header: str = HEADER, filed_on: str = "") -> Parsed:
    path = tmp_path / "confirmations.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    seen = probe(path)
    layout = confirmations.SOURCE.recognise(seen)
    assert layout is not None
    parsed = confirmations.SOURCE.read(seen, layout, Hints({"retrieved_on": filed_on}))
    to_arrow(parsed.tables["confirmations"], "confirmations")
    return parsed


def row(parsed: Parsed) -> dict[str, object]:
    return parsed.tables["confirmations"].iloc[0].to_dict()


def test_reads_a_line(tmp_path: Path) -> None:
    parsed = read(tmp_path, LINE)
    assert {name: value for name, value in row(parsed).items() if isinstance(value, list) or pd.notna(value)} == {
        "about": "1403400002",
        "program_code": "1403400002",
        "confirmed_on": pd.Timestamp("2026-03-01"),
        "how": "email",
        "j1": "yes",
        "h1b": "no",
        "step3_required_for_h1b": "not_stated",
        "conditions": [],
        "routes": [],
        "note": "Answered within a day",
    }


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("E-mail", "email"), ("email", "email"), ("e mail", "email"), ("PHONE", "phone"), ("telephone", "phone"),
        ("open house", "open_house"), ("Open-House", "open_house"), ("open_house", "open_house"), ("Letter", "letter"),
        ("other", "other"),
    ],
)  # fmt: skip
def test_how_is_put_into_the_vocabulary(tmp_path: Path, word: str, meaning: str) -> None:
    assert row(read(tmp_path, LINE.replace("email", word)))["how"] == meaning


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("yes", "yes"), ("NO", "no"), ("case by case", "case_by_case"), ("Case-by-case", "case_by_case"),
        ("case_by_case", "case_by_case"), ("not stated", "not_stated"), ("", "not_stated"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["j1", "h1b"])
def test_stances_are_put_into_the_vocabulary(tmp_path: Path, word: str, meaning: str, column: str) -> None:
    cells = dict.fromkeys(("j1", "h1b"), "") | {column: word}
    found = row(read(tmp_path, f"1403400002,2026-03-01,phone,{cells['j1']},{cells['h1b']},,"))
    assert found[column] == meaning
    assert found[{"j1": "h1b", "h1b": "j1"}[column]] == "not_stated"
    assert found["note"] is None or pd.isna(found["note"])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",no,", ",perhaps,", "line 3: h1b is 'perhaps'. Write one of case_by_case, no, not_stated, yes"),
        (",yes,", ",y,", "line 3: j1 is 'y'"),
        ("not_stated", "case_by_case", "line 3: step3 is 'case_by_case'. Write one of no, not_stated, yes"),
        ("email", "pigeon", "line 3: how is 'pigeon'"),
        ("email", "", "line 3: how is ''"),
        ("2026-03-01", "3/1/2026", "line 3: date is '3/1/2026'. Write the day as YYYY-MM-DD"),
        ("2026-03-01", "2026-02-30", "line 3: date is '2026-02-30'"),
        ("2026-03-01", "26-03-01", "line 3: date is '26-03-01'"),
        ("2026-03-01", "", "line 3: date is ''"),
        ("1403400002", "403400002", "line 3: program_code is '403400002'. Give the ten digits"),
        ("1403400002", "", "line 3: program_code is ''"),
        ("Answered within", "Answered, within", "line 3: 8 cells where the header has 7"),
    ],
)
def test_names_the_line_and_what_to_write(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"confirmations\.csv") as caught:
        read(tmp_path, LINE.replace("1403400002", "1403400003"), LINE.replace(old, new))
    assert words in str(caught.value)


def test_two_lines_of_one_day_must_agree(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 3: program_code is '1403400002'. Two lines of one day say different"):
        read(tmp_path, LINE, LINE.replace(",no,", ",yes,"))
    parsed = read(tmp_path, LINE, LINE.replace("email", "phone"))
    assert (parsed.rows_in, parsed.rows_kept, len(parsed.quarantine)) == (2, 1, 1)
    assert row(parsed)["how"] == "email"


def test_empty_lines_are_no_lines(tmp_path: Path) -> None:
    parsed = read(tmp_path, LINE, ",,,,,,", "")
    assert (parsed.rows_in, parsed.rows_kept) == (1, 1)


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no row below it"):
        read(tmp_path)


def test_each_line_is_a_part_so_that_files_add_up(tmp_path: Path) -> None:
    parsed = read(tmp_path, LINE, LINE.replace("2026-03-01", "2026-04-01"), LINE.replace("1403400002", "1200500742"))
    names = [part.name for part in confirmations.SOURCE.parts(parsed, Hints())]
    assert names == ["1200500742 2026-03-01", "1403400002 2026-03-01", "1403400002 2026-04-01"]
    assert confirmations.SOURCE.part_of is not None
    assert sorted(confirmations.SOURCE.part_of(parsed.tables["confirmations"])) == names


@pytest.mark.parametrize("header", [HEADER.replace("step3", "usmle_step_3"), HEADER.replace(",note", "")])
def test_another_header_is_not_recognised(tmp_path: Path, header: str) -> None:
    path = tmp_path / "confirmations.csv"
    path.write_text(f"{header}\n{LINE}\n")
    assert confirmations.SOURCE.recognise(probe(path)) is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    h1b=st.text(alphabet="yesnocabt_- ", max_size=14),
    how=st.text(alphabet="emailphone- ", max_size=9),
)
def test_a_word_is_understood_or_named_never_changed(tmp_path: Path, h1b: str, how: str) -> None:
    try:
        found = row(read(tmp_path, f'1403400002,2026-03-01,"{how}",,"{h1b}",,'))
    except SourceError as error:
        assert "line 2" in str(error)
    else:
        plain = "_".join(h1b.replace("-", " ").replace("_", " ").split())
        assert found["h1b"] == (plain or "not_stated")


@pytest.mark.parametrize(
    ("day", "filed_on"), [("2099-01-05", "2026-11-20"), ("2026-11-22", "2026-11-20"), ("9999-01-05", "")]
)
def test_a_day_still_to_come_stops_the_file(tmp_path: Path, day: str, filed_on: str) -> None:
    with pytest.raises(SourceError, match=rf"line 3: date is '{day}'. That day is still to come"):
        read(tmp_path, LINE, LINE.replace("2026-03-01", day), filed_on=filed_on)


def test_a_day_may_be_that_of_filing_in_any_time_zone(tmp_path: Path) -> None:
    assert (
        len(read(tmp_path, LINE.replace("2026-03-01", "2026-11-21"), filed_on="2026-11-20").tables["confirmations"])
        == 1
    )


MORE = "program_code,institution,state,date,how,j1,h1b,step3,step3_deadline,conditions,routes,note"


def test_reads_terms_and_whole_institutions(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        "1403400002,,,2026-03-01,email,yes,case by case,yes,Rank list,Transfer only; US-school graduates,transfer;change of status,",
        ",Maimonides Medical Center,New York,2026-03-02,phone,yes,yes,yes,2027-01-15,,,",
        ",inst_69d07590cf4b50d8,,2026-03-02,phone,yes,yes,,,,abroad,",
        header=MORE,
    )
    table = parsed.tables["confirmations"].reset_index(drop=True)
    assert table["about"].tolist() == ["1403400002", "Maimonides Medical Center, NY", "inst_69d07590cf4b50d8"]
    assert table["program_code"].isna().tolist() == [False, True, True]
    assert table["state"].fillna("").tolist() == ["", "NY", ""]
    assert table["conditions"].tolist() == [["transfer_only", "us_school_graduates"], [], []]
    assert table["routes"].tolist() == [["change_of_status", "transfer_or_extension"], [], ["consulate"]]
    assert table["step3_due"].fillna("").tolist() == ["rank_list", "calendar_day", ""]
    assert table["step3_deadline"].fillna("").tolist() == ["rank list", "2027-01-15", ""]
    assert table["step3_due_on"].fillna("").tolist() == ["", "2027-01-15", ""]
    names = [part.name for part in confirmations.SOURCE.parts(parsed, Hints())]
    assert names == [
        "1403400002 2026-03-01",
        "Maimonides Medical Center, NY 2026-03-02",
        "inst_69d07590cf4b50d8 2026-03-02",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",,,2026-03-01,email,yes,yes,,,,,", "program_code is ''. Give the program's code, or leave it blank and name"),
        ("1403400002,X,MA,2026-03-01,email,yes,yes,,,,,", "institution is 'X'. Leave it blank beside a program_code"),
        (",X,,2026-03-01,email,yes,yes,,,,,", "state is ''. Give the state beside"),
        (",X,Massachussetts,2026-03-01,email,yes,yes,,,,,", "state is 'Massachussetts'. Write the two letters"),
        (",inst_12,,2026-03-01,email,yes,yes,,,,,", "institution is 'inst_12'. Copy the id"),
        ("1403400002,,,2026-03-01,email,yes,yes,yes,soon,,,", "step3_deadline is 'soon'. Write one of application"),
        ("1403400002,,,2026-03-01,email,yes,yes,yes,2027-02-30,,,", "step3_deadline is '2027-02-30'"),
        ("1403400002,,,2026-03-01,email,yes,yes,no,petition,,,", "step3_deadline is 'petition'. Write yes under step3"),
        ("1403400002,,,2026-03-01,email,yes,yes,,,paid,,", "conditions is 'paid'. Write some of transfer_only"),
        ("1403400002,,,2026-03-01,email,yes,no,,,transfer only,,", "conditions is 'transfer only'. It is on an H-1B"),
        ("1403400002,,,2026-03-01,email,yes,yes,,,,boat,", "routes is 'boat'. Write some of consulate"),
        ("1403400002,,,2026-03-01,email,yes,no,,,,abroad,", "routes is 'abroad'. It is on an H-1B that is given"),
    ],
)
def test_what_can_not_be_is_refused_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"confirmations\.csv, line 3: ") as caught:
        read(tmp_path, "1403400001,,,2026-03-01,email,yes,yes,,,,,", line, header=MORE)
    assert words in str(caught.value)


def test_two_lines_of_one_institution_and_day_must_agree(tmp_path: Path) -> None:
    line = ",X Hospital,MA,2026-03-01,email,yes,yes,,,,transfer,"
    with pytest.raises(SourceError, match=r"line 3: institution is 'X Hospital'. Two lines of one day"):
        read(tmp_path, line, line.replace("transfer", "abroad"), header=MORE)


def test_a_column_that_is_not_known_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 1: unknown column 'condition'. Name it one of .*conditions"):
        read(tmp_path, LINE + ",x", header=HEADER + ",condition")


def test_the_example_can_be_added(tmp_path: Path) -> None:
    path = PROJECT / "docs" / "confirmations.example.csv"
    seen = probe(path)
    layout = confirmations.SOURCE.recognise(seen)
    assert layout is not None
    assert len(confirmations.SOURCE.read(seen, layout, Hints()).tables["confirmations"]) >= 3


def test_a_line_that_waits_for_an_answer_is_passed_over(tmp_path: Path) -> None:
    header = f"{HEADER},institution,state"
    parsed = read(tmp_path, "1403400009,,,,,,,,", f"{LINE},,", ",,,,,,,Example,MA", header=header)
    assert parsed.tables["confirmations"]["program_code"].to_list() == ["1403400002"]
    with pytest.raises(SourceError, match="date"):
        read(tmp_path, "1403400009,,,,yes,,,,", header=header)

"""The twenty-five questions of docs/questions.md, as a doctor types them, on the embedded sample, read as a doctor would."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.schemas.vocabulary import (
    ACCREDITATION,
    CAP_EXEMPT_CATEGORY,
    CONDITION,
    EVIDENCE_SCOPE,
    ROUTE,
    SPONSOR_TIER,
    VISA_POLICY,
    YES_NO_NOT_STATED,
)
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT

PART = (PROJECT / "docs" / "questions.md").read_text("utf-8").partition("# Twenty-five questions")[2]
QUESTIONS = {
    int(number): text
    for number, text in re.findall(r"^\*\*(\d+)\. (.*?)(?=^\*\*\d+\. |\Z)", PART, re.MULTILINE | re.DOTALL)
}
# Words of the vocabularies that no doctor should have to read: each has words of its own.
CODES = [
    word
    for words in (
        VISA_POLICY,
        SPONSOR_TIER,
        EVIDENCE_SCOPE,
        CAP_EXEMPT_CATEGORY,
        ACCREDITATION,
        CONDITION,
        ROUTE,
        YES_NO_NOT_STATED,
    )
    for word in words
    if "_" in word
]
GUIDE = (PROJECT / "docs" / "guide.md").read_text("utf-8")


def commands(number: int) -> list[list[str]]:
    lines = re.findall(r"^    (h1b-sponsors .*)$", QUESTIONS[number], re.MULTILINE)
    return [shlex.split(line)[1:] for line in lines]


def section(title: str) -> str:
    """The text of a section of the guide."""
    return " ".join(GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0].split())


def said(data: Path, words: list[str]) -> str:
    words = [str(PROJECT / word) if word.startswith("docs/") else word for word in words]
    result = CliRunner().invoke(app, words, env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def rows(data: Path, number: int, place: int = 0) -> pd.DataFrame:
    words = [*commands(number)[place], "--format", "json"]
    result = CliRunner().invoke(app, words, env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return pd.DataFrame(json.loads(result.stdout))


def test_all_twenty_five_have_a_command_or_a_section() -> None:
    assert sorted(QUESTIONS) == list(range(1, 26))
    assert all(commands(number) or "guide.md#" in text for number, text in QUESTIONS.items())


def test_every_section_that_an_answer_names_is_in_the_guide() -> None:
    named = re.findall(r"\[([^]]+)\]\(guide\.md#([^)]+)\)", PART)
    assert len(named) >= 12
    for title, anchor in named:
        assert section(title), title
        assert anchor == re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize(
    ("number", "title", "words"),
    [
        (14, "From cap-exempt to cap-subject", ("1 October", "register in March")),
        (14, "Concurrent H-1B", ("as long as the exempt job lasts",)),
        (15, "J-1 waiver, then H-1B", ("outside the cap", "any employer")),
        (16, "Weighted selection", ("15 %", "Level I")),
        (18, "The six-year limit", ("Six years", "Three years of residency and three of fellowship")),
        (19, "Other ways to work", ("OPT", "H-4", "TN", "O-1")),
        (20, "Graduates of US schools", ("neither Step 3 nor ECFMG", "COMLEX")),
        (24, "Holds by nationality", ("39 countries", "did not decide", "vacated", "gets no visa at all")),
        (25, "The calendar to 1 July", ("premium processing", "labor condition application", "licence")),
    ],
)
def test_what_needs_no_list_is_in_the_guide(number: int, title: str, words: tuple[str, ...]) -> None:
    assert f"[{title}]" in QUESTIONS[number]
    assert [word for word in words if word not in section(title)] == []


def test_1_who_sponsors_in_my_states(embedded_data: Path) -> None:
    found = rows(embedded_data, 1)
    assert len(found) >= 3 and set(found["state"]) <= {"NY", "NJ"}
    assert set(found["h1b_stated"]) <= {"yes", "case_by_case"} and found["evidence_url"].notna().all()


def test_2_who_says_so_and_when(embedded_data: Path) -> None:
    answer = said(embedded_data, commands(2)[0])
    assert re.search(r"Stated: [AB], H-1B", answer) and "https://" in answer and "restated, not quoted" in answer
    assert re.search(r"(the program|the institution)'s|the institution's, the program may differ", answer)
    assert re.search(r"20\d\d-\d\d-\d\d|20\d\d, \d+ y old|undated", answer)


def test_3_filed_lately_for_trainees(embedded_data: Path) -> None:
    found = rows(embedded_data, 3)
    assert len(found) and (found["visa_category"] == "?").all() and (found["trainee_filings_any_specialty"] > 0).all()
    assert "past practice" in said(embedded_data, commands(3)[1])


def test_4_on_what_ground_cap_exempt(embedded_data: Path) -> None:
    answer = said(embedded_data, commands(4)[0])
    assert "Cap exemption (inferred" in answer and "214" in answer and "Rules in order" in answer


def test_5_which_entity_files(embedded_data: Path) -> None:
    barnabas, southwestern = (said(embedded_data, words) for words in commands(5))
    assert re.search(r"Files, inferred: ST BARNABAS HOSPITAL \(tax id ending \d{4}, BRONX, NY\)", barnabas)
    assert "SOUTHWESTERN" in southwestern and "Freeze until" in southwestern


def test_6_is_the_payment_in_force(embedded_data: Path) -> None:
    answer = said(embedded_data, commands(6)[0])
    assert "$100,000" in answer and "not collected since" in answer and "change of status" in answer
    assert "text was not read" in answer and "law read up to" in answer


def test_7_and_8_routes(embedded_data: Path) -> None:
    change, transfer = rows(embedded_data, 7), rows(embedded_data, 8)
    assert len(change) and all(not routes or "change_of_status" in routes for routes in change["routes"])
    assert len(transfer) and all("transfer_only" in terms for terms in transfer["conditions"])
    assert "transfer only" in said(embedded_data, commands(8)[0])


def test_9_step_3_and_by_when(embedded_data: Path) -> None:
    found = rows(embedded_data, 9)
    assert "Step 3 by" in said(embedded_data, commands(9)[0]), "by when, on the screen"
    assert (
        len(found) >= 20 and (found["step3_required_for_h1b"] == "yes").all() and found["step3_deadline"].notna().any()
    )


def test_10_frozen_in_texas_and_florida(embedded_data: Path) -> None:
    found = rows(embedded_data, 10)
    assert set(found["state"]) == {"TX", "FL"} and found["state_freeze_until"].notna().all()
    assert not found["institution"].str.contains("Baylor|Methodist|Mayo|Orlando Health").any()
    assert "bound by an order of a state" in said(embedded_data, commands(10)[0])


def test_11_for_profit_and_the_lottery(embedded_data: Path) -> None:
    subject = rows(embedded_data, 11)
    assert (subject["cap_exempt_category"] == "likely_cap_subject").all() and subject["institution"].str.contains(
        "HCA"
    ).any()
    assert rows(embedded_data, 11, 1)["institution"].str.contains("HCA").all()


def test_12_whose_policy_it_is(embedded_data: Path) -> None:
    assert "the institution's, the program may differ" in said(embedded_data, commands(12)[0])


def test_13_is_the_next_one_exempt_too(embedded_data: Path) -> None:
    answer = said(embedded_data, commands(13)[0])
    assert "Massachusetts General Hospital" in answer and "Beth Israel Deaconess Medical Center" in answer
    assert "(inferred)" in answer and answer.count("exempt, tied to a school") == 2
    assert "judged for its own employer" in answer and "undated" in answer and "listed" in answer


def test_17_a_preliminary_year(embedded_data: Path) -> None:
    found = rows(embedded_data, 17)
    assert len(found) >= 5 and all({"preliminary", "transitional"} & {*kinds} for kinds in found["track_kinds"])


def test_20_and_21_terms_and_age(embedded_data: Path) -> None:
    assert all("us_school_graduates" in terms for terms in rows(embedded_data, 20)["conditions"])
    lately = rows(embedded_data, 21)
    assert len(lately) and (lately["evidence_date"] >= "2025-01-01").all()


def test_22_the_letter(embedded_data: Path) -> None:
    letter = said(embedded_data, commands(22)[0])
    assert "St Barnabas Hospital" in letter and "Do you sponsor H-1B visas" in letter and "Step 3" in letter
    assert "From a sample: no current list." in letter and "mailto:" not in letter and "docs/guide.md#step-3" in letter
    assert "mailto:?subject=" in said(embedded_data, [*commands(22)[0], "--mailto"])
    own = said(embedded_data, commands(22)[1])
    assert (
        "I am a graduate of a medical school outside the United States" in own
        and "I live outside the United States" in own
    )
    assert "someone who lives abroad and needs a consulate" in own and "Who pays the fees" in own
    assert "must usmle step 3" not in own.lower(), "the profile says that it is passed"


def test_23_ranked(embedded_data: Path) -> None:
    answer = said(embedded_data, commands(23)[0])
    places = [answer.index(f"{light} ") for light in ("green", "yellow", "red")]
    assert places == sorted(places) and "never as a no" in answer


@pytest.mark.parametrize("number", sorted(QUESTIONS))
def test_each_answer_fits_a_few_screens_in_plain_words(embedded_data: Path, number: int) -> None:
    for typed in commands(number):
        words = [str(PROJECT / word) if word.startswith("docs/") else word for word in typed]
        result = CliRunner().invoke(app, words, env={DATA_DIR_VARIABLE: str(embedded_data), "COLUMNS": "80"})
        assert result.exit_code == 0, result.output
        assert "embedded sample" in result.output, "no answer is silent about it"
        assert len(result.stdout.split()) < 700 or "--full" in words or words[0] == "status", words
        assert [word for word in CODES if re.search(rf"\b{word}\b", result.stdout)] == [], words


def test_the_walk_of_the_readme_is_read_in_eight_minutes(embedded_data: Path, tmp_path: Path) -> None:
    """At 200 words a minute: the README down to the walk's end, the files that it copies, and all that its commands print."""
    readme = (PROJECT / "README.md").read_text("utf-8").partition("\nWhy a row says")[0]
    lines = re.findall(r"^    (h1b-sponsors [^#\n]*)", readme, re.MULTILINE)
    walk = [shlex.split(line)[1:] for line in lines if "&&" not in line]
    assert [words[0] for words in walk] == ["query", "query", "filings", "shortlist", "contact-list", "note", "note"]
    own = tmp_path / "data"
    (own / "curated").mkdir(parents=True)
    (own / "curated" / "latest").symlink_to(embedded_data / "curated" / "latest")
    profile, answers = (
        PROJECT / "docs" / f"{name}.example.{end}" for name, end in (("profile", "toml"), ("confirmations", "csv"))
    )
    summary = re.sub(r"^ *\d+/\d+ .*$", "", (embedded_data / "summary.txt").read_text("utf-8"), flags=re.MULTILINE)
    read = [readme, profile.read_text("utf-8"), answers.read_text("utf-8"), summary]
    for words in walk:
        typed = [str(profile) if word == "mine.toml" else word for word in words]
        result = CliRunner().invoke(app, typed, env={DATA_DIR_VARIABLE: str(own), "COLUMNS": "80"})
        assert result.exit_code == 0, result.output
        read.append(result.output)
    assert sum(bool(re.search(r"\w", word)) for text in read for word in text.split()) <= 1_600

"""On which terms an H-1B is given: labelled sentences, routes, and days until which a no holds."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from pipeline.policies.deadlines import Due, due
from pipeline.policies.reading import read_page
from pipeline.policies.terms import Terms, routes_of, terms_of_text
from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import CONDITION
from tests.policies.conftest import read, read_html

GOLD = Path(__file__).parents[1] / "gold" / "policies" / "conditions.csv"
LEAST_PRECISION, LEAST_RECALL = 0.97, 0.89
TABLE = (
    "<table><tr><th>Visa</th><th>Sponsored</th></tr><tr><td>J-1</td><td>Yes</td></tr>"
    "<tr><td>H1-B</td><td>Yes</td></tr></table>"
)


def labelled() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_labelled_sentences_are_read_as_before() -> None:
    both, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for row in labelled():
        wanted = {*row["conditions"].split("|")} - {""}
        found = {*read(row["text"]).conditions} - {"case_by_case"}
        both.update(wanted & found)
        wrong.update(found - wanted)
        missed.update(wanted - found)
    assert both.total() / (both + wrong).total() >= LEAST_PRECISION, wrong
    assert both.total() / (both + missed).total() >= LEAST_RECALL, missed


def test_step_3_and_its_deadline_are_read_as_labelled() -> None:
    for row in labelled():
        reading = read(row["text"])
        found = due(reading.step3_deadline)
        assert reading.step3_required_for_h1b == row["step3_required_for_h1b"], row["id"]
        assert bool(reading.step3_deadline) == bool(row["step3_deadline"]), row["id"]
        assert (found.on or found.point or "") == row["step3_due"], row["id"]


def test_every_phrase_was_met_in_a_labelled_case() -> None:
    known = {row["id"] for row in labelled()}
    for file in ("policy/conditions.csv", "policy/deadlines.csv"):
        assert {row["seen"] for row in read_rows(file)} <= known
    assert {name for row in labelled() for name in row["conditions"].split("|")} - {""} <= {*CONDITION}


@pytest.mark.parametrize(
    ("text", "h1b", "conditions"),
    [
        (
            "We file no new H-1B petitions that need the payment; applicants in the US who can change status may be considered.",
            "case_by_case",
            ("already_in_us", "no_consular"),
        ),
        (
            "J-1 and H-1B are sponsored; for now not for candidates who need a consulate, because of the fee.",
            "case_by_case",
            ("already_in_us", "no_consular"),
        ),
        ("H-1B only by transfer of an H-1B you already hold.", "case_by_case", ("transfer_only",)),
        ("After the court's decision of June 2026 we sponsor H-1B again.", "yes", ()),
    ],
)
def test_wording_since_september_2025(text: str, h1b: str, conditions: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.h1b, reading.conditions) == (h1b, conditions)


def test_a_pause_is_a_no_until_its_day_and_is_quoted() -> None:
    reading = read("By the governor's directive new H-1B petitions are paused through May 31, 2027. J-1 is accepted.")
    assert (reading.j1, reading.h1b, reading.policy) == ("yes", "no", "j1_only")
    assert (reading.conditions, reading.paused_until) == (("paused_until",), dt.date(2027, 5, 31))
    assert any("paused through May 31, 2027" in piece.quote for piece in reading.evidence)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("H-1B sponsorship is paused through June 2027.", dt.date(2027, 6, 30)),
        ("H-1B sponsorship is on hold until 1/5/2027.", dt.date(2027, 1, 5)),
        ("H-1B sponsorship is paused until further notice.", None),
        ("For an H-1B you need Step 3 before May 1, 2027, not until then.", None),
    ],
)
def test_the_last_day_of_a_pause(text: str, until: dt.date | None) -> None:
    assert terms_of_text(text, "no").paused_until == until


def test_terms_may_stand_in_the_list_or_the_sentences_below() -> None:
    page = "<p>We support an H-1B in these cases:</p><ul><li>You already hold an H-1B at another institution.</li></ul>"
    assert "transfer_only" in read_html(page).conditions
    text = "Residents get a J-1; an H-1B in some cases. It needs the approval of the dean. We have a gym."
    assert read(text).conditions == ("chair_or_dio_approval", "exceptional")


def test_what_is_said_of_the_j1_alone_is_no_term_of_the_h1b() -> None:
    assert terms_of_text("The J-1 is for transfers only; an H-1B is sponsored.", "yes") == Terms()
    assert terms_of_text("H-1B is sponsored. Our department chair approves vacations.", "yes") == Terms()


@pytest.mark.parametrize(
    ("conditions", "routes"),
    [
        ((), []),
        (("exceptional",), []),
        (("transfer_only",), ["transfer_or_extension"]),
        (("transfer_only", "us_school_graduates"), ["change_of_status", "transfer_or_extension"]),
        (("no_consular", "already_in_us"), ["change_of_status", "transfer_or_extension"]),
    ],
)
def test_routes_that_conditions_leave_open(conditions: tuple[str, ...], routes: list[str]) -> None:
    assert routes_of(conditions) == routes


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("by May 10, 2024", Due("calendar_day", "2024-05-10")),
        ("by 1 February before the match", Due("calendar_day", "--02-01")),
        ("before the program's rank list is submitted", Due("rank_list")),
        ("before an interview is offered", Due("interview")),
        ("before the H-1B application is submitted", Due("petition")),
        ("before training begins", Due("start")),
        ("in due course", Due()),
        (None, Due()),
    ],
)
def test_deadlines_as_points_of_the_cycle(words: str | None, meant: Due) -> None:
    assert due(words) == meant


@pytest.mark.parametrize(
    "below",
    [
        "<p>60 % women, 40 % from schools abroad. None of our residents is on a visa.</p>",
        "<p>* Percentages are of those who are not citizens; none needed a visa.</p>",
        "<p>Data includes US citizens only. We have no residents on visas.</p>",
    ],
)
def test_numbers_under_the_programs_name_do_not_outrank_a_table_of_the_visas(below: str) -> None:
    page = f"<html><body><h2>Visas</h2>{TABLE}<h2>Internal Medicine</h2>{below}</body></html>"
    reading = read_page(page.encode(), "html", "Internal Medicine", "X Hospital")
    assert (reading.policy, reading.h1b) == ("both", "yes")


def test_what_the_program_says_of_the_h1b_itself_outranks_the_table() -> None:
    page = f"<h2>Visas</h2>{TABLE}<h2>Internal Medicine</h2><p>We do not sponsor H-1B visas.</p>"
    assert read_page(page.encode(), "html", "Internal Medicine", "X Hospital").h1b == "no"

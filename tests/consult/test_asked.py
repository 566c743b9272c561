"""A run that asks: each page once, within its bounds, and with its bill."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug import Response

from pipeline.consult.asked import AskingReader, NoClientError
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.policies.third_reader.question import Question
from pipeline.settings import ReaderSettings
from tests.consult.conftest import Stub, answer, completion

USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100}


def question(number: int) -> Question:
    return Question((f"Page {number} on visas",), (0,), "the whole institution")


@pytest.fixture
def run(stub: Stub, tmp_path: Path) -> Callable[..., AskingReader]:
    """Begin a run with other settings than usual."""

    def begin(most: int | None = None, **settings: object) -> AskingReader:
        chosen = replace(stub.settings, **settings)  # pyright: ignore[reportArgumentType]
        return AskingReader(chosen, KeptAnswers(tmp_path, "stub"), most)

    return begin


def test_a_page_is_asked_about_once(run: Callable[..., AskingReader], stub: Stub) -> None:
    stub.reply = lambda body: completion(answer(), usage=USAGE)
    first, second = run(price_in=1.0, price_out=10.0), run()
    assert first.answer(question(1)) == first.answer(question(1)) == answer()
    again = run()
    assert again.answer(question(1)) == answer() and len(stub.bodies) == 1
    assert (first.bill.asked, first.bill.from_before, again.bill.asked, again.bill.from_before) == (1, 0, 0, 1)
    assert (first.bill.tokens_in, first.bill.tokens_out) == (1_000, 100)
    assert first.bill.dollars == pytest.approx(0.002)
    assert first.bill.lines(first.settings) == [
        "asked 1 pages of stub; 0 were answered before",
        "1,000 tokens in, 100 out of 2,000,000 allowed; $0.0020",
    ]
    assert second.bill.asked == 0


@pytest.mark.parametrize("told", ["no JSON", '{"j1": 1}', answer(h1b=("yes", "made up"))])
def test_an_answer_that_will_be_discarded_is_not_asked_for_twice(
    run: Callable[..., AskingReader], stub: Stub, told: str
) -> None:
    stub.reply = lambda body: completion(told)
    assert run().answer(question(1)) == run().answer(question(1)) == told and len(stub.bodies) == 1


@pytest.mark.parametrize(
    ("settings", "asks", "why"),
    [
        ({"most": 2}, 2, "as many pages as were asked for"),
        ({"tokens": 7_000}, 4, "the tokens of a run are used up"),
        ({"price_out": 10_000.0, "dollars": 17.0}, 3, "the dollars of a run are spent"),
        ({"minutes": 0.0}, 0, "the minutes of a run are over"),
    ],
)
def test_a_run_ends_at_its_bounds(
    run: Callable[..., AskingReader], stub: Stub, settings: dict[str, float], asks: int, why: str
) -> None:
    stub.reply = lambda body: completion(answer(), usage=USAGE)
    reader = run(**settings)
    answers = [reader.answer(question(number)) for number in range(5)]
    assert [told is not None for told in answers] == [True] * asks + [False] * (5 - asks)
    assert len(stub.bodies) == asks and reader.bill.lines(reader.settings)[-1] == f"ended early: {why}"
    assert reader.answer(question(0)) == (answer() if asks else None), "what is kept costs nothing"


def test_an_endpoint_that_fails_three_times_is_left_and_asked_in_the_next_run(
    run: Callable[..., AskingReader], stub: Stub
) -> None:
    stub.reply = lambda body: Response("", 500)
    reader = run()
    assert [reader.answer(question(number)) for number in range(5)] == [None] * 5 and len(stub.bodies) == 3
    assert reader.bill.lines(reader.settings)[-2:] == [
        "no answer: refused with status 500 (3)",
        "ended early: the endpoint does not answer",
    ]
    stub.reply = lambda body: completion(answer())
    assert run().answer(question(0)) == answer()


def test_a_page_that_failed_is_not_asked_about_again_in_a_run(run: Callable[..., AskingReader], stub: Stub) -> None:
    stub.reply = lambda body: Response("", 500)
    reader = run()
    assert [reader.answer(question(1)), reader.answer(question(1))] == [None, None] and len(stub.bodies) == 1


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": -5}, {"prompt_tokens": "many"}, {"prompt_tokens": True}, []]
)
def test_where_no_tokens_are_counted_the_most_is_charged(
    run: Callable[..., AskingReader], stub: Stub, usage: object
) -> None:
    stub.reply = lambda body: completion(answer(), usage=usage)
    reader = run()
    reader.answer(question(1))
    assert reader.bill.tokens_in > 1_000 and reader.bill.tokens_out == reader.settings.answer_tokens


def test_without_the_client_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.delitem(sys.modules, "pipeline.consult.endpoint", raising=False)
    with pytest.raises(NoClientError, match=r"pip install 'h1b-sponsors\[llm\]'"):
        AskingReader(ReaderSettings("http://localhost/v1", "m"), KeptAnswers(tmp_path, "m"))

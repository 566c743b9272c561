"""From the review queue to a release: `consult` asks and keeps, `refresh` reads what is kept and asks nobody."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from werkzeug import Response

from pipeline.settings import reader_named
from tests.conftest import made_once
from tests.consult.conftest import Stub, answer, completion
from tests.e2e.conftest import FIRST_DAY, command, programs

# The two local readers differ here: yes by its sentences, nothing by weights.
SENTENCE = "Residents on OPT must move to a J-1 or H-1B by the second year."
PAGE = f"<html><body><h1>Internal Medicine Residency</h1><p>{SENTENCE}</p></body></html>"
SECRET = "sk-test-0123456789"
GOLD = {
    "id": "one", "institution": "Good Hospital", "program": "Internal Medicine", "text": SENTENCE, "evidence": [SENTENCE],
    "labels": {"j1": "case_by_case", "h1b": "case_by_case", "policy": "h1b_case_by_case", "step3_required_for_h1b": "not_stated"},
}  # fmt: skip


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one release of a page on which the two readers differ; treat it as read-only."""

    def make(data: Path) -> None:
        (data / "list.csv").write_text(programs(2), "utf-8")
        (data / "page.html").write_text(PAGE, "utf-8")
        assert command(data, "add", str(data / "list.csv")).code == 0
        address = ("--url", "https://good.example/visas", "--program", "1400500000", "--retrieved", FIRST_DAY)
        assert command(data, "add", str(data / "page.html"), *address).code == 0
        made = command(data, "refresh", "--as-of", FIRST_DAY)
        assert made.code == 0, made.output

    return made_once(tmp_path_factory, "with_an_open_page", make)


@pytest.fixture
def data(client_there: None, refreshed: Path, tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder; the stub is named as third reader, with a key."""
    shutil.copytree(refreshed, tmp_path / "data", symlinks=True)
    monkeypatch.setenv("H1B_READER", f"{stub.url}/v1/some/model:8b")
    monkeypatch.setenv("H1B_READER_KEY", SECRET)
    return tmp_path / "data"


def policy(data: Path) -> pd.Series:
    return pd.read_parquet(data / "curated" / "latest" / "visa_policies.parquet").iloc[0]


def questions(data: Path) -> list[str]:
    queue = pd.read_parquet(data / "curated" / "latest" / "review_queue.parquet")
    return list(queue.loc[queue["kind"] == "visa_policy", "question"])


def test_what_the_third_reader_settles_leaves_the_review_queue(data: Path, stub: Stub) -> None:
    open_page, before = policy(data), (data / "curated" / "latest").resolve().name
    assert open_page["needs_confirmation"] and len(questions(data)) == 1
    stub.reply = lambda body: completion(answer(("case_by_case", SENTENCE), ("case_by_case", SENTENCE)))
    told = command(data, "consult")
    assert told.code == 0 and "1 of 1 open pages settled" in told.output, told.output
    assert "asked 1 pages of some/model:8b; 0 were answered before" in told.output
    assert [message["content"] for message in stub.bodies[0]["messages"]][1].count(SENTENCE) == 1
    assert command(data, "refresh", "--as-of", FIRST_DAY).code == 0
    settled, after = policy(data), (data / "curated" / "latest").resolve().name
    assert (settled["policy"], settled["needs_confirmation"], settled["confidence"]) == (
        "h1b_case_by_case",
        False,
        "medium",
    )
    assert "third_reader" in settled["rules"] and settled["readings"][2].startswith(
        "By some/model:8b: h1b_case_by_case"
    )
    assert questions(data) == [] and after != before
    explained = command(data, "explain", "1400500000", "--full")
    assert "A third reader settles it. By some/model:8b" in explained.output, explained.output
    again = command(data, "consult")
    assert "0 of 0 open pages" in again.output and len(stub.bodies) == 1, (
        "a refresh asks nobody, and nothing is asked twice"
    )
    kept = [path.read_text("utf-8") for path in (data / "answers").iterdir()]
    assert SECRET not in told.output + again.output + "".join(kept)


def test_what_became_of_the_answers_is_told(data: Path, stub: Stub) -> None:
    stub.reply = lambda body: completion(answer(("yes", SENTENCE), ("yes", "H-1B visas are sponsored.")))
    assert "0 of 1 open pages settled, 0 with a suggestion, 1 answers discarded" in command(data, "consult").output
    shutil.rmtree(data / "answers")
    stub.reply = lambda body: completion(answer(("no", SENTENCE), ("no", SENTENCE)))
    assert "0 of 1 open pages settled, 1 with a suggestion, 0 answers discarded" in command(data, "consult").output


def test_an_endpoint_that_refuses_fails_the_command_and_nothing_is_kept(data: Path, stub: Stub) -> None:
    stub.reply = lambda body: Response(f"no such key: {SECRET}", 401)
    told = command(data, "consult")
    assert told.code == 1 and "no answer: refused with status 401 (1)" in told.output and SECRET not in told.output
    assert not (data / "answers").exists()


def test_without_a_named_model_nobody_is_asked(data: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("H1B_READER")
    told = command(data, "consult")
    assert told.code == 1 and "H1B_READER=URL/MODEL" in told.last and stub.bodies == []


def test_a_reader_that_can_not_be_used_stops_a_refresh_before_it_begins(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("H1B_READER", f"ftp://u:{SECRET}@x")
    told = command(data, "refresh", "--as-of", FIRST_DAY)
    assert told.code == 1 and "H1B_READER" in told.last and SECRET not in told.output


def test_any_endpoint_is_measured_on_labelled_cases(data: Path, stub: Stub, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(GOLD) + "\n" + json.dumps(GOLD | {"id": "two", "text": "We sponsor no visas."}), "utf-8")
    stub.reply = lambda body: completion(answer(("case_by_case", SENTENCE), ("case_by_case", SENTENCE)))
    words = ("evaluate", "statements", "--gold", str(gold), "--json", "--reader", f"{stub.url}/v1/m")
    told = command(data, *words)
    figures, end = json.JSONDecoder().raw_decode(told.output)
    assert "asked 2 pages of m; 0 were answered before" in told.output[end:]
    assert figures["third_answers"] == 1 and figures["third_policy_accuracy"] == 1.0
    assert figures["third_critical_errors"] == 0 and figures["sure_share"] == 1.0
    assert {path.name for path in (data / "answers").iterdir()} == {"measured"}, "no release rests on what is measured"
    assert "asked 0 pages of m; 2 were answered before" in command(data, *words).output
    assert command(data, "evaluate", "titles", "--gold", str(gold), "--reader", f"{stub.url}/v1/m").code == 2


def test_key_and_prices_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("H1B_READER_KEY", SECRET)
    monkeypatch.setenv("H1B_READER_PRICES", "0.15/0.60")
    settings = reader_named("https://models.example/api/v1/org/large-2")
    assert (settings.url, settings.model) == ("https://models.example/api/v1", "org/large-2")
    assert (settings.key, settings.price_in, settings.price_out) == (SECRET, 0.15, 0.60)

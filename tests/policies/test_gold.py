"""The reader measured on labelled statements and pages, and gold files that can't be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.policies import evaluate, is_critical, overlap

GOLD = Path(__file__).parents[1] / "gold" / "policies"
CASE = {
    "id": "a", "text": "We sponsor J-1 visas only.", "institution": "A", "program": "Urology", "state": "NY",
    "labels": {"j1": "yes", "h1b": "no", "policy": "j1_only", "step3_required_for_h1b": "not_stated", "step3_deadline": None},
    "evidence": ["We sponsor J-1 visas only."], "accept": [],
}  # fmt: skip


def test_report_shows_figures_confusion_and_errors(tmp_path: Path) -> None:
    wrong = json.loads(json.dumps(CASE))
    wrong["labels"].update(h1b="yes", policy="both")
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps(case) for case in (CASE, wrong)))
    evaluation = evaluate(gold)
    assert evaluation.figures["n"] == 2
    assert evaluation.figures["critical_errors"] == 1
    assert evaluation.figures["by_policy"] == {
        "both": {"precision": 0.0, "recall": 0.0, "n": 1},
        "j1_only": {"precision": 0.5, "recall": 1.0, "n": 1},
    }
    report = "\n".join(evaluation.lines)
    assert "CRITICAL" in report
    assert "We sponsor J-1 visas only." in report


@pytest.mark.parametrize(
    ("labelled", "policy", "read", "critical"),
    [
        ("no", "j1_only", "yes", True), ("yes", "both", "no", True), ("not_stated", "none", "yes", True),
        ("case_by_case", "h1b_case_by_case", "yes", False), ("no", "j1_only", "case_by_case", False),
        ("yes", "both", "not_stated", False), ("not_stated", "contact", "yes", False),
    ],
)  # fmt: skip
def test_critical_errors(labelled: str, policy: str, read: str, critical: bool) -> None:
    assert is_critical(labelled, policy, read) is critical


def test_overlap_counts_the_labelled_words() -> None:
    assert overlap("J-1 visas only", "We sponsor J-1 visas only.") == 1.0
    assert overlap("We sponsor J‑1 visas only", "J-1 visas") == pytest.approx(0.4)
    assert overlap("J-1 ✘", "J-1 ✘") == 1.0
    assert overlap("", "J-1") == 0.0


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"id": "a"}', json.dumps({**CASE, "labels": {**CASE["labels"], "policy": "maybe"}}),  # type: ignore[dict-item]
     json.dumps({key: value for key, value in CASE.items() if key != "text"}),
     json.dumps({**{k: v for k, v in CASE.items() if k != "text"}, "file": "../secret.html"})],
)  # fmt: skip
def test_unusable_gold(tmp_path: Path, content: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(content)
    with pytest.raises(GoldError, match=r"gold\.jsonl"):
        evaluate(gold)


def test_missing_gold(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="cannot be read"):
        evaluate(tmp_path / "none.jsonl")


def test_national_gold_copy_is_the_one_measured() -> None:
    beside = Path(__file__).parents[3] / "shared" / "gold" / "statements_dev.jsonl"
    if not beside.exists():
        pytest.skip("../shared/gold is not beside the repository")
    assert beside.read_bytes() == (GOLD / "statements_dev.jsonl").read_bytes()

"""The measured levels of the title reader on labelled titles, and the report of its errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.titles import evaluate

GOLD = Path(__file__).parents[1] / "gold" / "titles"


def test_labelled_titles() -> None:
    figures = evaluate(GOLD / "lca_titles_dev.csv").figures
    assert figures["n"] == 287
    assert figures["level_accuracy"] >= 0.96
    assert figures["trainee_f1"] >= 0.97
    assert figures["specialty_accuracy"] >= 0.92
    assert figures["pgy_accuracy"] >= 0.95


def test_wild_titles() -> None:
    """Spellings of all accredited fellowships, labelled before the vocabulary was looked at."""
    figures = evaluate(GOLD / "wild_titles.csv").figures
    assert figures["n"] == 273
    assert figures["level_accuracy"] >= 0.97
    assert figures["trainee_f1"] >= 0.97
    assert figures["specialty_accuracy"] >= 0.97
    assert figures["pgy_accuracy"] >= 0.9


def test_report_names_each_error(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text(
        "job_title,soc_code,n_rows,level,pgy,specialty,confidence,note\n"
        "Nephrology Fellow,29-1229,1,resident,3,Nephrology,high,\n"
        "Hospitalist,29-1229,1,fellow,,,low,ALT_LEVEL:attending_or_faculty\n"
    )
    found = evaluate(gold)
    assert found.figures["level_accuracy"] == 0.5
    assert found.figures["pgy_accuracy"] == 0.0
    assert any("Nephrology Fellow" in line and "labelled resident" in line for line in found.lines)
    assert not any("Hospitalist" in line for line in found.lines)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("job_title,level\nResident,resident\n", "no column soc_code"),
        ("job_title,soc_code,level,pgy,specialty,note\n", "no labelled case"),
        ("job_title,soc_code,level,pgy,specialty,note\nResident,29-1229,resident,two,,\n", "line 2: pgy 'two'"),
        (
            "job_title,soc_code,level,pgy,specialty,note\nResident,29-1229,boss,,,\n",
            "line 2: level 'boss' must be one of resident",
        ),
    ],
)
def test_unusable_labels(tmp_path: Path, content: str, message: str) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text(content)
    with pytest.raises(GoldError, match=message):
        evaluate(gold)

"""The figures of the matching evaluation, on rows small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.evaluate.base import GoldError
from pipeline.evaluate.linkage import COLUMNS, ein_agreement, evaluate

INSTITUTIONS = pd.DataFrame(
    {
        "institution_id": ["i1", "i2"],
        "sponsor_code": ["000001", None],
        "name": ["One", "Two"],
        "ein": ["120001111", None],
    }
)


def links(*rows: tuple[str, str | None, str | None, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["employer", "tax_id_last4", "state", "city", "relation", "decision"])
    return frame.assign(institution_id="i1", method="exact", reasons=[["+70 name"]] * len(rows), approvals=10).astype(
        {"tax_id_last4": "str", "state": "str"}
    )


def gold(path: Path, *rows: tuple[str, str, str, int, str, str]) -> Path:
    lines = [
        ("000001", "One", "X", "NY", employer, state, tax, size, relation, sure, "why")
        for employer, state, tax, size, relation, sure in rows
    ]
    pd.DataFrame(lines, columns=list(COLUMNS)).to_csv(path, index=False)
    return path


def test_figures(tmp_path: Path) -> None:
    labelled = gold(
        tmp_path / "gold.csv",
        ("A", "NY", "1111", 100, "same", "high"),
        ("B", "NY", "1111", 20, "same", "high"),
        ("C", "NY", "1111", 30, "same", "medium"),
        ("D", "NY", "2222", 5, "affiliate", "high"),
        ("E", "NY", "3333", 5, "affiliate", "high"),
        ("F", "NY", "4444", 5, "different", "high"),
        ("G", "NY", "", 5, "different", "medium"),
        ("H", "", "1111", 5, "different", "low"),
        ("", "", "", 0, "none", "high"),
    )
    predicted = links(
        ("A", "1111", "NY", "X", "affiliate", "accepted"),
        ("A", "1111", "NY", "Y", "same", "accepted"),  # any city; same before affiliate
        ("B", "1111", "NY", "X", "same", "review"),
        ("C", "1111", "NY", "X", "same", "accepted"),
        ("D", "2222", "NY", "X", "same", "accepted"),
        ("E", "3333", "NY", "X", "affiliate", "accepted"),
        ("F", "4444", "NY", "X", "same", "accepted"),
        ("G", None, "NY", "X", "affiliate", "accepted"),
        ("Z", "9999", "NY", "X", "same", "accepted"),
    )
    figures = evaluate(labelled, predicted, INSTITUTIONS).figures
    assert figures["precision"] == pytest.approx((2 + 0.5) / 4, abs=1e-4)
    assert figures["recall"] == pytest.approx(1 / 2, abs=1e-4)
    assert figures["recall_medium"] == 1.0
    assert figures["recall_by_approvals"] == pytest.approx(130 / 150, abs=1e-4)
    assert figures["relation_accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["different_as_same"] == 1
    assert figures["different_as_affiliate"] == 1
    assert (figures["unjudged"], figures["rows"], figures["sponsors"]) == (1, 8, 1)


def test_errors_come_with_their_evidence(tmp_path: Path) -> None:
    labelled = gold(tmp_path / "gold.csv", ("F", "NY", "4444", 5, "different", "high"))
    lines = evaluate(labelled, links(("F", "4444", "NY", "X", "same", "accepted")), INSTITUTIONS).lines
    assert any("One <- F (NY, 4444, 5): different high, predicted same: why [+70 name]" in line for line in lines)


def test_the_ein_check_counts_approvals_and_lists_disagreements() -> None:
    rows = links(("A", "1111", "NY", "X", "same", "accepted"), ("B", "2222", "NY", "X", "same", "accepted"))
    rows.loc[0, "approvals"] = 30
    agreement, wrong = ein_agreement(rows, INSTITUTIONS)
    assert agreement == {"share": 0.75, "links": 2}
    assert wrong["employer"].tolist() == ["B"]


def test_a_file_in_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(GoldError, match="no column sponsor_code"):
        evaluate(path, links(), INSTITUTIONS)
    with pytest.raises(GoldError, match="line 2: relation"):
        evaluate(gold(path, ("A", "NY", "1", 1, "twin", "high")), links(), INSTITUTIONS)
    with pytest.raises(GoldError, match="can't be read"):
        evaluate(tmp_path / "absent.csv", links(), INSTITUTIONS)

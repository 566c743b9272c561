"""The gate: figures of each corpus may not fall below their floors, nor may a corpus change unnoticed.

`tests/gold/policies/floors.csv` holds both. Raise a floor when the reader has become better; none is lowered.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from pipeline.evaluate.policies import evaluate

GOLD = Path(__file__).parents[1] / "gold" / "policies"
with (GOLD / "floors.csv").open(encoding="utf-8", newline="") as handle:
    FLOORS = list(csv.DictReader(handle))
CORPORA = sorted({row["corpus"] for row in FLOORS})


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and bytes of all files of a folder."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(path.iterdir()):
        whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()


def measured(corpus: str) -> dict[str, float]:
    figures = evaluate(GOLD / corpus).figures
    return {name: float(value) for name, value in figures.items() if isinstance(value, int | float)}


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_figure_is_worse_than_its_floor(corpus: str) -> None:
    rows = [row for row in FLOORS if row["corpus"] == corpus]
    assert {row["sha256"] for row in rows} == {digest(GOLD / corpus)}, "the corpus is not the one that was measured"
    figures = measured(corpus)
    worse = [
        f"{row['figure']} {figures[row['figure']]:.3f}, pinned {row['bound']} {row['floor']}"
        for row in rows
        if (figures[row["figure"]] < float(row["floor"]) if row["bound"] == "least" else figures[row["figure"]] > float(row["floor"]))
    ]  # fmt: skip
    assert worse == []


def test_the_gate_holds_no_institution_of_the_training_half() -> None:
    halves = {row["id"]: row["half"] for row in csv.DictReader((GOLD / "realistic_pages.csv").open(encoding="utf-8"))}
    assert set(halves.values()) == {"train", "gate"}
    texts = {half: (GOLD / f"realistic_{half}.jsonl").read_text("utf-8") for half in ("train", "gate")}
    for page, half in halves.items():
        assert f'"id": "{page}"' in texts[half]

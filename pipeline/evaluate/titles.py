"""How well job titles are read, measured on labelled titles.

What belongs here: figures and the report of errors.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, read_gold
from pipeline.filings.titles import is_trainee, read_titles
from pipeline.schemas.vocabulary import TRAINEE_LEVEL

COLUMNS: Final = ("job_title", "soc_code", "level", "pgy", "specialty", "note")
_ALTERNATIVES: Final = re.compile(r"ALT_(LEVEL|SPECIALTY):([^;\"]+)")


def evaluate(gold: Path) -> Evaluation:
    """Measure the title reader on a labelled file with COLUMNS (tests/gold/titles).

    Returns level_accuracy and specialty_accuracy (where a specialty is labelled), which count alternatives of the note as
    right; trainee_f1: resident, fellow and trainee_unspecified against the rest, where a title with alternatives on both
    sides is right either way; pgy_accuracy, of titles for which the label or the reading gives a year; and n, n_specialty,
    n_pgy, the numbers of titles. Raises GoldError.
    """
    labels = read_gold(gold, COLUMNS, {"level": TRAINEE_LEVEL}, {"pgy": r"\d{0,2}"})
    read = read_titles(labels)
    level_right = _right(read["level"], labels, "level")
    named = labels["specialty"] != ""
    specialty = read["specialty"].fillna("")
    specialty_right = _right(specialty, labels, "specialty")
    labelled_pgy = pd.to_numeric(labels["pgy"].where(labels["pgy"] != "")).astype("Int64")
    with_pgy = labelled_pgy.notna() | read["pgy"].notna()
    pgy_right = labelled_pgy.fillna(0) == read["pgy"].fillna(0)
    figures: dict[str, object] = {
        "level_accuracy": float(level_right.mean()),
        "trainee_f1": _trainee_f1(read["level"], labels["level"], level_right),
        "specialty_accuracy": _share(specialty_right[named]),
        "pgy_accuracy": _share(pgy_right[with_pgy]),
        "n": len(labels),
        "n_specialty": int(named.sum()),
        "n_pgy": int(with_pgy.sum()),
    }
    wrong = pd.DataFrame(
        {
            "level": ~level_right,
            "specialty": (named | (specialty != "")) & ~specialty_right,
            "pgy": ~pgy_right,
        }
    )
    return Evaluation(figures, (*_summary(figures), *_confusion(labels, read), *_errors(labels, read, wrong)))


def _right(read: pd.Series, labels: pd.DataFrame, column: str) -> pd.Series:
    """Find the readings that are the label, or an alternative of its note."""
    accepted = [
        _accepted(label, note, column.upper()) for label, note in zip(labels[column], labels["note"], strict=True)
    ]
    return pd.Series([value in values for value, values in zip(read, accepted, strict=True)], index=labels.index)


def _accepted(label: object, note: object, what: str) -> frozenset[str]:
    """Return the label and its alternatives: `ALT_LEVEL: fellow|none` in the note."""
    found = {str(label)}
    for kind, alternatives in _ALTERNATIVES.findall(str(note)):
        if kind == what:
            found |= {"" if part.strip() == "none" else part.strip() for part in alternatives.split("|")}
    return frozenset(found)


def _share(right: pd.Series) -> float:
    return float(right.mean()) if len(right) else 1.0


def _trainee_f1(read: pd.Series, label: pd.Series, right: pd.Series) -> float:
    # Where an alternative is met, the reading stands in for the label.
    truth = is_trainee(label.where(~right, read))
    predicted = is_trainee(read)
    hits = int((truth & predicted).sum())
    return 2 * hits / (int(truth.sum()) + int(predicted.sum())) if hits else 0.0


def _summary(figures: dict[str, object]) -> list[str]:
    return [
        f"{figures['n']} titles, {figures['n_specialty']} with a labelled specialty, {figures['n_pgy']} with a year",
        f"level accuracy      {figures['level_accuracy']:.3f}",
        f"trainee F1          {figures['trainee_f1']:.3f}",
        f"specialty accuracy  {figures['specialty_accuracy']:.3f}",
        f"year accuracy       {figures['pgy_accuracy']:.3f}",
    ]


def _confusion(labels: pd.DataFrame, read: pd.DataFrame) -> list[str]:
    table = pd.crosstab(labels["level"], read["level"], rownames=["labelled"], colnames=["read"])
    return ["", *table.to_string().splitlines(), ""]


def _errors(labels: pd.DataFrame, read: pd.DataFrame, wrong: pd.DataFrame) -> list[str]:
    lines: list[str] = []
    for place in labels.index[wrong.any(axis=1)]:
        label, reading = labels.loc[place], read.loc[place]
        parts = [
            f"{name}: read {_shown(reading[name])}, labelled {_shown(label[name])}"
            for name in wrong.columns
            if wrong.at[place, name]
        ]
        lines.append(f"{label['job_title']!r} ({label['soc_code']}): {'; '.join(parts)}")
        lines += [f"    {sentence}" for sentence in reading["evidence"]]
        lines += [f"    note: {label['note']}"] if label["note"] else []
    return lines or ["no errors"]


def _shown(value: object) -> str:
    text = "" if value is None or value is pd.NA else str(value)
    return "nothing" if text in ("", "nan") else text

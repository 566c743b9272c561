"""How well job titles are read, measured on labelled titles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, GoldError
from pipeline.filings.titles import is_trainee, read_titles

COLUMNS: Final = ("job_title", "soc_code", "level", "pgy", "specialty", "note")
_ALTERNATIVES: Final = re.compile(r"ALT_(LEVEL|SPECIALTY):([^;\"]+)")


def evaluate(gold: Path) -> Evaluation:
    """Figures of the title reader on a labelled file (../shared/gold/README.md, lca_titles_dev.csv).

    level_accuracy and specialty_accuracy (where a specialty is labelled) count alternatives of the note as right.
    trainee_f1: resident, fellow and trainee_unspecified against the rest; a title with alternatives on both sides is
    right either way. pgy_accuracy: of titles for which the label or the reading gives a year. Raises GoldError.
    """
    labels = _labels(gold)
    read = read_titles(labels)
    accepted = [_accepted(row.level, row.note, "LEVEL") for row in labels.itertuples()]
    level_right = pd.Series(
        [level in right for level, right in zip(read["level"], accepted, strict=True)], index=labels.index
    )
    named = labels["specialty"] != ""
    specialty = read["specialty"].fillna("")
    right_specialties = [_accepted(row.specialty, row.note, "SPECIALTY") for row in labels.itertuples()]
    specialty_right = pd.Series(
        [name in right for name, right in zip(specialty, right_specialties, strict=True)], index=labels.index
    )
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
            "specialty": (named & ~specialty_right) | (~named & (specialty != "") & ~specialty_right),
            "pgy": ~pgy_right,
        }
    )
    return Evaluation(figures, (*_summary(figures), *_confusion(labels, read), *_errors(labels, read, wrong)))


def _labels(gold: Path) -> pd.DataFrame:
    try:
        labels = pd.read_csv(gold, dtype="str", keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise GoldError(f"{gold}: can't be read as a table of labelled titles ({error})") from error
    missing = [name for name in COLUMNS if name not in labels.columns]
    if missing:
        raise GoldError(f"{gold}: no column {', '.join(missing)}; wanted are {', '.join(COLUMNS)}")
    if labels.empty:
        raise GoldError(f"{gold}: holds no labelled title")
    strange = ~labels["pgy"].str.fullmatch(r"\d{0,2}")
    if strange.any():
        line = int(strange.to_numpy().argmax()) + 2
        raise GoldError(f"{gold}, line {line}: pgy {labels['pgy'][strange].iloc[0]!r} is no year")
    return labels


def _accepted(label: object, note: object, what: str) -> frozenset[str]:
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
    said = is_trainee(read)
    hits = int((truth & said).sum())
    return 2 * hits / (int(truth.sum()) + int(said.sum())) if hits else 0.0


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

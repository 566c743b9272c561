"""The weights of the second reader of visa policies, fitted to labelled pages: `make train`.

What belongs here: from labelled cases to `reference/policy/weights.csv`. scikit-learn is used here and nowhere else; the same
cases give the same file byte for byte (fixed order of rows, features and folds, one thread, fits that converge, rounded weights).

Two fits: units (does this sentence state a stance on a visa?), then pages (what do its units and its words state together?). A page is
given scores of its units by weights fitted without its institution, as it will be where the reader meets pages it has never seen.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.documents.blocks import Texts
from pipeline.documents.page import blocks_of
from pipeline.evaluate.base import read_gold
from pipeline.evaluate.policies import Case, load, overlap
from pipeline.policies.weighed.features import opening_features, page_features, unit_features
from pipeline.policies.weighed.reading import scores_by_outcome
from pipeline.policies.weighed.units import PageUnits, Unit, units_of
from pipeline.policies.weighed.weights import BASE, PAGE, UNIT, Weights, weights_of
from pipeline.policies.weighed.words import H1B, J1
from pipeline.reference.load import REFERENCE
from pipeline.schemas.vocabulary import VISA_POLICY, VISA_STANCE
from pipeline.settings import PROJECT

WEIGHTS: Final = REFERENCE / "policy/weights.csv"
COLUMNS: Final = ("kind", "visa", "stance", "feature", "weight")
GOLD: Final = PROJECT / "tests/gold/policies"
# Labelled cases by file, with the weight of each case for units and for pages: real pages count most, texts of a sentence or two
# say nothing of pages.
CORPORA: Final = {
    "realistic_train.jsonl": (1.0, 1.0),
    **dict.fromkeys(
        ("statements_dev.jsonl", "statements_blind.jsonl", "statements_unseen.jsonl", "statements_cases.jsonl"),
        (0.5, 0.3),
    ),
    **dict.fromkeys(("pages_dev", "pages_blind", "pages_unseen"), (0.5, 0.3)),
    "summaries.jsonl": (0.3, 0.0),
    "written.csv": (0.3, 0.0),
}
_FOLDS: Final = 4
_SAME_SENTENCE: Final = 0.7  # share of words from which a unit is a labelled sentence
_LEAST_UNITS: Final = 2  # units in which a feature must occur
_INVERSE_STRENGTH: Final = {UNIT: 1.0, PAGE: 0.3}  # of regularisation, chosen by cross-validation on the training half
# When a fit is done. The solver of pages sums by BLAS, whose rounding is that of the processor: stopped at liblinear's own 1e-4, weights
# differed from one processor to another in the fourth digit. It converges quadratically, so that 1e-8 takes a step or two more.
_TOLERANCE: Final = {UNIT: 1e-4, PAGE: 1e-8}
_NOTHING: Final = "nothing"


@dataclass(frozen=True)
class _Page:
    """A labelled page taken apart; `features` and `stated` (visa -> stance) of each of its units."""

    case: Case
    fold: int
    weights: tuple[float, float]
    units: PageUnits
    opening: tuple[str, ...]
    texts: Texts
    features: list[set[str]]
    stated: list[dict[str, str]]


@dataclass(frozen=True)
class _Row:
    features: Mapping[str, float]
    labels: Mapping[str, str]
    weight: float


def fitted_table(gold: Path) -> str:
    """Return the text of `weights.csv` fitted to the labelled cases of the folder `gold`. Raises GoldError."""
    pages = [page for page in _pages(gold) if page.units.units]
    chances = _chances_unseen(pages)
    whole = [_page_row(page, found) for page, found in zip(pages, chances, strict=True) if page.weights[1]]
    rows = _fit(UNIT, _unit_rows(pages)) + _fit(PAGE, whole)
    text = StringIO()
    writer = csv.DictWriter(text, list[str](COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _pages(gold: Path) -> Iterable[_Page]:
    folds: dict[str, int] = {}
    for file, weights in CORPORA.items():
        for case in _cases(gold / file):
            group = case.institution or case.id
            fold = folds.setdefault(group, len(folds) % _FOLDS)
            yield _taken_apart(case, fold, weights)


def _cases(file: Path) -> list[Case]:
    return _written(file) if file.suffix == ".csv" else load(file)


def _written(file: Path) -> list[Case]:
    """Return the cases of a table of sentences: the whole text is the evidence of what it states."""
    rows = read_gold(
        file, ("policy", "j1", "h1b", "text"), {"j1": VISA_STANCE, "h1b": VISA_STANCE, "policy": VISA_POLICY}
    )
    return [
        Case(
            f"{file.stem} {row['line']}", row["text"].encode(), "text", "Residency", "", row["j1"], row["h1b"], row["policy"],
            "not_stated", (row["text"],), (),
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _taken_apart(case: Case, fold: int, weights: tuple[float, float]) -> _Page:
    blocks = blocks_of(case.content, case.media)
    texts = Texts(blocks)
    units = units_of(blocks, texts)
    opening = opening_features(units, bool(case.program))
    features = [unit_features(unit, opening) for unit in units.units]
    stated = _named_first(units, [_stated(case, unit.sentence.text) for unit in units.units])
    return _Page(case, fold, weights, units, opening, texts, features, stated)


def _stated(case: Case, sentence: str) -> dict[str, str]:
    shares = (max(overlap(sentence, labelled), overlap(labelled, sentence)) for labelled in case.evidence)
    evident = any(share >= _SAME_SENTENCE for share in shares)
    return {
        visa: getattr(case, visa) if evident and getattr(case, visa) != "not_stated" else _NOTHING
        for visa in ("h1b", "j1")
    }


def _named_first(units: PageUnits, stated: list[dict[str, str]]) -> list[dict[str, str]]:
    """Keep for each visa only the labels of sentences that name it, where any labelled one does: "J-1 visas are sponsored"
    says nothing of the H-1B beside "H-1B visas are not"."""
    for visa, name in (("h1b", H1B), ("j1", J1)):
        naming = [_names(unit, name) for unit in units.units]
        if any(named and stances[visa] != _NOTHING for named, stances in zip(naming, stated, strict=True)):
            stated = [
                stances if named else stances | {visa: _NOTHING} for named, stances in zip(naming, stated, strict=True)
            ]
    return stated


def _names(unit: Unit, name: str) -> bool:
    return any(name in words.plain for words in (unit.words, unit.question, *(label for label, _ in unit.cells)))


def _chances_unseen(pages: list[_Page]) -> list[Mapping[str, list[float]]]:
    """Return the chances of each page's units by outcome, by weights fitted to the pages of other folds."""
    found: dict[int, Mapping[str, list[float]]] = {}
    for fold in range(_FOLDS):
        rows = _fit(UNIT, _unit_rows([page for page in pages if page.fold != fold]))
        weights = weights_of(rows)
        for number, page in enumerate(pages):
            if page.fold == fold:
                found[number] = _chances(weights, page)
    return [found[number] for number in range(len(pages))]


def _chances(weights: Weights, page: _Page) -> Mapping[str, list[float]]:
    rows = [weights.chances([(feature, 1.0) for feature in features]) for features in page.features]
    return scores_by_outcome(weights.outcomes, rows)


def _unit_rows(pages: Iterable[_Page]) -> list[_Row]:
    return [
        _Row(dict.fromkeys(features, 1.0), stated, page.weights[0])
        for page in pages
        for features, stated in zip(page.features, page.stated, strict=True)
    ]


def _page_row(page: _Page, chances: Mapping[str, list[float]]) -> _Row:
    features = page_features(page.units, page.opening, page.texts, chances)
    return _Row(features, {"h1b": page.case.h1b, "j1": page.case.j1}, page.weights[1])


def _fit(kind: str, rows: Sequence[_Row]) -> list[dict[str, str]]:
    """Return rows of the table: one against the rest for each outcome, weights of 0 left out."""
    counts = Counter(feature for row in rows for feature in row.features)
    common = sorted(feature for feature, count in counts.items() if count >= _LEAST_UNITS)
    columns = {feature: place for place, feature in enumerate(common)}
    matrix = _matrix(rows, columns)
    importance = np.array([row.weight for row in rows])
    table: list[dict[str, str]] = []
    for visa in ("h1b", "j1"):
        for stance in sorted({row.labels[visa] for row in rows} - {_NOTHING}):
            wanted = np.array([row.labels[visa] == stance for row in rows])
            model = LogisticRegression(
                C=_INVERSE_STRENGTH[kind], l1_ratio=1.0 if kind == UNIT else 0.0, solver="liblinear", tol=_TOLERANCE[kind],
                max_iter=300, random_state=0, intercept_scaling=5,
            )  # fmt: skip
            model.fit(matrix, wanted, sample_weight=importance)
            weights = {BASE: float(np.ravel(model.intercept_)[0])}
            weights |= {feature: float(model.coef_[0][place]) for feature, place in columns.items()}
            table += [
                {"kind": kind, "visa": visa, "stance": stance, "feature": feature, "weight": f"{weight:.4f}"}
                for feature, weight in weights.items()
                if abs(weight) >= 0.00005
            ]
    return table


def _matrix(rows: Sequence[_Row], columns: Mapping[str, int]) -> csr_matrix:
    cells: dict[str, list[float]] = defaultdict(list)
    for number, row in enumerate(rows):
        for feature in sorted(row.features.keys() & columns.keys()):
            cells["row"].append(number)
            cells["column"].append(columns[feature])
            cells["value"].append(row.features[feature])
    return csr_matrix((cells["value"], (cells["row"], cells["column"])), shape=(len(rows), len(columns)))


if __name__ == "__main__":
    sys.stdout.write(f"{WEIGHTS}\n")
    WEIGHTS.write_text(fitted_table(GOLD), encoding="utf-8")

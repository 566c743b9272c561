"""Links without curated rows: what is left out, and for whom."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.evaluate.linkage import COLUMNS
from pipeline.evaluate.relinking import PARSED, Relinking, cross_validated, evaluate_without_curated
from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.institutions import build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS, JUDGEMENT_COLUMNS, Curated
from pipeline.linkage.petitions import sum_petitions
from pipeline.linkage.systems import read_systems
from pipeline.schemas.frames import empty_frame
from tests.linkage.conftest import curated_of, programs_of, rows_of

SPONSORS = [
    ("Maimonides Medical Center Program", "350366", "Maimonides Medical Center", "Brooklyn", "NY"),
    ("Lankenau Hospital Program", "410001", "Lankenau Hospital", "Wynnewood", "PA"),
]
PETITIONS = [
    ("MAIMONIDES MEDICAL CENTER", "5001", "NY", "BROOKLYN", 40),
    ("BOROUGH CARE CORPORATION", "5002", "NY", "BROOKLYN", 9),
    ("SUBURBAN CARE CORPORATION", "5003", "PA", "WYNNEWOOD", 9),
]
ALIASES = [
    {"sponsor_code": "350366", "alias": "BOROUGH CARE CORPORATION", "alias_state": "NY", "relation": "same"},
    {"sponsor_code": "410001", "alias": "SUBURBAN CARE CORPORATION", "alias_state": "PA", "relation": "same"},
]


@pytest.fixture
def relinking() -> Relinking:
    aliases = curated_of(ALIAS_COLUMNS, ALIASES)
    sites = pd.DataFrame(columns=["sponsor_code", "site_code", "site_name", "program_code"], dtype="str")
    built = build_institutions(programs_of(SPONSORS), sites, Registers(), aliases)
    petitions = group_petitioners(sum_petitions(rows_of(PETITIONS), coverage="full", snapshot_id="s")).petitions
    tables = {name: empty_frame(name) for name in PARSED}
    tables |= {"petitions": petitions, "institutions": built.institutions, "programs": built.programs}
    return Relinking(tables, Curated(aliases, curated_of(JUDGEMENT_COLUMNS, []), read_systems()))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.csv"
    rows = [
        ("350366", "Maimonides", "Brooklyn", "NY", name, "NY", tax, 9, "same", "high", "")
        for name, tax in (("MAIMONIDES MEDICAL CENTER", "5001"), ("BOROUGH CARE CORPORATION", "5002"))
    ]
    rows.append(
        ("410001", "Lankenau", "Wynnewood", "PA", "SUBURBAN CARE CORPORATION", "PA", "5003", 9, "same", "high", "")
    )
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(path, index=False)
    return path


def test_without_curated_rows_only_the_evidence_links(relinking: Relinking, gold: Path) -> None:
    figures = evaluate_without_curated(gold, relinking).figures
    assert (figures["precision"], figures["recall"]) == (1.0, pytest.approx(1 / 3, abs=1e-4))


def test_rows_of_other_sponsors_may_stay(relinking: Relinking, gold: Path) -> None:
    only = gold.with_name("one.csv")
    only.write_text("\n".join(line for line in gold.read_text().splitlines() if "410001" not in line) + "\n")
    figures = evaluate_without_curated(only, relinking, of_gold_sponsors=True).figures
    assert figures["recall"] == 0.5
    left = relinking.curated.without(relinking.institutions, set(relinking.institutions["institution_id"].iloc[:1]))
    assert len(left.aliases) == 1


def test_each_fold_is_measured_without_its_own_rows_and_all_folds_together(relinking: Relinking, gold: Path) -> None:
    measured = cross_validated(gold, relinking, folds=2)
    assert measured.figures["recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert any(line.startswith("fold 0: ") for line in measured.lines)

"""Reading job titles: a table of titles, and what must hold for any text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.filings.postgraduate_years import read_pgy
from pipeline.filings.soc import soc_kind
from pipeline.filings.titles import read_title, read_titles
from pipeline.schemas.vocabulary import CONFIDENCE, TRAINEE_LEVEL

GOLD = Path(__file__).parents[1] / "gold" / "titles"
TABLE = pd.read_csv(GOLD / "titles_table.csv", dtype="str", keep_default_na=False)


@pytest.mark.parametrize(
    ("job_title", "soc_code", "level", "pgy", "specialty"),
    [tuple(row) for row in TABLE.itertuples(index=False)],
    ids=[f"{row.job_title} {row.soc_code}" for row in TABLE.itertuples()],
)
def test_title(job_title: str, soc_code: str, level: str, pgy: str, specialty: str) -> None:
    reading = read_title(job_title, soc_code)
    assert (reading.level, str(reading.pgy or ""), reading.specialty) == (level, pgy, specialty), reading.evidence


def test_table_is_not_taken_from_the_labelled_titles() -> None:
    labelled = pd.read_csv(GOLD / "lca_titles_dev.csv", dtype="str", keep_default_na=False)
    assert len(TABLE) >= 150
    both = TABLE.merge(labelled, on=["job_title", "soc_code"])
    assert both.empty


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("PGY-1", 1), ("PGY 2", 2), ("PGY2", 2), ("pgy iv", 4), ("PGYIII", 3), ("PGL-6", 6), ("Fellow PGY-7", 7),
        ("PGY-10", 10), ("PGY 1-3", None), ("PGY2/PGY3", None), ("PGY 2 “ PGY4", None), ("PGY 11", None), ("PGY", None),
        ("Resident PGY-Level 3", 3), ("Podiatry Resident PGY1 [00073274]", 1), ("Resident II", 2), ("House Officer 5", 5),
        ("Resident 0.8 FTE", None), ("Fellow 2", None), ("2nd year resident", 2), ("2nd year fellow", None),
        ("Resident (PGY 3) 2025", 3), ("Resident (R2)", 2),
    ],
)  # fmt: skip
def test_postgraduate_year(title: str, year: int | None) -> None:
    assert read_pgy(title) == year


@pytest.mark.parametrize(
    ("soc", "kind"),
    [
        ("29-1229.02", "physician"), ("29-1069", "physician"), ("29-1249", "physician"), ("29-1299.00", "open"),
        ("29-9099", "open"), ("25-1071.00", "open"), ("29-1141.00", "profession"), ("29-1021", "profession"),
        ("15-1252", "outside"), ("", "none"),
    ],
)  # fmt: skip
def test_soc_kind(soc: str, kind: str) -> None:
    assert soc_kind(soc) == kind


def test_frame_keeps_index_and_nulls() -> None:
    titles = pd.DataFrame(
        {"job_title": ["Resident Physician", None, "Resident Physician"], "soc_code": ["29-1229.00", None, None]},
        index=[7, 3, 5],
    )
    found = read_titles(titles)
    assert list(found.index) == [7, 3, 5]
    assert list(found["level"]) == ["resident", "non_physician", "resident"]
    assert list(found.columns) == ["level", "pgy", "specialty", "specialty_code", "confidence", "evidence"]
    assert "open: no SOC code is given" in found.loc[5, "evidence"]


def test_evidence_names_support_and_contradiction() -> None:
    assert "supports: SOC 29-1216 is a code of physicians" in read_title("Resident", "29-1216").evidence
    odd = read_title("Resident Physician", "29-1021")
    assert odd.confidence == "low"
    assert any(line.startswith("contradicts") for line in odd.evidence)


@settings(max_examples=200)
@given(st.text(max_size=120), st.sampled_from(["29-1229.00", "29-1299", "29-1021.00", "15-1252.00", ""]))
def test_any_text_is_read(title: str, soc: str) -> None:
    reading = read_title(title, soc)
    assert reading.level in TRAINEE_LEVEL
    assert reading.confidence in CONFIDENCE
    assert reading.pgy is None or 1 <= reading.pgy <= 10
    assert reading.evidence
    assert not (reading.level == "non_physician" and reading.specialty)


IN_ORDER = read_titles(TABLE)


@settings(max_examples=10)
@given(st.permutations(range(len(TABLE))))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    pd.testing.assert_frame_equal(read_titles(TABLE.iloc[order]), IN_ORDER.iloc[order])


@settings(max_examples=200)
@given(st.sampled_from(list(TABLE.itertuples(index=False, name=None))))
def test_case_and_blanks_do_not_matter(row: tuple[str, str, str, str, str]) -> None:
    plain, loud = read_title(row[0], row[1]), read_title(f"  {row[0].upper()} ", row[1])
    assert (plain.level, plain.pgy, plain.specialty) == (loud.level, loud.pgy, loud.specialty)

"""Institutions that had no petitioner, searched for by hand one by one: `gold/linkage/no_petitioner.csv`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.linkage.comparison import compare
from pipeline.linkage.judgements import read_aliases
from pipeline.linkage.names.normalise import canonical, core
from pipeline.linkage.names.printed import parts_of

FILE = Path(__file__).parents[1] / "gold" / "linkage" / "no_petitioner.csv"
ROWS = pd.read_csv(FILE, dtype="str", keep_default_na=False)
COLUMNS = ["institution", "state", "verdict", "petitioner", "sign", "source", "as_of"]
# none: no petition found; doubtful: a body near, and no source that ties the two.
VERDICTS = {"none", "files under", "parent files", "doubtful"}
RULED = ROWS[ROWS["sign"].str.contains("alias")]


def test_each_institution_has_one_verdict_with_its_sign_source_and_day() -> None:
    assert list(ROWS) == COLUMNS and not ROWS.duplicated(["institution", "state"]).any()
    assert set(ROWS["verdict"]) == VERDICTS
    assert ((ROWS["petitioner"] == "") == (ROWS["verdict"] == "none")).all()
    assert (ROWS[["institution", "state", "sign", "source"]] != "").all(axis=None)
    assert ROWS["as_of"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()


@pytest.mark.parametrize(
    ("institution", "state", "petitioner"), RULED[["institution", "state", "petitioner"]].to_numpy()
)
def test_what_no_similarity_finds_has_a_written_row(institution: str, state: str, petitioner: str) -> None:
    aliases = read_aliases()
    own = aliases[(aliases["institution"] == institution) & (aliases["institution_state"] == state)]
    written = {core(canonical(alias)) for alias in own["alias"]}
    printed = {canonical(petitioner), *(canonical(part) for part in parts_of(petitioner))}
    assert any(alias.startswith(form) or form.startswith(alias) for alias in written for form in map(core, printed))


@pytest.mark.parametrize(
    ("institution", "city", "level"),
    [
        ("Conway Regional Health System", "CONWAY", ("kin", False)),
        ("Munson Medical Center", "TRAVERSE CITY", ("typed", True)),
        ("Centerstone", "BRADENTON", ("of_state", False)),
        ("St Luke's Hospital", "SAINT LOUIS", ("kin", False)),
    ],
)
def test_what_the_names_say_by_themselves(institution: str, city: str, level: tuple[str, bool]) -> None:
    [petitioner] = ROWS.loc[ROWS["institution"] == institution, "petitioner"]
    assert compare(canonical(petitioner), canonical(institution), frozenset(city.split()))[:2] == level

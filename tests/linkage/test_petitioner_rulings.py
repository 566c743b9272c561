"""What a person ruled on a petitioner has the last word, is shown, and is counted where it meets nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.explain import explain_match
from pipeline.linkage.petitioner_rulings import petitioner_rulings, unmet_rulings
from pipeline.linkage.petitions import sum_petitions
from pipeline.reference.rulings import PETITIONERS, read_own_rulings
from pipeline.reference.tables import TABLES

COLUMNS = TABLES[PETITIONERS].columns
BANK, HOUSE, SERVICES = "QUARRY BANK LTD", "QUARRY HOUSE LLC", "QUARRY BANK FINANCIAL SERVICES LLC"


def ruled(one: str, other: str, verdict: str) -> dict[str, str]:
    return {
        "employer": one, "other_employer": other, "tax_id_last4": "4854", "employer_state": "NY", "verdict": verdict,
        "reason": "its subsidiary", "source": "made up", "date": "2026-12-01", "judged_by": "reader",
    }  # fmt: skip


def rulings(*rows: dict[str, str], folder: Path) -> pd.DataFrame:
    """The rulings of a folder that has none, and those of the operator."""
    return petitioner_rulings(pd.DataFrame(rows, columns=list(COLUMNS)).astype("str"), folder)


def petitions(*names: str) -> pd.DataFrame:
    frame = pd.DataFrame({"employer": names}).astype("str").assign(
        tax_id_last4="4854", state="NY", city="NEW YORK", fiscal_year=2020, naics="52", initial_approvals=1,
        initial_denials=0, continuing_approvals=0, continuing_denials=0,
    )  # fmt: skip
    return sum_petitions(frame, coverage="full", snapshot_id="s")


def groups(known: pd.DataFrame, *names: str) -> set[frozenset[str]]:
    petitioners = group_petitioners(petitions(*names), rulings=known).petitioners
    return {frozenset(spellings) for spellings in petitioners["spellings"]}


def test_two_employers_are_parted_and_what_is_not_ruled_on_stays(tmp_path: Path) -> None:
    names = (BANK, "QUARRY BANK LIMITED", HOUSE, SERVICES)
    assert groups(rulings(folder=tmp_path), *names) == {frozenset(names)}
    known = rulings(ruled(BANK, SERVICES, "two"), folder=tmp_path)
    assert groups(known, *names) == {frozenset(names[:2]), frozenset(names[2:])}


def test_one_employer_is_joined_whatever_its_names(tmp_path: Path) -> None:
    known = rulings(ruled(BANK, "ZEBRA MARINE", "one"), folder=tmp_path)
    assert groups(known, BANK, "ZEBRA MARINE INC") == {frozenset({BANK, "ZEBRA MARINE INC"})}


def test_of_two_rulings_on_a_pair_the_later_counts(tmp_path: Path) -> None:
    rows = (ruled(BANK, SERVICES, "two"), ruled(SERVICES, BANK, "one"))
    assert groups(rulings(*rows, folder=tmp_path), BANK, SERVICES) == {frozenset({BANK, SERVICES})}


def test_a_ruling_that_meets_nothing_is_unmet(tmp_path: Path) -> None:
    rows = (ruled(BANK, SERVICES, "two"), ruled(BANK, "ZEBRA", "two"), ruled(BANK, "QUARRY BANK LIMITED", "two"))
    unmet = unmet_rulings(petitions(BANK, SERVICES, "QUARRY BANK LIMITED"), rulings(*rows, folder=tmp_path))
    assert unmet["other_employer"].tolist() == ["ZEBRA", "QUARRY BANK LIMITED"]  # one name is never two employers


def test_explain_match_shows_it_near_an_institution_or_not(tmp_path: Path) -> None:
    known = rulings(ruled(BANK, SERVICES, "two"), folder=tmp_path)
    links = pd.DataFrame({"employer": [], "state": [], "tax_id_last4": [], "city": []}, dtype="str")
    institutions = pd.DataFrame({"institution_id": [], "name": [], "aliases": [], "state": []}, dtype="str")
    line = "  ruled another employer than QUARRY BANK FINANCIAL SERVICES LLC (4854, NY) by a reader, 2026-12-01: its subsidiary"
    assert line in explain_match("Quarry Bank", links, institutions, rulings=known)
    assert line not in explain_match("Quarry Bank", links, institutions, "CA", rulings=known)


def test_the_operators_own_are_known_by_their_header(tmp_path: Path) -> None:
    row = ",".join(ruled(BANK, SERVICES, "two").values())
    (tmp_path / "mine.csv").write_text(",".join(COLUMNS) + f"\n{row}\n{row.replace('4854', '')}\n", "utf-8")
    own = read_own_rulings(tmp_path)
    assert own.petitioners["employer"].tolist() == [BANK] and "tax_id_last4" in own.problems[0]

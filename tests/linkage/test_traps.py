"""Pairs written for the purpose: what the matcher must and must not link, without curated names.

strong: must hold. medium, weak: counted, with a floor; weak pairs need a curated name and say so.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.institutions import build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS, JUDGEMENT_COLUMNS
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.linkage.petitions import sum_petitions
from pipeline.schemas.frames import empty_frame

TRAPS = pd.read_csv(Path(__file__).parents[1] / "gold" / "linkage" / "traps.csv", dtype="str", keep_default_na=False)
MEDIUM_FLOOR = 0.7


def no_rows(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


def ipeds(*rows: tuple[str, str, str, str, str, bool, bool]) -> pd.DataFrame:
    columns = ["unitid", "name", "city", "state", "ein", "has_hospital", "grants_medical_degree"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.assign(aliases=pd.Series([[] for _ in rows], dtype=object)).reindex(columns=[*columns, "aliases"])


# Public facts of IPEDS: which university has a hospital, and where it is.
SCHOOLS = ipeds(
    ("153658", "University of Iowa", "Iowa City", "IA", "426004813", True, True),
    ("209490", "Oregon Health & Science University", "Portland", "OR", "931176109", True, True),
    ("110653", "University of California-Irvine", "Irvine", "CA", "952226406", True, True),
    ("110699", "University of California-San Francisco", "San Francisco", "CA", "946036493", True, True),
    ("106397", "University of Arkansas", "Fayetteville", "AR", "716003252", False, False),
    ("106263", "University of Arkansas for Medical Sciences", "Little Rock", "AR", "716046242", True, True),
    ("238032", "West Virginia University", "Morgantown", "WV", "556000793", False, True),
    ("179867", "Washington University in St Louis", "St. Louis", "MO", "430653611", False, True),
    (
        "486901",
        "Western Michigan University Homer Stryker M.D. School of Medicine",
        "Kalamazoo",
        "MI",
        "454135256",
        False,
        True,
    ),
    ("157085", "University of Kentucky", "Lexington", "KY", "616001218", True, True),
)


@pytest.fixture(scope="module")
def predicted() -> pd.Series:
    """Relation of the accepted link of each trap, `none` without one, by the trap's row."""
    names = TRAPS[["institution", "institution_state", "institution_city"]].drop_duplicates(ignore_index=True)
    names["code"] = [f"99{place:04d}" for place in range(len(names))]
    programs = empty_frame("acgme_programs").reindex(range(len(names)))
    programs["program_code"] = [f"{place:010d}" for place in range(len(names))]
    programs["program_name"] = names["institution"] + " Program"
    programs["sponsor_name"], programs["sponsor_code"] = names["institution"], names["code"]
    programs["city"], programs["state"] = names["institution_city"], names["institution_state"]
    programs["specialty_code"] = "220"
    registers = Registers(ipeds=SCHOOLS)
    no_aliases = no_rows(ALIAS_COLUMNS)
    sites = empty_frame("acgme_participating_sites")
    built = build_institutions(programs, sites, registers, no_aliases)
    rows = empty_frame("uscis_petition_rows").reindex(range(len(TRAPS)))
    rows["fiscal_year"] = 2022
    rows["employer"], rows["tax_id_last4"] = TRAPS["employer"], TRAPS["tax_id_last4"]
    rows["state"], rows["city"], rows["naics"] = TRAPS["employer_state"], TRAPS["employer_city"], "62"
    for column in ("initial_denials", "continuing_approvals", "continuing_denials"):
        rows[column] = 0
    rows["initial_approvals"] = TRAPS["approvals"].astype("int64")
    petitions = group_petitioners(sum_petitions(rows, coverage="full", snapshot_id="sample")).petitions
    table = collect_aliases(built.institutions, built.programs, sites, registers, no_aliases)
    links = link_petitioners(petitions, built.institutions, table, registers, no_rows(JUDGEMENT_COLUMNS))
    accepted = links[links["decision"] == "accepted"]
    code = built.institutions.set_index("institution_id")["sponsor_code"]
    found = {
        (employer, state, city, code[identity]): relation
        for employer, state, city, identity, relation in zip(
            accepted["employer"], accepted["state"], accepted["city"], accepted["institution_id"],
            accepted["relation"], strict=True,
        )
    }  # fmt: skip
    by_name = names.set_index(["institution", "institution_state", "institution_city"])["code"]
    return pd.Series(
        [
            found.get((" ".join(employer.split()), state, city, by_name[name, home, town]), "none")
            for employer, state, city, name, home, town in zip(
                TRAPS["employer"], TRAPS["employer_state"], TRAPS["employer_city"], TRAPS["institution"],
                TRAPS["institution_state"], TRAPS["institution_city"], strict=True,
            )
        ]
    )  # fmt: skip


def holds(expected: str, relation: str) -> bool:
    return relation != "same" if expected == "not_same" else relation == expected


def test_the_table_is_large_enough() -> None:
    assert len(TRAPS) >= 150
    assert set(TRAPS["grade"]) == {"strong", "medium", "weak"}
    assert set(TRAPS["expected"]) == {"same", "affiliate", "none", "not_same"}


@pytest.mark.parametrize("row", TRAPS.index[TRAPS["grade"] == "strong"])
def test_strong_traps_hold(predicted: pd.Series, row: int) -> None:
    trap = TRAPS.loc[row]
    assert holds(trap["expected"], predicted[row]), (
        f"{trap['employer']!r} and {trap['institution']}: {predicted[row]}, expected {trap['expected']} ({trap['why']})"
    )


def test_medium_traps_hold_for_the_most_part(predicted: pd.Series) -> None:
    rows = TRAPS[TRAPS["grade"] == "medium"]
    kept = [holds(expected, predicted[row]) for row, expected in rows["expected"].items()]
    assert sum(kept) >= MEDIUM_FLOOR * len(rows)


def test_nothing_that_is_apart_becomes_the_same(predicted: pd.Series) -> None:
    apart = TRAPS.index[TRAPS["expected"].isin(["none", "not_same"])]
    assert [TRAPS.loc[row, "employer"] for row in apart if predicted[row] == "same"] == []

"""Two vintages of a register in one archive: what each of them says, and what links are made of both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive.intake import add
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.evaluate.relinking import PARSED
from pipeline.linkage.anchors import Registers
from pipeline.linkage.build import links_by
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.institutions import build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS, JUDGEMENT_COLUMNS, Curated
from pipeline.linkage.petitions import sum_petitions
from pipeline.linkage.systems import read_systems
from pipeline.schemas.frames import empty_frame
from pipeline.sources.catalogue import SOURCES, source
from pipeline.sources.cms import ID, NAMES, TABLE
from tests.linkage.conftest import curated_of, programs_of, rows_of

NOW = "Facility ID,Facility Name,City/Town,State,ZIP Code,Hospital Type,Hospital Ownership"
BEFORE = NOW.replace("Facility ID,Facility Name,City/Town", "Provider ID,Hospital Name,City")
REST = "ORLANDO,FL,32803,Acute Care Hospitals,Voluntary non-profit - Church"
CURRENT = f"{NOW}\n100007,ADVENTHEALTH ORLANDO,{REST}\n"
EARLIER = f"{BEFORE}\n100007,FLORIDA HOSPITAL,{REST}\n"
SPONSOR = ("AdventHealth Orlando Program", "110001", "AdventHealth Orlando", "Orlando", "FL")
PETITIONS = [
    ("ADVENTHEALTH ORLANDO", "4459", "FL", "ORLANDO", 40),
    ("FLORIDA HOSPITAL", "4459", "FL", "ORLANDO", 90),
    ("FLORIDA HOSPITAL HEALTHCARE PARTNERS INC", "4804", "FL", "ORLANDO", 12),
    ("FL HOSP HEALTHCARE PARTNERS INC", "4804", "FL", "DAYTONA BEACH", 2),
]


def hospitals(folder: Path, *files: str) -> dict[str, pd.DataFrame]:
    """The tables of an archive to which files of CMS are added one after the other."""
    for day, content in enumerate(files, start=1):
        path = folder / f"{day}.csv"
        path.write_text(content)
        added = add([path], folder / "raw", SOURCES, lambda day=day: dt.datetime(2026, 11, day, tzinfo=dt.UTC))
        assert [outcome.verdict for outcome in added] == ["took"]
    return load_chosen(source(ID), open_archive(folder / "raw")).tables


def linked(known: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The relation of each spelling that is linked to the sponsor without a curated row."""
    nothing = Curated(curated_of(ALIAS_COLUMNS, []), curated_of(JUDGEMENT_COLUMNS, []), read_systems().iloc[:0])
    tables = {name: empty_frame(name) for name in PARSED} | known
    registers = Registers(cms=tables[TABLE])
    sites = tables["acgme_participating_sites"]
    built = build_institutions(programs_of([SPONSOR]), sites, registers, nothing.aliases)
    petitions = group_petitioners(sum_petitions(rows_of(PETITIONS), coverage="full", snapshot_id="s")).petitions
    links = links_by(nothing, petitions=petitions, institutions=built.institutions, programs=built.programs, **tables)
    accepted = links[links["decision"] == "accepted"]
    return dict(zip(accepted["employer"], accepted["relation"], strict=True))


@pytest.mark.parametrize("files", [(CURRENT, EARLIER), (EARLIER, CURRENT)])
def test_of_two_vintages_the_hospitals_are_the_newer_ones_and_the_names_both(
    tmp_path: Path, files: tuple[str, str]
) -> None:
    tables = hospitals(tmp_path, *files)
    assert tables[TABLE]["name"].tolist() == ["ADVENTHEALTH ORLANDO"]
    named = tables[NAMES].sort_values("vintage")
    assert named[["name", "vintage"]].to_numpy().tolist() == [
        ["FLORIDA HOSPITAL", "before 2020"],
        ["ADVENTHEALTH ORLANDO", "current"],
    ]


def test_a_former_name_makes_the_hospital_the_sponsor_and_its_medical_group_an_affiliate(tmp_path: Path) -> None:
    assert linked(hospitals(tmp_path, CURRENT, EARLIER)) == {
        "ADVENTHEALTH ORLANDO": "same",
        "FLORIDA HOSPITAL": "same",
        "FLORIDA HOSPITAL HEALTHCARE PARTNERS INC": "affiliate",
        "FL HOSP HEALTHCARE PARTNERS INC": "affiliate",
    }


def test_without_the_earlier_file_the_former_name_is_unknown(tmp_path: Path) -> None:
    assert linked(hospitals(tmp_path, CURRENT)) == {"ADVENTHEALTH ORLANDO": "same"}

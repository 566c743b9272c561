"""A release of the real national files, where they lie beside the checkout, held against the published totals."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.e2e.conftest import command

# Rows, initial and continuing approvals of full fiscal years, counted in the published files.
ROWS = {2014: 56_595, 2015: 48_544, 2016: 53_129, 2018: 55_666, 2019: 59_441, 2020: 55_239, 2021: 60_806, 2022: 59_983}
APPROVALS = {2019: (132_967, 256_356), 2020: (122_894, 303_830), 2021: (141_194, 333_929), 2022: (138_381, 327_810)}
PROGRAMS = 4_728
# Tracks offered, a row a year: 7,100 tracks of 936 institutions, and 6,744 of 851.
TRACK_YEARS = {"Program-Results-2018-2022.pdf": 28_368, "Program-Results_2016_2020.pdf": 26_297}
REFUSED = {
    "HD2024_dict.xlsx",
    "TRK_13139_I129_H1B_Registrations_FY21_FY24_Update_FOIA_FIN.xlsx",
    "acgme_specialty_codes.csv",
    "naics2_sectors.csv",
    "ncses_herd_institutions_FY2020_23.csv",
    "ror_us_renames_mergers.csv",
}


def table(data: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(data / "curated" / "latest" / f"{name}.parquet")


def test_all_data_files_are_taken(national_data: Path) -> None:
    added = (national_data / "added.txt").read_text("utf-8")
    assert set(re.findall(r"^refused\s+([^:]+):", added, re.MULTILINE)) == REFUSED


def test_years_are_covered_as_published(national_data: Path) -> None:
    snapshots = table(national_data, "snapshots")
    used = snapshots[(snapshots["source"] == "uscis_h1b_employers") & snapshots["used"]]
    full = used[used["coverage"] == "full"]
    assert {int(part[2:]): rows for part, rows in zip(full["part"], full["rows_in"], strict=True)} == ROWS
    assert set(used.loc[used["coverage"] == "partial", "part"]) == {"FY2017", "FY2023", "FY2024", "FY2026"}


def test_approvals_are_the_published_totals(national_data: Path) -> None:
    sums = table(national_data, "petitions").groupby("fiscal_year")[["initial_approvals", "continuing_approvals"]].sum()
    assert {year: tuple(int(count) for count in sums.loc[year]) for year in APPROVALS} == APPROVALS


def test_results_of_the_match_are_whole_by_the_published_totals(national_data: Path) -> None:
    """The reader holds each year against NRMP's totals: what falls short would be partial, what exceeds them refused."""
    snapshots = table(national_data, "snapshots")
    files = snapshots[snapshots["original_name"].str.startswith("Program-Results")]
    assert files.groupby("original_name")["rows_in"].sum().to_dict() == TRACK_YEARS
    assert set(files["coverage"]) == {"full"}


def test_no_row_and_no_program_is_lost(national_data: Path) -> None:
    assert table(national_data, "quarantine").empty
    assert table(national_data, "functional_h1b_sponsors")["program_code"].nunique() == PROGRAMS


def test_two_names_of_one_sponsor_hold_up_no_release(tmp_path: Path) -> None:
    """Two institutions may claim one petitioner then: that is for a person to decide, and the rest is published."""
    files = [SHARED / "cases" / "lists" / "one_sponsor_two_names.csv", SHARED / "raw" / "ipeds" / "hd2024.csv"]
    files.append(SHARED / "raw" / "uscis" / "h1b_datahubexport-2020.csv")
    if not all(path.is_file() for path in files):
        pytest.skip("the national files and the cases are not beside this checkout")
    assert command(tmp_path, "add", *map(str, files)).code == 0
    made = command(tmp_path, "refresh", "--as-of", "2026-11-20")
    assert made.code == 0, made.output
    links = table(tmp_path, "petitioner_links")
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same")]
    assert not same.duplicated("petitioner_site_id").any()
    assert len(table(tmp_path, "functional_h1b_sponsors")) == 28

"""The real national files, where they lie beside the checkout."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.archive.intake import add
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choices_frame, choose
from pipeline.linkage.petitions import sum_petitions
from pipeline.sources.catalogue import SOURCES, source

# Rows, initial and continuing approvals of full fiscal years, counted in the published files.
ROWS = {2014: 56_595, 2015: 48_544, 2016: 53_129, 2018: 55_666, 2019: 59_441, 2020: 55_239, 2021: 60_806, 2022: 59_983}
APPROVALS = {2019: (132_967, 256_356), 2020: (122_894, 303_830), 2021: (141_194, 333_929), 2022: (138_381, 327_810)}
REFUSED = {
    "Program-Results-2018-2022.pdf",
    "Program-Results_2016_2020.pdf",
    "HD2024_dict.xlsx",
    "TRK_13139_I129_H1B_Registrations_FY21_FY24_Update_FOIA_FIN.xlsx",
    "acgme_specialty_codes.csv",
    "naics2_sectors.csv",
    "ncses_herd_institutions_FY2020_23.csv",
}


def test_all_data_files_are_taken_and_the_totals_are_the_published_ones(national_files: Path, tmp_path: Path) -> None:
    outcomes = list(add([national_files], tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))
    assert {outcome.label for outcome in outcomes if outcome.verdict == "refused"} == REFUSED
    archive = open_archive(tmp_path / "raw")
    choices = choices_frame(choose(archive))
    uscis = choices[choices["source"] == "uscis_h1b_employers"]
    full = uscis[uscis["used"] & (uscis["coverage"] == "full")]
    assert {int(part[2:]): rows for part, rows in zip(full["part"], full["rows_in"], strict=True)} == ROWS
    partial = uscis[uscis["used"] & (uscis["coverage"] == "partial")]
    assert set(partial["part"]) == {"FY2017", "FY2023", "FY2024", "FY2026"}
    loaded = load_chosen(source("uscis_h1b_employers"), archive)
    assert loaded.quarantine.empty
    petitions = sum_petitions(loaded.tables["uscis_petition_rows"], coverage="full")
    sums = petitions.groupby("fiscal_year")[["initial_approvals", "continuing_approvals"]].sum()
    assert {year: tuple(int(count) for count in sums.loc[year]) for year in APPROVALS} == APPROVALS

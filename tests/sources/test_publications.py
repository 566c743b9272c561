"""What publishers offer: which files are wanted on a day, and when the next is expected."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest

from pipeline.sources.base import Layout
from pipeline.sources.catalogue import SOURCES, source
from pipeline.sources.publications import Publication, fiscal_year, publications, quarter_end

TODAY = dt.date(2026, 11, 30)


def publication(source_id: str, file: str) -> Publication:
    return next(one for one in publications() if (one.source, one.file) == (source_id, file))


def names(source_id: str, file: str, today: dt.date, since: int) -> list[str]:
    return [one.name for one in publication(source_id, file).wanted(today, since)]


@pytest.mark.parametrize("one", publications(), ids=lambda one: f"{one.source}: {one.file}")
def test_each_description_fits_its_source(one: Publication) -> None:
    described = source(one.source)
    assert set(one.layouts) <= {layout.name for layout in described.layouts if isinstance(layout, Layout)}
    host = urlsplit(one.address).hostname
    if one.saved_by == "machine":
        assert host in one.hosts and one.most_bytes and one.media in ("csv", "xlsx", "zip")
        assert one.wanted(TODAY, 2009) and all(
            "{" not in url for file in one.wanted(TODAY, 2009) for url in file.addresses
        )
    else:
        assert not one.hosts and not one.pick and not one.most_bytes


def test_what_the_issue_names_is_described() -> None:
    machines = {one.source for one in publications() if one.saved_by == "machine"}
    people = {one.source for one in publications() if one.saved_by == "person"}
    assert machines == {
        "uscis_h1b_employers", "dol_lca", "dol_pwd", "ipeds_hd", "cms_hospitals", "cms_provider_of_services", "irs_eo_bmf", "ror",
    }  # fmt: skip
    assert people == {"acgme", "directory_pages", "nrmp", "ncses"} and machines | people <= {one.id for one in SOURCES}


def test_a_year_is_wanted_once_its_first_quarter_can_be_there() -> None:
    assert names("uscis_h1b_employers", "dashboard", TODAY, 2024) == ["FY2026", "FY2025", "FY2024"]
    assert names("uscis_h1b_employers", "dashboard", dt.date(2027, 4, 1), 2027) == ["FY2027"]
    [wanted] = publication("uscis_h1b_employers", "dashboard").wanted(TODAY, 2026)
    assert wanted.addresses[0].endswith("?Fiscal%20Year%20%20%20=2026") and wanted.period == "FY2026"


def test_the_current_year_is_one_file_of_the_year_to_date_the_newest_first() -> None:
    [wanted] = publication("dol_lca", "year to date").wanted(dt.date(2026, 8, 30), 2020)
    assert wanted.addresses == tuple(
        f"https://www.dol.gov/media/LCA_Disclosure_Data_FY2026_Q{quarter}.xlsx" for quarter in (3, 2, 1)
    )
    assert names("dol_lca", "year to date", dt.date(2026, 1, 20), 2020) == []


def test_past_quarters_are_files_of_their_own_and_close_after_a_year() -> None:
    wanted = publication("dol_lca", "quarters").wanted(dt.date(2026, 10, 15), 2024)
    assert [one.name for one in wanted] == [f"FY{year}Q{quarter}" for year in (2025, 2024) for quarter in (4, 3, 2, 1)]
    assert {one.name for one in wanted if one.closed} == {f"FY2024Q{quarter}" for quarter in (1, 2, 3, 4)}
    assert publication("dol_lca", "quarters").wanted(TODAY, 2026) == ()


def test_of_directories_the_newest_year_and_of_regions_all() -> None:
    [wanted] = publication("ipeds_hd", "directory").wanted(TODAY, 2026)
    assert [url[-8:-4] for url in wanted.addresses] == ["2026", "2025", "2024"]
    assert names("irs_eo_bmf", "regions", TODAY, 2026) == ["part 4", "part 3", "part 2", "part 1"]


@pytest.mark.parametrize(("day", "year"), [("2026-09-30", 2026), ("2026-10-01", 2027), ("2026-12-31", 2027)])
def test_fiscal_years_begin_in_october(day: str, year: int) -> None:
    assert fiscal_year(dt.date.fromisoformat(day)) == year
    assert quarter_end(year, 1).year == year - 1 and quarter_end(year, 4) == dt.date(year, 9, 30)


def test_the_next_is_expected_by_the_cadence() -> None:
    one = publication("irs_eo_bmf", "regions")
    assert one.expected(dt.date(2026, 11, 1)) == dt.date(2026, 12, 2) and one.expected(None) is None
    assert not one.ended and publication("dol_lca", "quarters").ended

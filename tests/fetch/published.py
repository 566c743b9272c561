"""What publishers would send: a small whole file for each publication that is fetched, made from the rows of the readers' tests."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pytest
import xlsxwriter

from pipeline.sources import dol_lca, dol_pwd, irs, ror, uscis
from pipeline.sources.publications import Publication, publications
from tests.sources import (
    test_cms,
    test_cms_provider_of_services,
    test_dol_lca,
    test_dol_pwd,
    test_ipeds,
    test_irs,
    test_uscis,
)

# The name of what is wanted (`FY2025`, `FY2025Q2`, `part 1`), a number of rows, and a mark by which two vintages differ -> the bytes of a file.
Make = Callable[[str, int, str], bytes]


@dataclass(frozen=True)
class Published:
    """A publication as its publisher has it. today: a day on which its newest period is asked for; rows: of a whole file."""

    publication: Publication
    today: dt.date
    rows: int
    make: Make

    def content(self, name: str, rows: int, mark: str) -> bytes:
        """Return a file, the same bytes for the same words: a workbook made anew has another hour in it."""
        return _made(self.make, name, rows, mark)

    @property
    def since(self) -> int:
        """The first fiscal year that is asked for: that of the newest period."""
        return self.publication.last if self.publication.ended else self.today.year


@functools.cache
def _made(make: Make, name: str, rows: int, mark: str) -> bytes:
    return make(name, rows, mark)


def _text(lines: Iterable[Iterable[object]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue().encode()


def _printed(header: str, row: str, changes: Callable[[int], Mapping[str, str]], rows: int) -> bytes:
    """Return a CSV file of copies of a row, each changed by its number."""
    names = header.split(",")
    first = dict(zip(names, next(csv.reader([row])), strict=True))
    return _text([names, *({**first, **changes(number)}.values() for number in range(rows))])


def _workbook(row: Mapping[str, object], changes: Callable[[int], Mapping[str, object]], rows: int) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"default_date_format": "yyyy-mm-dd", "in_memory": True}) as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, list(row))
        for number in range(rows):
            for place, value in enumerate({**row, **changes(number)}.values()):
                if value is not None:
                    sheet.write(number + 1, place, value)
    return written.getvalue()


def _zipped(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


def _decided(period: str, number: int) -> dt.date:
    """Return a day in a fiscal year or quarter."""
    year, quarter = int(period[2:6]), int(period[7:] or 2)
    month = {1: 11, 2: 2, 3: 5, 4: 8}[quarter]
    return dt.date(year - (quarter == 1), month, 1 + number % 28)


def uscis_yearly(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, str]:
        sector = ("62", "61")[number % 2]
        return {"Fiscal Year": period[2:], "Employer": f"EXAMPLE {number} {mark}", "NAICS": sector}

    return _printed(test_uscis.A, test_uscis.ROW, changes, rows)


def uscis_dashboard(period: str, rows: int, mark: str) -> bytes:
    lines = []
    for number in range(rows):
        sector = ("62 - Health Care and Social Assistance", "61 - Educational Services")[number % 2]
        lines += [
            (
                f"EXAMPLE {number} {mark}",
                period[2:],
                sector,
                measure,
                "BOSTON",
                "MA",
                "02115",
                "0114",
                number + 1,
                value,
            )
            for measure, value in zip(test_uscis.MEASURES, test_uscis.NUMBERS, strict=True)
        ]
    return _text([test_uscis.F.split(","), *lines])


def lca(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, object]:
        case = f"I-200-24001-{number:06d}"
        return {
            "CASE_NUMBER": case, "DECISION_DATE": _decided(period, number), "EMPLOYER_NAME": f"EXAMPLE {number} {mark}",
            "SOC_CODE": ("29-1216.00", "15-1252.00")[number % 2],
        }  # fmt: skip

    return _workbook(test_dol_lca.FLAG, changes, rows)


def pwd(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, object]:
        case = f"P-100-25001-{number:06d}"
        name = f"EXAMPLE {number} {mark}"
        return {
            "CASE_NUMBER": case,
            "DETERMINATION_DATE": _decided(period, number),
            "EMPLOYER_LEGAL_BUSINESS_NAME": name,
        }

    return _workbook(test_dol_pwd.CASE, changes, rows)


def ipeds(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, str]:
        return {"UNITID": f"{100_000 + number}", "INSTNM": f"Example {number} {mark}"}

    return _zipped("hd2025.csv", _printed(test_ipeds.SAMPLE, test_ipeds.ROW, changes, rows))


def hospitals(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, str]:
        return {"Facility ID": f"{10_000 + number:06d}", "Facility Name": f"EXAMPLE {number} {mark}"}

    return _printed(test_cms.SAMPLE, test_cms.ROW, changes, rows)


def providers(period: str, rows: int, mark: str) -> bytes:
    first = test_cms_provider_of_services.HOSPITAL

    def changes(number: int) -> dict[str, str]:
        return {"PRVDR_NUM": f"{10_000 + number:06d}", "FAC_NAME": f"EXAMPLE {number} {mark}"}

    return _printed(",".join(first), ",".join(first.values()), changes, rows)


def exempt(period: str, rows: int, mark: str) -> bytes:
    def changes(number: int) -> dict[str, str]:
        part = int(period[-1])
        state = ("ME", "NH", "VT", "RI")[part - 1]
        return {"EIN": f"{10_000_000 * part + number:09d}", "NAME": f"EXAMPLE {number} {mark}", "STATE": state}

    return _printed(test_irs.HEADER, test_irs.ROW, changes, rows)


def registry(period: str, rows: int, mark: str) -> bytes:
    records = [
        {
            "id": f"https://ror.org/0{number:06d}12", "status": "active", "types": ["education"], "domains": [],
            "names": [{"value": f"Example {number} {mark}", "types": ["ror_display", "label"], "lang": "en"}],
            "locations": [{"geonames_id": 1, "geonames_details": {
                "name": "Boston", "country_code": "US", "country_subdivision_code": "MA", "country_subdivision_name": "Massachusetts",
                "country_name": "United States", "lat": 0.0, "lng": 0.0, "continent_code": "NA", "continent_name": "North America"}}],
            "links": [], "relationships": [], "external_ids": [], "established": 1900,
            "admin": {"created": {"date": "2020-01-01", "schema_version": "2.1"},
                      "last_modified": {"date": "2020-01-01", "schema_version": "2.1"}},
        }
        for number in range(rows)
    ]  # fmt: skip
    return _zipped("v2.1-2026-11-01-ror-data.json", json.dumps(records).encode())


AUTUMN: dict[int, dt.date] = {year: dt.date(year, 11, 26) for year in range(2020, 2030)}
_MADE: dict[tuple[str, str], tuple[dt.date, int, Make]] = {
    ("uscis_h1b_employers", "yearly files"): (dt.date(2022, 12, 15), 40, uscis_yearly),
    ("uscis_h1b_employers", "dashboard"): (AUTUMN[2026], 40, uscis_dashboard),
    ("dol_lca", "quarters"): (dt.date(2025, 2, 20), 40, lca),
    ("dol_lca", "year to date"): (AUTUMN[2026], 40, lca),
    ("dol_pwd", "older form of FY2023"): (AUTUMN[2023], 40, pwd),
    ("dol_pwd", "years"): (AUTUMN[2025], 40, pwd),
    ("dol_pwd", "year to date"): (AUTUMN[2026], 40, pwd),
    ("ipeds_hd", "directory"): (AUTUMN[2026], 5_600, ipeds),
    ("cms_hospitals", "hospitals"): (AUTUMN[2026], 4_600, hospitals),
    ("cms_provider_of_services", "hospitals and others"): (AUTUMN[2026], 5_100, providers),
    ("irs_eo_bmf", "regions"): (AUTUMN[2026], 40, exempt),
    ("ror", "dump"): (AUTUMN[2026], 40, registry),
}
PUBLISHED: dict[str, Published] = {
    f"{one.source}: {one.file}": Published(one, *_MADE[one.source, one.file])
    for one in publications()
    if one.saved_by == "machine"
}


def lower_what_is_full(patch: pytest.MonkeyPatch) -> None:
    """Let 30 rows of a large source be a full part, so that its files are quick to make and to read."""
    for module, name in (
        (uscis, "FULL_YEAR_ROWS"), (dol_lca, "FULL_QUARTER_ROWS"), (dol_pwd, "FULL_YEAR_ROWS"), (irs, "FULL_STATE_ROWS"),
        (ror, "FULL_AT_LEAST"),
    ):  # fmt: skip
        patch.setattr(module, name, 30)

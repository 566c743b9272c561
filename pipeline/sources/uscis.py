"""USCIS H-1B Employer Data Hub: decisions on petitions by employer, place, sector and fiscal year, in six layouts.

Built to the files of the USCIS H-1B Employer Data Hub: layouts A to C are the yearly `h1b_datahubexport-YYYY.csv`, D to F exports
of the hub's interactive page. See docs/sources/uscis.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import PETITION_TYPES
from pipeline.sources.base import (
    PUBLIC_DOMAIN,
    Bounds,
    Hints,
    Layout,
    Parsed,
    Part,
    Probe,
    Source,
    SourceError,
    layout_by_header,
    sized_part,
)
from pipeline.sources.tabular.columns import (
    NO_VALUE,
    blanks_to_null,
    by_value,
    identifiers,
    known,
    mend_names,
    required,
    states,
    whole_numbers,
    zip_codes,
)
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

ID: Final = "uscis_h1b_employers"
TABLE: Final = "uscis_petition_rows"

# The smallest complete year so far, FY2015, has 48,544 rows.
FULL_YEAR_ROWS: Final = 48_000
SECTORS: Final = (
    "11", "21", "22", "23", "31", "32", "33", "42", "44", "45", "48", "49", "51", "52", "53", "54", "55", "56", "61",
    "62", "71", "72", "81", "92", "99",
)  # fmt: skip

_TEXTS: Final = ("employer", "tax_id_last4", "naics", "city", "state", "zip")
_TOTAL: Final = ("total", "totals", "grand total", "grand totals", "total:", "sum", "overall total")
# Real years have under 0.1 % exact duplicates: 36 of 48,544 rows in FY2015. More of them are reported; a file of copies is refused.
REPEATED: Final = 0.01
COPIED: Final = 0.25
COPIED_ROWS: Final = 100
MANY_ROWS: Final = 10_000

COUNTS: Final = ("initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials")
# The instructions of the hub: initial employment is new and new concurrent employment; all else continues employment.
INITIAL_TYPES: Final = ("new_employment", "new_concurrent")
_TYPE_NAMES: Final = {
    "new_employment": "New Employment",
    "continuation": "Continuation",
    "change_same_employer": "Change with Same Employer",
    "new_concurrent": "New Concurrent",
    "change_of_employer": "Change of Employer",
    "amended": "Amended",
}
_PLURAL: Final = {
    "Initial Approvals": "initial_approvals",
    "Initial Denials": "initial_denials",
    "Continuing Approvals": "continuing_approvals",
    "Continuing Denials": "continuing_denials",
}
_SINGULAR: Final = {cell.removesuffix("s"): name for cell, name in _PLURAL.items()}
_BY_TYPE: Final = {
    f"{_TYPE_NAMES[kind]} {outcome}": f"{kind}_{outcome.lower()}s"
    for kind in PETITION_TYPES
    for outcome in ("Approval", "Denial")
}
_YEARLY: Final = {
    "Fiscal Year": "fiscal_year",
    "Employer": "employer",
    "NAICS": "naics",
    "Tax ID": "tax_id_last4",
    "State": "state",
    "City": "city",
    "ZIP": "zip",
}
_HUB: Final = {
    "Fiscal Year": "fiscal_year",
    "Employer (Petitioner) Name": "employer",
    "Tax ID": "tax_id_last4",
    "Industry (NAICS) Code": "naics",
    "Petitioner City": "city",
    "Petitioner State": "state",
    "Petitioner Zip Code": "zip",
}
_LINE: Final = {"Line by line": "line"}
_LONG: Final = {"Measure Names": "measure", "Measure Values": "value"}
COLUMNS: Final = {
    "A": _YEARLY | _PLURAL,
    "B": _YEARLY | _SINGULAR,
    "C": _YEARLY | _PLURAL,
    "D": _HUB | _LINE | _SINGULAR,
    "E": _HUB | _LINE | _BY_TYPE,
    "F": _HUB | _LINE | _LONG,
}
LAYOUTS: Final = tuple(Layout(ID, name, "csv", tuple(cells), exact=True) for name, cells in COLUMNS.items())


def _recognise(probe: Probe) -> Layout | None:
    """Find the layout of a probed file by its header; C is A with every cell in quotation marks."""
    layout = layout_by_header(LAYOUTS, probe)
    if layout is not None and layout.name == "A" and b'"Employer"' in probe.head.partition(b"\n")[0]:
        return LAYOUTS[2]
    return layout


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `uscis_petition_rows`: one row for each printed row (in layout F for the printed lines of one row)."""
    sieve = read_csv(probe, ID, COLUMNS[layout.name])
    sieve.require_rows()
    _not_twice(sieve)
    pairs = _pair_lines(sieve) if layout.name == "F" else pd.Series(dtype="int64")
    for column in _TEXTS:
        cells = sieve.frame[column]
        sieve.frame[column] = cells.mask(cells.str.lower().isin(NO_VALUE), "")
    _set_totals_aside(sieve)
    mend_names(sieve, "employer")
    whole_numbers(sieve, "fiscal_year", blank=None)
    sieve.reject(~sieve.frame["fiscal_year"].between(1990, 2100).fillna(value=False), "no fiscal year")
    # A fiscal year begins in the October before.
    sieve.reject((sieve.frame["fiscal_year"] > hints.last_day.year + 1).astype("bool"), "a fiscal year still to come")
    identifiers(sieve, "tax_id_last4", 4, "tax id")
    zip_codes(sieve, "zip")
    _sectors(sieve)
    states(sieve, "state")
    blanks_to_null(sieve, "employer", "city")
    if layout.name == "F":
        return _pivoted(sieve, pairs)
    counts = [name for name in COLUMNS[layout.name].values() if name.endswith(("approvals", "denials"))]
    _count(sieve, counts)
    sieve.require_rows()
    return sieve.parsed({TABLE: _summed(sieve.frame.drop(columns="line", errors="ignore"), counts)})


def _not_twice(sieve: Sieve) -> None:
    """Note rows that stand there again. Raises SourceError for a file of copies: all counts would double."""
    rows = sieve.frame.drop(columns="line", errors="ignore")
    # A year is looked through only if the names of one letter stand there twice: to compare all of its rows takes as long as to read them.
    some = rows[rows["employer"].str.startswith("K")] if len(rows) > MANY_ROWS else rows
    again = some.index[some.duplicated()]
    if len(again) > REPEATED * len(some) and len(some) < len(rows):
        again = rows.index[rows.duplicated()]
    problem = f"{len(again):,} of its {len(rows):,} rows stand there a second time"
    if len(again) > COPIED * len(rows) and len(again) >= COPIED_ROWS:
        raise SourceError(sieve.file, problem, row=int(again[0]), remedy="Download it again, or remove the copies")
    if len(again) > REPEATED * len(rows):
        sieve.notes.append(problem)


def _set_totals_aside(sieve: Sieve) -> None:
    """Quarantine lines of totals: where the name or the place of a petitioner would be stands that it is a sum."""
    nowhere = (sieve.frame["tax_id_last4"] == "") & (sieve.frame["zip"] == "")
    names = sieve.frame.loc[nowhere, ["employer", "city", "state"]]
    words = names.apply(lambda cells: cells.str.casefold().str.strip(" :").isin(_TOTAL)).any(axis=1)
    sieve.reject(nowhere & words.reindex(nowhere.index, fill_value=False), "a line of totals")


def _count(sieve: Sieve, counts: list[str]) -> None:
    """Convert the counts. A blank among printed ones is zero; a row in which every count is blank is quarantined."""
    blank = pd.Series(True, index=sieve.frame.index)
    for column in counts:
        blank &= sieve.frame[column] == ""
    sieve.reject(blank, "no counts")
    for column in counts:
        whole_numbers(sieve, column, blank=0)


def _sectors(sieve: Sieve) -> None:
    """Reduce NAICS cells to the two digits of `62`, `62 - Health Care and Social Assistance`, or the first of `31-33 - Manufacturing`."""
    pattern = r"^([0-9][0-9])(?:\.0*|-[0-9][0-9])?(?:\s+-\s.*)?$"
    sieve.frame["naics"] = by_value(
        sieve.frame["naics"], lambda printed: printed.str.extract(pattern, expand=False).fillna(printed)
    )
    known(sieve, "naics", SECTORS, "NAICS sector")


def _summed(frame: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """Return the frame with COUNTS, summed from the counts by type of petition where it has those."""
    if set(counts) == set(COUNTS):
        return frame.reset_index(drop=True)
    frame = frame.copy()
    for stage, kinds in (("initial", INITIAL_TYPES), ("continuing", set(PETITION_TYPES) - set(INITIAL_TYPES))):
        for outcome in ("approvals", "denials"):
            frame[f"{stage}_{outcome}"] = frame[[f"{kind}_{outcome}" for kind in sorted(kinds)]].sum(axis=1)
    return frame.reset_index(drop=True)


def _pair_lines(sieve: Sieve) -> pd.Series:
    """Assign a number to each row of layout F; returns the number that its lines share, also as column `pair`.

    Rows without a line number can be alike: then the n-th line of each measure belongs to the n-th row.
    """
    frame = sieve.frame
    key = [*_HUB.values(), *_LINE.values()]
    nth = frame.groupby([*key, "measure"]).cumcount().rename("nth")
    frame["pair"] = frame.groupby([*(frame[name] for name in key), nth], sort=False).ngroup()
    return frame["pair"]


def _pivoted(sieve: Sieve, pairs: pd.Series) -> Parsed:
    """Read layout F, which prints twelve (or four) lines for each row of layout E (or D), one for each of `Measure Names`.

    A row of which one line can't be read is quarantined whole. A file that prints zeros prints every measure of a row, so
    a row that lacks one is damaged and quarantined; a file without any zero leaves them out.
    """
    measures = {**_BY_TYPE, **_SINGULAR, **_PLURAL}
    known(sieve, "measure", tuple(measures), "measure")
    sieve.frame["measure"] = sieve.frame["measure"].map(measures)
    required(sieve, "measure", "measure name")
    blank = sieve.frame["value"] == ""
    sieve.reject(blank.groupby(sieve.frame["pair"]).transform("all"), "no counts")
    whole_numbers(sieve, "value", blank=0)
    broken = pairs[~pairs.index.isin(sieve.frame.index)]  # lines quarantined one by one, here or before
    sieve.reject(sieve.frame["pair"].isin(broken), "another line of its row can't be read")
    sieve.require_rows()
    names = set(sieve.frame["measure"])
    expected = COUNTS if names <= set(COUNTS) else tuple(_BY_TYPE.values())
    if names != set(expected):
        odd = ", ".join(sorted(names ^ set(expected)))
        raise SourceError(sieve.file, f"measures missing or mixed: {odd}", remedy="Download it with all its measures")
    if ((sieve.frame["value"] == 0) & ~blank.reindex(sieve.frame.index)).any():
        lines = sieve.frame.groupby("pair")["measure"].transform("size")
        sieve.reject(lines < len(expected), "its row lacks some of the measures")
        sieve.require_rows()
    wide = sieve.frame.pivot(index="pair", columns="measure", values="value").fillna(0).rename_axis(columns=None)
    keys = sieve.frame.drop_duplicates("pair").set_index("pair")[[*_HUB.values()]]
    return sieve.parsed({TABLE: _summed(keys.join(wide), list(expected))})


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return a part for each fiscal year. It is full with FULL_YEAR_ROWS rows or more from more than one sector."""
    frame = parsed.tables[TABLE]
    return tuple(
        _part(int(str(year)), rows) for year, rows in frame.groupby(frame["fiscal_year"].astype("int64"), sort=True)
    )


def _part(year: int, rows: pd.DataFrame) -> Part:
    sectors = rows["naics"].dropna().unique().tolist()
    if len(sectors) == 1:
        return Part(f"FY{year}", len(rows), full=False, note=f"NAICS sector {sectors[0]} only")
    return sized_part(f"FY{year}", len(rows), FULL_YEAR_ROWS, "rows", of="year")


def _part_of(frame: pd.DataFrame) -> pd.Series:
    """Return the part of each row of `uscis_petition_rows`."""
    return "FY" + frame["fiscal_year"].astype("int64").astype("str")


SOURCE: Final = Source(
    id=ID,
    title="USCIS H-1B Employer Data Hub",
    producer="U.S. Citizenship and Immigration Services",
    url="https://www.uscis.gov/tools/reports-and-studies/h-1b-employer-data-hub",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=_parts,
    tables=(TABLE,),
    bounds=Bounds(45_000, 90_000),
    recogniser=_recognise,
    part_of=_part_of,
    watched=("employer", "tax_id_last4", "naics", "city", "state"),
    totals=("initial_approvals", "continuing_approvals"),
)

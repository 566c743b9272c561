"""NCSES: federal obligations to nonprofit institutions, and federally funded research and development centers (FFRDC).

Built to CSV exports of the table builder of the National Center for Science and Engineering Statistics, whose hierarchy is in
columns `level_1` … Rows of totals are no institutions: the institutions are checked against them. See docs/sources/ncses.md.
"""

from __future__ import annotations

import functools
import html
import re
from typing import Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.sources.base import (
    PUBLIC_DOMAIN,
    WINDOWS_1252,
    Bounds,
    Hints,
    Layout,
    Parsed,
    Part,
    Probe,
    Source,
    SourceError,
)
from pipeline.sources.tabular.columns import named_states, required, set_unknown_aside, translated, unique
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

_OBLIGATIONS = "_b_state_outlying_area_and_institution_b_"
_FFRDC = "_b_ffrdc_b_"
OBLIGATION_COLUMNS: Final = {
    "table_id": "table_id",
    f"{_OBLIGATIONS}level_2": "state_name",
    f"{_OBLIGATIONS}level_3": "institution",
    f"{_OBLIGATIONS}hierarchy_depth": "depth",
    "field_all_agencies": "obligations",
}
FFRDC_COLUMNS: Final = {
    f"{_FFRDC}level_2": "group",
    f"{_FFRDC}level_3": "ffrdc",
    f"{_FFRDC}hierarchy_depth": "depth",
    "field_all_r_d_expenditures": "rd_expenditures",
}
OBLIGATIONS: Final = Layout("ncses", "obligations", "csv", tuple(OBLIGATION_COLUMNS))
FFRDC: Final = Layout("ncses", "ffrdc", "csv", tuple(FFRDC_COLUMNS))
ADMINISTRATORS: Final = {
    "university-administered ffrdcs": "university",
    "nonprofit-administered ffrdcs": "nonprofit",
    "industry-administered ffrdcs": "industrial firm",
}
# ne: not eligible for that year's survey; na: not applicable; D: withheld.
NO_FIGURE: Final = ("ne", "na", "D", "-", "")


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    return _read_obligations(probe, hints) if layout.name == OBLIGATIONS.name else _read_ffrdcs(probe)


def _read_obligations(probe: Probe, hints: Hints) -> Parsed:
    """Read table `ncses_obligations`: one row for each institution."""
    sieve = read_csv(probe, "ncses", OBLIGATION_COLUMNS, else_encoding=WINDOWS_1252)
    years = _fiscal_years(sieve, hints)
    sieve.frame = sieve.frame.assign(
        institution=_names(sieve.frame["institution"]), obligations=_figures(sieve, "obligations"), fiscal_year=years
    )
    totals = _leave_totals(sieve)
    required(sieve, "state_name", "state")
    named_states(sieve, "state_name", into="state")
    _negative(sieve, "obligations")
    required(sieve, "institution", "institution")
    _check_totals(sieve, totals, "state_name", "obligations")
    _check_totals(sieve, totals, "", "obligations")
    table = sieve.frame[["institution", "state", "fiscal_year", "obligations"]]
    return sieve.parsed({"ncses_obligations": table})


def _read_ffrdcs(probe: Probe) -> Parsed:
    """Read table `ncses_ffrdcs`: one row for each center."""
    sieve = read_csv(probe, "ncses", FFRDC_COLUMNS, else_encoding=WINDOWS_1252)
    sieve.frame = sieve.frame.assign(
        ffrdc=_names(sieve.frame["ffrdc"]), rd_expenditures=_figures(sieve, "rd_expenditures")
    )
    totals = _leave_totals(sieve)
    required(sieve, "group", "kind of administrator")
    translated(sieve, "group", ADMINISTRATORS, "kind of administrator", into="administrator_kind")
    _negative(sieve, "rd_expenditures")
    required(sieve, "ffrdc", "center")
    unique(sieve, "ffrdc", "center")
    _check_totals(sieve, totals, "group", "rd_expenditures")
    _check_totals(sieve, totals, "", "rd_expenditures")
    table = sieve.frame[["ffrdc", "administrator_kind", "rd_expenditures"]]
    return sieve.parsed({"ncses_ffrdcs": table})


def _names(cells: pd.Series) -> pd.Series:
    """Return names without footnote marks such as `<sup>a</sup>`."""
    bare = cells.str.replace(r"<sup>.*?</sup>", "", regex=True)
    return pd.Series([" ".join(html.unescape(text).split()) for text in bare], index=cells.index, dtype="str")


def _figures(sieve: Sieve, column: str) -> pd.Series:
    """Return the numbers of a column; cells may be list strings `['40,638', 'i']` of a figure and its flag (i: imputed).

    Raises SourceError for a cell that is neither a number nor one of NO_FIGURE.
    """
    cells = sieve.frame[column]
    listed = cells.str.extract(r"^\['([^']*)'(?:,\s*'[^']*')*\]$", expand=False)
    figures = listed.fillna(cells).str.strip().str.replace(",", "", regex=False)
    missing = figures.isin(NO_FIGURE)
    strange = ~missing & ~figures.str.fullmatch(r"-?\d{1,15}(\.\d+)?")
    set_unknown_aside(sieve, column, strange, f"figure in {column}", tolerated=0)
    return pd.to_numeric(figures.mask(missing)).astype("Float64")


def _negative(sieve: Sieve, column: str) -> None:
    sieve.reject((sieve.frame[column] < 0).fillna(False).astype("bool"), f"negative amount in {column}")


def _leave_totals(sieve: Sieve) -> pd.DataFrame:
    """Leave out the rows above the institutions, which are at depth 3; returns them. Raises SourceError where none is left."""
    set_unknown_aside(sieve, "depth", ~sieve.frame["depth"].isin(("1", "2", "3")), "hierarchy depth", tolerated=0)
    totals = sieve.leave_out(sieve.frame["depth"] != "3")
    if sieve.frame.empty:
        raise SourceError(sieve.file, "no institution, only totals", remedy="Add the table as published")
    return totals


def _check_totals(sieve: Sieve, totals: pd.DataFrame, group: str, column: str) -> None:
    """Check the institutions against a printed total. Raises SourceError where they don't sum up to it (rounding apart).

    `group`: column that names the subtotal of a row; "" for the grand total. A file with quarantined rows can't be checked.
    """
    if sieve.quarantined or totals.empty:
        return
    printed = totals.assign(of=totals[group] if group else "")
    printed = printed[printed["depth"] == ("2" if group else "1")]
    if printed.empty:
        return
    rows = sieve.frame.groupby(sieve.frame[group] if group else pd.Series("", index=sieve.frame.index))[column]
    sums = pd.DataFrame({"sum": rows.sum(), "rows": rows.size(), "printed": printed.set_index("of")[column]})
    off = (sums["sum"].fillna(0) - sums["printed"]).abs() > 0.5 * (sums["rows"].fillna(0) + 1)
    bad = off.fillna(True).to_numpy(dtype="bool")
    if bad.any():
        place = str(sums.index[bad][0])
        raise SourceError(
            sieve.file,
            f"the institutions{f' of {place}' if place else ''} don't sum up to the total of {column}",
            remedy="The file is not whole; download it again",
        )


@functools.cache
def _years_by_table() -> dict[str, int]:
    frame = read_reference("ncses_tables.csv")
    return {str(row.table_id): int(str(row.fiscal_year)) for row in frame.itertuples()}


def _fiscal_years(sieve: Sieve, hints: Hints) -> pd.Series:
    """Return the fiscal year by table id (ncses_tables.csv), else as the person who added the file states it, else null."""
    years = sieve.frame["table_id"].map(_years_by_table()).astype("Int64")
    stated = hints.values.get("fiscal_year", "")
    if stated and not re.fullmatch(r"(19|20)\d{2}", stated):
        raise SourceError(sieve.file, f"fiscal year {stated!r} is no year", remedy="Give four digits")
    return years.fillna(int(stated)) if stated else years


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    if "ncses_obligations" not in parsed.tables:
        return (Part("ffrdc", parsed.rows_kept, full=True),)
    years = parsed.tables["ncses_obligations"]["fiscal_year"].dropna().unique()
    name = f"obligations FY{years[0]}" if len(years) == 1 else "obligations of an unknown year"
    return (Part(name, parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="ncses",
    title="Federal support of nonprofits, and federally funded research and development centers",
    producer="National Center for Science and Engineering Statistics (NCSES), NSF",
    url="https://ncses.nsf.gov/surveys",
    licence=PUBLIC_DOMAIN,
    layouts=(OBLIGATIONS, FFRDC),
    read=_read,
    parts=_parts,
    tables=("ncses_obligations", "ncses_ffrdcs"),
    bounds=Bounds(40, 5_000),
    watched=("institution", "state"),
    totals=("obligations",),
)

"""NCSES: federal obligations to nonprofits, R&D expenditures of federally funded centers (FFRDC) and of universities.

Tables of the National Center for Science and Engineering Statistics as CSV with a hierarchy in columns `level_1` …
Rows of totals are no institutions: they are checked against the institutions and left. See docs/sources/ncses.md.
"""

from __future__ import annotations

import functools
import html
import re
from typing import Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError, recognise_by_header
from pipeline.sources.state_names import STATE_CODES
from pipeline.sources.tabular.columns import stop_at_unknown
from pipeline.sources.tabular.csv_files import Sieve, read_csv, required, translated, unique

_OBLIGATIONS = "_b_state_outlying_area_and_institution_b_"
_FFRDC = "_b_ffrdc_b_"
_HERD = "_b_institution_b_"
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
HERD_COLUMNS: Final = {
    f"{_HERD}level_2": "institution",
    f"{_HERD}hierarchy_depth": "depth",
    "field_rank": "rank",
}
OBLIGATIONS: Final = Layout("ncses", "obligations", "csv", tuple(OBLIGATION_COLUMNS))
FFRDC: Final = Layout("ncses", "ffrdc", "csv", tuple(FFRDC_COLUMNS))
HERD: Final = Layout("ncses", "herd", "csv", tuple(HERD_COLUMNS))
ADMINISTRATORS: Final = {
    "university-administered ffrdcs": "university",
    "nonprofit-administered ffrdcs": "nonprofit",
    "industry-administered ffrdcs": "industrial firm",
}
# ne: not eligible for that year's survey; na: not applicable; D: withheld.
NO_FIGURE: Final = ("ne", "na", "D", "-", "")


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    reader = {OBLIGATIONS.name: _read_obligations, FFRDC.name: _read_ffrdcs, HERD.name: _read_herd}[layout.name]
    return reader(probe, hints)


def _read_obligations(probe: Probe, hints: Hints) -> Parsed:
    sieve = read_csv(probe, "ncses", OBLIGATION_COLUMNS)
    years = _fiscal_years(sieve, hints)
    sieve.frame = sieve.frame.assign(
        institution=_names(sieve.frame["institution"]), obligations=_figures(sieve, "obligations"), fiscal_year=years
    )
    totals = _leave_totals(sieve, "3", ("1", "2"))
    required(sieve, "state_name", "state")
    sieve.frame["state"] = translated(sieve, "state_name", STATE_CODES, "state").astype("str")
    _negative(sieve, ["obligations"])
    required(sieve, "institution", "institution")
    _check_totals(sieve, totals, "state_name", "obligations")
    _check_totals(sieve, totals, "", "obligations")
    table = sieve.frame[["institution", "state", "fiscal_year", "obligations"]]
    return sieve.parsed({"ncses_obligations": table})


def _read_ffrdcs(probe: Probe, hints: Hints) -> Parsed:
    sieve = read_csv(probe, "ncses", FFRDC_COLUMNS)
    sieve.frame = sieve.frame.assign(
        ffrdc=_names(sieve.frame["ffrdc"]), rd_expenditures=_figures(sieve, "rd_expenditures")
    )
    totals = _leave_totals(sieve, "3", ("1", "2"))
    required(sieve, "group", "kind of administrator")
    kinds = translated(sieve, "group", ADMINISTRATORS, "kind of administrator")
    sieve.frame["administrator_kind"] = kinds.astype("str")
    _negative(sieve, ["rd_expenditures"])
    required(sieve, "ffrdc", "center")
    unique(sieve, "ffrdc", "center")
    _check_totals(sieve, totals, "group", "rd_expenditures")
    _check_totals(sieve, totals, "", "rd_expenditures")
    table = sieve.frame[["ffrdc", "administrator_kind", "rd_expenditures"]]
    return sieve.parsed({"ncses_ffrdcs": table})


def _read_herd(probe: Probe, hints: Hints) -> Parsed:
    cells = {cell.strip() for cell in probe.header}
    years = sorted(int(cell[-4:]) for cell in cells if re.fullmatch(r"field_total_\d{4}", cell))
    if not years:
        raise SourceError(probe.name, "no column field_total_ with a year", row=1, remedy="Add the table as published")
    kinds = {"rd_expenditures": "field_total_", "federal_rd_expenditures": "field_federally_financed_"}
    columns = {f"{field}{year}": f"{name} {year}" for name, field in kinds.items() for year in years}
    sieve = read_csv(probe, "ncses", HERD_COLUMNS | columns)
    figures = {name: _figures(sieve, name) for name in columns.values()}
    sieve.frame = sieve.frame.assign(institution=_names(sieve.frame["institution"]), **figures)
    totals = _leave_totals(sieve, "2", ("1",))
    for name in columns.values():
        _check_totals(sieve, totals, "", name)
    # The last row sums up the institutions that the table doesn't name; it has no rank.
    unnamed = sieve.frame["rank"] == "-"
    sieve.rows_in -= int(unnamed.sum())
    sieve.frame = sieve.frame[~unnamed]
    _negative(sieve, list(columns.values()))
    required(sieve, "institution", "institution")
    blocks = [
        sieve.frame[["institution"]].assign(fiscal_year=year, **{name: sieve.frame[f"{name} {year}"] for name in kinds})
        for year in years
    ]
    table = pd.concat(blocks, ignore_index=True).dropna(subset=list(kinds), how="all")
    return sieve.parsed({"ncses_herd": table})


def _names(cells: pd.Series) -> pd.Series:
    """Names without footnote marks such as `<sup>a</sup>`."""
    bare = cells.str.replace(r"<sup>.*?</sup>", "", regex=True)
    return pd.Series([" ".join(html.unescape(text).split()) for text in bare], index=cells.index, dtype="str")


def _figures(sieve: Sieve, column: str) -> pd.Series:
    """Numbers of a column; cells may be list strings `['40,638', 'i']` of a figure and its flag (i: imputed).

    SourceError for a cell that is neither a number nor one of NO_FIGURE.
    """
    cells = sieve.frame[column]
    listed = cells.str.extract(r"^\['([^']*)'(?:,\s*'[^']*')*\]$", expand=False)
    figures = listed.fillna(cells).str.strip().str.replace(",", "", regex=False)
    missing = figures.isin(NO_FIGURE)
    strange = ~missing & ~figures.str.fullmatch(r"-?\d{1,15}(\.\d+)?")
    stop_at_unknown(sieve, column, strange, f"figure in {column}")
    return pd.to_numeric(figures.mask(missing)).astype("Float64")


def _negative(sieve: Sieve, columns: list[str]) -> None:
    for name in columns:
        sieve.reject((sieve.frame[name] < 0).fillna(False).astype("bool"), f"negative amount in {name}")


def _leave_totals(sieve: Sieve, depth: str, above: tuple[str, ...]) -> pd.DataFrame:
    """Take the rows above the institutions out of the sieve: they don't count as its rows. Returns them."""
    stop_at_unknown(sieve, "depth", ~sieve.frame["depth"].isin((depth, *above)), "hierarchy depth")
    total = sieve.frame["depth"] != depth
    totals = sieve.frame[total]
    sieve.rows_in -= len(totals)
    sieve.frame = sieve.frame[~total]
    if sieve.frame.empty:
        raise SourceError(sieve.file, "no institution, only totals", remedy="Add the table as published")
    return totals


def _check_totals(sieve: Sieve, totals: pd.DataFrame, group: str, column: str) -> None:
    """SourceError where the institutions don't sum up to a printed total (rounding apart): rows are missing.

    `group`: column that says to which subtotal a row belongs; "" where there is only the total. A file with rows set
    aside can't be checked.
    """
    if sieve.rejected or totals.empty:
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
    """Fiscal year by table id (ncses_tables.csv), else as the person who added the file says; null if nobody knows."""
    years = sieve.frame["table_id"].map(_years_by_table()).astype("Int64")
    told = hints.values.get("fiscal_year", "")
    if told and not re.fullmatch(r"(19|20)\d{2}", told):
        raise SourceError(sieve.file, f"fiscal year {told!r} is no year", remedy="Give four digits")
    return years.fillna(int(told)) if told else years


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    if "ncses_obligations" not in parsed.tables:
        return (Part("herd" if "ncses_herd" in parsed.tables else "ffrdc", parsed.rows_kept, full=True),)
    years = parsed.tables["ncses_obligations"]["fiscal_year"].dropna().unique()
    name = f"obligations FY{years[0]}" if len(years) == 1 else "obligations of an unknown year"
    return (Part(name, parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="ncses",
    title="Federal support and R&D expenditures of nonprofits, universities and federally funded centers",
    producer="National Center for Science and Engineering Statistics (NCSES), NSF",
    url="https://ncses.nsf.gov/surveys",
    licence="public domain (US government work)",
    layouts=(OBLIGATIONS, FFRDC, HERD),
    recognise=recognise_by_header((OBLIGATIONS, FFRDC, HERD)),
    read=_read,
    parts=_parts,
    tables=("ncses_obligations", "ncses_ffrdcs", "ncses_herd"),
)

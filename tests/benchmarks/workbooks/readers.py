"""One reader of the generated workbook in a process of its own: `python -m tests.benchmarks.workbooks.readers KIND FILE FOLDER`.

Each makes a table of text of the same wanted columns, so that what differs is the reading. `whole` is our reader to the end,
with days, numbers and closed vocabularies checked; `cached` is what a later refresh does.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.linkage.measure import timed

_BATCH: Final = 50_000


def wanted() -> list[str]:
    """Columns that our reader takes of this layout: `<folder>/wanted.json`, since only ours may import the project."""
    return json.loads((Path(sys.argv[3]) / "wanted.json").read_text("utf-8"))


def _gathered(rows: Iterable[list[Any]]) -> int:
    """Rows into columns of Arrow text, a batch at a time, as ours does."""
    import pyarrow as pa

    stream: Iterator[list[Any]] = iter(rows)
    tables = []
    while batch := list(islice(stream, _BATCH)):
        columns = zip(*batch, strict=True)
        tables.append(
            pa.table([pa.array([_text(cell) for cell in column], pa.string()) for column in columns], names=wanted())
        )
    return pa.concat_tables(tables).num_rows


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return "" if cell is None else f"{cell:g}"


def calamine(path: Path) -> int:
    """python-calamine: a grid in memory, gone through row by row."""
    from python_calamine import CalamineWorkbook

    rows = iter(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())
    places = _places(next(rows))
    return _gathered([row[place] for place in places] for row in rows)


def fastexcel(path: Path) -> int:
    """fastexcel: calamine's grid, handed over as Arrow columns."""
    import fastexcel as library

    sheet = library.read_excel(path).load_sheet(0, use_columns=wanted(), dtypes="string")
    return sheet.to_arrow().num_rows


def openpyxl(path: Path) -> int:
    """openpyxl in its read-only mode: row by row."""
    from openpyxl import load_workbook

    rows = load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
    places = _places(next(rows))
    return _gathered([row[place] if place < len(row) else None for place in places] for row in rows)


def _places(header: Iterable[Any]) -> list[int]:
    heads = list(header)
    return [heads.index(name) for name in wanted()]


def ours(path: Path) -> int:
    """Our streaming reader, rows only."""
    from pipeline.sources.tabular import workbook

    _, header = workbook.header(path, path.name)
    return _gathered(texts for _, texts in workbook.rows(path, path.name, _places(header)))


def whole(path: Path) -> int:
    """Our reader to the end: the typed table and its quarantine."""
    from pipeline.sources.base import Hints
    from pipeline.sources.catalogue import source
    from pipeline.sources.probe import probe

    reader, probed = source("dol_lca"), probe(path, path.name)
    layout = reader.recognise(probed)
    assert layout is not None
    parsed = reader.read(probed, layout, Hints({}))
    return parsed.rows_kept


def fill(folder: Path) -> int:
    """The archive's reader with an empty cache: a first refresh."""
    return _loaded(folder)


def cached(folder: Path) -> int:
    """The same with the cache filled: every later refresh."""
    return _loaded(folder)


def _loaded(folder: Path) -> int:
    from pipeline.archive.loading import load_chosen
    from pipeline.archive.parsed_cache import ParsedCache
    from pipeline.archive.reading import open_archive
    from pipeline.sources.catalogue import source

    loaded = load_chosen(source("dol_lca"), open_archive(folder / "raw"), ParsedCache(folder / "parsed"))
    return len(loaded.tables["lca_filings"])


KINDS: Final[dict[str, Callable[[Path], int]]] = {
    one.__name__: one for one in (ours, whole, calamine, fastexcel, openpyxl, fill, cached)
}

if __name__ == "__main__":
    kind, target, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    timed(lambda: KINDS[kind](target), kind, folder)

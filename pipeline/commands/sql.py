"""`h1b-sponsors sql`: any question to the tables of a release, in DuckDB's SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from pipeline.commands.console import err, fail, latest_release, report_user_errors
from pipeline.commands.export import Format, write
from pipeline.commands.tables import print_rows
from pipeline.schemas.frames import to_frame
from pipeline.schemas.model import Table as Described
from pipeline.spreadsheets.cells import flat

_SHOWN: Final = 200
_ANSWER: Final = Described("sql", "What a query answers: columns of its own, which nothing describes.", ())


def sql(
    statement: Annotated[
        str, typer.Argument(metavar="SQL", help="A query; the tables and views of the release are there.")
    ],
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Ask the tables of the latest release in SQL: `sponsors`, `filings_by_year`, `petitioners_of` and all of the data dictionary.

    A release is only read. Exit code 2 where DuckDB does not take the query.
    """
    import duckdb  # here: it is slow to load, and few commands need it

    with report_user_errors():
        release = latest_release()
        if release.manifest["sample"]:
            err.print(f"Made from {release.made_from}: no current list.", soft_wrap=True)
        with release.database() as connection:
            try:
                answer = connection.sql(statement)
                rows = to_frame(answer.to_arrow_table()) if answer is not None else None
            except duckdb.Error as error:
                fail(str(error), 2)
        if rows is None:
            fail("that is no query: nothing comes back from it", 2)
        if fmt is not Format.table:
            write(rows, fmt, output, _ANSWER, release, "rows")
            return
        shown = flat(rows.head(_SHOWN))
        titles = {str(name): pd.api.types.is_numeric_dtype(shown[name]) for name in shown}
        print_rows(titles, list(shown.itertuples(index=False)), 1)
        if len(rows) > _SHOWN:
            err.print(f"The first {_SHOWN} of {len(rows):,} rows; all of them with --format csv.")

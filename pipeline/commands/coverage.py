"""One line under an answer: how much of what there is the lists have, for the filters given.

What belongs here: the words around it. What is counted is in `release/coverage.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.markup import escape

from pipeline.commands.console import out
from pipeline.release.coverage import in_words, rows_about, totals
from pipeline.release.reader import Release

TABLE = "coverage"


def print_coverage(
    release: Release,
    filters: str,
    *,
    specialties: Callable[[str], bool] | None,
    states: Sequence[str],
    metros: Sequence[str],
    either: bool = False,
) -> None:
    """Print the line for the programs of some specialties in some places; conditions are as of `rows_about`.

    filters: what they are, in words. A release made before the table has none.
    """
    if f"{TABLE}.parquet" not in {file["name"] for file in release.manifest["files"]}:
        return
    rows = rows_about(release.table(TABLE), specialties=specialties, states=states, metros=metros, either=either)
    out.print(f"Coverage, {escape(filters)}: {in_words(totals(rows))}", soft_wrap=True)


def in_short(specialties: Sequence[str], places: Sequence[str]) -> str:
    """Return the filters in a phrase: `internal medicine in Los Angeles`; `all programs` where nothing was."""
    what = " or ".join(specialties) or "all programs"
    return f"{what} in {' or '.join(places)}" if places else what

"""`h1b-sponsors status --pages`: of each institution, the pages requested and found, and whether they state a policy."""

from __future__ import annotations

import pandas as pd

from pipeline.commands.console import say
from pipeline.commands.tables import print_rows
from pipeline.fetch.page_yield import COLUMNS, COUNTS, kept_yield, yield_in_words, yield_table
from pipeline.release.reader import Release
from pipeline.settings import DataFolder


def yield_of(release: Release, folder: DataFolder) -> pd.DataFrame:
    """Return what the pages of each institution of a release yield, as `page_yield.yield_table` does."""
    return yield_table(release.table("institutions"), release.table("visa_policies"), kept_yield(folder.fetch))


def show_yield(folder: DataFolder) -> None:
    """Print the table, a row an institution, and its sum in a line. Raises ReleaseError where there is no release."""
    rows = yield_of(Release.open(folder.latest), folder)
    shown = list(COLUMNS[1:])
    print_rows({name: name in COUNTS for name in shown}, rows[shown].to_numpy().tolist(), 1)
    say(yield_in_words(rows))

"""The archive and the clock as Dagster resources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg

from pipeline.settings import DataFolder, data_folder


class DataResource(dg.ConfigurableResource):
    """The data folder: `root`, else what H1B_DATA_DIR names, else `data/` of the project."""

    root: str = ""

    def folder(self) -> DataFolder:
        """The folder with the archive and the releases."""
        return DataFolder(Path(self.root)) if self.root else data_folder()


class ClockResource(dg.ConfigurableResource):
    """The day for which a release is made: `as_of` (YYYY-MM-DD), else today (UTC). Nothing else in the flow asks the time."""

    as_of: str = ""

    def today(self) -> dt.date:
        """The day of the release."""
        return dt.date.fromisoformat(self.as_of) if self.as_of else dt.datetime.now(dt.UTC).date()

"""What assets are given beside tables: the data folder, its archive, the day, and the release being made.

A resource here only finds its place or day and opens the plain object of a room; what that object does is up to the room.
"""

# No `from __future__ import annotations`: Dagster reads a resource's dependencies from its annotations when the class is made.
import datetime as dt
from pathlib import Path

import dagster as dg

from pipeline.archive.reading import Archive, open_archive
from pipeline.release.next_release import NextRelease
from pipeline.settings import DataFolder, data_folder


class DataResource(dg.ConfigurableResource):
    """The data folder: `root`, else what H1B_DATA_DIR names, else `data/` of the project."""

    root: str = ""

    def open(self) -> DataFolder:
        """Return the folder with the archive and the releases."""
        return DataFolder(Path(self.root)) if self.root else data_folder()


class ClockResource(dg.ConfigurableResource):
    """The day for which a release is made: `as_of` (YYYY-MM-DD), else today (UTC). Nothing else in the flow asks the time."""

    as_of: str = ""

    def today(self) -> dt.date:
        """Return the day of the release."""
        return dt.date.fromisoformat(self.as_of) if self.as_of else dt.datetime.now(dt.UTC).date()


class ArchiveResource(dg.ConfigurableResource):
    """The archive of the data folder."""

    data: dg.ResourceDependency[DataResource]

    def open(self) -> Archive:
        """Return the archive as it is now."""
        return open_archive(self.data.open().raw)


class NextReleaseResource(dg.ConfigurableResource):
    """The release that the run makes in the data folder, for the day that the clock gives."""

    data: dg.ResourceDependency[DataResource]
    clock: dg.ResourceDependency[ClockResource]

    def open(self) -> NextRelease:
        """Return the release to be made."""
        return NextRelease(self.data.open().curated, self.clock.today())

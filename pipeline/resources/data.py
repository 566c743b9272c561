"""What assets are given beside tables: the data folder, its archive, the day, and the release being made.

A resource here only finds its place or day and opens the plain object of a room; what that object does is up to the room.
"""

# No `from __future__ import annotations`: Dagster reads a resource's dependencies from its annotations when the class is made.
import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipeline.archive.reading import Archive, open_archive
from pipeline.policies.kept_readings import KeptReadings, kept_readings
from pipeline.policies.third_reader.kept import KeptAnswers, kept_answers
from pipeline.reference.rulings import OwnRulings, read_own_rulings
from pipeline.release.inputs import release_day
from pipeline.release.next_release import NextRelease
from pipeline.settings import DataFolder, data_folder
from pipeline.steps.openers import NAMES
from pipeline.steps.step import Openers
from pipeline.steps.work import Work


class DataResource(dg.ConfigurableResource):
    """The data folder: `root`, else what H1B_DATA_DIR names, else `data/` of the project."""

    root: str = ""

    def open(self) -> DataFolder:
        """Return the folder with the archive and the releases."""
        return DataFolder(Path(self.root)) if self.root else data_folder()


class WorkResource(dg.ConfigurableResource):
    """The tables between steps, in the data folder."""

    data: dg.ResourceDependency[DataResource]
    _run: str = PrivateAttr(default="")

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Find out for which run tables are made."""
        self._run = context.run.run_id if context.run else ""

    def open(self) -> Work:
        """Return the work folder, as the run sees it."""
        return Work(self.data.open().work, self._run)


class OwnRulingsResource(dg.ConfigurableResource):
    """The operator's own rulings, in the data folder."""

    data: dg.ResourceDependency[DataResource]

    def open(self) -> OwnRulings:
        """Return the rulings as they are now."""
        return read_own_rulings(self.data.open().judgements)


class ClockResource(dg.ConfigurableResource):
    """The day for which a release is made: `as_of` (YYYY-MM-DD), else the day (UTC) on which the run began, also where it ends on
    another one. Nothing else in the flow asks the time."""

    as_of: str = ""
    _began: dt.date | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Find out when the run began: each step may be executed in a process of its own."""
        record = context.instance.get_run_record_by_id(context.run.run_id) if context.instance and context.run else None
        if record and record.start_time:
            self._began = dt.datetime.fromtimestamp(record.start_time, dt.UTC).date()

    def today(self) -> dt.date:
        """Return the day of the release. Raises DayError for one that can't be."""
        today = self._began or dt.datetime.now(dt.UTC).date()
        return release_day(self.as_of or today.isoformat())


class ArchiveResource(dg.ConfigurableResource):
    """The archive of the data folder, looked at once in a run and process."""

    data: dg.ResourceDependency[DataResource]
    _opened: Archive | None = PrivateAttr(default=None)

    def open(self) -> Archive:
        """Return the archive as it was when it was first opened."""
        if self._opened is None:
            self._opened = open_archive(self.data.open().raw)
        return self._opened


class ThirdReaderResource(dg.ConfigurableResource):
    """The third reader of visa policies, off by default: the answers that the data folder keeps of the model that is named."""

    data: dg.ResourceDependency[DataResource]

    def open(self) -> KeptAnswers | None:
        """Return the answers, None where no model is named. Nothing is requested."""
        return kept_answers(self.data.open())


class KeptReadingsResource(dg.ConfigurableResource):
    """The readings of pages of the run before, in the work folder."""

    data: dg.ResourceDependency[DataResource]

    def open(self) -> KeptReadings:
        """Return the readings, none where there was no such run."""
        return kept_readings(self.data.open())


class NextReleaseResource(dg.ConfigurableResource):
    """The release that the run makes in the data folder, for the day that the clock gives.

    accepted_change: why it may become `latest` though it lost much against the last one; blank where nobody says so.
    """

    data: dg.ResourceDependency[DataResource]
    clock: dg.ResourceDependency[ClockResource]
    accepted_change: str = ""

    def open(self) -> NextRelease:
        """Return the release to be made."""
        return NextRelease(self.data.open(), self.clock.today(), " ".join(self.accepted_change.split()))


def openers_of(resources: Any) -> Openers:
    """Return what opens things as the resources of a run do."""
    return {name: partial(_opened, resources, name) for name in NAMES}


def _opened(resources: Any, name: str) -> Any:
    return getattr(resources, name).open()

"""What a run reports while it goes on, and how it is written down when it ends, however it ends. No Dagster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Final

from pipeline.archive.reading import open_archive
from pipeline.errors import system_error
from pipeline.fetch.due import due_by_hand
from pipeline.release.runs.files import write_run
from pipeline.release.runs.summary import Run, StepRun, summary
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder
from pipeline.steps.catalogue import RELEASE
from pipeline.steps.work import SNAPSHOTS, Work

BROKEN_OFF: Final = "the run was broken off"


@dataclass
class RunLog:
    """The steps of a run so far, in the order in which they are to run or did."""

    steps: dict[str, StepRun]
    failed: str = ""
    release_id: str = ""
    began: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @classmethod
    def of(cls, names: Iterable[str]) -> RunLog:
        """Return the log of a run of these steps that begins now."""
        return cls({name: StepRun(name) for name in names})

    def write(self, data: DataFolder, run_id: str, job: str) -> None:
        """Write the summary of the run, which has ended, and its page."""
        done = self.steps[RELEASE].state == "succeeded"
        failed = self.failed if self.failed or done else BROKEN_OFF
        run = Run(run_id, job, self.began, dt.datetime.now(dt.UTC), tuple(self.steps.values()), failed, self.release_id)
        looked = self.steps[SNAPSHOTS].state == "succeeded" if SNAPSHOTS in self.steps else False
        snapshots = Work(data.work).table(SNAPSHOTS).frame() if looked else empty_frame(SNAPSHOTS)
        due = due_by_hand(open_archive(data.raw), run.ended_at.date())
        write_run(summary(run, data, snapshots, [asdict(one) for one in due]), data)

    def try_to_write(self, data: DataFolder, run_id: str, job: str) -> str:
        """Write the summary; where the disk is full the run has failed already, or the release is made all the same: return what to say of
        it, "" where it is written."""
        try:
            self.write(data, run_id, job)
        except OSError as error:
            return f"no summary of the run: {system_error(error)}"
        return ""

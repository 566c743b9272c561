"""How runs are launched by Dagster's daemon: as it does by default, and one whose process is gone is found and marked as failed.

With Dagster's own launcher a run whose code server was killed along with it counts as started for ever, and as only one runs at a time no
other would ever begin.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus

HELD_FILE: Final = "h1b_sponsors/held_file"  # tag of a run: the file that its process holds
_SECONDS_TO_BEGIN: Final = 300.0  # from the start of a run until it must have recorded which file it holds


class WatchedRunLauncher(DefaultRunLauncher):
    """Launches runs as Dagster does by default, and can tell whether the process of one is still there: also of one that the command
    line started on the same instance."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether Dagster may ask: yes."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Return whether the process of a run is there, by the file that it holds."""
        held = Path(run.tags.get(HELD_FILE, ""))
        if held.name != run.run_id:  # a run that is tried again has the tags of the one before until it begins
            record = self._instance.get_run_record_by_id(run.run_id)
            began = record.start_time if record else None
            late = began is not None and time.time() - began > _SECONDS_TO_BEGIN
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND if late else WorkerStatus.RUNNING, "it has not begun")
        # Imported here: this module is loaded by every process of Dagster's.
        from pipeline.resources.alive import is_held

        there = is_held(held)
        return CheckRunHealthResult(WorkerStatus.RUNNING if there else WorkerStatus.NOT_FOUND, "its process is gone")

"""Dagster's daemon and the process of a run are killed in the middle of a scheduled refresh: the next one completes, and nothing is there twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipeline.release.lock import alone
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT
from tests.e2e.conftest import HUB, command, programs

PATIENCE = 240.0
# What a schedule does at its hour, this does as soon as a file is there.
TICKS = """
import os
from pathlib import Path
import dagster as dg
from pipeline import definitions

# The sensors of the project would load the machine meanwhile; they have tests of their own.
@dg.sensor(job_name="monthly_refresh", minimum_interval_seconds=1, default_status=dg.DefaultSensorStatus.RUNNING)
def tick(_context):
    for asked in sorted(Path(os.environ["DAGSTER_HOME"]).glob("tick-*")):
        yield dg.RunRequest(run_key=asked.name)

of_project = definitions.defs
ticking = dg.Definitions(
    assets=of_project.assets,
    asset_checks=of_project.asset_checks,
    jobs=of_project.jobs,
    sensors=[tick],
    executor=of_project.executor,
    loggers=of_project.loggers,
    resources=definitions.resources(),
)
del of_project
"""


@dataclass
class Daemon:
    """Dagster's daemon over a data folder, with the settings of the project but for how often it looks."""

    home: Path
    data: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        words = [sys.executable, "-m", "dagster._daemon", "run", "-f", str(self.home / "ticks.py")]
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(self.home),
            DATA_DIR_VARIABLE: str(self.data),
            "PYTHONPATH": str(PROJECT),
        }
        with (self.home / "daemon.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, env=environment, stdout=log, stderr=log, start_new_session=True, cwd=self.home
            )

    def kill(self) -> None:
        """Kill the daemon and all that it has started, at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tick(self, name: str) -> None:
        (self.home / f"tick-{name}").touch()

    def until(self, what: str, found: Callable[[], object]) -> object:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if there := found():
                return there
            time.sleep(0.05)
        pytest.fail(f"{what}: not in {PATIENCE:.0f} s\n{(self.home / 'daemon.log').read_text('utf-8')[-4000:]}")

    def worker(self) -> int:
        """The process of a run that has begun to write tables; 0 while there is none."""
        lock = self.data / "curated" / ".lock"
        told = re.search(r"Dagster run .*process (\d+)", lock.read_text("utf-8") if lock.exists() else "")
        return int(told[1]) if told else 0

    def runs(self, status: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
        with dg.DagsterInstance.from_config(str(self.home)) as instance:
            return list(instance.get_runs(dg.RunsFilter(statuses=[status])))

    def releases(self) -> list[str]:
        folder = self.data / "curated" / "releases"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    settings = yaml.safe_load((PROJECT / "dagster.yaml").read_text("utf-8"))
    settings["run_monitoring"]["poll_interval_seconds"] = 1
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    (home / "ticks.py").write_text(TICKS, "utf-8")
    for name, text in (("list.csv", programs(40)), ("hub.csv", HUB)):
        (tmp_path / name).write_text(text, "utf-8")
        assert command(data, "add", str(tmp_path / name)).code == 0
    one = Daemon(home, data)
    one.start()
    yield one
    one.kill()


def test_killed_in_the_middle_the_next_one_completes(daemon: Daemon, tmp_path: Path) -> None:
    daemon.tick("1")
    worker = int(str(daemon.until("a run begins", daemon.worker)))
    daemon.until("tables are written", lambda: len(list(daemon.data.glob("curated/.work/*.parquet"))) > 3)
    os.kill(worker, signal.SIGKILL)
    daemon.until("the killed run is marked", lambda: daemon.runs(dg.DagsterRunStatus.FAILURE))
    daemon.until("it is tried once more", lambda: daemon.runs(dg.DagsterRunStatus.SUCCESS))
    [first] = daemon.releases()

    (tmp_path / "list.csv").write_text(programs(41), "utf-8")
    assert command(daemon.data, "add", str(tmp_path / "list.csv")).code == 0
    daemon.tick("2")
    daemon.until("another run begins", daemon.worker)
    daemon.kill()
    assert daemon.runs(dg.DagsterRunStatus.STARTED) and daemon.releases() == [first]
    with alone(daemon.data / "curated", "the test"):
        pass  # the lock is free
    daemon.start()
    daemon.until("the killed run is marked", lambda: len(daemon.runs(dg.DagsterRunStatus.FAILURE)) == 2)
    daemon.tick("3")
    daemon.until("the next one completes", lambda: len(daemon.runs(dg.DagsterRunStatus.SUCCESS)) > 1)
    assert len(daemon.releases()) == 2 and not Release.open(daemon.data / "curated" / "latest").damage()

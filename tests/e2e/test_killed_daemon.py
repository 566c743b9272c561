"""The processes of the production layout, as their units start them, over PostgreSQL: runs are begun by the daemon, a process of a run and
then all of them are killed, and what was broken off is completed, with nothing there twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import dagster as dg
import pytest
import yaml

from pipeline.release.lock import BusyError, alone
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT
from tests.e2e.conftest import HUB, command, programs
from tests.services import free_port, listens, postgresql, wait_for

DEPLOY: Final = PROJECT / "deploy"
PATIENCE: Final = 400.0  # seconds, on a busy machine
LOOKS_FOR_RETRIES: Final = "DAGSTER_EVENT_LOG_CONSUMER_DAEMON_INTERVAL_SECONDS"
# What a schedule does at its hour, this does as soon as a file is there. The sensors that begin runs are those of the project and look
# more often; those that tell of events would load the machine meanwhile, and have tests of their own.
TICKS: Final = """
import os
from pathlib import Path
import dagster as dg
from pipeline import definitions
from pipeline.sensors import events, watch

events.FORGOTTEN_AFTER = float(os.environ["FORGOTTEN_AFTER"])
ON = dg.DefaultSensorStatus.RUNNING

@dg.sensor(job_name="monthly_refresh", minimum_interval_seconds=1, default_status=ON)
def tick(_context):
    for asked in sorted(Path(os.environ["DAGSTER_HOME"]).glob("tick-*")):
        yield dg.RunRequest(run_key=asked.name)

@dg.sensor(job_name=watch.INBOX_JOB, minimum_interval_seconds=1, default_status=ON)
def dropped_files(context):
    return watch.dropped_files_sensor(context)

of_project = definitions.defs
@dg.sensor(jobs=of_project.jobs, minimum_interval_seconds=1, default_status=ON)
def forgotten_runs(context):
    return watch.forgotten_runs_sensor(definitions.defs.jobs)(context)

ticking = dg.Definitions(
    assets=of_project.assets,
    asset_checks=of_project.asset_checks,
    jobs=of_project.jobs,
    sensors=[tick, dropped_files, forgotten_runs],
    executor=of_project.executor,
    loggers=of_project.loggers,
    resources=definitions.resources(),
)
del of_project
"""


def command_of(unit: str) -> str:
    """The command of a unit of systemd."""
    text = (DEPLOY / "systemd" / f"h1b-sponsors-{unit}.service").read_text("utf-8")
    return re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0]


@dataclass
class Layout:
    """The processes of the units over a data folder, with the settings of `deploy/` but for how often the daemon looks."""

    home: Path
    data: Path
    database: str
    instance: dg.DagsterInstance
    code_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, unit: str, **more: str) -> None:
        """Start what the unit starts, here: its paths and ports are those of the test."""
        words = command_of(unit)
        for installed, here in {
            "/opt/h1b-sponsors/.venv/bin": str(Path(sys.executable).parent),
            "/var/lib/h1b-sponsors/dagster": str(self.home),
            "--module-name pipeline.definitions": f"--python-file {self.home / 'ticks.py'}",
            "4000": str(self.code_port),
            "3000": str(self.web_port),
        }.items():
            words = words.replace(installed, here)
        with (self.home / "log").open("ab") as log:
            self.processes[unit] = subprocess.Popen(
                words.split(), env={**self.environment, **more}, stdout=log, stderr=log, start_new_session=True, cwd=self.home
            )  # fmt: skip

    def start_code(self, forgotten_after: int) -> None:
        """Start the code location, and wait until it answers. forgotten_after: seconds until a run that Dagster passed by is begun."""
        self.start("code", FORGOTTEN_AFTER=str(forgotten_after))
        self.until("the code location answers", lambda: listens(self.code_port))

    @property
    def environment(self) -> dict[str, str]:
        own = {"DAGSTER_HOME": str(self.home), DATA_DIR_VARIABLE: str(self.data), "H1B_CODE_HOST": "localhost"}
        return {**os.environ, **own, "H1B_POSTGRES_URL": self.database, "PYTHONPATH": str(PROJECT)}

    def kill(self) -> None:
        """Kill the processes and all that they have started, at once."""
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes.values():
            process.wait()
        self.processes.clear()

    def until(self, what: str, found: Callable[[], object]) -> None:
        try:
            wait_for(what, lambda: bool(found()), PATIENCE)
        except AssertionError as error:
            pytest.fail(f"{error}\n{(self.home / 'log').read_text('utf-8')[-6000:]}")

    def worker(self) -> int:
        """The process of a run that has begun to write tables; 0 while there is none."""
        lock = self.data / "curated" / ".lock"
        told = re.search(r"Dagster run .*process (\d+)", lock.read_text("utf-8") if lock.exists() else "")
        return int(told[1]) if told else 0

    def runs(self, *statuses: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
        return list(self.instance.get_runs(dg.RunsFilter(statuses=list(statuses))))

    def succeeded(self, job: str, key: str = "") -> bool:
        """Whether a run of the job has ended well: any, or the one that was asked for by that key."""
        runs = (run for run in self.runs(dg.DagsterRunStatus.SUCCESS) if run.job_name == job)
        return any(not key or run.tags.get("dagster/run_key") == key for run in runs)

    def releases(self) -> list[str]:
        folder = self.data / "curated" / "releases"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    home, data = tmp_path / "dagster", tmp_path / "data"
    home.mkdir()
    for name, text in (("list.csv", programs(40)), ("hub.csv", HUB)):
        (tmp_path / name).write_text(text, "utf-8")
        assert command(data, "add", str(tmp_path / name)).code == 0
    settings = yaml.safe_load((DEPLOY / "dagster.yaml").read_text("utf-8"))
    settings["run_monitoring"]["poll_interval_seconds"] = 1
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    (home / "ticks.py").write_text(TICKS, "utf-8")
    with postgresql() as database, ExitStack() as stack:
        monkeypatch.setenv("H1B_POSTGRES_URL", database)
        one = Layout(home, data, database, stack.enter_context(dg.DagsterInstance.from_config(str(home))))
        workspace = (DEPLOY / "workspace.yaml").read_text("utf-8").replace("4000", str(one.code_port))
        (home / "workspace.yaml").write_text(workspace, "utf-8")
        stack.callback(one.kill)
        yield one


def is_free(curated: Path) -> bool:
    """Whether nobody holds the lock of the folder."""
    try:
        with alone(curated, "the test"):
            return True
    except BusyError:
        return False


def asked(port: int, query: str) -> Mapping[str, object]:
    """What the pages answer, {} while they do not."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            told = json.load(answer)
    except OSError:
        return {}
    assert isinstance(told, dict)
    return told


def test_killed_in_the_middle_what_was_broken_off_is_completed(layout: Layout, tmp_path: Path) -> None:
    layout.start_code(forgotten_after=45)
    layout.start("daemon", **{LOOKS_FOR_RETRIES: "1"})
    (layout.home / "tick-1").touch()
    layout.until("a run begins", layout.worker)
    layout.until("tables are written", lambda: len(list(layout.data.glob("curated/.work/*.parquet"))) > 3)
    os.kill(layout.worker(), signal.SIGKILL)
    layout.until("the killed run is marked", lambda: layout.runs(dg.DagsterRunStatus.FAILURE))
    layout.until("it is tried once more", lambda: layout.succeeded("monthly_refresh"))
    [first] = layout.releases()
    layout.start("web")
    query = "{repositoriesOrError{... on RepositoryConnection{nodes{location{name} jobs{name}}}}}"
    layout.until("the pages show the jobs", lambda: "monthly_refresh" in str(asked(layout.web_port, query)))

    inbox = layout.data / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "list.csv").write_text(programs(41), "utf-8")
    layout.until("the file is taken by a run", lambda: len(list(layout.data.glob("raw/acgme/*/list.csv"))) == 2)
    layout.kill()
    layout.until("the killed processes of the run are gone", lambda: is_free(layout.data / "curated"))
    assert layout.runs(dg.DagsterRunStatus.STARTED) and layout.releases() == [first]

    layout.start_code(forgotten_after=1)
    layout.start("daemon", **{LOOKS_FOR_RETRIES: "3600"})  # Dagster does not see that the run was killed
    layout.until("the killed run is begun again", lambda: layout.succeeded("inbox_and_refresh"))
    first_again, second = sorted(layout.releases(), key=lambda name: name != first)
    latest = Release.open(layout.data / "curated" / "latest")
    assert (first_again, second) == (first, latest.id) and not latest.damage()
    assert latest.manifest["figures"]["programs"] == 41
    assert [path.name[16:] for path in sorted((inbox / "done").iterdir())] == ["list.csv", "list.csv.why.txt"]

    (layout.home / "tick-2").touch()
    layout.until("the next tick completes", lambda: layout.succeeded("monthly_refresh", "tick-2"))
    assert layout.releases() == sorted([first, second])

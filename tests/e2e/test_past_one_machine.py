"""The same definitions in processes and on workers of Celery make the release that one process makes, and a lost worker does no harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from pipeline.release.reader import Release
from pipeline.release.remote import open_store
from pipeline.settings import PROJECT
from tests.conftest import made_once, needed
from tests.e2e.conftest import command
from tests.e2e.test_incremental import same
from tests.services import postgresql, redis, running

REFRESH = ("refresh", "--as-of", "2026-11-02", "--accept-change", "a test")
SECONDS = 600  # of a refresh on a busy machine
LOST_AFTER = 15  # seconds without an answer after which a step is given to another worker
DIES_IN = "group_petitions"
OF_THE_STEP = {"petitions", "petitioners", "petitioner_redirects"}


@dataclass(frozen=True)
class Cluster:
    """Redis, PostgreSQL and an S3 server; `environment` is what every process needs to find them and the data folder."""

    data: Path
    environment: dict[str, str]
    settings: Path

    def worker(self, name: str) -> list[str]:
        """The command that runs a worker, which is killed in the middle of a step, unless another was."""
        program = [sys.executable, "-m", "dagster_celery.cli", "worker", "start", "-A", "dagster_celery.app"]
        return [*program, "-n", name, "-y", str(self.settings), "-i", "tests.e2e.dying_worker", "--", "--pool", "solo"]


def refreshed(data: Path, environment: dict[str, str]) -> Release:
    """Refresh by the command line in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *REFRESH],
        env={**os.environ, "H1B_DATA_DIR": str(data), "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return Release.open(data / "curated" / "latest")


def copy_of(source: Path, place: Path) -> Path:
    """A copy of a data folder, in which each step has to run."""
    shutil.copytree(source, place, symlinks=True)
    shutil.rmtree(place / "curated" / ".work")
    return place


@pytest.fixture(scope="module")
def in_process(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release that one process makes."""

    def make(place: Path) -> None:
        told = command(copy_of(tiny_data, place / "data"), *REFRESH)
        assert told.code == 0, told.output

    return Release.open(made_once(tmp_path_factory, "in_process", make) / "data" / "curated" / "latest")


def test_processes_make_the_same_release(in_process: Release, tiny_data: Path, tmp_path: Path) -> None:
    data = copy_of(tiny_data, tmp_path / "data")
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", "utf-8")
    settings = {"H1B_EXECUTOR": "multiprocess", "H1B_EXECUTOR_CONFIG": str(PROJECT / "deploy" / "multiprocess.yaml")}
    same(in_process, refreshed(data, {**settings, "DAGSTER_HOME": str(home)}))


@pytest.fixture
def cluster(tiny_data: Path, tmp_path: Path, bucket: str) -> Iterator[Cluster]:
    """The servers, and the settings of deploy/celery.yaml with less patience."""
    needed("dagster-celery and dagster-postgres", there=all(map(find_spec, ("dagster_celery", "dagster_postgres"))))
    settings = yaml.safe_load((PROJECT / "deploy" / "celery.yaml").read_text("utf-8"))
    settings["execution"]["config"]["config_source"]["broker_transport_options"]["visibility_timeout"] = LOST_AFTER
    (tmp_path / "celery.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    with redis(tmp_path) as broker, postgresql() as database:
        where = {"storage": {"postgres": {"postgres_url": database}}, "telemetry": {"enabled": False}}
        (home / "dagster.yaml").write_text(yaml.safe_dump(where), "utf-8")
        environment = {
            "DAGSTER_HOME": str(home),
            "H1B_EXECUTOR": "dagster_celery:celery_executor",
            "H1B_EXECUTOR_CONFIG": str(tmp_path / "celery.yaml"),
            "H1B_CELERY_BROKER": f"{broker}/0",
            "H1B_CELERY_BACKEND": f"{broker}/1",
            "H1B_CURATED_URL": bucket,
            "H1B_DATA_DIR": str(copy_of(tiny_data, tmp_path / "data")),
            "PYTHONPATH": str(PROJECT),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        yield Cluster(tmp_path / "data", environment, tmp_path / "celery.yaml")


def test_workers_make_the_same_release_though_one_is_killed(
    in_process: Release, cluster: Cluster, tmp_path: Path, bucket: str
) -> None:
    doomed = {**os.environ, **cluster.environment, "DIES_IN": DIES_IN, "DIED": str(tmp_path / "died")}
    with ExitStack() as stack:
        workers = [
            stack.enter_context(running(cluster.worker(name), tmp_path / f"{name}.log", doomed))
            for name in ("one", "two")
        ]
        made = refreshed(cluster.data, cluster.environment)
        assert sorted(worker.poll() is None for worker in workers) == [False, True]
    assert (tmp_path / "died").read_text("utf-8") in OF_THE_STEP
    same(in_process, made)
    assert made.damage() == [] and {one.name for one in (cluster.data / "curated" / "releases").iterdir()} == {
        in_process.manifest["previous_release"],
        made.id,
    }
    pointer = open_store(bucket).pointer()
    assert pointer and pointer.release_id == made.id

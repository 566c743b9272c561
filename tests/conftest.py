"""Fixtures shared by the tests: the embedded sample, one release made of it, and the optional national files."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from typer.testing import CliRunner

os.environ["COLUMNS"] = "160"  # before the console is made: how wide it is must not hang on who runs the tests

from pipeline.cli import app
from pipeline.reference import load
from pipeline.release.remote import open_store
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT

gc.set_threshold(200_000, 20, 100)  # as the command line has it: a tenth less time for a refresh in this process

AS_OF = "2026-11-20"
SAMPLE_SOURCES = PROJECT / "tests" / "fixtures" / "archive"  # Los Angeles, Boston, medical genetics: quick to refresh
EMBEDDED = PROJECT / "data" / "raw"
STORE_SECRET = "moto-asks-for-none"
SHARED = PROJECT.parent / "shared"
# How long an example takes hangs on what else the machine does.
settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
# Fixtures of the tests that are begun first.
_FIRST = ({"national_data"}, {"embedded_data"}, {"layout", "cluster"}, {"tiny_data", "prepared"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the large releases first: one process then has them all, and no other waits for them. Then come those that wait
    for processes of their own, and those of refreshes and kills: the longest must not begin when all others have ended."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if not isinstance(item, pytest.Function):
        return len(_FIRST)
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    needs = {*item.fixturenames, *(one for one in given if isinstance(one, str))}
    return next((place for place, fixtures in enumerate(_FIRST) if fixtures & needs), len(_FIRST))


def sample_folders(archive: Path = SAMPLE_SOURCES) -> list[Path]:
    """Snapshot folders of a sample, whatever else lies in its archive."""
    return sorted(
        path.parent for path in archive.glob("*/*/manifest.json") if '"sample": true' in path.read_text("utf-8")
    )


def copy_sample(data: Path, archive: Path = SAMPLE_SOURCES) -> Path:
    """A data folder whose archive holds a sample, by default the small one of the tests, and nothing else."""
    for folder in sample_folders(archive):
        shutil.copytree(folder, data / "raw" / folder.relative_to(archive))
    return data


def copy_worked(data: Path, made: Path) -> Path:
    """A data folder like `made` without its releases: a refresh takes over what was worked out of the archive, as far as it is the same."""
    (data / "curated").mkdir(parents=True)
    for name in ("raw", "curated/.work"):
        shutil.copytree(made / name, data / name)
    return data


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Folder `name` that `make` fills: once for all processes of a test run, the others wait for it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patched:
                patched.setenv(DATA_DIR_VARIABLE, str(folder))
                make(folder)
            done.touch()
    return folder


def refresh() -> str:
    """Refresh as of AS_OF by the command line; returns what it printed."""
    made = CliRunner().invoke(app, ["refresh", "--as-of", AS_OF])
    assert made.exit_code == 0, made.output
    return made.output


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Have garbage collected again after a refresh in this process, which takes it that the process ends soon."""
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one release made of the sample, through the command line; treat it as read-only."""

    def make(data: Path) -> None:
        copy_sample(data)
        (data / "summary.txt").write_text(refresh(), "utf-8")

    return made_once(tmp_path_factory, "sample", make)


@pytest.fixture(scope="session")
def sample_release(sample_data: Path) -> Path:
    """The release of the sample, through `latest`."""
    return sample_data / "curated" / "latest"


@pytest.fixture(scope="session")
def embedded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one release of the embedded sample, as a first run makes it; treat it as read-only."""

    def make(data: Path) -> None:
        copy_sample(data, EMBEDDED)
        (data / "summary.txt").write_text(refresh(), "utf-8")

    return made_once(tmp_path_factory, "embedded", make)


@pytest.fixture(scope="session")
def national_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release of the national files, made once; skips where they are absent. Treat it as read-only."""
    folder = SHARED / "raw"
    if not folder.is_dir():
        pytest.skip("the national files (../shared/raw) are not beside this checkout")

    def make(data: Path) -> None:
        added = CliRunner().invoke(app, ["add", str(folder)])
        assert "refused" in added.output and added.exit_code == 3, added.output  # code books are no data
        (data / "added.txt").write_text(added.output, "utf-8")
        refresh()

    return made_once(tmp_path_factory, "national", make)


@pytest.fixture
def reference_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the curated tables that the loader reads while the test lasts, for the test to change."""
    folder = tmp_path / "reference"
    shutil.copytree(load.REFERENCE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(load, "REFERENCE", folder)
    load._shipped.cache_clear()
    yield folder
    load._shipped.cache_clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    chromium = shutil.which("chromium")
    needed("Chromium", there=chromium is not None)
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield shown
        shown.close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Any]:
    """An S3 server on this machine, in memory."""
    needed("moto with its server, and s3fs", there=all(find_spec(name) for name in ("moto", "flask", "s3fs")))
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(s3_server: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The address of releases in an empty bucket; what the client needs besides is in the environment, as for any S3."""
    host, port = s3_server.get_host_and_port()
    given = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "moto",
        "AWS_SECRET_ACCESS_KEY": STORE_SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    name = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    open_store("s3://none").files.mkdir(name)
    return f"s3://{name}/h1b"


def needed(what: str, *, there: bool) -> None:
    """Skip the test unless `what` is on this machine; with H1B_REQUIRE_ALL=1, as CI sets it, fail instead."""
    if there:
        return
    if os.environ.get("H1B_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing, and H1B_REQUIRE_ALL=1 asks for it: .ci/run must install it")
    pytest.skip(f"{what} is not on this machine")

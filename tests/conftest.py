"""Fixtures shared by the tests: the embedded sample, one release made of it, and the optional national files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE, PROJECT

AS_OF = "2026-11-20"
SAMPLE_SOURCES = PROJECT / "data" / "raw"
SHARED = PROJECT.parent / "shared"


def sample_folders() -> list[Path]:
    """Snapshot folders of the embedded sample, whatever else lies in data/raw."""
    return sorted(
        path.parent for path in SAMPLE_SOURCES.glob("*/*/manifest.json") if '"sample": true' in path.read_text("utf-8")
    )


def copy_sample(data: Path) -> Path:
    """A data folder whose archive holds the embedded sample and nothing else."""
    for folder in sample_folders():
        shutil.copytree(folder, data / "raw" / folder.relative_to(SAMPLE_SOURCES))
    return data


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with one release made of the sample, through the command line; treat it as read-only."""
    data = copy_sample(tmp_path_factory.mktemp("sample"))
    before = os.environ.get(DATA_DIR_VARIABLE)
    os.environ[DATA_DIR_VARIABLE] = str(data)
    result = CliRunner().invoke(app, ["refresh", "--as-of", AS_OF])
    if before is None:
        del os.environ[DATA_DIR_VARIABLE]
    else:
        os.environ[DATA_DIR_VARIABLE] = before
    assert result.exit_code == 0, result.output
    (data / "summary.txt").write_text(result.output, "utf-8")
    yield data


@pytest.fixture(scope="session")
def sample_release(sample_data: Path) -> Path:
    """The release of the sample, through `latest`."""
    return sample_data / "curated" / "latest"


@pytest.fixture
def national_files() -> Path:
    """Folder of the national files; skips where it is absent."""
    folder = SHARED / "raw"
    if not folder.is_dir():
        pytest.skip("the national files (../shared/raw) are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def national_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a release of the national files, made once; skips where they are absent. Treat it as read-only."""
    folder = SHARED / "raw"
    if not folder.is_dir():
        pytest.skip("the national files (../shared/raw) are not beside this checkout")
    data = tmp_path_factory.mktemp("national")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(DATA_DIR_VARIABLE, str(data))
        added = CliRunner().invoke(app, ["add", str(folder)])
        assert "refused" in added.output and added.exit_code == 3, added.output  # code books are no data
        made = CliRunner().invoke(app, ["refresh", "--as-of", AS_OF])
    assert made.exit_code == 0, made.output
    yield data


def needed(what: str, *, there: bool) -> None:
    """Skip the test unless `what` is on this machine; with H1B_REQUIRE_ALL=1, as CI sets it, fail instead."""
    if there:
        return
    if os.environ.get("H1B_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing, and H1B_REQUIRE_ALL=1 asks for it: .ci/run must install it")
    pytest.skip(f"{what} is not on this machine")

"""Runs of Dagster hold the same lock as the command line."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path

import dagster as dg
import pytest

from pipeline.resources.executors import chosen_executor
from pipeline.settings import DATA_DIR_VARIABLE
from pipeline.steps.ahead import EXECUTOR_CONFIG_VARIABLE
from tests.release.test_lock import held_elsewhere

JOB = dg.build_reconstructable_job("pipeline.definitions", "find_job", ("monthly_refresh",))
LOGGER = logging.getLogger("h1b_sponsors.run")


class _Freeing(logging.Handler):
    """Ends the holder of the lock once a run says that it waits for it."""

    def __init__(self, holder: int) -> None:
        super().__init__()
        self.holder, self.waited = holder, False

    def emit(self, record: logging.LogRecord) -> None:
        if "another refresh is running" in record.getMessage():
            self.waited = True
            os.kill(self.holder, signal.SIGKILL)


def test_a_run_waits_until_the_other_refresh_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))
    config = {"loggers": {"console": {}}, "resources": {"clock": {"config": {"as_of": "2026-11-20"}}}}
    with held_elsewhere(tmp_path / "curated") as holder, dg.DagsterInstance.ephemeral() as instance:
        handler = _Freeing(holder)
        LOGGER.addHandler(handler)
        try:
            done = dg.execute_job(JOB, instance, run_config=config, asset_selection=[dg.AssetKey("snapshots")])
        finally:
            LOGGER.removeHandler(handler)
    assert handler.waited and done.success
    assert (tmp_path / "curated" / ".work" / "snapshots.parquet").is_file()


@pytest.mark.parametrize("text", ["", "execution: 3", "execution: {config: 3}", "a: [", "other: {}"])
def test_a_file_without_settings_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text, "utf-8")
    monkeypatch.setenv(EXECUTOR_CONFIG_VARIABLE, str(file))
    with pytest.raises(ValueError, match=EXECUTOR_CONFIG_VARIABLE):
        chosen_executor()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXECUTOR_CONFIG_VARIABLE, str(tmp_path / "none.yaml"))
    with pytest.raises(ValueError, match=EXECUTOR_CONFIG_VARIABLE):
        chosen_executor()

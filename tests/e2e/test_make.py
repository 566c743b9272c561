"""The two commands of the README, as make would run them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pipeline.settings import PROJECT
from tests.conftest import needed


@pytest.mark.parametrize(("target", "last"), [("refresh", "h1b-sponsors refresh"), ("test", "python -m pytest")])
def test_make_sets_up_and_runs(target: str, last: str) -> None:
    make = shutil.which("make")
    needed("make", there=make is not None)
    command = [str(make), "--always-make", "--dry-run", target]
    lines = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    steps = [line for line in lines if line and not line.startswith("make")]
    assert any("-m venv .venv" in step for step in steps)
    assert any("requirements.lock" in step for step in steps)
    assert last in steps[-1]


@pytest.mark.parametrize(("asked", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_program_skips_unless_all_is_required(
    monkeypatch: pytest.MonkeyPatch, asked: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("H1B_REQUIRE_ALL", asked)
    with pytest.raises(outcome):
        needed("a program", there=False)
    needed("a program", there=True)

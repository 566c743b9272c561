"""The two commands of the README, as make would run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def made(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `make` says in a folder that holds the Makefile, and a .venv whose Python no longer runs."""
    make = shutil.which("make")
    needed("make", there=make is not None)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, place)
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").symlink_to("/usr/bin/python-that-is-gone")
    (place / ".venv" / ".installed").touch()
    # The tests are themselves run by make, which tells those that it starts of itself.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run([str(make), *words], cwd=place, capture_output=True, text=True, check=False, env=own)


def test_a_venv_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    told = made(tmp_path, "--dry-run", "refresh").stdout
    assert told.startswith("The Python of .venv is gone or older than 3.11: .venv is made anew\n")
    assert "-m venv .venv --clear" in told


def test_an_old_python_is_told_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    patched = "import sys; sys.version_info = (3, 9, 1); sys.version = '3.9.1 (main)'; exec(sys.argv[1])"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{patched}" "$2"\n', "utf-8")
    old.chmod(0o755)
    told = made(tmp_path, f"PYTHON={old}", "refresh")
    assert told.returncode != 0 and told.stderr.startswith(
        f"Python 3.11 or newer is needed, and {old} is 3.9.1. Install one"
    )
    assert (tmp_path / ".venv" / ".installed").exists()


@pytest.mark.parametrize(("asked", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_program_skips_unless_all_is_required(
    monkeypatch: pytest.MonkeyPatch, asked: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("H1B_REQUIRE_ALL", asked)
    with pytest.raises(outcome):
        needed("a program", there=False)
    needed("a program", there=True)

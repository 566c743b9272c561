"""The command line imports what it is asked for, and knows all commands all the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pipeline.cli import COMMANDS, app

LIGHT = "import sys; from pipeline.cli import main; sys.argv = ['h1b-sponsors', 'note', '--help']; main()"
LOADED = "; ".join([
    "import atexit",
    "atexit.register(lambda: print([name for name in sys.modules if name.startswith('pipeline.commands.')], file=sys.stderr))",
])  # fmt: skip


def test_every_command_is_in_the_help_with_what_it_does() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    lines = [line.strip("│ ").split(maxsplit=1) for line in told.splitlines() if line.startswith("│ ")]
    described = {words[0]: words[1] for words in lines if len(words) > 1}
    assert described.keys() >= COMMANDS.keys()
    assert [name for name in described if name in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_asked_for_help(name: str) -> None:
    told = CliRunner().invoke(app, [name, "--help"])
    assert told.exit_code == 0 and f" {name} " in told.output


def test_a_misspelt_command_gets_a_suggestion() -> None:
    told = CliRunner().invoke(app, ["querry"])
    assert told.exit_code == 2 and "Did you mean 'query'?" in told.output


def test_a_command_imports_no_other() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; {LOADED}; {LIGHT}"], capture_output=True, text=True, check=True
    )
    assert "'pipeline.commands.note'" in ran.stderr
    assert "'pipeline.commands.refresh'" not in ran.stderr and "'pipeline.commands.fetch'" not in ran.stderr

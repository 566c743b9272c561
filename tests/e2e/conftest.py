"""The smallest archive that a release can be made of, and the command line run in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE
from tests.conftest import made_once

LIST = (
    "program_code,program_name,specialty_code,specialty,sponsor_code,sponsor_name,city,state,zip,accreditation_status,"
    "website,list_year,effective_date,positions_filled\n"
)
HUB = (
    "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,"
    "City,ZIP\n2021,GOOD HOSPITAL,1,0,2,0,62,1234,MA,BOSTON,02118\n"
)
FIRST_DAY = "2026-11-01"


def programs(count: int) -> str:
    """A list of so many programs of one hospital."""
    rows = [
        f"14005{n:05d},Good Hospital Program,140,Internal Medicine,050001,Good Hospital,Boston,MA,02118,"
        "Continued Accreditation,,2025,,5\n"
        for n in range(count)
    ]
    return LIST + "".join(rows)


@dataclass(frozen=True)
class Told:
    """What a command printed, on both streams, and its exit code; never a traceback."""

    code: int
    output: str

    @property
    def last(self) -> str:
        """The last line."""
        return self.output.rstrip().rpartition("\n")[2]


def command(data: Path, *words: str, charset: str = "utf-8") -> Told:
    """Run a command in this process. An exception that the command line would show as a traceback is raised."""
    environment = {DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"}
    result = CliRunner(charset=charset).invoke(app, list(words), env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Told(result.exit_code, result.output)


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one release of 40 programs and one petition row; treat it as read-only."""

    def make(data: Path) -> None:
        (data / "list.csv").write_text(programs(40), "utf-8")
        (data / "hub.csv").write_text(HUB, "utf-8")
        assert command(data, "add", str(data / "list.csv"), str(data / "hub.csv")).code == 0
        made = command(data, "refresh", "--as-of", FIRST_DAY)
        assert made.code == 0, made.output

    return made_once(tmp_path_factory, "tiny", make)

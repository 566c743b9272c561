"""SQL over a release: everything can be asked, nothing can be changed, and nothing else can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE


def run(data: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["sql", *words], env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    return result.exit_code, result.output


def test_tables_and_views_are_there(sample_data: Path) -> None:
    code, text = run(
        sample_data, "SELECT specialty, count(*) AS programs FROM sponsors GROUP BY ALL ORDER BY ALL", "--format", "csv"
    )
    assert code == 0 and "specialty,programs" in text
    code, text = run(sample_data, "SELECT 1 AS one, NULL AS nothing, '[red]x' AS marked")
    assert code == 0 and "one" in text and "[red]x" in text and "embedded sample" in text


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'x.csv'",
        "DROP TABLE petitions",
        "SET memory_limit = '1GB'",
        "INSTALL httpfs",
        "SELECT * FROM nowhere",
        "this is no SQL",
    ],
)
def test_what_is_no_question_to_the_tables_is_refused_in_a_line(sample_data: Path, statement: str) -> None:
    code, text = run(sample_data, statement)
    assert code == 2 and "h1b-sponsors: " in text and "Traceback" not in text

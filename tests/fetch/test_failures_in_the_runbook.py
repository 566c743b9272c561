"""What a fetch can fail of stands in the documents, with what to do."""

from __future__ import annotations

import re

import pytest

from pipeline.definitions import defs
from pipeline.settings import PROJECT

RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text("utf-8")
CODES = sorted(
    {
        code
        for path in (PROJECT / "pipeline" / "fetch").glob("*.py")
        for code in re.findall(r'DownloadError\(\s*"([a-z_]+)"', path.read_text("utf-8"))
    }
)
OF_PAGES = {
    "bad_redirect"
}  # a page is named in the report of its fetch, and what it means in the document of its source


@pytest.mark.parametrize("code", CODES)
def test_each_failure_stands_in_the_runbook_or_with_the_pages(code: str) -> None:
    pages = (PROJECT / "docs" / "sources" / "program_pages.md").read_text("utf-8")
    assert f"`{code}" in (pages if code in OF_PAGES else RUNBOOK) or f"failed {code}" in RUNBOOK


def test_each_sensor_stands_in_the_runbook() -> None:
    names = {sensor.name for sensor in defs.sensors or ()} - {"dropped_files_sensor"}  # section The inbox
    assert {name for name in names if f"`{name}`" not in RUNBOOK} == set()

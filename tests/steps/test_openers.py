"""What steps are given is opened under the same names outside of Dagster and by its resources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg

from pipeline.definitions import resources
from pipeline.resources.data import openers_of as openers_of_resources
from pipeline.settings import DataFolder
from pipeline.steps.catalogue import STEPS
from pipeline.steps.openers import NAMES, openers_of

DAY = dt.date(2026, 11, 20)


def test_the_same_is_opened_as_by_the_resources_of_dagster(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    plain = openers_of(DataFolder(tmp_path), "", DAY, "why")
    config = {"clock": {"config": {"as_of": DAY.isoformat()}}, "next_release": {"config": {"accepted_change": "why"}}}
    with dg.build_resources(resources(str(tmp_path)), resource_config=config) as opened:
        dagsters = openers_of_resources(opened)
        assert plain.keys() == dagsters.keys() == {*NAMES}
        for name in NAMES:
            assert type(plain[name]()) is type(dagsters[name]()), name
        for name in ("data", "next_release", "work"):
            assert plain[name]() == dagsters[name](), name
    assert {name for step in STEPS.values() for name in step.given} <= {*NAMES}

"""Assets materialized into a folder, with the resources of the code location."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.definitions import resources

Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def materialize(tmp_path: Path) -> Materialize:
    """Materialize assets into `tmp_path` as of 2026-11-20; a failed step is for the test to find."""

    def run(*assets: Any, config: Mapping[str, Any] | None = None, **options: Any) -> dg.ExecuteInProcessResult:
        config = {"resources": {"clock": {"config": {"as_of": "2026-11-20"}}}, **(config or {})}
        return dg.materialize(
            list(assets), resources=resources(str(tmp_path)), run_config=config, raise_on_error=False, **options
        )

    return run

"""A run as a page: one HTML file without scripts, which loads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def page(run: Mapping[str, Any]) -> str:
    """Return the HTML of a run's summary, as `summary.summary` returns it. All text is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("run.html.j2").render(run=run)

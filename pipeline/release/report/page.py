"""The report as a page: one HTML file that loads nothing, in light and dark, on a phone and on paper."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.law.as_of import law_as_of, warning_on
from pipeline.release.derived.contents import Contents
from pipeline.release.report import charts, figures
from pipeline.schemas.dictionary import CAUTIONS

REPORT: Final = "report.html"
_NOTES: Final = "release_notes.json"
_CATEGORIES: Final = {
    "A": "state that they sponsor an H-1B",
    "B": "state that they do case by case",
    "C": "state a J-1, and of the H-1B a no or nothing",
    "D": "state no H-1B, and nothing of the J-1",
    "N": "state no visas",
    "?": "state nothing that we know of, or must be asked",
}


def write_report(contents: Contents, drawn: Mapping[str, str]) -> None:
    """Write the report of a release with the charts of `report_charts`; nothing where there are none."""
    if drawn:
        (contents.folder / REPORT).write_text(page(contents, drawn), "utf-8")


def report_charts(contents: Contents) -> dict[str, str]:
    """Return the charts of the report by name, as SVG; none where a table that it counts is not in the release."""
    if not contents.tables.keys() >= set(figures.READ):
        return {}
    programs = figures.listed(contents.tables)
    return {
        "specialties": charts.tiers_by_specialty(figures.tiers_by_specialty(programs)),
        "states": charts.states(figures.states_on_the_grid(programs)),
        "petitions": charts.petitions_by_year(figures.petitions_by_year(contents.tables)),
        "filings": charts.filings_by_regime(figures.filings_by_regime(contents.tables)),
    }


def page(contents: Contents, drawn: Mapping[str, str]) -> str:
    """Return the HTML of the report. All text is escaped but the charts, which are of `report_charts`."""
    programs = figures.listed(contents.tables)
    manifest = contents.manifest
    counts = programs["visa_category"].value_counts()
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("report.html.j2").render(
        manifest=manifest,
        figures=manifest.get("figures", {}),
        law_as_of=law_as_of().isoformat(),
        law_warning=warning_on(dt.date.fromisoformat(manifest["as_of"]), law_as_of()),
        categories=[(sign, int(counts.get(sign, 0)), text) for sign, text in _CATEGORIES.items()],
        programs=len(programs),
        charts={name: Markup(svg) for name, svg in drawn.items()},
        sources=figures.sources(contents.tables, list(manifest.get("absent_sources", ()))),
        measured=figures.measured(),
        changes=_changes(contents.folder / _NOTES),
        cautions=CAUTIONS,
    )


def _changes(path: Path) -> list[str]:
    """Return the release notes in short, which lie in the same folder; [] where there are none."""
    if not path.is_file():
        return []
    return [str(line) for line in json.loads(path.read_text("utf-8")).get("in_short", ())]

"""The files of the explorer: the page, its scripts and style, the grid as one script, and a script with the evidence of each institution.

All data lies in classic scripts: from a folder no browser loads anything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.law.as_of import law_as_of, warning_on
from pipeline.law.words import payment_in_short
from pipeline.release.derived.chains import READ, Row
from pipeline.release.derived.contents import Contents
from pipeline.release.explorer.applicant import applicant_data
from pipeline.release.explorer.changed import changed
from pipeline.release.explorer.grid import grid
from pipeline.release.explorer.words import words
from pipeline.release.places import EXPLORER, explorer_evidence
from pipeline.release.report import figures
from pipeline.text.characters import harmless
from pipeline.text.json_text import json_text

_HERE: Final = Path(__file__).parent
# In the order in which they build on one another.
_SCRIPTS: Final = (
    "dom.js",
    "data.js",
    "profiles.js",
    "own.js",
    "step3.js",
    "judge.js",
    "marks.js",
    "state.js",
    "filters.js",
    "cells.js",
    "grid.js",
    "csv.js",
    "letters.js",
    "charts.js",
    "sections.js",
    "compare.js",
    "personal.js",
    "starred.js",
    "form.js",
    "drawer.js",
    "changes.js",
    "map.js",
    "paper.js",
    "explorer.js",
)
_OF_THE_PAGE: Final = ("favicon.svg", "explorer.css", *_SCRIPTS)
# Tabulator 6.5.3 as in the npm package tabulator-tables, and the SHA-256 of each file.
VENDORED: Final = {
    "tabulator.min.js": "ffac518cb793c672a2f0522b7fc80bf862234d96bb1e581c8aaf7f48f130eafa",
    "tabulator.min.css": "405ae24218357d80df2a5f3addf138666d035f970dac4ebdb0265d0b5373efcb",
    "LICENSE.txt": "191a2ee554684e1064c897b432f0e1bc6dfa714ca045d3f6ea2cf692cbd398b7",
}


def is_shown(contents: Contents) -> bool:
    """Tell whether the release has all tables that the explorer shows."""
    return contents.tables.keys() >= {*READ, *figures.READ}


def evidence_script(evidence: Callable[[Row], Row], chain: Row) -> tuple[str, str]:
    """Return the address of the script with the evidence of an institution, and its text. evidence: as of `evidence_maker`; chain: as of
    `chains.institution_chains`."""
    institution_id = chain["institution"]["institution_id"]
    text = f"h1b.received({_json(institution_id)}, {_json(evidence(chain))});\n"
    return f"{EXPLORER}/{explorer_evidence(institution_id)}", text


def _release_texts(contents: Contents) -> dict[str, str]:
    """Return page, list, facts and what changed since the release before, by address."""
    as_of = dt.date.fromisoformat(contents.manifest["as_of"])
    about = {"release_id": contents.manifest["release_id"], "as_of": as_of.isoformat()}
    listed = {"about": about, "words": words(), "grid": grid(contents.tables)}
    made = {
        "index.html": page(contents),
        "list.js": f"const h1b = {_json(listed)};\n",
        "facts.js": f"h1b.facts = {_json(applicant_data(contents.tables, as_of))};\n",
        "changed.js": f"h1b.changed = {_json(changed(contents))};\n",
    }
    return {f"{EXPLORER}/{address}": text for address, text in made.items()}


def write_explorer(contents: Contents) -> None:
    """Write the explorer of a release but for its evidence; nothing where a table that it shows is not in the release."""
    if not is_shown(contents):
        return
    folder = contents.folder / EXPLORER
    (folder / "tabulator").mkdir(parents=True)
    for name in VENDORED:
        (folder / "tabulator" / name).write_bytes((_HERE / "tabulator" / name).read_bytes())
    for name in _OF_THE_PAGE:
        (folder / name).write_bytes((_HERE / "page" / name).read_bytes())
    contents.write_texts(_release_texts(contents).items())


def page(contents: Contents) -> str:
    """Return the HTML of the page: its banner, and the frame that the scripts fill. All text is escaped."""
    manifest = contents.manifest
    as_of = dt.date.fromisoformat(manifest["as_of"])
    environment = Environment(
        loader=FileSystemLoader(_HERE / "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("index.html.j2").render(
        manifest=manifest,
        scripts=_SCRIPTS,
        coverage=manifest.get("figures", {}).get("coverage", {}),
        programs=contents.tables["functional_h1b_sponsors"].num_rows,
        law_as_of=law_as_of().isoformat(),
        law_warning=warning_on(as_of, law_as_of()),
        payment=payment_in_short(as_of),
        sources=[
            _aged(row, as_of) for row in figures.sources(contents.tables, list(manifest.get("absent_sources", ())))
        ],
    )


def _aged(source: dict[str, str], as_of: dt.date) -> dict[str, str]:
    """Return a source with its age on the day of the release, in days."""
    days = (as_of - dt.date.fromisoformat(source["added"])).days if source["added"] else None
    return source | {"age": "" if days is None else f"{max(days, 0):,} days"}


def _json(value: Any) -> str:
    """Return a value as JSON, which is JavaScript, too; signs that act or hide are shown as such."""
    return harmless(json_text(value))

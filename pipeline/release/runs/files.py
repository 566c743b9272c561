"""Where the summaries of runs lie: `run_summary.json` is that of the last one, `runs/` has a file and a page of each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.release.runs.page import page
from pipeline.settings import DataFolder

KEPT: Final = 120  # pages and files of the newest runs: ten years by month
_SHORT: Final = 8  # characters of a run's id


def runs_folder(data: DataFolder) -> Path:
    """Return where the files and pages of the last runs are."""
    return data.root / "runs"


def summary_file(data: DataFolder) -> Path:
    """Return where the summary of the last run is."""
    return data.root / "run_summary.json"


def write_run(told: Mapping[str, Any], data: DataFolder) -> Path:
    """Write the summary of a run and its page, and return the page's path. Those of the oldest runs are removed."""
    runs = runs_folder(data)
    runs.mkdir(parents=True, exist_ok=True)
    stamp = told["started_at"].partition("+")[0].replace(":", "").replace("-", "")
    stem = f"{stamp}-{told['run_id'][:_SHORT]}"
    text = json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n"
    html = runs / f"{stem}.html"
    for path, content in ((runs / f"{stem}.json", text), (html, page(told)), (summary_file(data), text)):
        staged = path.with_name(f".{path.name}.staging")
        staged.write_text(content, "utf-8")
        os.replace(staged, path)
    for old in sorted(runs.glob("*.json"))[:-KEPT]:
        for path in (old, old.with_suffix(".html")):
            path.unlink(missing_ok=True)
    return html


def last_run(data: DataFolder) -> dict[str, Any] | None:
    """Return the summary of the last run; None where there was none, or what lies there is none."""
    try:
        told = json.loads(summary_file(data).read_text("utf-8"))
        return told if isinstance(told["steps"], list) and isinstance(told["started_at"], str) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None

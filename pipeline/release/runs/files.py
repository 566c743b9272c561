"""Where the summaries of runs lie: `run_summary.json` is that of the last one, `runs/` has a file and a page of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.atomic_files import replace_file
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


def write_run(run: Mapping[str, Any], data: DataFolder) -> Path:
    """Write the summary of a run and its page, and return the page's path. Those of the oldest runs are removed."""
    runs = runs_folder(data)
    stamp = run["started_at"].partition("+")[0].replace(":", "").replace("-", "")
    stem = f"{stamp}-{run['run_id'][:_SHORT]}"
    text = json.dumps(run, indent=2, ensure_ascii=False, default=str) + "\n"
    html = runs / f"{stem}.html"
    for path, content in ((runs / f"{stem}.json", text), (html, page(run)), (summary_file(data), text)):
        replace_file(path, content)
    for old in sorted(runs.glob("*.json"))[:-KEPT]:
        for path in (old, old.with_suffix(".html")):
            path.unlink(missing_ok=True)
    return html


def last_run(data: DataFolder) -> dict[str, Any] | None:
    """Return the summary of the last run; None where there was none, or what lies there is none."""
    try:
        run = json.loads(summary_file(data).read_text("utf-8"))
        return run if isinstance(run["steps"], list) and isinstance(run["started_at"], str) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None

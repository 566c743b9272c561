"""Measure the readers one after the other and print a Markdown table."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipeline.archive.intake import add
from pipeline.sources.catalogue import SOURCES
from pipeline.sources.dol_lca import COLUMNS, OPTIONAL
from tests.benchmarks import environment
from tests.benchmarks.linkage.measure import ROOT, Measured
from tests.benchmarks.linkage.table import markdown
from tests.benchmarks.workbooks.generate import HEADER, ROWS, write_workbook

FEW: Final = 20_000  # openpyxl would take half an hour for a year
# Kind, what it is, and whether it needs the benchmark's own environment.
CONTENDERS: Final = (
    ("ours", "our streaming reader, rows only", False),
    ("whole", "our reader to the typed table", False),
    ("calamine", "python-calamine", True),
    ("fastexcel", "fastexcel (calamine to Arrow)", True),
    ("openpyxl", f"openpyxl, read-only, on {FEW:,} of the rows", True),
)
CACHE: Final = (("fill", "first refresh: read, and the cache filled"), ("cached", "later refreshes: from the cache"))


def workbook_table(folder: Path, say: Callable[[str], None], rows: int = ROWS) -> str:
    """Generate a workbook of `rows` applications in `folder`, read it with each contender, and describe what it took."""
    path = folder / "year.xlsx"
    say(f"a workbook of {rows:,} rows")
    write_workbook(path, rows)
    few = folder / "few.xlsx"
    write_workbook(few, min(FEW, rows))
    layout = COLUMNS["FY2020 xlsx"]
    wanted = [name for name in HEADER if name in layout or name in OPTIONAL]
    (folder / "wanted.json").write_text(json.dumps(wanted), "utf-8")
    lines = []
    for kind, title, elsewhere in CONTENDERS:
        say(title)
        python = environment.python(environment.WORKBOOKS) if elsewhere else Path(sys.executable)
        lines.append(_line(title, _measured(kind, few if kind == "openpyxl" else path, folder, python)))
    (outcome,) = add([path], folder / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    if outcome.verdict != "took":
        raise SystemExit(outcome.detail)
    for kind, title in CACHE:
        say(title)
        lines.append(_line(title, _measured(kind, folder, folder, Path(sys.executable))))
    head = f"{rows:,} rows, {len(HEADER)} columns of which {len(wanted)} are read; {_sizes(path)}.\n\n"
    return head + markdown(("reader", "wall s", "processor s", "peak memory, MB", "rows"), lines)


def _sizes(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    return f"{path.stat().st_size >> 20:,} MB, {unpacked >> 20:,} MB unpacked"


def _line(title: str, measured: Measured) -> tuple[str, ...]:
    return title, f"{measured.seconds:.1f}", f"{measured.cpu:.1f}", f"{measured.memory:,}", f"{measured.pairs:,}"


def _measured(kind: str, target: Path, folder: Path, python: Path) -> Measured:
    command = [str(python), "-m", "tests.benchmarks.workbooks.readers", kind, str(target), str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"})
    return Measured(**json.loads((folder / f"{kind}.json").read_text("utf-8")))

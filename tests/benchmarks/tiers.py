"""Seconds and memory of the national join and tiers: `python -m tests.benchmarks.tiers STEP DATA FOLDER` measures one step.

The steps take the tables of a refresh (`data/curated/.work`), which is run first where there are none.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq
from pyarrow.dataset import dataset

from pipeline.filings.build import trainee_applications, trainee_filings
from pipeline.linkage.build import employer_links
from pipeline.release.approvals import petition_years, petitioners_of_institutions
from pipeline.release.sponsor_list import build_list
from pipeline.schemas.frames import to_frame
from pipeline.settings import DATA_DIR_VARIABLE
from tests.benchmarks.linkage.measure import ROOT, Measured, timed
from tests.benchmarks.linkage.table import markdown

AS_OF: Final = dt.date(2026, 11, 20)
TITLES: Final = {
    "join": "titles read, applications joined to institutions",
    "tiers": "petition history, policies, tiers and reasons: the list",
}


def tier_table(data: Path, folder: Path) -> str:
    """Run the steps on the archive `data/raw`, each in a process of its own, and describe what they took."""
    if not (data / "curated" / ".work" / "programs.parquet").is_file():
        command = [str(Path(sys.executable).with_name("h1b-sponsors")), "refresh", "--as-of", AS_OF.isoformat()]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, DATA_DIR_VARIABLE: str(data)})
    lines = []
    for step, title in TITLES.items():
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.tiers", step, str(data), str(folder)], check=True, cwd=ROOT
        )
        took = Measured(**json.loads((folder / f"{step}.json").read_text("utf-8")))
        lines.append((title, f"{took.seconds:.1f}", f"{took.cpu:.1f}", f"{took.memory:,}", f"{took.pairs:,}"))
    return markdown(("step", "wall s", "processor s", "peak memory, MB", "rows"), lines)


def _tables(data: Path, *names: str) -> list[pd.DataFrame]:
    return [to_frame(pq.read_table(data / "curated" / ".work" / f"{name}.parquet")) for name in names]


def _join(data: Path) -> Callable[[], int]:
    applications, links, institutions = _tables(data, "lca_filings", "petitioner_links", "institutions")
    petitioners = dataset(data / "curated" / ".work" / "petitioners.parquet")

    def work() -> int:
        employers = employer_links(applications, links, petitioners, institutions)
        return len(trainee_filings(trainee_applications(applications), employers, institutions))

    return work


def _tiers(data: Path) -> Callable[[], int]:
    programs, institutions, petitions, petitioners, links, policies, filings, exemption = _tables(
        data, "programs", "institutions", "petitions", "petitioners", "petitioner_links", "visa_policies",
        "trainee_filings", "cap_exemption",
    )  # fmt: skip

    def work() -> int:
        years = petition_years(petitions)
        own = petitioners_of_institutions(petitions, links, petitioners, institutions, years.years)
        return len(build_list(programs, institutions, own, policies, filings, exemption, years, AS_OF))

    return work


STEPS: Final = {"join": _join, "tiers": _tiers}

if __name__ == "__main__":
    timed(STEPS[sys.argv[1]](Path(sys.argv[2])), sys.argv[1], Path(sys.argv[3]))

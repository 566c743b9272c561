"""A contender in its own process: seconds of its work, peak memory of the process, candidate pairs. Standard library only."""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True)
class Measured:
    """seconds: wall clock of the work, without start and reading; cpu: of all its threads. memory: peak of the process, MB."""

    seconds: float
    memory: int
    pairs: int
    cpu: float = 0.0


def timed(work: Callable[[], int], name: str, folder: Path) -> None:
    """Run `work`, which answers with its candidate pairs, and write what it took to `folder/<name>.json`.

    Garbage is collected seldom, as in `refresh`, for every contender.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    start, start_cpu = time.perf_counter(), time.process_time()
    pairs = work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    (folder / f"{name}.json").write_text(json.dumps(asdict(Measured(seconds, _peak(), pairs, cpu))), "utf-8")


def _peak() -> int:
    """Peak resident memory of this process, MB. Linux counts the memory of the process that started it into ru_maxrss."""
    if _STATUS.is_file():
        peak = next(line for line in _STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) // 1024
    kilo = 1024 if sys.platform == "darwin" else 1  # bytes on macOS, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilo // 1024


def run(
    module: str,
    name: str,
    folder: Path,
    *,
    python: Path | str = sys.executable,
    more: tuple[str, ...] = (),
    package: str = "linkage",
) -> Measured:
    """Run `tests.benchmarks.<package>.<module>` in a process of its own, and answer with what it wrote under `name`."""
    command = [str(python), "-m", f"tests.benchmarks.{package}.{module}", str(folder), name, *more]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"})
    return Measured(**json.loads((folder / f"{name}.json").read_text("utf-8")))

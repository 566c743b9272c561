"""A full refresh of the national files, by the working tree and by commits, beside DuckDB's floor, all in one run.

    python -m tests.benchmarks.refresh                      # the working tree
    python -m tests.benchmarks.refresh --commit v0.1 HEAD   # and these commits, each turn about

The floor is what DuckDB takes to read the yearly USCIS files as text and write them as one Parquet file. A refresh is full: the work
folder is empty but for what filing the files left there (`parsed/`), and no release is there. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.linkage.inputs import archive_of

ROOT: Final = Path(__file__).resolve().parents[2]
DOWNLOADS: Final = ROOT.parent / "shared" / "raw"
AS_OF: Final = "2026-11-20"
_TREE: Final = "working tree"
_COMMAND: Final = "import sys; from pipeline.cli import main; sys.argv[0] = 'h1b-sponsors'; main()"
_FLOOR: Final = """
import sys, duckdb
files = sys.argv[2:]
duckdb.sql(f"COPY (FROM read_csv({files!r}, all_varchar=true, union_by_name=true)) TO '{sys.argv[1]}' (FORMAT parquet, COMPRESSION zstd)")
"""
_LOOKED_EVERY: Final = 0.2  # seconds


@dataclass(frozen=True)
class Cost:
    """user, system: processor seconds of a command and all that it started; wall: seconds; peak: MB held by all of them at once."""

    user: float
    system: float
    wall: float
    peak: int


def main() -> None:
    """Measure every contender turn about, print a line for each: the medians of its turns."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-benchmark-") as name:
        folder = Path(name)
        data = options.data or archive_of(options.downloads, folder)
        with _trees(options.commit, folder) as trees:
            costs: dict[str, list[Cost]] = {title: [] for title in ("DuckDB's floor", *trees)}
            for title, tree in trees.items():
                _full_refresh(tree, data, folder / title)  # what is parsed once and kept
            for _ in range(options.turns):
                costs["DuckDB's floor"].append(_floor(data, folder))
                for title, tree in trees.items():
                    costs[title].append(_full_refresh(tree, data, folder / title))
        print(_table(costs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, help="data folder whose raw/ holds the national files (as H1B_DATA_DIR)")
    parser.add_argument("--downloads", type=Path, default=DOWNLOADS, help="files to make an archive of otherwise")
    parser.add_argument("--commit", nargs="*", default=[], help="commits to measure, too")
    parser.add_argument("--turns", type=int, default=1, help="how often each is measured")
    options = parser.parse_args()
    if options.data is None and not options.downloads.is_dir():
        sys.exit(f"skipped: no national files in {options.downloads}; name a folder with --downloads or --data")
    return options


@contextmanager
def _trees(commits: list[str], folder: Path) -> Iterator[dict[str, Path]]:
    """Check out `commits`; yield the folder of each, and the working tree."""
    trees = {commit: folder / "trees" / str(place) for place, commit in enumerate(commits)}
    try:
        for commit, tree in trees.items():
            subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", tree, commit], check=True)
        yield {**trees, _TREE: ROOT}
    finally:
        for tree in trees.values():
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", tree], check=False)


def _full_refresh(tree: Path, data: Path, own: Path) -> Cost:
    """Refresh the archive of `data` with the code below `tree`, in the folder `own` of that code, whose tables and releases
    were put aside, but not what it parsed."""
    own.mkdir(exist_ok=True)
    if not (own / "raw").exists():
        (own / "raw").symlink_to(data.resolve() / "raw")
    parsed = own / "curated" / ".work" / "parsed"
    if parsed.exists():
        # Put aside, not removed: ext4 is slow to make files for minutes after thousands were removed.
        aside = Path(tempfile.mkdtemp(dir=own)) / "curated"
        (own / "curated").rename(aside)
        parsed.parent.mkdir(parents=True)
        (aside / ".work" / "parsed").rename(parsed)
    environment = {**os.environ, "PYTHONPATH": str(tree), "H1B_DATA_DIR": str(own)}
    return _measured([sys.executable, "-c", _COMMAND, "refresh", "--as-of", AS_OF], tree, environment)


def _floor(data: Path, folder: Path) -> Cost:
    files = sorted(str(path) for path in (data / "raw" / "uscis_h1b_employers").rglob("*.csv"))
    return _measured([sys.executable, "-c", _FLOOR, str(folder / "floor.parquet"), *files], folder, dict(os.environ))


def _measured(command: list[str], where: Path, environment: dict[str, str]) -> Cost:
    """Run a command to its end. Raises SystemExit, with what it said, where it failed."""
    before, started = os.times(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        peak = _Peak(process.pid)
        peak.start()
        said, _ = process.communicate()
    wall, after = time.perf_counter() - started, os.times()
    peak.join()
    if process.returncode:
        sys.exit(f"in {where}, {' '.join(command)} failed:\n{said}")
    user, system = after.children_user - before.children_user, after.children_system - before.children_system
    return Cost(user, system, wall, peak.megabytes)


class _Peak(threading.Thread):
    """Watches how much memory a process and those that it started hold, shared pages divided among them, until it has ended."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes = pid, 0

    def run(self) -> None:
        while held := sum(map(_proportional, _family(self.pid))):
            self.megabytes = max(self.megabytes, held // 1024)
            time.sleep(_LOOKED_EVERY)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
            yield from _family(int(child))


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in KB, 0 where it has ended."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def _table(costs: dict[str, list[Cost]]) -> str:
    floor = _median(costs["DuckDB's floor"])
    lines = ["| | user CPU s | system s | wall s | peak MB | times the floor's CPU |", "|---|---|---|---|---|---|"]
    for title, turns in costs.items():
        cost = _median(turns)
        times = (cost.user + cost.system) / (floor.user + floor.system)
        lines.append(
            f"| {title} | {cost.user:.1f} | {cost.system:.1f} | {cost.wall:.1f} | {cost.peak:,} | {times:.1f} |"
        )
    return "\n".join(lines)


def _median(turns: list[Cost]) -> Cost:
    return Cost(
        *(statistics.median(getattr(turn, name) for turn in turns) for name in ("user", "system", "wall")),
        peak=int(statistics.median(turn.peak for turn in turns)),
    )


if __name__ == "__main__":
    main()

"""`make benchmark`, fetching: cost per page and pages per minute from a local site of 2,000 pages on 200 hosts.

Prints Markdown. The names of the hosts lead to this machine only in the benchmark's own resolver. The delay between requests is
left out at first, to see what a page costs; `--polite` also runs with the delay that is kept on the web.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.fetch.network import Network
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress
from pipeline.fetch.run import fetch
from pipeline.fetch.seeds import About, Seed
from pipeline.settings import LEAST_DELAY, DataFolder, FetchSettings
from tests.benchmarks.linkage.measure import ROOT

QUICK = FetchSettings(contact="https://example.org/benchmark", delay=0.0, private_addresses=True)


@dataclass(frozen=True)
class Run:
    """A measured run: what it was, pages by outcome, requests, seconds of wall clock and of this process' CPU."""

    title: str
    new: int
    unchanged: int
    requests: int
    seconds: float
    cpu: float

    @property
    def pages(self) -> int:
        """Pages that came to something."""
        return self.new + self.unchanged


def main() -> None:
    """Serve the site, fetch it, print what it cost."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fetching", description=__doc__)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=10, help="pages of a host")
    parser.add_argument("--polite", action="store_true", help="also run with the delay kept on the web (minutes)")
    options = parser.parse_args()
    with _served(options.pages) as port, tempfile.TemporaryDirectory(prefix="h1b-sponsors-benchmark-") as name:
        seeds = [
            Seed(f"http://host{number:03}.test:{port}/residency/", "program", About(f"Hospital {number}", state="MA"))
            for number in range(options.hosts)
        ]
        folder = DataFolder(Path(name) / "data")
        settings = replace(QUICK, pages_per_site=options.pages)
        runs = [_run("first fetch, no delay", folder, seeds, settings)]
        runs.append(_run("again, nothing changed (304)", folder, seeds, settings))
        if options.polite:
            polite = replace(settings, delay=LEAST_DELAY)
            title = f"first fetch, {LEAST_DELAY:g} s delay, {polite.hosts_at_once} hosts at once"
            runs.append(_run(title, DataFolder(Path(name) / "polite"), seeds, polite))
    for run in runs:
        if run.pages != options.hosts * options.pages:
            sys.exit(f"{run.title}: {run.pages} pages, and {options.hosts * options.pages} were served")
    print(_table(runs))


@contextmanager
def _served(pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.fetching.site", str(pages)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _run(title: str, folder: DataFolder, seeds: list[Seed], settings: FetchSettings) -> Run:
    print(title, file=sys.stderr, flush=True)
    start, start_cpu = time.perf_counter(), time.process_time()
    report = fetch(folder, seeds, settings, _quietly, network=Network(resolver=lambda host, port: ["127.0.0.1"]))
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    return Run(title, report.count("new"), report.count("unchanged"), report.requests, seconds, cpu)


def _quietly(page: PageOutcome | None, progress: Progress) -> None:
    """Report nothing."""


def _table(runs: list[Run]) -> str:
    lines = ["| run | pages | requests | seconds | pages a minute | CPU a page |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {run.title} | {run.pages:,} | {run.requests:,} | {run.seconds:.1f} | {run.pages / run.seconds * 60:,.0f} "
        f"| {run.cpu / run.pages * 1000:.1f} ms |"
        for run in runs
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

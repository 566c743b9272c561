"""`h1b-sponsors fetch pages`: visa pages of programs and GME offices, fetched politely into the archive; how its run is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from pipeline.commands.console import err, fail, out, report_user_errors
from pipeline.fetch.network import Network
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress, Reporter
from pipeline.fetch.report import REQUESTED, Report, write_report
from pipeline.fetch.run import fetch
from pipeline.fetch.seed_sources import find_seeds
from pipeline.fetch.site_plans import Shard
from pipeline.settings import data_folder, fetch_settings

_OUTCOMES: Final = (
    ("asked", REQUESTED, "pages requested"),
    ("new", ("new",), "filed into the archive"),
    ("unchanged", ("unchanged",), "as their last snapshot: not filed again"),
    ("not kept", ("not_kept",), "read for their links only"),
    ("refused by robots", ("refused_by_robots",), "not requested: robots.txt forbids it, or can't be had"),
    ("failed", ("failed",), "each with its reason"),
    ("not asked", ("not_asked",), "their host was left alone"),
)


def fetch_pages(institution: str | None, limit: int | None, shard: Shard | None, network: Network) -> None:
    """Find and fetch pages on eligibility, visas and how to apply, show what became of them, and say what is next.

    A run that was broken off goes on where it was. Raises typer.Exit with 1 if no page could be had, 130 if it was broken off.
    """
    folder = data_folder()
    with report_user_errors():
        settings = fetch_settings()
        seeds = find_seeds(folder)
        with progress_reporter(err) as reporter:
            report = fetch(
                folder, seeds, settings, reporter, institution=institution, limit=limit, shard=shard, network=network
            )
        path = write_report(report, settings, folder.fetch)
    _show(report)
    out.print(f"report      {escape(str(path))}", soft_wrap=True)
    if report.stopped:
        out.print("Broken off. The same command goes on from here.")
        raise typer.Exit(130)
    if not report.count("new", "unchanged", "not_kept"):
        fail("no page could be had; the report has the reasons")
    if report.count("new"):
        out.print("Next: h1b-sponsors refresh")


@contextmanager
def progress_reporter(console: Console) -> Iterator[Reporter]:
    """Show a bar with an estimate of the time left on a terminal; elsewhere a line for each site that is done."""
    if not console.is_terminal:

        def line(page: PageOutcome | None, progress: Progress) -> None:
            if page is None:
                console.print(_line(progress), soft_wrap=True)

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def move(page: PageOutcome | None, progress: Progress) -> None:
            done, total = progress.pages_done, progress.pages_done + progress.pages_to_come
            bar.update(task, completed=done, total=total, description=escape(_line(progress)))

        yield move


def _line(progress: Progress) -> str:
    sites = f"{progress.sites_done:,}/{progress.sites:,} sites, {progress.pages_done:,} pages"
    return f"{sites}, {_duration(progress.seconds_left)} left" if progress.sites_done < progress.sites else sites


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes < 90 else f"about {minutes // 60} h {minutes % 60} min"


def _show(report: Report) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for label, outcomes, meaning in _OUTCOMES:
        table.add_row(f"[bold]{label}[/bold]", f"{report.count(*outcomes):,}", meaning)
    for code, count in report.reasons("failed"):
        table.add_row("", f"{count:,}", f"failed: {escape(code)}")
    out.print(f"\n{report.sites:,} sites, {report.requests:,} requests", end="\n\n")
    out.print(table)

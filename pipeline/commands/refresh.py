"""`h1b-sponsors refresh`: the monthly job, from the archive to a release, with a summary for people."""

from __future__ import annotations

import datetime as dt
import fcntl
import gc
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.archive.store import snapshots
from pipeline.commands.console import err, fail, out, report_user_errors
from pipeline.law.as_of import warning_on
from pipeline.release.reader import Release
from pipeline.settings import DataFolder, data_folder, fetch_settings

_DAY = "%Y-%m-%d"
_NAMED = 5  # files that can't be read


def refresh(
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=[_DAY], help="Day for which the list is made; default today (UTC).")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch pages into the archive first; needs H1B_FETCH_CONTACT, takes hours.")
    ] = False,
) -> None:
    """Run the monthly job on the archive and publish a release. If anything fails, the last release stays as it is."""
    folder = data_folder()
    started = time.monotonic()
    with report_user_errors():
        if fetch:
            fetch_settings()  # refuses what can't be used before Dagster is loaded
        if not snapshots(folder.raw):
            fail(f"the archive {folder.raw} is empty. Add downloads with: h1b-sponsors add PATH")
        with _alone(folder), _few_collections():
            _run("fetch_and_refresh" if fetch else "monthly_refresh", as_of.date() if as_of else None)
        release = Release.open(folder.latest)
    _summarise(release, folder, time.monotonic() - started)


@contextmanager
def _alone(folder: DataFolder) -> Iterator[None]:
    """Hold the lock of the curated folder: two refreshes at once would stage the same release."""
    folder.curated.mkdir(parents=True, exist_ok=True)
    with (folder.curated / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail("another refresh is running on this data folder. Wait for it, or look at h1b-sponsors status", 4)
        yield


@contextmanager
def _few_collections() -> Iterator[None]:
    """Collect garbage seldom: with hundreds of thousands of live lists each collection is slow, and few find anything. It saves
    a quarter of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _run(name: str, as_of: dt.date | None) -> None:
    """Run the job of that name to its end and show its steps; a failure ends the command with one line."""
    # Imported here: Dagster takes seconds to load, and the other commands don't need it.
    import dagster as dg

    from pipeline.definitions import find_job
    from pipeline.resources.progress import shown

    config: dict[str, Any] = {"loggers": {"console": {}}}
    if as_of:
        config["resources"] = {"clock": {"config": {"as_of": as_of.isoformat()}}}
    job = dg.build_reconstructable_job("pipeline.definitions", "find_job", (name,))
    steps = len(find_job(name).graph.nodes)
    with (
        dg.DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dg.DagsterInstance.ephemeral() as instance,
        shown(err, steps),
    ):
        # Not execute_in_process, which keeps every step's output in memory to the end.
        result = dg.execute_job(job, instance=instance, run_config=config, raise_on_error=False)
    if not result.success:
        fail(f"the refresh failed, and the last release is untouched: {_why(result)}")


def _why(result: Any) -> str:
    """Say what failed, in a line: the first failed check or the innermost error of the first failed step."""
    for check in result.get_asset_check_evaluations():
        if not check.passed and check.blocking:
            found = [str(entry.value) for key, entry in check.metadata.items() if key in {"violations", "problems"}]
            return f"check {check.check_name} of {check.asset_key.to_user_string()}: {'; '.join(found)}"
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error.cause is not None:
                error = error.cause
            return f"step {event.step_key}: {error.message.strip().removeprefix(f'{error.cls_name}: ')}"
    return "no step says why; run it in dagster dev to look"


def _summarise(release: Release, folder: DataFolder, seconds: float) -> None:
    manifest, figures = release.manifest, release.manifest["figures"]
    out.print(
        f"\n[bold]Functional H-1B sponsor list[/bold], as of {manifest['as_of']}, from {release.made_from}, in {seconds:.0f} s\n"
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for label, text in _facts(figures, manifest):
        table.add_row(f"[bold]{label}[/bold]", escape(text))
    out.print(table)
    latest = folder.latest
    out.print(f"\nfiles       {escape(str(latest))} -> {escape(str(latest.resolve().name))}", soft_wrap=True)
    out.print(
        "\nCap exemption is inferred and nothing here is legal advice: ask the GME office before you rely on a row."
    )
    out.print("Try next:")
    out.print('  h1b-sponsors query --specialty "Medical Genetics" --cap-exempt')
    out.print("  h1b-sponsors explain " + figures["example_program"])
    out.print("  h1b-sponsors status")


def _facts(figures: dict[str, Any], manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rows of the summary, each with its label."""
    tiers = ", ".join(f"{tier} {count:,}" for tier, count in figures["tiers"].items() if count)
    categories = ", ".join(f"{name} {count:,}" for name, count in figures["visa_categories"].items() if count)
    queue = ", ".join(f"{count:,} {kind.replace('_', ' ')}s" for kind, count in figures["review"].items())
    facts = [
        ("read", ", ".join(f"{count:,} {name}" for name, count in figures["read"].items() if count)),
        (
            "made",
            f"{figures['programs']:,} programs of {figures['institutions']:,} institutions; {figures['petitioners']:,} petitioners",
        ),
        ("linked", f"{figures['institutions_with_petitioner']:,} institutions have at least one petitioner"),
        ("tiers", tiers),
        ("visas", categories),
        ("review", queue or "nothing"),
        ("quarantined", f"{figures['quarantined']:,} rows, each with its reason in quarantine.parquet"),
    ]
    if unreadable := figures["unreadable_files"]:
        more = f" and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
        facts.append(("unreadable", f"{len(unreadable):,} files, left out: {', '.join(unreadable[:_NAMED])}{more}"))
    if manifest["previous_release"]:
        changed = f"{figures['policy_changes']:,} programs state another policy"
        facts.append(
            ("changed", f"{changed} than in release {manifest['previous_release']}: see policy_changes.parquet")
        )
    read_up_to = dt.date.fromisoformat(manifest["law_as_of"])
    old = warning_on(dt.date.fromisoformat(manifest["as_of"]), read_up_to)
    facts.append(("law", old or f"read up to {read_up_to}"))
    if manifest["absent_sources"]:
        facts.append(("absent", ", ".join(manifest["absent_sources"])))
    return facts

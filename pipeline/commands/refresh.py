"""`h1b-sponsors refresh`: the monthly job, from the archive to a release, with a summary for people."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.archive.reading import Archive, open_archive
from pipeline.commands.accept import held_lines
from pipeline.commands.console import err, fail, out, report_user_errors
from pipeline.commands.refresh_run import RefreshPlan, run_refresh
from pipeline.law.as_of import warning_on
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.coverage import in_words
from pipeline.release.inputs import release_day
from pipeline.release.lock import alone
from pipeline.release.made_from import made_from
from pipeline.release.publish import ACCEPTED, COMPARISON, require_link
from pipeline.release.reader import Release, known_releases
from pipeline.release.remote import open_store
from pipeline.release.runs.files import last_run
from pipeline.release.runs.summary import unreadable_lines
from pipeline.schemas.vocabulary import SPONSOR_TIER_WORDS
from pipeline.settings import (
    KEEP_VARIABLE,
    DataFolder,
    data_folder,
    fetch_settings,
    gate_settings,
    keep_months,
    reader_settings,
    store_address,
)

_DAY = "%Y-%m-%d"
_LONGEST_REASON: Final = 500
_NAMED = 5  # files that can't be read
_PLURAL = {"visa_policy": "visa policies"}


def refresh(
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=[_DAY], help="Day for which the list is made; default today (UTC).")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch pages into the archive first; needs H1B_FETCH_CONTACT, takes hours.")
    ] = False,
    accept_change: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Publish though much is lost against the last release; say why."),
    ] = None,
) -> None:
    """Run the monthly job on the archive and publish a release. If anything fails, the last release stays as it is.

    Exit code 0, 1 if it failed or lost too much against the last release, 4 if another refresh is running.
    """
    started = time.monotonic()
    with report_user_errors():
        folder = data_folder()
        plan = RefreshPlan(
            fetch,
            release_day((as_of or dt.datetime.now(dt.UTC)).date().isoformat()),
            _reason(accept_change),
        )
        archive = _checked(folder, fetch=fetch)
        with alone(folder.curated, "h1b-sponsors refresh"):
            ran = run_refresh(plan, folder)
        _summarise(
            Release.open(folder.curated / "releases" / ran.release_id), folder, archive, time.monotonic() - started
        )
        for line in unreadable_lines(last_run(folder) or {}):
            out.print(f"[yellow]{escape(line)}[/]", soft_wrap=True)
        if ran.in_store:
            out.print(f"in store    {escape(store_address())} -> {ran.in_store}", soft_wrap=True)
        if ran.removed:
            err.print(
                f"Removed {len(ran.removed)} older releases, as {KEEP_VARIABLE} says: {', '.join(ran.removed)}",
                soft_wrap=True,
            )


def _reason(text: str | None) -> str:
    """Return the reason for accepting a change in one line, "" where nobody gave one."""
    reason = " ".join((text or "").split())
    if text is not None and not reason:
        fail("--accept-change needs a reason, which the manifest of the release keeps", 2)
    return reason[:_LONGEST_REASON]


def _checked(folder: DataFolder, *, fetch: bool) -> Archive:
    """Return the archive. Ends the command where something can't be used, before Dagster is loaded and anything is read."""
    gate_settings()
    keep_months()
    reader_settings()
    if address := store_address():
        open_store(address)
    if fetch:
        fetch_settings()
    require_link(folder.curated)
    archive = open_archive(folder.raw)
    for line in (*(f"skipped: {line}" for line in archive.damaged), *held_lines(archive)):
        err.print(escape(line), soft_wrap=True)
    if not archive.own:
        fail(f"the archive {folder.raw} is empty. Add downloads with: h1b-sponsors add PATH")
    return archive


def _summarise(release: Release, folder: DataFolder, archive: Archive, seconds: float) -> None:
    manifest, figures = release.manifest, release.manifest["figures"]
    out.print(
        f"\n[bold]Functional H-1B sponsor list[/bold], as of {manifest['as_of']}, from "
        f"{made_from(manifest, in_short=True)}, in {seconds:.0f} s\n"
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for label, text in _facts(figures, manifest):
        table.add_row(f"[bold]{label}[/bold]", escape(text))
    out.print(table)
    out.print(f"\nfiles       {escape(_place(release, folder))}", soft_wrap=True)
    damaged = (*archive.damaged, *known_releases(folder.curated).damaged)
    for line in (*damaged, *read_own_rulings(folder.judgements).problems):
        out.print(f"[yellow]skipped[/]     {escape(line)}", soft_wrap=True)
    out.print(
        "\nCap exemption is inferred, nothing here is legal advice: ask the GME office before you rely on a row. Next:"
    )
    out.print('  h1b-sponsors query --specialty "Medical Genetics" --h1b')
    if figures["example_program"]:
        out.print(f"  h1b-sponsors explain {figures['example_program']}")


def _place(release: Release, folder: DataFolder) -> str:
    """Return where the release is, and what `latest` is: it never moves back to an earlier day unless somebody says so."""
    latest = folder.latest
    if latest.resolve() == release.folder:
        return f"{latest} -> {release.id}"
    return (
        f"{release.folder}; {latest} stays at {latest.resolve().name}, which is of a later day. To move it back: "
        f"h1b-sponsors refresh --as-of {release.manifest['as_of']} --accept-change REASON"
    )


def _facts(figures: dict[str, Any], manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rows of the summary, each with its label."""
    tiers = ", ".join(f"{count:,} {SPONSOR_TIER_WORDS[tier]}" for tier, count in figures["tiers"].items() if count)
    categories = ", ".join(f"{name} {count:,}" for name, count in figures["visa_categories"].items() if count)
    review = {_PLURAL.get(kind, kind.replace("_", " ") + "s"): count for kind, count in figures["review"].items()}
    queue = ", ".join(f"{count:,} {kinds}" for kinds, count in review.items())
    facts = [
        ("read", ", ".join(f"{count:,} {name}" for name, count in figures["read"].items() if count)),
        (
            "made",
            f"{figures['programs']:,} programs of {figures['institutions']:,} institutions, {figures['institutions_with_petitioner']:,} of "
            f"them with a petitioner; {figures['petitioners']:,} petitioners",
        ),
        ("coverage", in_words(figures["coverage"])),
        ("tiers", tiers),
        ("visas", categories),
        ("review", queue or "nothing"),
    ]
    if figures["quarantined"]:
        facts.append(("quarantined", f"{figures['quarantined']:,} rows, each with its reason in quarantine.parquet"))
    if unreadable := figures["unreadable_files"]:
        more = f" and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
        facts.append(("unreadable", f"{len(unreadable):,} files, left out: {', '.join(unreadable[:_NAMED])}{more}"))
    if manifest["previous_release"]:
        changed = f"{figures['policy_changes']:,} programs state another policy"
        facts.append(
            ("changed", f"{changed} than in release {manifest['previous_release']}: see policy_changes.parquet")
        )
    if comparison := manifest.get(COMPARISON):
        facts += _compared(comparison)
    if ACCEPTED in manifest:
        facts.append(("accepted", manifest[ACCEPTED]))
    read_up_to = dt.date.fromisoformat(manifest["law_as_of"])
    old = warning_on(dt.date.fromisoformat(manifest["as_of"]), read_up_to)
    facts.append(("law", old or f"read up to {read_up_to}"))
    if manifest["absent_sources"]:
        facts.append(("absent", ", ".join(manifest["absent_sources"])))
    return facts


def _compared(comparison: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rows of the summary on what is less than in the release before, and which sources are others."""
    fell = [("less", f"than in release {comparison['compared_with']}: {'; '.join(comparison['fell'])}")]
    changed = [("sources", f"others than then: {'; '.join(comparison['changed'])}")]
    return (fell if comparison["fell"] else []) + (changed if comparison["changed"] else [])

"""`h1b-sponsors fetch`: official sources and pages from the web into the archive, politely; what a person has to save is listed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Final

import typer
from rich.markup import escape

from pipeline.commands.console import fail, out, report_user_errors, say
from pipeline.commands.due import by_hand_lines
from pipeline.commands.fetch_pages import fetch_pages
from pipeline.fetch.network import Network
from pipeline.fetch.site_plans import read_shard
from pipeline.fetch.source_outcome import IN_WORDS, FileOutcome, Result
from pipeline.fetch.source_run import fetch_sources
from pipeline.fetch.source_settings import (
    SOURCES_VARIABLE,
    enabled_sources,
    first_year,
    of_machines,
    patient,
    require_known,
)
from pipeline.settings import DataFolder, SettingsError, data_folder, fetch_settings
from pipeline.sources.publications import publications

NETWORK: Final = Network()
PAGES: Final = "pages"
_STYLE: Final[dict[Result, str]] = {
    "new": "green", "held": "yellow", "unchanged": "dim", "kept": "dim", "not_there": "dim", "by_hand": "yellow", "failed": "red",
}  # fmt: skip
_LONGEST: Final = 400


def fetch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE…]", help="Ids as `status` shows them, or `pages`; by default all that are enabled."
        ),
    ] = None,
    institution: Annotated[
        str | None, typer.Option(help="Pages: only sites of institutions with this in their name.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Pages: request at most so many.")] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="K/N", help="Pages: only the sites of part K of N, such as 3/7.")
    ] = None,
) -> None:
    """Fetch from the web, politely: the newest files of official sources, and `pages` on eligibility, visas and how to apply.

    Needs H1B_FETCH_CONTACT, an address at which you can be reached, and for official sources H1B_FETCH_SOURCES (`all`, or ids).
    Exit code 0, 3 if a file failed, was held back or must be saved by hand, 1 if nothing could be had, 130 if it was broken off.
    """
    named = list(dict.fromkeys(sources or ()))
    if (institution or limit or shard) and named != [PAGES]:
        fail("--institution, --limit and --shard are for `fetch pages`", 2)
    code = 0
    with report_user_errors():
        folder = data_folder()
        if official := [name for name in named if name != PAGES] if named else [*enabled_sources()]:
            code = _fetch_official(official, folder)
        elif not named:
            raise SettingsError(
                f"no official source is enabled. Set {SOURCES_VARIABLE}=all, or to some of: {', '.join(of_machines())}; for web pages: "
                "h1b-sponsors fetch pages"
            )
    if PAGES in named:
        with report_user_errors():
            part = read_shard(shard) if shard else None
        fetch_pages(institution, limit, part, NETWORK)
    if code:
        raise typer.Exit(code)


def _fetch_official(names: list[str], folder: DataFolder) -> int:
    """Fetch official sources, show what became of each file, and return the exit code."""
    people = [one for one in publications() if one.saved_by == "person" and one.source in names]
    for line in by_hand_lines(folder, people):
        say(line)
    wanted = require_known([name for name in names if name not in {one.source for one in people}], "SOURCE")
    if not wanted:
        return 0
    if off := [name for name in wanted if name not in enabled_sources()]:
        raise SettingsError(
            f"{', '.join(off)}: not enabled. Set {SOURCES_VARIABLE}=all, or to the ids of what may be fetched"
        )
    since = first_year(dt.datetime.now(dt.UTC).date())
    described = {name: of_machines()[name] for name in wanted}
    try:
        outcomes = fetch_sources(folder, described, since, patient(fetch_settings()), _show, network=NETWORK)
    except KeyboardInterrupt:
        say("Broken off. What was filed is filed; the same command asks for the rest.")
        raise typer.Exit(130) from None
    return _summarise(outcomes)


def _show(outcome: FileOutcome) -> None:
    name = " ".join(part for part in (outcome.source, outcome.file, outcome.name) if part)
    detail = f": {outcome.detail}" if outcome.detail else ""
    line = escape(f"{name}{detail}"[:_LONGEST])
    out.print(f"[{_STYLE[outcome.result]}]{outcome.result:<9}[/] {line}", soft_wrap=True)


def _summarise(outcomes: Iterable[FileOutcome]) -> int:
    counts = Counter(outcome.result for outcome in outcomes)
    for result, meaning in IN_WORDS.items():
        if counts[result]:
            out.print(f"{counts[result]:>4} {result:<9} {escape(meaning)}", soft_wrap=True)
    if counts["new"]:
        out.print("Next: h1b-sponsors refresh")
    wrong = counts["failed"] + counts["held"] + counts["by_hand"]
    return 0 if not wrong else 1 if wrong == counts.total() else 3

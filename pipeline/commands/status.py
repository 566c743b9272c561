"""`h1b-sponsors status`: what is in the archive, how old it is, and what the last release is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Final

import typer

from pipeline.archive.reading import Archive, open_archive
from pipeline.archive.selection import Choice, choose
from pipeline.commands.accept import held_lines
from pipeline.commands.console import report_user_errors, say
from pipeline.commands.due import by_hand_lines, gap_lines, next_due, refused_lines
from pipeline.commands.lists import list_lines
from pipeline.commands.pages_found import show_yield, yield_of
from pipeline.commands.tables import print_rows
from pipeline.errors import UserError, system_error
from pipeline.fetch.page_yield import yield_in_words
from pipeline.law.as_of import law_as_of, warning_on
from pipeline.law.words import law_on
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.coverage import in_words
from pipeline.release.reader import Release, known_releases
from pipeline.release.runs.files import last_run, runs_folder, summary_file
from pipeline.release.runs.summary import in_a_line, unreadable_lines
from pipeline.settings import DataFolder, data_folder
from pipeline.sources.catalogue import SOURCES

_COLUMNS: Final = ("source", "snapshots", "parts used", "newest", "age", "state", "next")


def status(
    pages: Annotated[
        bool,
        typer.Option("--pages", help="Show for each institution what its pages yield instead, the least known first."),
    ] = False,
) -> None:
    """Show sources, snapshots and their ages, what is due and by whom, the last release, and what of all that is damaged."""
    with report_user_errors():
        folder = data_folder()
        if pages:
            show_yield(folder)
            return
        archive = open_archive(folder.raw)
        choices = choose(archive)
        rows = _sources(choices, archive, dt.datetime.now(dt.UTC).date())
        print_rows(dict.fromkeys(_COLUMNS, False), rows, 1)
        say(f"archive: {folder.raw}")
        for line in (
            *held_lines(archive),
            *refused_lines(folder),
            *gap_lines(choices),
            *list_lines(folder),
            *by_hand_lines(folder),
        ):
            say(line)
        for line in _release_lines(folder):
            say(line)
        if last := last_run(folder):
            for line in unreadable_lines(last):
                say(line)
            say(f"{in_a_line(last)}; see {summary_file(folder)} and {runs_folder(folder)}")
        damaged = (*archive.damaged, *known_releases(folder.curated).damaged)
        for line in (*damaged, *read_own_rulings(folder.judgements).problems):
            say(f"skipped: {line}")


def _release_lines(folder: DataFolder) -> Iterator[str]:
    """Yield what there is to say of the last release; a line also where it can't be read."""
    if not folder.latest.exists() and not folder.latest.is_symlink():
        yield "no release yet; make one with: h1b-sponsors refresh"
        return
    try:
        release = Release.open(folder.latest)
        problems = release.damage()
    except (UserError, OSError) as error:
        yield f"last release: {system_error(error, str(folder.latest)) if isinstance(error, OSError) else error}"
        return
    yield f"last release: {release.id}, as of {release.manifest['as_of']}, from {release.made_from}"
    yield f"in {release.folder}"
    read_up_to = law_as_of()
    yield warning_on(dt.datetime.now(dt.UTC).date(), read_up_to) or f"law read up to {read_up_to}"
    yield from law_on(release.as_of)
    if counted := release.manifest["figures"].get("coverage"):
        yield f"coverage: {in_words(counted)}"
    yield yield_in_words(yield_of(release, folder))
    yield "its files are " + (
        "as its manifest says" if not problems else f"DAMAGED: {'; '.join(problems)}. Move that folder away and refresh"
    )


def _sources(choices: list[Choice], archive: Archive, today: dt.date) -> list[tuple[str, ...]]:
    """Return a row of _COLUMNS for each source."""
    rows = []
    for source in SOURCES:
        own = [choice for choice in choices if choice.snapshot.manifest.source == source.id]
        used = [choice for choice in own if choice.used]
        snapshots = str(len({choice.snapshot.id for choice in own}))
        if not used:
            rows.append(
                (source.id, snapshots, "", "", "", "unused" if own else "absent", next_due(source.id, archive, today))
            )
            continue
        newest = max(choice.snapshot.manifest.added_at[:10] for choice in used)
        age = (today - dt.date.fromisoformat(newest)).days
        due = next_due(source.id, archive, today)
        rows.append((source.id, snapshots, _parts(used), newest, f"{age} d", _state(used), due))
    return rows


def _parts(used: list[Choice]) -> str:
    names = sorted(choice.part.name for choice in used)
    if names[0].startswith("page:"):
        return f"{len(names)} pages"
    return ", ".join(names) if len(names) <= 4 else f"{names[0]} … {names[-1]} ({len(names)})"


def _state(used: list[Choice]) -> str:
    sample = sum(choice.snapshot.manifest.sample for choice in used)
    partial = sum(not choice.part.full for choice in used)
    flaws = [f"{count} {word}" for count, word in ((sample, "sample"), (partial, "partial")) if count]
    return ", ".join(flaws) or "full"

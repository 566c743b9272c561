"""`h1b-sponsors consult`: a third reader's answers on pages that a person should confirm, kept for the next refresh."""

from __future__ import annotations

from typing import Annotated, Final

import pandas as pd
import typer
from rich.progress import Progress

from pipeline.archive.reading import Archive, open_archive
from pipeline.commands.console import err, fail, latest_release, out, report_user_errors, say
from pipeline.consult.asked import AskingReader
from pipeline.consult.open_pages import Consulted, open_pages
from pipeline.consult.open_pages import consult as consult_on
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.release.lock import alone
from pipeline.settings import READER_VARIABLE, SettingsError, data_folder, reader_settings

_OFF: Final = f"no third reader is named. Set {READER_VARIABLE}=URL/MODEL, such as http://localhost:11434/v1/qwen3:8b"


def consult(
    limit: Annotated[int | None, typer.Option(min=1, help="Ask about at most so many pages.")] = None,
) -> None:
    """Ask a language model about each page of the latest release that a person should confirm; the page's text is sent, nothing else.

    Needs H1B_READER=URL/MODEL and, where the endpoint wants one, H1B_READER_KEY. Answers are kept in the data folder, and
    the next refresh reads them. Exit code 0, 1 if no page was answered though some were asked, 130 if it was broken off.
    """
    with report_user_errors():
        settings, folder = reader_settings(), data_folder()
        if settings is None:
            raise SettingsError(_OFF)
        release = latest_release()
        pages = open_pages(release.table("visa_policies"), release.table("review_queue"))
        with alone(folder.curated, "h1b-sponsors consult"):
            reader = AskingReader(settings, KeptAnswers(folder.answers, settings.model), limit)
            found = _consulted(pages, open_archive(folder.raw), reader)
        for line in reader.bill.lines(settings):
            say(line)
    if found is None:
        out.print("Broken off. Answers are kept: the same command goes on from here.")
        raise typer.Exit(130)
    discarded = reader.bill.answers - found.settled - found.suggested
    say(
        f"{found.settled:,} of {len(pages):,} open pages settled, {found.suggested:,} with a suggestion, {discarded:,} answers discarded"
    )
    if reader.bill.asked and reader.bill.asked == reader.bill.failures.total():
        fail("no page that was asked about was answered")
    out.print("Next: h1b-sponsors refresh")


def _consulted(pages: pd.DataFrame, archive: Archive, reader: AskingReader) -> Consulted | None:
    """Go over the pages with a bar on a terminal; None where a person has broken it off."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("pages", total=len(pages))
        try:
            return consult_on(pages, archive, reader, lambda number: bar.update(task, completed=number))
        except KeyboardInterrupt:
            return None

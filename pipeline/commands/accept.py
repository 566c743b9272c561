"""`h1b-sponsors accept`: a file that is held back, since it does not look like the one before it, is used after all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import typer

from pipeline.archive.intake import how_to_accept
from pipeline.archive.reading import open_archive
from pipeline.archive.store import Snapshot
from pipeline.archive.store import accept as let_pass
from pipeline.commands.console import fail, report_user_errors, say
from pipeline.settings import data_folder

_LONGEST_REASON: Final = 500


def accept(
    snapshot_id: Annotated[str, typer.Argument(metavar="SNAPSHOT", help="A snapshot that `status` calls held back.")],
    reason: Annotated[str, typer.Option(help="Why it is right; kept beside the file.")],
) -> None:
    """Use a file that was held back since it does not look like the one before it. Nothing else about it changes.

    Exit code 1 where there is no such snapshot, or none that is held back.
    """
    words = " ".join(reason.split())[:_LONGEST_REASON]
    if not words:
        fail("--reason needs a reason, which is kept beside the file", 2)
    with report_user_errors():
        snapshot = open_archive(data_folder().raw).snapshot(snapshot_id)
        if not snapshot.held_back:
            fail(f"{snapshot_id} is not held back: nothing is to be accepted. See h1b-sponsors status")
        let_pass(snapshot, words, dt.datetime.now(dt.UTC))
        say(f"accepted {snapshot_id}: {words}")
        say("Next: h1b-sponsors refresh")


def held_lines(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """Yield a line for each snapshot that is held back, with what to do, and for each that a person accepted, with the reason."""
    for snapshot in snapshots:
        if snapshot.held_back:
            yield f"held back: {snapshot.id}: {snapshot.held_back}. {how_to_accept(snapshot.id)}"
        elif snapshot.manifest.held:
            yield f"accepted: {snapshot.id}: {snapshot.accepted} ({'; '.join(snapshot.manifest.held)})"

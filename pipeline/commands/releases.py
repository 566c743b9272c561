"""`h1b-sponsors releases` and `rollback`: which releases there are, and which of them readers have."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.markup import escape

from pipeline.commands.console import err, report_user_errors, say
from pipeline.commands.tables import print_rows
from pipeline.release.lock import alone
from pipeline.release.mirror import mirror_latest
from pipeline.release.publish import roll_back
from pipeline.release.reader import Release, known_releases
from pipeline.release.retention import outdated
from pipeline.settings import data_folder, keep_months, store_address

_COLUMNS: Final = ("release", "as of", "schema", "programs", "made from", "marks")


def releases() -> None:
    """Show all releases, the newest first: as of when, of which schema, from what, and which one is `latest`."""
    with report_user_errors():
        curated = data_folder().curated
        known = known_releases(curated)
        for line in known.damaged:
            err.print(f"damaged: {escape(line)}", soft_wrap=True)
        if not known.whole:
            say("There is no release yet. Make one with: h1b-sponsors refresh")
            return
        latest = (curated / "latest").resolve().name
        going = outdated(known.whole, latest, keep_months())
        newest_first = sorted(known.whole.values(), key=lambda one: (one.as_of, one.id), reverse=True)
        print_rows(dict.fromkeys(_COLUMNS, False), [_cells(release, latest, going) for release in newest_first], 1)


def rollback(
    release_id: Annotated[str, typer.Argument(metavar="ID", help="A release of `h1b-sponsors releases`.")],
) -> None:
    """Point `latest` at an earlier release, in the object store, too. Nothing is removed; the next refresh moves `latest` forward again.

    Exit code 1 where there is no whole release of that id, 4 if a refresh is running.
    """
    with report_user_errors():
        curated = data_folder().curated
        before = (curated / "latest").resolve().name
        with alone(curated, "h1b-sponsors rollback"):
            release = roll_back(curated, release_id)
            say(f"latest -> {release.id} (as of {release.as_of}); it was {before}")
            if address := store_address():
                say(f"{address} -> {mirror_latest(curated, address, back=True).latest}")


def _cells(release: Release, latest: str, going: list[str]) -> tuple[str, ...]:
    marks = ["latest"] if release.id == latest else []
    marks += ["will be removed by the next refresh"] if release.id in going else []
    programs = release.manifest.get("figures", {}).get("programs")
    return (
        release.id,
        release.as_of.isoformat(),
        release.manifest["schema_version"],
        f"{programs:,}" if isinstance(programs, int) else "?",
        release.made_from,
        ", ".join(marks),
    )

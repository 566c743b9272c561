"""What all commands share: the consoles, the latest release, and how an error that a user can mend ends a command."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn, TextIO

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment

from pipeline.applicants.meant import NotKnownError
from pipeline.errors import UserError, system_error
from pipeline.release.lock import BusyError
from pipeline.release.made_from import made_from
from pipeline.release.reader import Release, ReleaseError
from pipeline.schemas.registry import table
from pipeline.settings import data_folder
from pipeline.text.characters import harmless


class _Screen(Console):
    """A console on which nothing acts but our own styles: the one way of text to a terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is shown, made harmless."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


LIST: Final = "functional_h1b_sponsors"
# Where nobody sees a terminal's edge, lines may be long.
out = _Screen(highlight=False, emoji=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160)
err = _Screen(stderr=True, highlight=False, emoji=False)


def say(text: str) -> None:
    """Print text that may come from a file: nothing in it is taken for markup."""
    out.print(escape(text), soft_wrap=True)


def fail(message: str, code: int = 1) -> NoReturn:
    """Print one line on standard error and exit with `code`."""
    print(harmless(f"h1b-sponsors: {' '.join(message.split())}"), file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def report_user_errors() -> Iterator[None]:
    """Report errors that a user can mend in one line and exit; anything else is a bug and keeps its traceback."""
    try:
        yield
    except BusyError as error:
        fail(str(error), 4)
    except NotKnownError as error:  # names that are not known: like a wrong option
        fail(str(error), 2)
    except UserError as error:
        fail(str(error))
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to say.
        sys.stderr.close()
        raise typer.Exit(0) from None
    except OSError as error:
        fail(system_error(error, f"{data_folder().root}, or where the output goes"))


@contextmanager
def report_output_errors() -> Iterator[None]:
    """Report in one line that the output can't be written (a full disk), and exit; a reader that has gone is no error."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _close(sys.stdout, sys.stderr)
        sys.exit(0)
    except OSError as error:
        print(f"h1b-sponsors: {system_error(error, 'standard output')}", file=sys.stderr)
        _close(sys.stdout)
        sys.exit(1)


def _close(*streams: TextIO) -> None:
    """Give up streams, so that the interpreter does not try to flush them at its end."""
    for stream in streams:
        with suppress(OSError):
            stream.close()


def print_anywhere() -> None:
    """Make standard output and error take any text: what their encoding can't say is escaped, not a reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def latest_release() -> Release:
    """Return the newest release of the data folder. Raises ReleaseError where there is none."""
    return Release.open(data_folder().latest)


def release_with_list() -> Release:
    """Return the newest release, and say on standard error where a sample is in it, whatever the form of the answer.

    Raises ReleaseError where there is none, and where its list, made by older code, lacks a column.
    """
    release = latest_release()
    if release.manifest["sample"]:
        err.print(f"Made from {made_from(release.manifest, in_short=True)}: no current list.", soft_wrap=True)
    return with_whole_list(release)


def with_whole_list(release: Release) -> Release:
    """Return the release itself. Raises ReleaseError where its list, made by older code, lacks a column."""
    present = release.columns(LIST)
    lacking = [column for column in table(LIST).columns if column not in present]
    if lacking:
        raise ReleaseError(
            f"release {release.id} is of an older version: it has no {', '.join(lacking)}. Run: h1b-sponsors refresh"
        )
    return release

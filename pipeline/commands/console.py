"""What all commands share: the consoles, the latest release, and how an error that a user can mend ends a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment

from pipeline.errors import UserError
from pipeline.release.reader import Release
from pipeline.settings import data_folder
from pipeline.text.characters import harmless


class _Screen(Console):
    """A console on which nothing acts but our own styles: the one way of text to a terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is shown, made harmless."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


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
    except UserError as error:
        fail(str(error))
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to say.
        sys.stderr.close()
        raise typer.Exit(0) from None
    except (PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        fail(f"{error.filename}: {error.strerror}. Check the path, its owner and mode")


def latest_release() -> Release:
    """Return the newest release of the data folder. Raises ReleaseError where there is none."""
    return Release.open(data_folder().latest)

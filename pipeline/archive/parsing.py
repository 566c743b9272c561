"""One reading of a file, at the door and in a refresh alike: the same reader, the same bounds, the same checks of what it yields.

What belongs here: making of whatever a reader does over hostile bytes an error that names the file. What the file says is for
`sources`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.errors import UserError
from pipeline.schemas.checks import REPEATED_KEY, checked_columns, violations
from pipeline.schemas.frames import SchemaError, to_arrow, to_frame
from pipeline.sources.base import Hints, Layout, Parsed, Probe, Source, SourceError

_NOT_EXPECTED: Final = "Download it again; if it is whole, report it: its reader has met what it did not expect"


@contextmanager
def faults_of_file(name: str) -> Iterator[None]:
    """Turn whatever goes wrong inside the block into a SourceError that names the file; errors of the system stay as they are."""
    try:
        yield
    except UserError:
        raise
    # A compressed stream that is damaged is an OSError, too, but has no number of the system's.
    except OSError as error:
        if error.errno is not None:
            raise
        raise _unexpected(name, error) from error
    # Hostile bytes make libraries fail in ways that nobody has listed; each ends the reading of this file alone.
    except Exception as error:
        raise _unexpected(name, error) from error


def _unexpected(name: str, error: Exception) -> SourceError:
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return SourceError(name, f"can't be read ({what})", remedy=_NOT_EXPECTED)


def parse(source: Source, probed: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read a probed file. Raises SourceError for one that can't be used, for whatever reason."""
    with faults_of_file(probed.name):
        return source.read(probed, layout, hints)


def check_tables(name: str, parsed: Parsed) -> None:
    """Check that what was read of a file fits the registry's tables, but for keys, by which files are merged.

    Raises SourceError, naming the file `name`, for a value that a refresh would stop at.
    """
    with faults_of_file(name):
        for table, frame in parsed.tables.items():
            try:
                conformed = to_frame(to_arrow(frame.assign(snapshot_id=name), table), checked_columns(table))
            except SchemaError as error:
                raise SourceError(name, f"holds a value that {error}", remedy=_NOT_EXPECTED) from error
            broken = [found for found in violations(conformed, table) if found.rule != REPEATED_KEY]
            if broken:
                raise SourceError(name, f"holds a value that can't be: {broken[0]}", remedy=_NOT_EXPECTED)

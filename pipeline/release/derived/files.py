"""All makers of a release's further files, in the order in which they write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.release.derived.addresses import write_addresses
from pipeline.release.derived.changes import write_delta, write_notes
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import write_database
from pipeline.release.derived.datapackage import write_datapackage
from pipeline.release.derived.issues import write_issues
from pipeline.release.derived.workbook import write_workbook
from pipeline.release.reader import DATABASE
from pipeline.release.report.page import write_report
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.registry import table

DICTIONARY: Final = "data_dictionary.md"
# Files whose bytes differ from one writing to the next, though they say the same.
NOT_REPRODUCIBLE: Final = frozenset({DATABASE})


def write_dictionary(contents: Contents) -> None:
    """Write the data dictionary of the release's tables."""
    (contents.folder / DICTIONARY).write_text(markdown([table(name) for name in contents.tables]), "utf-8")


WRITERS: Final[tuple[Callable[[Contents], None], ...]] = (
    write_dictionary,
    write_datapackage,
    write_database,
    write_workbook,
    write_addresses,
    write_delta,
    write_notes,
    write_issues,
    write_report,
)

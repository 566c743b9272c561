"""All makers of a release's further files, and who works beside whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from pipeline.forked import forked
from pipeline.release.derived.addresses import institution_text, program_texts
from pipeline.release.derived.chains import READ, institution_chains
from pipeline.release.derived.changes import write_delta, write_notes
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import write_database
from pipeline.release.derived.datapackage import write_datapackage
from pipeline.release.derived.issues import write_issues
from pipeline.release.derived.workbook import WORKBOOK, release_workbook
from pipeline.release.explorer.evidence import evidence_maker
from pipeline.release.explorer.files import evidence_script, is_shown, write_explorer
from pipeline.release.reader import DATABASE
from pipeline.release.report.charts import has_drawn
from pipeline.release.report.page import report_charts, write_report
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.registry import table

DICTIONARY: Final = "data_dictionary.md"
# Files whose bytes differ from one writing to the next, though they say the same.
NOT_REPRODUCIBLE: Final = frozenset({DATABASE})


def write_dictionary(contents: Contents) -> None:
    """Write the data dictionary of the release's tables."""
    (contents.folder / DICTIONARY).write_text(markdown([table(name) for name in contents.tables]), "utf-8")


def write_institutions(contents: Contents) -> None:
    """Write the file of each institution, and what the explorer shows of it; nothing where a table that they need is not in the
    release."""
    if _has_evidence(contents):
        contents.write_texts(_of_institutions(contents))


def _of_institutions(contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield address and text of each institution's file, and of its script: what is told of it is looked up once for both."""
    evidence = evidence_maker(contents.tables) if is_shown(contents) else None
    for chain in institution_chains(contents.tables):
        yield institution_text(contents.manifest, chain)
        if evidence:
            yield evidence_script(evidence, chain)


def write_programs(contents: Contents) -> None:
    """Write the file of each program; nothing where a table that they need is not in the release."""
    if _has_evidence(contents):
        contents.write_texts(program_texts(contents))


def _has_evidence(contents: Contents) -> bool:
    return contents.tables.keys() >= set(READ)


_WRITERS: Final[tuple[Callable[[Contents], None], ...]] = (
    write_dictionary,
    write_datapackage,
    write_programs,
    write_institutions,
    write_delta,
    write_notes,
    write_issues,
    write_explorer,
)


def write_further_files(contents: Contents) -> None:
    """Write all further files of a release.

    On both cores: the workbook and the charts of the report are made in a copy of this process, and DuckDB works outside the interpreter.
    The rest is written one after the other. Where this process has drawn charts it draws these, too: their library waits forever in a
    copy of one that has.
    """
    draws = has_drawn()
    with forked(_made_beside, contents, not draws) as made, ThreadPoolExecutor(1) as thread:
        database = thread.submit(write_database, contents)
        for write in _WRITERS:
            write(contents)
        workbook, charts = made()
        if workbook is not None:
            (contents.folder / WORKBOOK).write_bytes(workbook)
        write_report(contents, report_charts(contents) if draws else charts)
        database.result()


def _made_beside(contents: Contents, draws: bool) -> tuple[bytes | None, dict[str, str]]:
    return release_workbook(contents), report_charts(contents) if draws else {}

"""All steps of a refresh but the release, in the order of the flow: from the archive to the tables that a release is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from pipeline.archive import build as archive
from pipeline.cap_exemption import build as exemption
from pipeline.filings import build as filings
from pipeline.linkage import build as linkage
from pipeline.policies import build as policies
from pipeline.release import build as publication
from pipeline.release import redirected
from pipeline.release.derived.database import BEGUN_WITH, begin_database
from pipeline.release.reader import DATABASE, Release
from pipeline.schemas.checks import Fit, fit_table
from pipeline.sources import policy_facts, program_pages, uscis
from pipeline.sources.acgme import source as acgme
from pipeline.sources.catalogue import SOURCES
from pipeline.steps.reading import read_step
from pipeline.steps.step import Inputs, Step, made_by
from pipeline.steps.tables import room_of, table_step, tables_step
from pipeline.steps.work import SNAPSHOTS, StoredTable, Work

RELEASE: Final = "release"  # the step that comes after all others


def _database(work: Work, _: Mapping[str, Any]) -> Inputs:
    tables = {name: work.table(name) for name in BEGUN_WITH}

    def make() -> Iterator[tuple[str, Fit]]:
        begin_database(work.folder / DATABASE, {name: one.path for name, one in tables.items()})
        yield from ()

    versions = {f"table {name}": one.version for name, one in tables.items()}
    return Inputs({**made_by(room_of(begin_database)), **versions}, make)


def _of_release_before(
    compute: Callable[[Release | None], pd.DataFrame], version: Callable[[Release | None], str]
) -> Step:
    """Return the step that makes the table named after `compute` of the release before. Most releases have the ids of the one before them,
    and what follows waits for them: it is made again where their version is another."""
    name = compute.__name__

    def inputs(work: Work, opened: Mapping[str, Any]) -> Inputs:
        earlier = opened["next_release"].earlier(work.table(SNAPSHOTS).frame())

        def make() -> Iterator[tuple[str, Fit]]:
            yield name, fit_table(compute(earlier), name)

        return Inputs({**made_by(room_of(compute)), "release before": version(earlier)}, make)

    return Step(name, (name,), room_of(compute), "published", (SNAPSHOTS,), ("next_release",), inputs)


def _that_gives_ids(step: Step, before: str, table: str, given: Callable[[Release | None, StoredTable], bool]) -> Step:
    """Return a step that isn't run again for the ids of the release before if it gave these itself: it would give them again.

    before: the table of these ids. table: one that it makes. given: tells whether a release has the ids of that table.
    """

    def inputs(work: Work, opened: Mapping[str, Any]) -> Inputs:
        found = step.inputs(work, {name: opened[name] for name in step.given})
        stored = work.table(table)
        earlier = opened["next_release"].earlier(work.table(SNAPSHOTS).frame())
        return replace(found, own=(f"table {before}",) if stored.path.exists() and given(earlier, stored) else ())

    return replace(step, given=(*step.given, "next_release"), inputs=inputs)


# A DuckDB file with the largest tables: that of each release begins with a copy of it.
PETITIONS_DATABASE: Final = Step(
    "petitions_database", (), room_of(begin_database), RELEASE, BEGUN_WITH, (), _database, (DATABASE,)
)
READING: Final = {source.id: read_step(source) for source in SOURCES}
_PETITIONS: Final = ("petitions", "petitioners", "petitioner_redirects")
_INSTITUTIONS: Final = ("institutions", "programs", "institution_redirects")
TABLE_STEPS: Final = (
    table_step(archive.snapshots, "archive"),
    table_step(archive.quarantine, "parsed", after=[source.tables[0] for source in SOURCES]),
    _of_release_before(redirected.earlier_institutions, redirected.institutions_version),
    _of_release_before(redirected.earlier_petitioners, redirected.petitioners_version),
    _that_gives_ids(
        tables_step(linkage.group_petitions, _PETITIONS, "linked", sources=[uscis.SOURCE.id]),
        "earlier_petitioners",
        "petitioners",
        lambda earlier, petitioners: redirected.petitioners_version(earlier) == petitioners.version,
    ),
    _that_gives_ids(
        tables_step(linkage.build_institutions, _INSTITUTIONS, "linked", sources=[acgme.SOURCE.id]),
        "earlier_institutions",
        "programs",
        lambda earlier, programs: redirected.has_institutions(earlier, programs.frame()),
    ),
    table_step(linkage.institution_names, "linked"),
    table_step(linkage.petitioner_links, "linked"),
    table_step(linkage.employer_links, "linked"),
    table_step(policies.visa_policies, "inferred", sources=(program_pages.SOURCE.id, policy_facts.SOURCE.id)),
    table_step(filings.trainee_applications, "inferred"),
    table_step(filings.trainee_filings, "inferred"),
    tables_step(exemption.search_registers, ["cap_exemption_findings", "institution_cap_exemption"], "inferred"),
    table_step(exemption.cap_exemption, "inferred"),
    table_step(publication.functional_h1b_sponsors, "published"),
    table_step(publication.likelihood_calibration, "published"),
    table_step(publication.redirects, "published"),
    table_step(publication.policy_changes, "published"),
    table_step(publication.review_queue, "published"),
    tables_step(publication.coverage_of_lists, ["coverage", "programs_missing"], "published"),
    table_step(publication.unmatched_sponsors, "published"),
    table_step(publication.conflicting_links, "published"),
    table_step(publication.unmet_judgements, "published"),
)
STEPS: Final = {step.name: step for step in (*READING.values(), *TABLE_STEPS, PETITIONS_DATABASE)}


def steps_needed() -> dict[str, tuple[str, ...]]:
    """Return each step with those that make what it needs."""
    makers = {table: step.name for step in STEPS.values() for table in (step.tables or (step.name,))}
    return {step.name: tuple({makers[table]: None for table in step.needs}) for step in STEPS.values()}

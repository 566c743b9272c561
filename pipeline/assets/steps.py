"""How a step runs, or does not: what fits the record of its last run is taken from there, and Dagster is given the version of each table.

What belongs here: running, keeping and reporting. What a step is made from is put together by those who call.
"""

# No `from __future__ import annotations`: Dagster looks at the classes of annotations, not at their names.
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import dagster as dg

from pipeline.assets.description import row_metadata
from pipeline.code_version import code_hash, libraries_version
from pipeline.release.code_version import room_version
from pipeline.resources.ahead import PRIORITIES
from pipeline.resources.measure import Meter
from pipeline.resources.work import StoredTable, Work, release_memory
from pipeline.schemas.checks import Fit, Violation
from pipeline.text.characters import harmless

CHECK: Final = "registry"
_REPORTED: Final = 20

TableOutput = dg.MaterializeResult[Any]


@dataclass(frozen=True)
class Step:
    """A step that makes tables.

    made_from: all that decides what it makes, by name: with the same values it makes the same. unknown: names of what it looks at and
    nothing says whether it has changed; a step with any runs each time. files: what it leaves beside its tables.
    seen: of files outside the work folder, as `versions.files_state` returns it.
    """

    name: str
    tables: tuple[str, ...]
    made_from: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    seen: str = ""


@dataclass(frozen=True)
class Extras:
    """What a step reports beside its tables: metadata of all of them, and results of further checks, by table."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Sequence[dg.AssetCheckResult]] = field(default_factory=dict)


def made_by(room: str) -> dict[str, str]:
    """Return what every step of a room is made from: its code, that which runs steps, and the libraries."""
    return {
        "code": room_version(room),
        "code of steps": code_hash(("assets", "resources"))[:16],
        "libraries": libraries_version(),
    }


def order_of(step: str) -> dict[str, str]:
    """Return the tags of a step that say when it is to begin, of those that can."""
    return {"dagster/priority": str(PRIORITIES[step])} if step in PRIORITIES else {}


def outcome(
    step: Step, work: Work, make: Callable[[], Iterable[tuple[str, Fit]]], extras: Callable[[], Extras] = Extras
) -> Iterator[TableOutput]:
    """Yield the materialization of each table of a step: made by `make`, one after the other, or as the last run left it where
    nothing has changed.

    A step whose tables break a rule of the registry is run again the next time.
    """
    broken: dict[str, tuple[Violation, ...]] = {}

    def write() -> bool:
        for name, fit in make():
            work.write(name, fit.arrow)
            broken[name] = fit.violations
        return not any(broken.values())

    how = made(step, work, write)
    added = extras()
    for name in step.tables:
        stored = work.table(name)
        checks = [_registry_result(stored, broken.get(name, ())), *added.checks.get(name, ())]
        yield dg.MaterializeResult(
            asset_key=name,
            metadata={**_of_table(stored), **how, **added.metadata},
            check_results=checks,
            data_version=dg.DataVersion(stored.version),
        )


def made(step: Step, work: Work, write: Callable[[], bool]) -> dict[str, Any]:
    """Have what a step leaves written by `write`, or take it over from the last run where nothing has changed; return how it ran.

    write: returns whether what it wrote is sound. If not, the step is run again the next time.
    """
    meter = Meter.started()
    files = [*(work.table(name).path for name in step.tables), *step.files]
    with work.alone(step.name):
        reasons = step.unknown or work.why_anew(step.name, step.made_from, files)
        sound = write() if reasons else True
        how = ran(reasons, meter)
        if sound and not step.unknown:
            work.keep(step.name, step.made_from, files, step.seen, how if reasons else None)
    release_memory()
    # Made ahead of its turn, in a copy of this process: it is no table of an earlier run.
    return how if reasons else work.ran(step.name) or how


def ran(reasons: Sequence[str], meter: Meter) -> dict[str, Any]:
    """Return the metadata on how a step ran: what it was run for (nothing: its last result was taken), and what it cost."""
    return {
        "reused": not reasons,
        "made_anew_for": list(reasons),
        "seconds": meter.seconds,
        "peak_megabytes": meter.peak_megabytes,
    }


def _of_table(stored: StoredTable) -> dict[str, Any]:
    return {**row_metadata(stored), "path": dg.MetadataValue.path(str(stored.path))}


def _registry_result(stored: StoredTable, violations: Sequence[Violation]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=CHECK,
        asset_key=stored.name,
        passed=not violations,
        metadata={
            "violations": [harmless(str(violation)) for violation in violations[:_REPORTED]],
            "rows": stored.rows,
        },
    )

"""A step of a refresh, and the one way to run it: made, or taken over from the last run where nothing that it is made from has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.code_version import code_hash, libraries_version
from pipeline.release.code_version import room_version
from pipeline.schemas.checks import Fit, Violation
from pipeline.steps.measure import Meter
from pipeline.steps.work import Work, release_memory
from pipeline.text.characters import harmless

REGISTRY_CHECK: Final = "registry"  # the check that a table keeps the rules of the registry
_REPORTED: Final = 20  # rules that a table breaks
# What steps are given beside tables, by name: each is opened on demand.
Openers = Mapping[str, Callable[[], Any]]


@dataclass(frozen=True)
class Inputs:
    """What decides what a step makes, as it is now, and how to make it.

    made_from: all that decides what it makes, by name: with the same values it makes the same. unknown: names of what it looks at and
    nothing says whether it has changed; a step with any runs each time. own: names in `made_from` of what the last run of the step itself
    made, from which it would make the same again: a change of these alone is none. seen: of files outside the work folder, as
    `versions.files_state` returns it. make: returns the tables one after the other, after it has written `Step.files`.
    """

    made_from: Mapping[str, str]
    make: Callable[[], Iterable[tuple[str, Fit]]]
    unknown: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    seen: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a refresh. Tables and what it is given are taken from the work folder and the openers when it is run.

    group: the part of the flow that it belongs to. needs: the tables, or the steps that leave none, which it takes or must come after.
    given: names of what it is given beside tables. files: what it leaves in the work folder beside its tables.
    inputs: returns what it would be made from now, of what is opened by the names in `given`.
    """

    name: str
    tables: tuple[str, ...]
    room: str
    group: str
    needs: tuple[str, ...]
    given: tuple[str, ...]
    inputs: Callable[[Work, Mapping[str, Any]], Inputs]
    files: tuple[str, ...] = ()

    @property
    def code_version(self) -> str:
        """The hash of the code that makes it."""
        return room_version(self.room)


@dataclass(frozen=True)
class Made:
    """How a step was run: what is told of it, and by table the rules of the registry that it breaks."""

    how: dict[str, Any]
    broken: Mapping[str, tuple[Violation, ...]]


def run_step(step: Step, openers: Openers) -> Made:
    """Make a step, or find that its last run left the same; return how it was run.

    What nothing says the version of is looked at once in a run. A step whose tables break a rule of the registry is run again the next
    time. Raises what its function raises.
    """
    meter = Meter.started()
    work: Work = openers["work"]()
    broken: dict[str, tuple[Violation, ...]] = {}
    inputs = step.inputs(work, {name: openers[name]() for name in step.given})
    with work.alone(step.name):
        # Made ahead of its turn, in a copy of this process: it is no table of an earlier run.
        ahead = work.ran(step.name)
        reasons = _reasons(step, inputs, work, again=ahead is None)
        for name, fit in inputs.make() if reasons else ():
            work.write(name, fit.arrow)
            broken[name] = fit.violations
        how = ran(reasons, meter)
        if not any(broken.values()):
            work.keep(step.name, inputs.made_from, _files(step, work), inputs.seen, how if reasons else ahead or how)
    release_memory()
    return Made(how if reasons else ahead or how, broken)


def reported(violations: Sequence[Violation]) -> list[str]:
    """Return the first rules of the registry that a table breaks, each in a line in which nothing acts."""
    return [harmless(str(violation)) for violation in violations[:_REPORTED]]


def stale(step: Step, openers: Openers) -> bool:
    """Tell whether a step would have to be made now."""
    work: Work = openers["work"]()
    inputs = step.inputs(work, {name: openers[name]() for name in step.given})
    return bool(_reasons(step, inputs, work, again=True))


def _reasons(step: Step, inputs: Inputs, work: Work, *, again: bool) -> tuple[str, ...]:
    """Return what a step is to be made for; nothing where its last run left the same."""
    looked_at = inputs.unknown if again else ()
    return looked_at or work.why_anew(step.name, inputs.made_from, _files(step, work), inputs.own)


def _files(step: Step, work: Work) -> list[Path]:
    """Return the files that a step leaves: its tables, and what lies beside them."""
    return [*(work.table(name).path for name in step.tables), *(work.folder / name for name in step.files)]


def made_by(room: str) -> dict[str, str]:
    """Return what every step of a room is made from: its code, that which runs steps, and the libraries."""
    return {
        "code": room_version(room),
        "code of steps": code_hash(("steps",))[:16],
        "libraries": libraries_version(),
    }


def ran(reasons: Sequence[str], meter: Meter) -> dict[str, Any]:
    """Return what is told of how a step ran: what it was run for (nothing: its last result was taken), and what it cost."""
    return {
        "reused": not reasons,
        "made_anew_for": list(reasons),
        "seconds": meter.seconds,
        "peak_megabytes": meter.peak_megabytes,
    }

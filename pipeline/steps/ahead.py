"""All steps but the release, made on both cores: which process makes which.

A process makes the chain of steps that takes longest (`CHAIN`), and has copies of itself make the others meanwhile. `h1b-sponsors refresh`
does so itself; where Dagster runs the steps in one process, a copy of that does, from when the snapshots are known, and the run takes over
what it made. A step belongs to the process that begins it (`Work.alone`) and leaves a record, so that none is made twice. Where a copy
fails or is ended, the process that it is a copy of makes its steps itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from pipeline.forked import forked
from pipeline.steps.catalogue import PETITIONS_DATABASE, STEPS, steps_needed
from pipeline.steps.step import Made, Openers, run_step
from pipeline.steps.work import SNAPSHOTS, Work

# What names the executor of a run of Dagster's, and the file of its settings.
EXECUTOR_VARIABLE: Final = "H1B_EXECUTOR"
EXECUTOR_CONFIG_VARIABLE: Final = "H1B_EXECUTOR_CONFIG"
_GROUPING: Final = "group_petitions"
_EXEMPTION: Final = "cap_exemption"
_LIST: Final = "functional_h1b_sponsors"
_CHANGES: Final = "policy_changes"
_POLICIES: Final = "visa_policies"
# The longest chain of steps, in its order.
CHAIN: Final = (
    SNAPSHOTS,
    "read_uscis_h1b_employers",
    _GROUPING,
    "petitioner_links",
    "employer_links",
    "trainee_filings",
    _EXEMPTION,
    _LIST,
    "likelihood_calibration",
    _CHANGES,
)
# Of the other steps those that the chain waits for.
AWAITED: Final = ("build_institutions", "institution_names", "trainee_applications", "search_registers")
_ROWS: Final = 100_000  # of the archive: with fewer a copy costs more than it saves


@contextmanager
def made_ahead(openers: Openers) -> Iterator[None]:
    """Have a copy of this process make all steps but the release while the context lasts, if that is worthwhile. It ends with it."""
    if not worthwhile(openers["work"]()):
        yield
        return
    with forked(_make_ahead, openers):
        yield


def _make_ahead(openers: Openers) -> None:
    """Make all steps but the release, and show nothing of it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    make_all(openers, partial(make_step, openers))


def make_all(openers: Openers, make: Callable[[str], object]) -> None:
    """Make all steps but the release, each after those that it needs. make: makes one, or takes it over from a copy, and raises what it
    raises; a copy that fails leaves its steps to it."""
    gc.freeze()  # what is loaded stays: no collection looks through it, here or in the copies
    needed = steps_needed()
    make(SNAPSHOTS)
    chain = ordered(needed, [SNAPSHOTS], CHAIN, ())
    with ExitStack() as copies:
        if worthwhile(openers["work"]()):
            grouped, chain = chain[: chain.index(_GROUPING) + 1], chain[chain.index(_GROUPING) + 1 :]
            first = ordered(needed, [SNAPSHOTS], (_POLICIES, *AWAITED), CHAIN)
            copies.enter_context(forked(make_steps, first, openers))
            for name in grouped:
                make(name)
            rest: list[str] = []
            # What waits for the chain comes last, and then the last steps of the chain: they can be made beside each other.
            for first, left in ((AWAITED, [_EXEMPTION]), ([PETITIONS_DATABASE.name], [_LIST]), ([_CHANGES], [])):
                rest += ordered(needed, [SNAPSHOTS, *grouped, *rest], first, left)
            # What this process now knows of names is of use to the next copy, too.
            copies.enter_context(forked(make_steps, rest, openers))
        for name in chain:
            make(name)


def make_steps(names: Collection[str], openers: Openers) -> None:
    """Make some steps in this order. Raises what they raise."""
    for name in names:
        make_step(openers, name)


def make_step(openers: Openers, name: str) -> Made:
    """Make a step, or return how it was made in the same run already. Raises what it raises."""
    how = openers["work"]().ran(name)
    return run_step(STEPS[name], openers) if how is None else Made(how, {})


def worthwhile(work: Work) -> bool:
    """Tell whether there is so much to read that steps should be made ahead. The table of snapshots must be there."""
    return int(work.table(SNAPSHOTS).frame()["rows_in"].sum()) >= _ROWS


def ordered(
    needed: Mapping[str, Collection[str]], done: Collection[str], first: Collection[str], left: Collection[str]
) -> list[str]:
    """Return the steps that can be made of what is done without the steps `left`, each after those that it needs: those of `first` as soon
    as can be."""
    able: dict[str, None] = {}
    while new := [
        step
        for step in needed
        if not (step in able or step in done or step in left)
        and all(one in done or one in able for one in needed[step])
    ]:
        able |= dict.fromkeys(new)
    found: dict[str, None] = {}

    def add(step: str) -> None:
        if step in able and step not in found:
            for one in needed[step]:
                add(one)
            found[step] = None

    for step in (*first, *able):
        add(step)
    return list(found)

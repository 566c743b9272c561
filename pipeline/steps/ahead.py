"""Steps made ahead of their turn, in copies of the process of a run.

A run by the command begins with a copy that makes all steps but the release, while the run itself loads Dagster, which takes seconds; any
other run begins it once the snapshots are known. That copy reads and groups petitions, has another copy make the steps that need not wait
for it, and then makes the chain of steps that takes longest (`CHAIN`), again with another copy for the rest. The run takes over what they
made: to it are left Dagster's events and the release. A step belongs to the process that begins it (`Work.alone`) and leaves a record, so
that none is made twice. Where a copy fails or is ended, the run makes its steps itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pipeline.forked import forked
from pipeline.steps.step import Openers
from pipeline.steps.work import SNAPSHOTS, Work

RELEASE: Final = "release"  # the step that comes after all others
EXECUTOR_VARIABLE: Final = "H1B_EXECUTOR"
IN_PROCESS: Final = "in_process"  # the executor that copies make steps for: others have processes of their own
# The tag of a run for which steps are made ahead from before it began: the id under which they are made.
AHEAD_TAG: Final = "h1b_sponsors/made_ahead"
_GROUPING: Final = "group_petitions"
_LIST: Final = "functional_h1b_sponsors"
_POLICIES: Final = "visa_policies"
DATABASE_STEP: Final = "petitions_database"
# The longest chain of steps, in its order.
CHAIN: Final = (
    SNAPSHOTS,
    "read_uscis_h1b_employers",
    _GROUPING,
    "petitioner_links",
    "employer_links",
    "trainee_filings",
    "cap_exemption",
    _LIST,
    "likelihood_calibration",
    "policy_changes",
)
# Of the other steps those that the chain waits for.
AWAITED: Final = ("build_institutions", "institution_names", "trainee_applications", "search_registers")
_ROWS: Final = 100_000  # of the archive: with fewer a copy costs more than it saves


def executor_named() -> str:
    """Return the name of the executor that is to run the steps: what H1B_EXECUTOR says, else IN_PROCESS."""
    return os.environ.get(EXECUTOR_VARIABLE, "").strip() or IN_PROCESS


@contextmanager
def made_ahead(openers: Openers) -> Iterator[None]:
    """Have a copy of this process make all steps but the release while the context lasts. It ends with it."""
    with forked(make_ahead, openers):
        yield


def make_ahead(openers: Openers) -> None:
    """Make all steps but the release, with further copies for what need not wait, and show nothing of it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    # Imported here, where that takes no time of the run's: it loads Dagster meanwhile.
    from pipeline.steps.catalogue import steps_needed

    needed = steps_needed()
    gc.freeze()  # what is loaded stays: no collection looks through it, here or in the further copies
    make_steps([SNAPSHOTS], openers)
    if not worthwhile(openers["work"]()):
        return
    steps = ordered(needed, [SNAPSHOTS], CHAIN, ())
    grouped = steps[: steps.index(_GROUPING) + 1]
    with forked(make_steps, ordered(needed, [SNAPSHOTS], (_POLICIES, *AWAITED), CHAIN), openers):
        make_steps(grouped, openers)
        # What this process now knows of names is of use to the next copy, too.
        with forked(make_steps, ordered(needed, [SNAPSHOTS, *grouped], (*AWAITED, DATABASE_STEP), [_LIST]), openers):
            make_steps(steps, openers)


def make_steps(names: Collection[str], openers: Openers) -> None:
    """Make some steps in this order, but for those made in the same run already. Raises what they raise."""
    from pipeline.steps.catalogue import STEPS
    from pipeline.steps.step import run_step

    work: Work = openers["work"]()
    for name in names:
        if work.ran(name) is None:
            run_step(STEPS[name], openers)


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

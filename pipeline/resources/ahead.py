"""Steps made ahead of their turn, in copies of the process of the run.

While the run reads and groups petitions, a copy makes the steps that need not wait for it. Then one copy makes the chain of steps that
takes longest (`CHAIN`), another the rest, and the run takes over what they made, which leaves it Dagster's events and the release. Where
petitioners are those of an earlier run, one copy does for both. A step belongs to the process that begins it (`Work.alone`) and leaves a
record, so that none is made twice. Where a copy fails or is ended, the run makes its steps itself.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any, Final

import dagster as dg

from pipeline.resources.work import Work

_SNAPSHOTS: Final = "snapshots"
_GROUPING: Final = "group_petitions"
_LIST: Final = "functional_h1b_sponsors"
_POLICIES: Final = "visa_policies"
_RELEASE: Final = "release"
# In the order in which they are made.
CHAIN: Final = (
    _SNAPSHOTS,
    "read_uscis_h1b_employers",
    _GROUPING,
    "petitioner_links",
    "employer_links",
    "trainee_filings",
    "cap_exemption",
    _LIST,
    "likelihood_calibration",
    "policy_changes",
    _RELEASE,
)
# What grouping waits for: the run reads it before everything else.
LEADING: Final = frozenset({"earlier_ids", "read_ipeds_hd", "read_ror"})
# Of the other steps those that the chain waits for.
AWAITED: Final = ("build_institutions", "institution_names", "trainee_applications", "search_registers")
# What the run makes or takes over while a copy makes the list.
_BEFORE_LIST: Final = ("quarantine", "review_queue")
# Of the steps that can begin, the one with the highest does.
PRIORITIES: Final = {
    **dict.fromkeys(AWAITED, 1),
    **dict.fromkeys((*CHAIN, *LEADING), 2),
    **dict.fromkeys(_BEFORE_LIST, 3),
}
# What can be made as soon as petitions are grouped, but nothing except the release waits for.
PETITIONS_DATABASE: Final = "petitions_database"
_ROWS: Final = 100_000  # of the archive: with fewer a copy costs more than it saves


def worthwhile(work: Work) -> bool:
    """Tell whether there is so much to read that steps should be made ahead. The table of snapshots must be there."""
    return int(work.table("snapshots").frame()["rows_in"].sum()) >= _ROWS


def copies_after(
    step: str, needed: Mapping[str, Collection[str]], done: Collection[str], *, anew: bool
) -> list[list[str]]:
    """Return the steps that each copy begun after `step` is to make, in order. needed: each step with those that it takes tables of;
    done: those that need not be made; anew: whether `step` was made, not taken over from an earlier run."""
    if step == _SNAPSHOTS:  # the run groups petitions itself: what it then knows of names is of use to the later copies
        apart = ordered(needed, done, (_POLICIES, *AWAITED), CHAIN)
        return [apart] if apart else []
    if step != _GROUPING:
        return []
    whole = ordered(needed, done, CHAIN, (_RELEASE,))
    rest = ordered(needed, done, (*AWAITED, PETITIONS_DATABASE), (_LIST, _RELEASE)) if anew else []
    return [steps for steps in (rest, whole) if steps]


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


def make_steps(job: dg.JobDefinition, steps: Collection[str], resources: Any) -> None:
    """Make some steps of a job in this order, but for those made in its run already, as the run would with these resources, and show
    nothing of it. Dagster isn't asked: its events of steps that the run takes over would cost as much again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    graph = job.asset_layer.asset_graph
    made_by: dict[str, Any] = {
        op.name: op.compute_fn for op in (graph.assets_def_for_key(key).op for key in graph.executable_asset_keys)
    }
    work = resources.work.open()
    for step in steps:
        if step in made_by and work.ran(step) is None:  # those that nothing makes are checks
            # All its tables are in place before the first is reported.
            next(iter(made_by[step].decorated_fn(SimpleNamespace(resources=resources))), None)

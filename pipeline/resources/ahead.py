"""Steps made ahead of their turn on the other core, in a copy of the process that makes the chain of steps one after the other.

The chain (`CHAIN`) is what takes longest from the petitions to the release; it goes on wherever it can. When a step of `BEGINS` was
made anew, a copy makes the steps that hang on nothing but steps that are done. A step belongs to the process that begins it
(`Work.alone`) and leaves a record: when the run comes to it, it takes over the tables. Where a copy fails or is ended, the run makes the
step itself.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any, Final

import dagster as dg

from pipeline.resources.work import Work

FIRST: Final = {"dagster/priority": "2"}
SOON: Final = {"dagster/priority": "1"}
CHAIN: Final = frozenset(
    {
        "snapshots",
        "read_uscis_h1b_employers",
        "group_petitions",
        "petitioner_links",
        "employer_links",
        "trainee_filings",
        "cap_exemption",
        "functional_h1b_sponsors",
        "release",
    }
)
# Steps that the first long one of the chain waits for: whoever comes first makes them, before all others.
LEADING: Final = frozenset({"earlier_ids", "read_ipeds_hd", "read_ror"})
# Of the steps that copies make, those for which the chain would wait, and what they are made from.
AWAITED: Final = frozenset(
    {
        "read_acgme",
        "read_ahrq_compendium",
        "read_cms_hospitals",
        "read_dol_lca",
        "read_irs_eo_bmf",
        "read_nrmp",
        "build_institutions",
        "institution_names",
        "trainee_applications",
        "search_registers",
    }
)
# Copies are few: one takes the pages that the process writes to twice. Where these were taken over, little has changed.
BEGINS: Final = frozenset({"read_uscis_h1b_employers", "group_petitions", "cap_exemption"})
_ROWS: Final = 100_000  # of the archive: with fewer a copy costs more than it saves


def worthwhile(work: Work) -> bool:
    """Tell whether there is so much to read that steps should be made ahead. The table of snapshots must be there."""
    return int(work.table("snapshots").frame()["rows_in"].sum()) >= _ROWS


def ready(needed: Mapping[str, Collection[str]], done: Collection[str]) -> list[str]:
    """Return the steps out of the chain that hang on steps that are done, or on such as these, in an order in which they can be made:
    first those that the chain waits for, with what they need.

    needed: each step with those that it takes tables of.
    """
    found: dict[str, None] = {}
    waiting = [step for step in needed if step not in CHAIN and step not in done]
    while able := [
        step for step in waiting if step not in found and all(one in done or one in found for one in needed[step])
    ]:
        found |= dict.fromkeys(able)
    first = set(AWAITED)
    for step in reversed(found):
        first |= set(needed[step]) if step in first else set()
    return sorted(found, key=lambda step: step not in first)


def make_steps(job: dg.JobDefinition, steps: Collection[str], resources: object) -> None:
    """Make some steps of a job in this order, as its run would with these resources, and show nothing of it. Dagster isn't asked: its
    events of steps that the run takes over would cost as much again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    graph = job.asset_layer.asset_graph
    made_by: dict[str, Any] = {
        op.name: op.compute_fn for op in (graph.assets_def_for_key(key).op for key in graph.executable_asset_keys)
    }
    for step in steps:
        if step in made_by:  # others are checks of what is made already
            for _ in made_by[step].decorated_fn(SimpleNamespace(resources=resources)):
                pass

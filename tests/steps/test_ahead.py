"""Steps made ahead of their turn: which may be, and when it is worth a copy."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.definitions import find_job
from pipeline.schemas.frames import to_arrow
from pipeline.steps.ahead import AWAITED, CHAIN, ordered, worthwhile
from pipeline.steps.catalogue import RELEASE, STEPS, steps_needed
from pipeline.steps.work import Work

NAMES = st.sampled_from([*sorted(CHAIN), "a", "b", "c", "d", "e"])
NEEDED = {
    "snapshots": (),
    "read_acgme": ("snapshots",),
    "read_uscis_h1b_employers": ("snapshots",),
    "build_institutions": ("read_acgme",),
    "group_petitions": ("read_uscis_h1b_employers",),
    "redirects": ("group_petitions", "build_institutions"),
}


@given(
    st.dictionaries(NAMES, st.lists(NAMES, max_size=3)),
    st.sets(NAMES),
    st.lists(NAMES, unique=True),
    st.sets(NAMES),
)
def test_each_step_comes_once_and_after_those_it_needs(
    needed: dict[str, list[str]], done: set[str], first: list[str], left: set[str]
) -> None:
    made = set(done)
    steps = ordered(needed, done, first, left)
    for step in steps:
        assert step not in left and step not in made and set(needed[step]) <= made
        made.add(step)
    assert {*steps} == {*ordered(needed, done, (), left)}


def test_what_is_wanted_first_waits_for_its_own_needs_alone() -> None:
    needed = NEEDED | {"quarantine": ("snapshots",), "read_acgme": ("snapshots", "quarantine")}
    steps = ordered({"read_pages": ("snapshots",), **needed}, ("snapshots",), ("build_institutions",), CHAIN)
    assert steps == ["quarantine", "read_acgme", "build_institutions", "read_pages"]


def test_the_steps_named_are_steps() -> None:
    assert STEPS.keys() >= {*CHAIN, *AWAITED} and not {*AWAITED} & {*CHAIN}


def test_the_chain_is_one() -> None:
    needed = steps_needed()
    links = itertools.pairwise(CHAIN)
    assert [(one, after) for one, after in links if not comes_after(needed, after, one)] == [
        ("likelihood_calibration", "policy_changes")
    ]


def comes_after(needed: Mapping[str, Collection[str]], step: str, other: str) -> bool:
    return other in needed[step] or any(comes_after(needed, one, other) for one in needed[step])


def test_each_step_is_in_the_job_and_comes_after_the_same_ones_there() -> None:
    job = find_job("monthly_refresh")
    structure, known = job.graph.dependency_structure, STEPS.keys()
    in_job = {
        node.name: {
            output.node_name
            for outputs in structure.input_to_upstream_outputs_for_node(node.name).values()
            for output in outputs
            if output.node_name in known
        }
        for node in job.graph.nodes
        if node.name in known
    }
    assert in_job == {step: {*needed} for step, needed in steps_needed().items()}
    rest = {node.name for node in job.graph.nodes} - known - {RELEASE}
    assert rest == {check for check in rest if check.endswith(("none_held_back", "few_conflicting", "few_unmatched"))}


@pytest.mark.parametrize(("rows", "worth"), [(0, False), (99_999, False), (100_000, True)])
def test_little_is_not_worth_a_copy(rows: int, worth: bool, tmp_path: Path) -> None:
    work = Work(tmp_path)
    row = {
        "snapshot_id": "x", "source": "irs", "layout": "l", "part": "all", "coverage": "full", "sample": False, "used": True,
        "rows_in": rows, "added_on": pd.Timestamp("2026-11-01"), "original_name": "n", "sha256": "s", "licence": "l",
    }  # fmt: skip
    work.write("snapshots", to_arrow(pd.DataFrame([row] if rows else [row | {"rows_in": 0}]), "snapshots"))
    assert worthwhile(work) is worth

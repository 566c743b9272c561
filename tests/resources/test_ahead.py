"""Steps made ahead of their turn: which may be, and when it is worth a copy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.definitions import find_job
from pipeline.resources.ahead import AWAITED, BEGINS, CHAIN, LEADING, ready, worthwhile
from pipeline.resources.work import Work
from pipeline.schemas.frames import to_arrow

NAMES = st.sampled_from([*sorted(CHAIN), "a", "b", "c", "d", "e"])
NEEDED = {
    "snapshots": (),
    "read_acgme": ("snapshots",),
    "read_uscis_h1b_employers": ("snapshots",),
    "build_institutions": ("read_acgme",),
    "group_petitions": ("read_uscis_h1b_employers",),
    "redirects": ("group_petitions", "build_institutions"),
}


@pytest.mark.parametrize(
    ("done", "steps"),
    [
        ((), []),
        (("snapshots",), ["read_acgme", "build_institutions"]),
        (("snapshots", "read_acgme"), ["build_institutions"]),
        (
            ("snapshots", "read_uscis_h1b_employers", "group_petitions"),
            ["read_acgme", "build_institutions", "redirects"],
        ),
    ],
)
def test_what_hangs_on_nothing_that_is_still_to_be_made_is_ready(done: tuple[str, ...], steps: list[str]) -> None:
    assert ready(NEEDED, done) == steps


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3)), st.sets(NAMES))
def test_each_step_comes_after_those_it_needs_and_the_chain_is_left_alone(
    needed: dict[str, list[str]], done: set[str]
) -> None:
    made = set(done)
    for step in ready(needed, done):
        assert step not in CHAIN and step not in made and set(needed[step]) <= made
        made.add(step)


def test_what_the_chain_waits_for_is_made_before_the_rest() -> None:
    needed = NEEDED | {"quarantine": ("snapshots",), "read_acgme": ("snapshots", "quarantine")}
    assert ready({"read_pages": ("snapshots",), **needed}, ("snapshots",)) == [
        "quarantine",
        "read_acgme",
        "build_institutions",
        "read_pages",
    ]


def test_the_steps_named_are_steps_of_the_job() -> None:
    steps = {node.name for node in find_job("monthly_refresh").graph.nodes}
    assert steps >= CHAIN > BEGINS and steps >= LEADING | AWAITED
    assert not (LEADING | AWAITED) & CHAIN


def test_grouping_waits_for_nothing_but_leading_steps() -> None:
    job = find_job("monthly_refresh")
    made_by = {node.name: node for node in job.graph.nodes}
    grouping = job.graph.dependency_structure.input_to_upstream_outputs_for_node(made_by["group_petitions"].name)
    steps = {output.node_name for outputs in grouping.values() for output in outputs}
    assert steps - CHAIN == LEADING


@pytest.mark.parametrize(("rows", "worth"), [(0, False), (99_999, False), (100_000, True)])
def test_little_is_not_worth_a_copy(rows: int, worth: bool, tmp_path: Path) -> None:
    work = Work(tmp_path)
    row = {
        "snapshot_id": "x", "source": "irs", "layout": "l", "part": "all", "coverage": "full", "sample": False, "used": True,
        "rows_in": rows, "added_on": pd.Timestamp("2026-11-01"), "original_name": "n", "sha256": "s", "licence": "l",
    }  # fmt: skip
    work.write("snapshots", to_arrow(pd.DataFrame([row] if rows else [row | {"rows_in": 0}]), "snapshots"))
    assert worthwhile(work) is worth

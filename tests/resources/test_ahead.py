"""Steps made ahead of their turn: which may be, and when it is worth a copy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.definitions import find_job
from pipeline.resources.ahead import AWAITED, CHAIN, LEADING, copies_after, ordered, worthwhile
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


def test_while_petitions_are_read_and_grouped_a_copy_makes_what_hangs_on_nothing_of_the_chain() -> None:
    needed = NEEDED | {"visa_policies": ("snapshots",)}
    steps = ["visa_policies", "read_acgme", "build_institutions"]
    assert copies_after("snapshots", needed, ("snapshots",), anew=True) == [steps]
    assert copies_after("snapshots", needed, ("snapshots", "visa_policies", "read_acgme"), anew=True) == [steps[2:]]
    assert copies_after("snapshots", NEEDED, ("snapshots", "read_acgme", "build_institutions"), anew=True) == []
    assert copies_after("read_uscis_h1b_employers", needed, ("snapshots", "read_uscis_h1b_employers"), anew=True) == []


def test_after_grouping_one_copy_makes_the_chain_and_another_begins_with_the_rest() -> None:
    needed = NEEDED | {
        "petitioner_links": ("group_petitions", "build_institutions"),
        "unmatched_sponsors": ("petitioner_links",),
        "functional_h1b_sponsors": ("petitioner_links",),
        "policy_changes": ("functional_h1b_sponsors",),
        "release": ("policy_changes", "redirects", "unmatched_sponsors"),
    }
    done = ("snapshots", "read_uscis_h1b_employers", "group_petitions")
    rest, chain = copies_after("group_petitions", needed, done, anew=True)
    assert rest == ["read_acgme", "build_institutions", "redirects", "petitioner_links", "unmatched_sponsors"]
    assert chain[:4] == ["read_acgme", "build_institutions", "petitioner_links", "functional_h1b_sponsors"]
    assert {*chain} == {*rest, "functional_h1b_sponsors", "policy_changes"}


def test_where_petitioners_are_those_of_an_earlier_run_one_copy_makes_all_but_the_release() -> None:
    needed = NEEDED | {"release": ("redirects",)}
    done = ("snapshots", "read_uscis_h1b_employers", "group_petitions")
    assert copies_after("group_petitions", needed, done, anew=False) == [
        ["read_acgme", "build_institutions", "redirects"]
    ]


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


def test_the_steps_named_are_steps_of_the_job() -> None:
    steps = {node.name for node in find_job("monthly_refresh").graph.nodes}
    assert steps >= {*CHAIN, *LEADING, *AWAITED}
    assert not (LEADING | {*AWAITED}) & {*CHAIN}


def test_grouping_waits_for_nothing_but_leading_steps() -> None:
    job = find_job("monthly_refresh")
    made_by = {node.name: node for node in job.graph.nodes}
    grouping = job.graph.dependency_structure.input_to_upstream_outputs_for_node(made_by["group_petitions"].name)
    steps = {output.node_name for outputs in grouping.values() for output in outputs}
    assert steps - {*CHAIN} == LEADING


@pytest.mark.parametrize(("rows", "worth"), [(0, False), (99_999, False), (100_000, True)])
def test_little_is_not_worth_a_copy(rows: int, worth: bool, tmp_path: Path) -> None:
    work = Work(tmp_path)
    row = {
        "snapshot_id": "x", "source": "irs", "layout": "l", "part": "all", "coverage": "full", "sample": False, "used": True,
        "rows_in": rows, "added_on": pd.Timestamp("2026-11-01"), "original_name": "n", "sha256": "s", "licence": "l",
    }  # fmt: skip
    work.write("snapshots", to_arrow(pd.DataFrame([row] if rows else [row | {"rows_in": 0}]), "snapshots"))
    assert worthwhile(work) is worth

"""A refresh that is killed, at any moment of any step, leaves the last release whole and the next refresh free to run."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.definitions import defs, find_job
from pipeline.release.lock import alone
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE, data_folder
from tests.e2e.conftest import command
from tests.faults import die_at, drawn_without_threads, in_child

KILLS = 60
SECOND_DAY = "2026-11-02"
# File operations of a step to choose from at first, of publishing and of any other; one with fewer tells how many when it is run.
OF_PUBLISHING, OF_A_STEP = 400, 60
JOB = dg.build_reconstructable_job("pipeline.definitions", "find_job", ("monthly_refresh",))


@pytest.fixture(scope="module", autouse=True)
def undrawn() -> Iterator[None]:
    with drawn_without_threads():
        yield


def steps_in_order() -> dict[str, list[dg.AssetKey]]:
    """The steps of the monthly job that make something, each with its assets, in an order in which they can run."""
    graph = defs.get_repository_def().asset_graph
    of_job = {node.name for node in find_job("monthly_refresh").nodes}
    assets = {one.op.name: sorted(one.keys) for one in graph.assets_defs if one.keys and one.op.name in of_job}
    place = {key: n for n, key in enumerate(graph.toposorted_asset_keys)}
    return dict(sorted(assets.items(), key=lambda step: max(place[key] for key in step[1])))


def run_step(keys: list[dg.AssetKey], dies_at: int | None = None) -> int:
    """Run one step of the job; killed before the file operation number `dies_at`. Returns how many there were."""
    config: dict[str, Any] = {
        "loggers": {"console": {}},
        "resources": {"clock": {"config": {"as_of": SECOND_DAY}}},
    }
    # Whatever earlier runs have left, the step runs.
    shutil.rmtree(data_folder().work / "steps", ignore_errors=True)
    touched = die_at(dies_at)
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.execute_job(JOB, instance=instance, run_config=config, asset_selection=keys)
    assert done.success
    return len(touched)


def killed_within(keys: list[dg.AssetKey], chance: random.Random, touches: int) -> tuple[int, int]:
    """Kill one step before one of its first `touches` file operations; where it had fewer, and so ran to its end, once more.

    Returns the signal that ended it, and how many operations to choose from the next time.
    """
    died, made = in_child(partial(run_step, keys, chance.randint(1, touches)))
    if died == 0:
        touches = int(str(made))
        died, _ = in_child(partial(run_step, keys, chance.randint(1, touches)))
    return died, touches


def at_work_on(data: Path, patched: pytest.MonkeyPatch, source: Path) -> Path:
    shutil.copytree(source, data, symlinks=True)
    patched.setenv(DATA_DIR_VARIABLE, str(data))
    return data / "curated"


def test_sixty_kills_over_all_steps(tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_in_order()
    assert next(iter(steps)) == "snapshots" and list(steps)[-1] == "release"
    curated = at_work_on(tmp_path / "data", monkeypatch, tiny_data)
    first = Release.open(curated / "latest")
    chance = random.Random(12)
    killed = 0
    for number, (name, keys) in enumerate(steps.items()):
        # Each step is killed at least once, and publishing as often as is left of sixty; then it runs to its end.
        wanted = KILLS - killed if name == "release" else (KILLS - 15) * (number + 1) // len(steps) - killed
        touches = OF_PUBLISHING if name == "release" else OF_A_STEP
        for _ in range(wanted):
            died, touches = killed_within(keys, chance, touches)
            assert died == signal.SIGKILL
            killed += 1
            latest = Release.open(curated / "latest")
            assert latest.damage() == []
            assert latest.id == first.id or (name == "release" and latest.manifest["as_of"] == SECOND_DAY)
            with alone(curated, "a test"):
                pass
        if name != "release":
            assert in_child(partial(run_step, keys))[0] == 0
    assert killed == KILLS
    assert "last release:" in command(tmp_path / "data", "status").output
    made = command(tmp_path / "data", "refresh", "--as-of", SECOND_DAY)
    assert made.code == 0, made.output
    latest = Release.open(curated / "latest")
    assert sorted(path.name for path in (curated / "releases").iterdir()) == [first.id, latest.id]
    assert latest.damage() == []


@pytest.mark.parametrize("touch", [25, 250])
def test_the_command_itself_killed_at_any_moment(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, touch: int
) -> None:
    curated = at_work_on(tmp_path / "data", monkeypatch, tiny_data)
    first = Release.open(curated / "latest")

    def killed() -> None:
        die_at(touch)
        command(tmp_path / "data", "refresh", "--as-of", SECOND_DAY)

    assert in_child(killed)[0] == signal.SIGKILL
    assert Release.open(curated / "latest").id == first.id and first.damage() == []
    assert "its files are as its manifest says" in command(tmp_path / "data", "status").output
    assert command(tmp_path / "data", "query").code == 0

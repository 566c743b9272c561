"""A refresh that takes over what has not changed makes the very release that a full one makes, whatever has changed in between."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.reference.rulings import LINKS, PETITIONERS
from pipeline.reference.tables import TABLES
from pipeline.release.derived.files import NOT_REPRODUCIBLE
from pipeline.release.publish import comparable
from pipeline.release.reader import DATABASE, Release
from pipeline.settings import PROJECT
from pipeline.steps.work import Work
from tests.conftest import made_once
from tests.e2e.conftest import HUB, command
from tests.faults import drawn_without_threads
from tests.release.derived.test_database import tables_that_differ

SECOND_DAY = "2026-11-02"
CHANGES = 7
PAGE = "<html><body><h1>Good Hospital, Internal Medicine Residency</h1><p>We {} H-1B visas. J-1 visas are sponsored.</p></body></html>"


@pytest.fixture(scope="module", autouse=True)
def undrawn() -> Iterator[None]:
    with drawn_without_threads():
        yield


class World:
    """A data folder to which things happen, and its day."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data, self.chance = data, random.Random(seed)
        self.day, self.added = dt.date.fromisoformat(SECOND_DAY), 0

    def add(self, name: str, text: str, *words: str) -> None:
        self.added += 1
        path = self.data / f"{self.added}-{name}"
        path.write_text(text, "utf-8")
        told = command(self.data, "add", str(path), *words)
        assert told.code == 0, told.output

    def a_page(self) -> None:
        program, says = self.chance.randrange(40), self.chance.choice(("sponsor", "do not sponsor", "can't sponsor"))
        about = ("--url", f"https://good.example/{self.added}", "--program", f"14005{program:05d}")
        self.add("page.html", PAGE.format(says), *about)

    def a_confirmation(self) -> None:
        row = f"14005{self.chance.randrange(40):05d},{self.chance.choice(('2025-10-01', '2025-11-01'))},email,yes,yes,,told me\n"
        self.add("confirmations.csv", "program_code,date,how,j1,h1b,step3,note\n" + row)

    def a_year(self) -> None:
        self.add("hub.csv", HUB.replace("2021", str(2009 + self.added)).replace("1,0,2,0", f"{self.added},0,3,1"))

    def a_ruling(self) -> None:
        (self.data / "judgements").mkdir(exist_ok=True)
        header = ",".join(TABLES[LINKS].columns)
        row = f"GOOD HOSPITAL,1234,MA,,050001,,,{self.chance.choice(('different', 'same'))},looked at,a test,2026-11-01,me"
        (self.data / "judgements" / "mine.csv").write_text(f"{header}\n{row}\n", "utf-8")

    def a_petitioner(self) -> None:
        self.add("hub.csv", HUB.replace("2021", "2012").replace("GOOD HOSPITAL", "RIVER CLINIC"))

    def a_merger(self) -> None:
        """Let two petitioners be one: the id of one of them is given up."""
        (self.data / "judgements").mkdir(exist_ok=True)
        row = "GOOD HOSPITAL,RIVER CLINIC,1234,MA,one,looked at,a test,2026-11-01,me"
        text = ",".join(TABLES[PETITIONERS].columns) + f"\n{row}\n"
        (self.data / "judgements" / "petitioners.csv").write_text(text, "utf-8")

    def a_parting(self) -> None:
        """Let them be two again."""
        (self.data / "judgements" / "petitioners.csv").unlink()

    def a_loss(self) -> None:
        mine = sorted((self.data / "raw").glob("*/*"))
        loose = [path for path in mine if path.parent.name not in ("acgme", "uscis_h1b_employers")]
        if loose:
            shutil.rmtree(self.chance.choice(loose))

    def a_day(self) -> None:
        self.day += dt.timedelta(days=1)

    def nothing(self) -> None:
        """Leave everything as it is."""

    def refresh(self, data: Path) -> Release:
        told = command(data, "refresh", "--as-of", self.day.isoformat(), "--accept-change", "a test")
        assert told.code == 0, told.output
        return Release.open(data / "curated" / "latest")


@pytest.fixture(scope="module")
def second_day(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which nothing has happened but a refresh of the next day; treat it as read-only."""

    def make(place: Path) -> None:
        shutil.copytree(tiny_data, place / "data", symlinks=True)
        World(place / "data", 0).refresh(place / "data")

    return made_once(tmp_path_factory, "second_day", make) / "data"


def contents(release: Release) -> dict[str, bytes]:
    """The files of a release by path, but for those that are never equal."""
    left_out = {*NOT_REPRODUCIBLE, "manifest.json"}
    files = (path for path in release.folder.rglob("*") if path.is_file() and path.name not in left_out)
    return {path.relative_to(release.folder).as_posix(): path.read_bytes() for path in files}


def from_nothing(world: World, place: Path) -> Path:
    """A copy of a data folder as it is, without what the last run left for the next."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(world.data, place, symlinks=True)
    shutil.rmtree(place / "curated" / ".work", ignore_errors=True)
    return place


def same(one: Release, other: Release) -> None:
    assert one.id == other.id
    assert comparable(one.manifest) == comparable(other.manifest)
    mine, theirs = contents(one), contents(other)
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] != theirs[name]] == []
    assert tables_that_differ(one.folder) == tables_that_differ(other.folder) == []


def test_any_sequence_of_changes_gives_what_a_full_refresh_gives(tiny_data: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 5)
    may: list[Callable[[], None]] = [
        world.a_page, world.a_confirmation, world.a_year, world.a_ruling, world.a_loss, world.a_day, world.nothing
    ]  # fmt: skip
    for number in range(CHANGES):
        for change in world.chance.sample(may, world.chance.randint(1, 2)):
            change()
        full = from_nothing(world, tmp_path / "full") if number % 3 == 0 else None
        made = world.refresh(world.data)
        if full:
            same(made, world.refresh(full))


def steps_of(data: Path) -> dict[str, Any]:
    summary = json.loads((data / "run_summary.json").read_text("utf-8"))
    return {step["name"]: step for step in summary["steps"]}


def test_without_a_change_nothing_but_the_look_at_the_archive_is_done_again(second_day: Path, tmp_path: Path) -> None:
    shutil.copytree(second_day, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    first = Release.open(world.data / "curated" / "latest")
    told = command(world.data, "refresh", "--as-of", SECOND_DAY)
    assert told.code == 0
    assert {name for name, step in steps_of(world.data).items() if step["reused"] is False} == {
        "snapshots",
        "quarantine",
    }
    assert Release.open(world.data / "curated" / "latest").id == first.id


def test_a_confirmation_leaves_links_and_exemption_as_they_are(second_day: Path, tmp_path: Path) -> None:
    shutil.copytree(second_day, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    world.a_confirmation()
    world.refresh(world.data)
    steps = steps_of(world.data)
    again = {name for name, step in steps.items() if step["reused"] is False}
    assert {"read_confirmations", "visa_policies", "functional_h1b_sponsors", "release"} <= again
    assert (
        not {"group_petitions", "petitioner_links", "cap_exemption", "search_registers", "read_uscis_h1b_employers"}
        & again
    )
    assert steps["visa_policies"]["made_anew_for"] == ["table confirmations"]


def gave_ids_again(data: Path) -> list[bool]:
    return [steps_of(data)[name]["reused"] is False for name in ("group_petitions", "build_institutions")]


def test_ids_that_a_step_gave_itself_are_no_reason_to_give_them_again(tiny_data: Path, tmp_path: Path) -> None:
    """Neither those of a first release, nor those of one in which two petitioners became one, or one became two."""
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    world.a_confirmation()
    world.refresh(world.data)
    assert gave_ids_again(world.data) == [False, False]
    world.a_petitioner()
    world.a_day()
    world.refresh(world.data)
    for change, kind in ((world.a_merger, "merged"), (world.a_parting, "split")):
        change()
        world.a_day()
        world.refresh(world.data)
        assert gave_ids_again(world.data) == [True, False]
        world.a_confirmation()
        world.a_day()
        full = from_nothing(world, tmp_path / "full")
        made = world.refresh(world.data)
        assert gave_ids_again(world.data) == [False, False]
        assert made.table("redirects")["kind"].tolist() == [kind]
        same(made, world.refresh(full))


def test_what_was_tampered_with_is_made_anew(second_day: Path, tmp_path: Path) -> None:
    shutil.copytree(second_day, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    work = Work(world.data / "curated" / ".work")
    before = work.table("petitioners").version
    work.write("petitioners", work.table("petitioners").arrow().slice(0, 0))
    (work.folder / "steps" / "visa_policies.json").write_text("[]", "utf-8")
    (work.folder / DATABASE).write_bytes(b"none")
    made = world.refresh(world.data)
    steps = steps_of(world.data)
    assert steps["group_petitions"]["made_anew_for"] == ["tables lost or changed"]
    assert steps["petitions_database"]["made_anew_for"] == ["tables lost or changed"]
    assert tables_that_differ(made.folder) == []
    assert steps["visa_policies"]["made_anew_for"] == ["first run"]
    assert steps["petitioner_links"]["reused"] and work.table("petitioners").version == before


def test_what_is_left_out_of_a_table_is_not_in_the_database_either(second_day: Path, tmp_path: Path) -> None:
    shutil.copytree(second_day, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    world.add("hub.csv", HUB.replace("2021", "2012").replace("GOOD HOSPITAL", "CLINIC OF JANE@DOE.EXAMPLE"))
    made = world.refresh(world.data)
    assert "JANE@DOE" in str(Work(world.data / "curated" / ".work").table("petitions").arrow()["employer"])
    assert "JANE@DOE" not in str(made.arrow("petitions")["employer"])
    assert tables_that_differ(made.folder) == []


def test_changed_bytes_of_the_archive_are_found_though_nothing_is_read_again(second_day: Path, tmp_path: Path) -> None:
    shutil.copytree(second_day, tmp_path / "data", symlinks=True)
    world = World(tmp_path / "data", 0)
    [file] = (world.data / "raw" / "uscis_h1b_employers").glob("*/*.csv")
    state = file.stat()
    file.write_bytes(file.read_bytes().replace(b"GOOD", b"EVIL"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    told = command(world.data, "refresh", "--as-of", SECOND_DAY)
    assert told.code == 1 and "the bytes have changed since they were archived" in told.last


def refreshed_by(package: Path, data: Path) -> Release:
    """Refresh in a process of its own, by the code in `package`."""
    run = [sys.executable, "-c", "from pipeline.cli import main; main()", "refresh", "--as-of", SECOND_DAY]
    told = subprocess.run(
        [*run, "--accept-change", "a test"],
        env={**os.environ, "PYTHONPATH": str(package), "H1B_DATA_DIR": str(data)},
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return Release.open(data / "curated" / "latest")


@pytest.fixture(scope="module")
def by_a_copy(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, and a data folder with a page that it has refreshed; treat both as read-only."""

    def make(place: Path) -> None:
        shutil.copytree(tiny_data, place / "data", symlinks=True)
        shutil.copytree(PROJECT / "pipeline", place / "code" / "pipeline")  # compiled modules, too
        World(place / "data", 0).a_page()
        refreshed_by(place / "code", place / "data")

    return made_once(tmp_path_factory, "by_a_copy", make)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("reference/policy/lexicon.csv", "\n", "\n"),  # a row less
        ("filings/build.py", "The tables of", "All tables of"),
    ],
)
def test_changed_code_and_curated_rows_count(by_a_copy: Path, tmp_path: Path, file: str, old: str, new: str) -> None:
    for name in ("code", "data"):
        shutil.copytree(by_a_copy / name, tmp_path / name, symlinks=True)
    world = World(tmp_path / "data", 0)
    changed = tmp_path / "code" / "pipeline" / file
    text = changed.read_text("utf-8")
    changed.write_text(text[: text.rstrip().rindex(old)] + new if old == new else text.replace(old, new, 1), "utf-8")
    full = from_nothing(world, tmp_path / "full")
    same(refreshed_by(tmp_path / "code", world.data), refreshed_by(tmp_path / "code", full))
    steps = steps_of(world.data)
    assert "code" in steps["trainee_filings"]["made_anew_for"]
    assert steps["petitioner_links"]["reused"] is (file == "filings/build.py")

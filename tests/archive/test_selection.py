"""Which snapshot is used for a part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.manifest import Manifest
from pipeline.archive.selection import choices_frame, choose, used_parts
from pipeline.archive.store import Snapshot
from pipeline.sources.base import Part


def snapshot(
    name: str,
    parts: list[Part],
    *,
    sample: bool = False,
    added: str = "2026-01-01",
    layout: str = "A",
    source: str = "uscis_h1b_employers",
) -> Snapshot:
    manifest = Manifest(
        source,
        layout,
        f"{name}.csv",
        f"{added}T00:00:00+00:00",
        name.ljust(64, "0"),
        1,
        "public domain",
        sample,
        sum(part.rows for part in parts),
        0,
        tuple(parts),
    )
    return Snapshot(Path(name), manifest)


FULL = Part("FY2021", 60_000, True)
HALF = Part("FY2021", 30_000, False, "fewer rows than a full year")
SECTOR = Part("FY2021", 4_000, False, "one sector")


def winner(*snapshots: Snapshot) -> str:
    return next(choice.snapshot.path.name for choice in choose(list(snapshots)) if choice.used)


def test_full_before_partial_even_if_older() -> None:
    assert winner(snapshot("a", [FULL], added="2024-01-01"), snapshot("b", [HALF], added="2026-01-01")) == "a"


def test_the_newest_of_two_full_ones() -> None:
    assert winner(snapshot("a", [FULL], added="2024-01-01"), snapshot("b", [FULL], added="2026-01-01")) == "b"


LATER = Part("FY2022", 60_000, True)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ([FULL, LATER], "which reaches to FY2022"),
        ([Part("FY2021", 60_001, True)], "which has more rows"),
    ],
)
@pytest.mark.parametrize(("plain", "fuller"), [("a", "b"), ("b", "a")])
def test_of_files_filed_together_what_is_in_them_decides_and_not_their_hashes(
    other: list[Part], reason: str, plain: str, fuller: str
) -> None:
    choices = choose([snapshot(plain, [FULL]), snapshot(fuller, other)])
    first, second = (choice for choice in choices if choice.part.name == "FY2021")
    assert (first.snapshot.path.name, second.reason) == (fuller, f"filed together with {first.snapshot.id}, {reason}")


def test_an_older_layout_that_is_filed_later_is_older_all_the_same() -> None:
    hospitals = Part("all", 5_000, True)
    new, old = (
        snapshot(name, [hospitals], added=day, layout=layout, source="cms_hospitals")
        for name, day, layout in (("a", "2026-01-01", "current"), ("b", "2026-02-01", "before 2020"))
    )
    choices = choose([new, old])
    assert [(choice.snapshot.path.name, choice.used) for choice in choices] == [("a", True), ("b", False)]
    assert choices[1].reason == f"layout before 2020, and {new.id} is in current"


def test_files_that_say_as_much_are_told_apart_by_their_bytes() -> None:
    assert winner(snapshot("a", [FULL]), snapshot("b", [FULL])) == "b"


def test_one_filed_later_is_newer_whatever_is_in_it() -> None:
    assert winner(snapshot("a", [FULL], added="2026-01-02"), snapshot("b", [FULL, LATER])) == "a"


def test_a_layout_that_no_reader_knows_is_never_used() -> None:
    old, partial = snapshot("a", [FULL], layout="Z"), snapshot("b", [SECTOR])
    assert winner(old, partial) == "b"
    [choice] = choose([old])
    assert (choice.used, choice.reason) == (False, "layout Z of uscis_h1b_employers is no longer read")


def test_the_fuller_of_two_partial_ones() -> None:
    assert winner(snapshot("a", [HALF], added="2024-01-01"), snapshot("b", [SECTOR], added="2026-01-01")) == "a"


def test_real_before_sample() -> None:
    choices = choose([snapshot("a", [FULL], sample=True), snapshot("b", [SECTOR])])
    assert [(choice.snapshot.path.name, choice.used) for choice in choices] == [("b", True), ("a", False)]
    assert choices[1].reason is not None and "sample" in choices[1].reason


def test_the_unused_say_why() -> None:
    choices = choose([snapshot("a", [FULL]), snapshot("b", [SECTOR])])
    assert choices[1].reason == f"partial (one sector), and {choices[0].snapshot.id} is full"


def test_a_snapshot_may_win_one_year_and_lose_another() -> None:
    frame = choices_frame(choose([snapshot("a", [FULL]), snapshot("b", [HALF, LATER])]))
    assert {name.rsplit("_", 1)[1][0]: parts for name, parts in used_parts(frame).items()} == {
        "a": {"FY2021"},
        "b": {"FY2022"},
    }


TABLE = Part("program_table", 4_000, True)


def used_of(*snapshots: Snapshot) -> set[str]:
    return {choice.snapshot.path.name for choice in choose(snapshots) if choice.used}


def test_of_an_additive_layout_all_are_used_but_samples_only_with_samples() -> None:
    short = Part("program_table", 19, False)
    older, cut = (
        snapshot(name, [part], layout="program_table", source="acgme") for name, part in (("a", TABLE), ("b", short))
    )
    sample = snapshot("c", [TABLE], layout="program_table", source="acgme", sample=True)
    assert used_of(older, cut, sample) == {"a", "b"}
    assert used_of(sample, replace(sample, path=Path("d"))) == {"c", "d"}


def test_reports_of_one_specialty_do_not_add_up() -> None:
    report = Part("report_1:140", 600, True)
    earlier, later = (
        snapshot(name, [report], layout="report_1", source="acgme", added=day)
        for name, day in (("a", "2026-01-01"), ("b", "2026-02-01"))
    )
    assert used_of(earlier, later) == {"b"}


parts = st.builds(Part, st.sampled_from(["FY2020", "FY2021"]), st.integers(1, 90_000), st.booleans())
described = st.lists(
    st.tuples(st.lists(parts, min_size=1, max_size=2, unique_by=lambda part: part.name), st.booleans()), max_size=6
)


@given(described, st.randoms())
def test_each_part_is_used_once_whatever_the_order(given_parts: list[tuple[list[Part], bool]], random: object) -> None:
    made = [snapshot(chr(97 + place), part, sample=sample) for place, (part, sample) in enumerate(given_parts)]
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    choices = choose(made)
    used = [choice.part.name for choice in choices if choice.used]
    assert sorted(used) == sorted({part.name for one in made for part in one.manifest.coverage})
    assert len(choices) == sum(len(one.manifest.coverage) for one in made)
    assert choose(shuffled) == choices


def saved(name: str, day: str, added: str) -> Snapshot:
    filed = snapshot(
        name, [Part("page:https://lakeshore.example/gme", 1, True)], added=added, source="program_pages", layout="html"
    )
    return replace(filed, manifest=replace(filed.manifest, hints={"retrieved_on": day}))


def test_of_a_page_the_copy_saved_last_is_used_in_whatever_order_they_are_filed() -> None:
    new, old = saved("new", "2026-10-01", "2026-11-01"), saved("old", "2025-03-01", "2026-11-02")
    assert winner(new, old) == winner(old, new) == "new"
    assert [choice.reason for choice in choose([new, old]) if not choice.used] == [f"older than {new.id}"]

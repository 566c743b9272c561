"""What may be less than in the last release, and what holds `latest` back until a person accepts it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline.release.gate import Comparison, GateError, compare
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.reader import Release
from pipeline.settings import GateSettings, SettingsError, gate_settings

FIGURES: dict[str, Any] = {
    "programs": 1_000, "institutions": 200, "institutions_with_petitioner": 150, "stated_policies": 300,
    "tiers": {"sponsors": 100, "likely": 300, "unknown": 600},
    "cap_exempt_categories": {"exempt_higher_ed": 400, "likely_exempt": 8, "unknown": 100},
}  # fmt: skip


def snapshot(name: str, *, sample: bool = False) -> dict[str, Any]:
    return {"id": name, "sha256": "0", "sample": sample, "parts": ["all"]}


REAL = (snapshot("acgme/2026-10-05_aaaaaaaa"), snapshot("ipeds_hd/2026-10-05_aaaaaaaa"))
SAMPLE = (snapshot("acgme/2026-10-05_bbbbbbbb", sample=True), snapshot("ipeds_hd/2026-10-05_aaaaaaaa"))


def last(*snapshots: dict[str, Any], **figures: Any) -> Release:
    manifest = {
        "release_id": "2026-10-05_12345678", "code_version": "0.1.0+abc", "snapshots": list(snapshots or REAL),
        "figures": FIGURES | figures,
    }  # fmt: skip
    return Release(Path("nowhere"), manifest)


def compared(
    before: Release, *snapshots: dict[str, Any], bounds: GateSettings | None = None, **figures: Any
) -> Comparison:
    inputs = ReleaseInputs(dt.date(2026, 11, 5), "0.1.0+abc", snapshots or REAL)
    return compare(before, inputs, FIGURES | figures, bounds or GateSettings())


@pytest.mark.parametrize(
    ("now", "fell", "fatal"),
    [
        ({}, 0, 0),
        ({"programs": 2_000, "institutions": 400}, 0, 0),
        ({"programs": 850}, 1, 0),
        ({"programs": 849}, 1, 1),
        ({"programs": 0}, 1, 1),
        ({"institutions": 160, "institutions_with_petitioner": 120}, 1, 1),
        ({"institutions_with_petitioner": 120}, 1, 1),
        ({"institutions": 350}, 0, 0),  # as many linked as before, of more institutions: nothing is lost
        ({"stated_policies": 254}, 1, 1),
        ({"tiers": {"sponsors": 60, "likely": 340, "unknown": 600}}, 1, 0),
        ({"tiers": {"sponsors": 49, "likely": 300, "unknown": 651}}, 1, 1),
        ({"tiers": {"sponsors": 400, "likely": 590, "unknown": 10}}, 1, 0),  # to know more is no loss
        ({"cap_exempt_categories": {"exempt_higher_ed": 100, "likely_exempt": 8, "unknown": 400}}, 1, 1),
        ({"cap_exempt_categories": {"exempt_higher_ed": 400, "likely_exempt": 0, "unknown": 108}}, 1, 0),  # a handful
    ],
)
def test_what_is_less_is_told_and_what_is_much_less_is_fatal(now: dict[str, Any], fell: int, fatal: int) -> None:
    comparison = compared(last(), **now)
    assert (len(comparison.falls), len(comparison.fatal)) == (fell, fatal), comparison


def test_the_bounds_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("H1B_GATE_PROGRAMS", "5")
    monkeypatch.setenv("H1B_GATE_TIERS", "100")
    bounds = gate_settings()
    assert compared(last(), bounds=bounds, programs=940).fatal == ("programs 1,000 -> 940 (-6.0 %)",)
    assert compared(last(), bounds=bounds, tiers={}).fatal == ()
    for text in ("a lot", "-1", "101", "nan"):
        monkeypatch.setenv("H1B_GATE_PROGRAMS", text)
        with pytest.raises(SettingsError, match="H1B_GATE_PROGRAMS"):
            gate_settings()


def test_the_first_real_list_after_the_sample_is_held_back_by_nothing() -> None:
    comparison = compared(last(*SAMPLE), *REAL, programs=20, tiers={}, stated_policies=0)
    assert comparison.falls and comparison.fatal == ()


def test_the_sample_never_takes_the_place_of_a_real_list_unasked() -> None:
    comparison = compared(last(), *SAMPLE, programs=5_000)
    assert comparison.falls == () and "embedded sample" in comparison.fatal[0]


def test_a_release_of_older_code_is_compared_by_the_figures_it_has() -> None:
    older = Release(Path("nowhere"), {**last().manifest, "figures": {"programs": 1_000}})
    assert [fall.figure for fall in compared(older, programs=900).falls] == ["programs"]
    bare = Release(Path("nowhere"), {name: entry for name, entry in last().manifest.items() if name != "figures"})
    assert compared(bare).falls == ()


def test_the_refusal_names_what_is_lost_which_sources_changed_and_what_to_do() -> None:
    new = (snapshot("acgme/2026-11-05_cccccccc"), REAL[1])
    error = compared(last(), *new, programs=19).refusal()
    assert isinstance(error, GateError)
    said = str(error)
    for part in (
        "2026-10-05_12345678", "programs 1,000 -> 19 (-98.1 %)", "new acgme/2026-11-05_cccccccc",
        "gone acgme/2026-10-05_aaaaaaaa", "--accept-change REASON",
    ):  # fmt: skip
        assert part in said
    assert "ipeds" not in said and "\n" not in said


def test_changes_of_code_and_rulings_are_named_and_long_lists_are_cut() -> None:
    pages = [snapshot(f"program_pages/2026-11-05_{n:08x}") for n in range(100)]
    inputs = ReleaseInputs(dt.date(2026, 11, 5), "0.1.0+def", (*REAL, *pages), rulings="1f")
    changed = compare(last(), inputs, FIGURES, GateSettings()).changed
    assert len(changed) == 3 and "and 97 more" in changed[0] and len(changed[0]) < 200
    assert "0.1.0+abc -> 0.1.0+def" in changed[1] and "rulings" in changed[2]

"""The gate before a file is used: what passes, what is held back and why, and how a person lets it pass."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choose
from pipeline.archive.snapshot_gate import require_period
from pipeline.archive.store import accept
from pipeline.sources import ipeds, nrmp
from pipeline.sources.base import (
    Bounds,
    Hints,
    Layout,
    Parsed,
    Part,
    Probe,
    Source,
    SourceError,
    no_quarantine,
    sized_part,
)

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
LAYOUT = Layout("uscis_h1b_employers", "A", "csv", ("year", "name", "state", "count"))


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    frame = pd.read_csv(probe.path, dtype={"name": "str", "state": "str"})
    return Parsed({"toy": frame}, no_quarantine(), len(frame), len(frame))


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    years = parsed.tables["toy"]["year"].value_counts(sort=False)
    return tuple(sized_part(f"FY{year}", int(rows), 20, "rows", of="year") for year, rows in years.items())


def toy(**changes: object) -> Source:
    """A source of a few rows a year; a year is full with 20 of them. It bears the id and a layout of a real one."""
    described = {
        "id": LAYOUT.source, "title": "Toy", "producer": "", "url": "", "licence": "", "layouts": (LAYOUT,), "read": _read,
        "parts": _parts, "tables": ("toy",), "bounds": Bounds(1, 1_000), "watched": ("name", "state"), "totals": ("count",),
        "part_of": lambda frame: "FY" + frame["year"].astype("str"),
    }  # fmt: skip
    return Source(**(described | changes))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy's table is in no registry."""
    monkeypatch.setattr("pipeline.archive.intake.check_tables", lambda name, parsed: None)


def rows(
    years: list[int], each: int = 100, *, blank: float = 0.0, names: int = 100, count: int = 5, pad: int = 0
) -> pd.DataFrame:
    """Return `each` rows a year, of `names` names, of which a share has a blank state; `pad`: letters after each name."""
    return pd.DataFrame(
        [
            {"year": year, "name": f"n{at % names}{'x' * pad}", "state": None if at < blank * each else "MA", "count": count}
            for year in years
            for at in range(each)
        ]
    )  # fmt: skip


def offer(folder: Path, name: str, frame: pd.DataFrame, day: int, source: Source | None = None) -> Outcome:
    path = folder / name
    frame.to_csv(path, index=False)
    [outcome] = add([path], folder / "raw", [source or toy()], lambda: NOW + dt.timedelta(days=day))
    return outcome


def in_use(folder: Path) -> dict[str, str]:
    """Return the parts in use and the name of the file of each."""
    own = [snapshot for snapshot in open_archive(folder / "raw") if snapshot.manifest.source == LAYOUT.source]
    return {one.part.name: one.snapshot.manifest.original_name for one in choose(own) if one.used}


SAME = [2020]
HELD = {
    "half the rows": (rows(SAME, 50), "FY2020: 50 rows"),
    "three times the rows": (rows(SAME, 300, names=300), "FY2020: 300 rows"),
    "a column gone blank": (rows(SAME, blank=0.5), "50% of state are blank"),
    "one name for all": (rows(SAME, names=3), "3 different values of name"),
    "totals that fall": (rows(SAME, count=4), "count sum up to 400"),
    "far more bytes": (rows(SAME, pad=200), "bytes"),
    "a year left out": (rows([2020, 2022]), "leave out FY2021"),
    "half of the next year": (rows([2021], 40), "FY2021: 40 rows, FY2020 has 100"),
}


@pytest.mark.parametrize("what", HELD)
def test_what_is_unlike_the_file_before_is_held_back_until_a_person_accepts_it(tmp_path: Path, what: str) -> None:
    frame, reason = HELD[what]
    assert offer(tmp_path, "first.csv", rows([2020]), 0).verdict == "took"
    held = offer(tmp_path, "second.csv", frame, 1)
    assert held.verdict == "held" and reason in held.detail and f"accept {held.snapshot_id} --reason" in held.detail
    assert in_use(tmp_path) == {"FY2020": "first.csv"}

    snapshot = open_archive(tmp_path / "raw").snapshot(str(held.snapshot_id))
    assert reason in next(one for one in choose([snapshot]) if not one.used).reason  # type: ignore[operator]
    accept(snapshot, "the publisher says so", NOW)
    assert set(in_use(tmp_path).values()) - {"first.csv"} == {"second.csv"}
    assert open_archive(tmp_path / "raw").snapshot(snapshot.id).accepted == "the publisher says so"


PASSES = {
    "a little more": rows(SAME, 110, names=110),
    "corrections": rows(SAME, 97),
    "the next year": rows([2021], 120, names=120),
    "a later year": rows([2024], 120, names=120),
    "a part of the year, which takes no place": rows(SAME, 15),
}


@pytest.mark.parametrize("what", PASSES)
def test_what_a_publisher_really_does_passes(tmp_path: Path, what: str) -> None:
    offer(tmp_path, "first.csv", rows([2020]), 0)
    assert offer(tmp_path, "second.csv", PASSES[what], 1).verdict == "took"


def test_the_first_file_and_a_source_that_watches_nothing_are_never_held(tmp_path: Path) -> None:
    careless = toy(watched=(), totals=())
    assert offer(tmp_path, "first.csv", rows([2020]), 0, careless).verdict == "took"
    assert offer(tmp_path, "second.csv", rows([2020], 30), 1, careless).verdict == "took"


def test_a_file_is_compared_with_what_is_in_use_not_with_what_is_held(tmp_path: Path) -> None:
    offer(tmp_path, "first.csv", rows([2020]), 0)
    assert offer(tmp_path, "half.csv", rows([2020], 50), 1).verdict == "held"
    assert offer(tmp_path, "other_half.csv", rows([2020], 49), 2).verdict == "held"
    assert offer(tmp_path, "whole.csv", rows([2020], 101), 3).verdict == "took"
    assert in_use(tmp_path) == {"FY2020": "whole.csv"}


def test_the_same_register_from_elsewhere_is_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows([2020]).to_csv(path, index=False)
    verdicts = [
        next(iter(add([path], tmp_path / "raw", [toy()], lambda: NOW, Provenance(url=url)))).verdict
        for url in (None, "https://a.example/a.csv", "https://b.example/a.csv")
    ]
    assert verdicts == ["took", "skipped", "skipped"]


@pytest.mark.parametrize(
    ("parts", "period", "refused"),
    [
        ([Part("FY2025", 100, True)], "FY2025", False),
        ([Part("FY2026", 100, True)], "FY2025", True),
        ([Part("FY2025Q1", 60, True), Part("FY2025Q2", 40, True)], "FY2025", False),
        ([Part("FY2025Q2", 96, True), Part("FY2025Q1", 4, False)], "FY2025Q2", False),
        ([Part("FY2025Q2", 90, True), Part("FY2025Q1", 10, False)], "FY2025Q2", True),
    ],
)
def test_the_period_that_was_asked_for_is_that_of_the_rows(parts: list[Part], period: str, refused: bool) -> None:
    if refused:
        with pytest.raises(SourceError, match=f"{period} was asked for"):
            require_period("a.csv", tuple(parts), period)
    else:
        require_period("a.csv", tuple(parts), period)


def test_watched_columns_are_columns_of_the_main_table() -> None:
    from pipeline.schemas.registry import table
    from pipeline.sources.catalogue import SOURCES

    unknown = [
        (source.id, name)
        for source in SOURCES
        for name in (*source.watched, *source.totals)
        if name not in table(source.tables[0]).columns
    ]
    assert unknown == [] and ipeds.SOURCE.watched


def by_state(**changes: object) -> Source:
    """The toy, whose parts are small: a state of a year, compared with the others of their year."""

    def parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
        names = (parsed.tables["toy"]["year"].astype("str") + " " + parsed.tables["toy"]["state"]).value_counts()
        return tuple(Part(str(name), int(count), full=True) for name, count in names.items())

    part_of = lambda frame: frame["year"].astype("str") + " " + frame["state"]  # noqa: E731
    period_of = lambda part: part.partition(" ")[0]  # noqa: E731
    return toy(parts=parts, part_of=part_of, period_of=period_of, watched=("name",), **changes)


def states(year: int, count: int = 5, **each: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"year": year, "name": f"n{state}{at}", "state": state, "count": count}
            for state, rows in each.items()
            for at in range(rows)
        ]
    )


OF_A_PERIOD = {
    "half of each state": (states(2020, MA=30, VT=2), "2020: 32 rows", "has 64"),
    "half of a state, alone": (states(2020, MA=30), "2020: 30 rows", "has 60"),
    "totals that fall": (states(2020, 4, MA=60, VT=4), "2020: count sum up to 256", "has 320"),
    "half of the next year": (states(2021, MA=25, VT=4), "2021: 29 rows", "2020 has 64"),
    "a year left out": (pd.concat([states(2020, MA=60, VT=4), states(2022, MA=60, VT=4)]), "leave out 2021", ""),
    "one state doubled, the year as it was": (states(2020, MA=59, VT=9), "", ""),
    "a state alone": (states(2020, MA=60), "", ""),
}


@pytest.mark.parametrize("what", OF_A_PERIOD)
def test_small_parts_are_compared_with_the_others_of_their_period(tmp_path: Path, what: str) -> None:
    frame, reason, than = OF_A_PERIOD[what]
    source = by_state()
    assert offer(tmp_path, "first.csv", states(2020, MA=60, VT=4), 0, source).verdict == "took"
    second = offer(tmp_path, "second.csv", frame, 1, source)
    assert second.verdict == ("held" if reason else "took") and reason in second.detail and than in second.detail


def test_a_layout_that_holds_something_else_is_compared_with_its_like_alone(tmp_path: Path) -> None:
    more = Layout(LAYOUT.source, "B", "csv", ("year", "name", "state", "count", "more"))
    source = by_state(layouts=(more, LAYOUT), apart=("B",))
    assert offer(tmp_path, "first.csv", states(2020, MA=60), 0, source).verdict == "took"
    assert offer(tmp_path, "more.csv", states(2020, MA=200).assign(more=1), 1, source).verdict == "took"
    assert offer(tmp_path, "half.csv", states(2020, MA=99).assign(more=1), 2, source).verdict == "held"
    assert offer(tmp_path, "next.csv", states(2020, MA=61), 3, source).verdict == "took"


def test_of_a_file_that_was_filed_before_there_were_profiles_they_are_found_in_it(tmp_path: Path) -> None:
    offer(tmp_path, "first.csv", rows([2020]), 0)
    [manifest] = (tmp_path / "raw").glob("*/*/manifest.json")
    manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), "profiles": []}), "utf-8")
    held = offer(tmp_path, "second.csv", rows(SAME, blank=0.5), 1)
    assert held.verdict == "held" and "50% of state are blank" in held.detail


def test_half_of_the_tracks_of_a_match_are_held_back(tmp_path: Path) -> None:
    header = "state,institution,city,specialty_track,nrmp_code,specialty_code,track_type,quota_2030,matched_2030"
    lines = [f"MA,Hospital {at},Boston,Internal Medicine,{1000 + at}140C0,140,C,10,10" for at in range(40)]
    verdicts = []
    for day, count in enumerate((40, 20, 39)):
        path = tmp_path / f"{count}.csv"
        path.write_text("\n".join([header, *lines[:count]]) + "\n", "utf-8")
        [outcome] = add([path], tmp_path / "raw", [nrmp.SOURCE], lambda day=day: NOW + dt.timedelta(days=day))
        verdicts.append(outcome.verdict)
    assert verdicts == ["took", "held", "took"]

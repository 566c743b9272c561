"""NRMP program results: wide years to one row for each track and year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.schemas.vocabulary import STATE_NAMES
from pipeline.sources import nrmp
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.nrmp import NATIONAL_STATES
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "nrmp"
NATIONAL = (
    "state,institution,city,specialty_track,nrmp_code,specialty_code,track_type,page,"
    "quota_2020,matched_2020,quota_2019,matched_2019"
)
FLORIDA = (
    "Table,Sponsoring Institution,Sponsoring Institution Cleaned,SNHAF,City,City Cleaned,Specialty,Specialty Cleaned,"
    "Program Code,2026 Quota,2026 Matched,2025 Quota,2025 Matched"
)
PUBLISHED = {
    2018: (33_167, 31_899), 2019: (35_185, 33_417), 2020: (37_256, 35_258), 2021: (38_106, 36_179), 2022: (39_205, 36_943),
}  # fmt: skip
TRACK = "ALABAMA,Brookwood Baptist Health-AL,Birmingham,Medicine-Preliminary,1903140P0,140,P,1"


def read(tmp_path: Path, *lines: str) -> Parsed:
    path = tmp_path / "nrmp.csv"
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    seen = probe(path)
    layout = nrmp.SOURCE.recognise(seen)
    assert layout is not None
    parsed = nrmp.SOURCE.read(seen, layout, Hints())
    to_arrow(parsed.tables["nrmp_tracks"], "nrmp_tracks")
    return parsed


def years(parsed: Parsed) -> list[list[object]]:
    return parsed.tables["nrmp_tracks"][["match_year", "quota", "matched"]].to_numpy().tolist()


def test_reads_the_national_layout(tmp_path: Path) -> None:
    parsed = read(tmp_path, NATIONAL, f"{TRACK},1,1,2,0")
    first, second = parsed.tables["nrmp_tracks"].to_dict("records")
    assert first == {
        "nrmp_code": "1903140P0",
        "state": "AL",
        "institution": "Brookwood Baptist Health-AL",
        "city": "Birmingham",
        "specialty": "Medicine-Preliminary",
        "specialty_code": "140",
        "track_kind": "preliminary",
        "match_year": 2019,
        "quota": 2,
        "matched": 0,
    }
    assert (second["match_year"], second["quota"]) == (2020, 1)
    assert (parsed.rows_in, parsed.rows_kept) == (1, 1)
    parts = nrmp.SOURCE.parts(parsed, Hints())
    assert [(part.name, part.rows, part.full) for part in parts] == [("2019 AL", 1, True), ("2020 AL", 1, True)]
    assert nrmp.SOURCE.part_of is not None
    assert nrmp.SOURCE.part_of(parsed.tables["nrmp_tracks"]).tolist() == ["2019 AL", "2020 AL"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("1903140C0", "categorical"), ("1903140P0", "preliminary"), ("1903999P0", "transitional"), ("1903180A0", "advanced"),
        ("1903180R0", "physician_only"), ("1903140M0", "primary_care"), ("1903020F0", "fellowship"), ("1903020S0", "fellowship"),
        ("1903140X0", None),
    ],
)  # fmt: skip
def test_the_letter_of_the_code_is_the_kind_of_track(tmp_path: Path, code: str, kind: str | None) -> None:
    parsed = read(tmp_path, NATIONAL, f"{TRACK},1,1,2,0".replace("1903140P0", code))
    assert parsed.tables["nrmp_tracks"]["track_kind"].replace({np.nan: None}).tolist() == [kind, kind]


def test_reads_the_florida_layout(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        FLORIDA,
        "Main,AdventHealth Florida,X,NOT,Orlando,Sebring,Family Medicine/Sebring,Family Medicine,1102120C2,8,7,0,0",
        "Specialty,U Miami,X,SNHAF,Miami,Miami,Breast Imaging,Breast Imaging,1104R02F0,2,2,--,--",
    )
    frame = parsed.tables["nrmp_tracks"]
    assert set(frame["state"]) == {"FL"}
    assert frame[["specialty_code", "match_year", "quota", "matched"]].to_numpy().tolist() == [
        ["120", 2025, 0, 0],
        ["120", 2026, 8, 7],
        ["R02", 2026, 2, 2],
    ]
    assert frame["city"].tolist() == ["Orlando", "Orlando", "Miami"], "the city as NRMP prints it"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("1,1,--,--", [[2020, 1, 1]]),
        ("--,--,3,2", [[2019, 3, 2]]),
        ("--,--,--,--", []),
        ('"1,016",16,,', [[2020, 1016, 16]]),
    ],
)
def test_years_in_which_a_track_was_not_offered_have_no_row(
    tmp_path: Path, cells: str, expected: list[list[int]]
) -> None:
    parsed = read(tmp_path, NATIONAL, f"{TRACK},{cells}")
    assert years(parsed) == expected
    assert parsed.rows_kept == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (f"{TRACK},1,--,2,2", "only one of quota 2020 and matched 2020"),
        (f"{TRACK},-1,1,2,2", "negative count in quota 2020"),
        (f"{TRACK},1,one,2,2", "no whole number in matched 2020"),
        (f"{TRACK},1,1,2,3", "matched 2019 is more than quota 2019"),
        (f"{TRACK.replace('1903140P0', '190314')},1,1,2,2", "no NRMP program code"),
        (f"{TRACK.replace('Brookwood Baptist Health-AL', '')},1,1,2,2", "no institution"),
        (f"{TRACK.replace('ALABAMA', '')},1,1,2,2", "no state"),
    ],
)
def test_bad_records_are_quarantined(tmp_path: Path, bad: str, reason: str) -> None:
    parsed = read(tmp_path, NATIONAL, f"{TRACK},1,1,2,2", bad)
    assert (parsed.rows_in, parsed.rows_kept) == (2, 1)
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


def test_a_blank_specialty_stays_blank(tmp_path: Path) -> None:
    parsed = read(tmp_path, NATIONAL, f"{TRACK.replace('Medicine-Preliminary', '')},1,1,2,2")
    assert parsed.tables["nrmp_tracks"]["specialty"].isna().all()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((NATIONAL, f"{TRACK.replace('ALABAMA', 'ATLANTIS')},1,1,2,2"), "line 2: unknown state 'ATLANTIS'"),
        (
            (NATIONAL.replace("matched_2019", "filled_2019"), f"{TRACK},1,1,2,2"),
            "2019 has positions offered or filled, not both",
        ),
        ((NATIONAL.split(",quota", maxsplit=1)[0], TRACK), "no column of positions offered"),
        ((NATIONAL,), "no row below it"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(SourceError, match=r"nrmp\.csv") as caught:
        read(tmp_path, *lines)
    assert words in str(caught.value)


def national(*positions: str) -> list[str]:
    """A national table: one track with the positions of 2020 and 2019 in each of the states."""
    names = [name for code, name in STATE_NAMES.items() if code not in {"AA", "AE", "AP"}][:NATIONAL_STATES]
    return [NATIONAL, *(f"{TRACK.replace('ALABAMA', name)},{','.join(positions)}" for name in names)]


def test_a_national_year_with_more_positions_than_published_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, *national("1000", "900", "5", "5"))
    assert (
        "2020 has 40,000 positions offered and 36,000 filled, and NRMP published 37,256 and 35,258"
        in caught.value.problem
    )


def test_a_national_year_that_falls_short_of_the_published_is_partial(tmp_path: Path) -> None:
    parts = nrmp.SOURCE.parts(read(tmp_path, *national("900", "800", "--", "--")), Hints())
    assert len(parts) == NATIONAL_STATES and not any(part.full for part in parts)
    assert parts[0].note == "2020: 36,000 positions offered, 32,000 filled; published are 37,256, 35,258"


def test_a_list_of_fewer_states_is_not_compared_with_national_totals(tmp_path: Path) -> None:
    parts = nrmp.SOURCE.parts(read(tmp_path, *national("900", "800", "--", "--")[:-1]), Hints())
    assert all(part.full for part in parts)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)) | st.none(), min_size=2, max_size=2))
def test_no_position_is_lost_or_made(tmp_path: Path, pairs: list[tuple[int, int] | None]) -> None:
    cells = ",".join("--,--" if pair is None else f"{sum(pair)},{pair[0]}" for pair in pairs)
    parsed = read(tmp_path, NATIONAL, f"{TRACK},{cells}")
    expected = [
        [year, sum(pair), pair[0]] for year, pair in sorted(zip((2020, 2019), pairs, strict=True)) if pair is not None
    ]
    assert years(parsed) == expected


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/nrmp")
@pytest.mark.parametrize(
    ("name", "records", "rows", "published"),
    [
        ("nrmp_program_results_2018_2022.csv", 7100, 28368, PUBLISHED),
        ("NRMP_FL_2020_2026_Main_and_Specialty.csv", 954, 6678, {}),
    ],
)
def test_real_files(name: str, records: int, rows: int, published: dict[int, tuple[int, int]]) -> None:
    seen = probe(REAL / name)
    layout = nrmp.SOURCE.recognise(seen)
    assert layout is not None
    parsed = nrmp.SOURCE.read(seen, layout, Hints())
    frame = parsed.tables["nrmp_tracks"]
    assert (parsed.rows_in, parsed.rows_kept, len(frame)) == (records, records, rows)
    totals = frame.groupby("match_year")[["quota", "matched"]].sum()
    assert {year: tuple(int(count) for count in totals.loc[year]) for year in published} == published

"""Which listed program a track of the Match is: by name and place, one program once, and in doubt rather than wrong."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.linkage.links.match_programs import tracks_in_match
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.vocabulary import MATCH_COVERAGE

Listed = tuple[str, str, str]  # program name, city, other name of its institution
Track = tuple[str, str, str]  # institution, NRMP code, city

ALIAS = ("Fern Valley Hospital Program", "Boston", "Old Harbor Infirmary")


def texts(values: list[str], state: str = "") -> pd.Series:
    return pd.Series([state or value for value in values], dtype="str")


def programs_of(listed: list[Listed], state: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = [f"1400000{place:03}" for place in range(len(listed))]
    names = [name for name, _, _ in listed]
    programs = pd.DataFrame(
        {
            "program_code": texts(codes),
            "program_name": texts(names),
            "sponsor_name": texts(["" for _ in listed]).replace("", None),
            "specialty_code": texts(["140" for _ in listed]),
            "specialty": texts(["Internal Medicine" for _ in listed]),
            "city": texts([city for _, city, _ in listed]),
            "state": texts(codes, state),
            "institution_id": texts([f"inst_{code}" for code in codes]),
        }
    )
    institutions = programs[["institution_id", "state"]].assign(
        name=programs["program_name"].str.removesuffix(" Program"),
        aliases=pd.Series([[alias] if alias else [] for _, _, alias in listed], dtype="object"),
    )
    return programs, institutions


def tracks_of(tracks: list[Track], state: str, year: int = 2022) -> pd.DataFrame:
    frame = pd.DataFrame(tracks, columns=["institution", "nrmp_code", "city"])
    frame = frame.assign(state=state, specialty="Internal Medicine", match_year=year, quota=10, matched=9)
    frame["specialty_code"] = frame["nrmp_code"].str.slice(4, 7)
    return frame.reindex(columns=empty_frame("nrmp_tracks").columns).astype({"quota": "Int64", "matched": "Int64"})


def found(listed: list[Listed], tracks: list[Track], state: str = "MA") -> list[tuple[str, str | None]]:
    """Coverage and listed program of each track, in the order given."""
    programs, institutions = programs_of(listed, state)
    names = programs.set_index("program_code")["program_name"]
    rows = tracks_in_match(tracks_of(tracks, state), programs, institutions).set_index("nrmp_code")
    rows = rows.loc[[code for _, code, _ in tracks]]
    return [
        (coverage, names[code] if isinstance(code, str) else None)
        for coverage, code in zip(rows["coverage"], rows["program_code"], strict=True)
    ]


@pytest.mark.parametrize(
    ("printed", "city", "listed", "coverage"),
    [
        ("Lakeshore Med Ctr-MA", "Boston", ("Lakeshore Medical Center Program", "Boston", ""), "listed"),
        ("U Fern Valley SOM", "Boston", ("University of Fern Valley School of Medicine Program", "Boston", ""), "listed"),
        ("FVU-Lakeshore Hosp-MA", "Boston", ("Fern Valley University/Lakeshore Hospital Program", "Boston", ""), "listed"),
        ("Lakeshore Hosp-Boston-MA", "Boston", ("Lakeshore Hospital Program", "Boston", ""), "listed"),
        ("Lakeshore Med Ctr-MA", "Cambridge", ("Lakeshore Medical Center Program", "Boston", ""), "listed"),
        ("Old Harbor Infirmary-MA", "Boston", ALIAS, "listed"),
        # Names that many bodies bear count near by only; a city alone leaves it open.
        ("St Mary Hosp-MA", "Springfield", ("St Mary Hospital Program", "Boston", ""), "missing"),
        ("Granite Clinic-MA", "Boston", ("Lakeshore Medical Center Program", "Boston", ""), "in_doubt"),
        ("Granite Clinic-MA", "Springfield", ("Lakeshore Medical Center Program", "Boston", ""), "missing"),
    ],
)  # fmt: skip
def test_names_and_places(printed: str, city: str, listed: Listed, coverage: str) -> None:
    assert found([listed], [(printed, "1000140C0", city)])[0][0] == coverage


def test_tracks_of_one_program_share_it_whatever_their_kind() -> None:
    tracks = [("Lakeshore Med Ctr-MA", f"1000140{kind}", "Boston") for kind in ("C0", "C1", "P0")]
    assert (
        found([("Lakeshore Medical Center Program", "Boston", "")], tracks)
        == [("listed", "Lakeshore Medical Center Program")] * 3
    )


def test_a_program_is_that_of_the_name_that_fits_best_and_no_other_hides_behind_it() -> None:
    listed = [("Lakeshore Medical Center Program", "Boston", "Lakeshore East Hospital")]
    tracks = [("Lakeshore East Hosp-MA", "1001140C0", "Boston"), ("Lakeshore Med Ctr-MA", "1000140C0", "Boston")]
    (east, _), own = found(listed, tracks)
    assert east != "listed" and own == ("listed", "Lakeshore Medical Center Program")


def test_a_new_program_in_a_city_whose_listed_ones_are_all_known_is_missing() -> None:
    listed = [("Lakeshore Medical Center Program", "Boston", ""), ("Fern Valley Hospital Program", "Boston", "")]
    tracks = [("Lakeshore Med Ctr-MA", "1000140C0", "Boston"), ("Fern Valley Hosp-MA", "1001140C0", "Boston"),
              ("Granite Comm Hosp-MA", "1002140C0", "Boston")]  # fmt: skip
    assert [coverage for coverage, _ in found(listed, tracks)] == ["listed", "listed", "missing"]


def test_specialties_and_states_are_kept_apart() -> None:
    listed = [("Lakeshore Medical Center Program", "Boston", "")]
    assert found(listed, [("Lakeshore Med Ctr-MA", "1000120C0", "Boston")]) == [("missing", None)]
    programs, institutions = programs_of(listed, "NH")
    elsewhere = tracks_in_match(tracks_of([("Lakeshore Med Ctr", "1000140C0", "Boston")], "MA"), programs, institutions)
    assert elsewhere["coverage"].tolist() == ["missing"]


def test_only_the_newest_match_of_a_state_and_residencies_count() -> None:
    programs, institutions = programs_of([("Lakeshore Medical Center Program", "Boston", "")], "MA")
    older = tracks_of([("Closed Hosp-MA", "1009140C0", "Boston")], "MA", 2018)
    newer = tracks_of([("Lakeshore Med Ctr-MA", "1000140C0", "Boston"), ("Lakeshore-MA", "1000140F0", "Boston")], "MA")
    idle = tracks_of([("Granite Hosp-MA", "1003140C0", "Boston")], "MA").assign(quota=0)
    other = tracks_of([("Granite Hosp-NH", "1004140C0", "Dover")], "NH", 2018)
    rows = tracks_in_match(pd.concat([older, newer, idle, other], ignore_index=True), programs, institutions)
    assert rows[["nrmp_code", "match_year"]].to_numpy().tolist() == [["1000140C0", 2022], ["1004140C0", 2018]]


def test_no_tracks_and_no_programs() -> None:
    programs, institutions = programs_of([], "MA")
    assert tracks_in_match(empty_frame("nrmp_tracks"), programs, institutions).empty
    track = tracks_of([("Lakeshore Med Ctr-MA", "1000140C0", "Boston")], "MA")
    assert tracks_in_match(track, programs, institutions)["coverage"].tolist() == ["missing"]


names = st.sampled_from(
    ["Lakeshore Med Ctr", "Fern Valley Hosp", "U Granite", "St Mary Hosp", "Granite Lakeshore", "Hosp"]
)
cities = st.sampled_from(["Boston", "Cambridge", "Springfield", "Winston-Salem", "Miami,"])


@settings(max_examples=25)
@given(
    st.lists(st.tuples(names, cities, st.just("")), max_size=5),
    st.lists(
        st.tuples(names, st.integers(1000, 1005), cities), min_size=1, max_size=6, unique_by=lambda track: track[1]
    ),
    st.randoms(),
)
def test_whatever_is_listed_no_program_is_two_and_the_order_is_no_matter(
    listed: list[Listed], drawn: list[tuple[str, int, str]], random: object
) -> None:
    programs, institutions = programs_of(listed, "MA")
    tracks = tracks_of([(name, f"{number}140C0", city) for name, number, city in drawn], "MA")
    rows = tracks_in_match(tracks, programs, institutions)
    shuffled = tracks.sample(frac=1.0, random_state=random.randint(0, 99)).reset_index(drop=True)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(rows, tracks_in_match(shuffled, programs, institutions))
    assert len(rows) == len(tracks) and set(rows["coverage"]) <= set(MATCH_COVERAGE)
    sure = rows[rows["coverage"] == "listed"]
    assert sure["program_code"].is_unique and sure["program_code"].notna().all()
    assert rows.loc[rows["coverage"] == "missing", "program_code"].isna().all()

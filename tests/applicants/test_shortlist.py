"""The shortlist: each scale, how unknown counts, must-haves, lights, and a profile that is read strictly."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.applicants.notes import Note, read_notes, write_notes
from pipeline.applicants.profile import DEFAULT_WEIGHTS, Profile, profile_of, read_profile
from pipeline.applicants.profile_values import ProfileError
from pipeline.applicants.shortlist import UNKNOWN_COUNTS, shortlist
from pipeline.reference.load import ReferenceTableError
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import SPONSOR_TIER, VISA_STANCE
from pipeline.settings import PROJECT

BASE: dict[str, Any] = {
    "program_code": "1300000001", "program_name": "Somewhere Program", "specialty": "Medical Genetics and Genomics",
    "specialty_code": "130", "institution_id": "i1", "institution": "Somewhere", "city": "Boston", "state": "MA",
    "metro_area": "Boston-Cambridge-Newton, MA-NH", "visa_category": "?", "h1b_stated": "not_stated",
    "j1_stated": "not_stated", "policy": "not_stated", "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown",
    "tier_confidence": "low", "needs_confirmation": True, "as_of": pd.Timestamp("2026-11-20"), "release_id": "r",
    "accreditation": "accredited",
}  # fmt: skip
NEW, PAST = pd.Timestamp("2026-07-01"), pd.Timestamp("2025-07-01")
PAGE = {"evidence_scope": "program", "evidence_kind": "page", "evidence_date": NEW}
YES = PAGE | {"h1b_stated": "yes", "sponsor_tier": "sponsors", "tier_confidence": "high", "needs_confirmation": False}
DENIED = PAGE | {"h1b_stated": "no", "sponsor_tier": "none", "tier_confidence": "high"}
H1B = Profile(visas=("H-1B",))
EITHER = Profile(visas=("H-1B", "J-1"))


def listed(*changes: dict[str, Any]) -> pd.DataFrame:
    rows = pd.DataFrame([BASE | {"program_code": f"13000{place:05d}"} | one for place, one in enumerate(changes)])
    frame = to_frame(to_arrow(rows, "functional_h1b_sponsors"))
    assert list(frame.columns) == list(empty_frame("functional_h1b_sponsors").columns)
    return frame


def scored(profile: Profile, *changes: dict[str, Any]) -> pd.DataFrame:
    """The answer in the order given."""
    return shortlist(listed(*changes), profile).sort_values("program_code", ignore_index=True)


def one(profile: Profile, **change: Any) -> pd.Series:
    return scored(profile, change).iloc[0]


def known(value: Any) -> Any:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("profile", "change", "fit"),
    [
        (H1B, YES, 5),
        (H1B, {"sponsor_tier": "case_by_case"}, 4),
        (H1B, {"sponsor_tier": "likely"}, 4),
        (H1B, {"sponsor_tier": "possible"}, 3),
        (H1B, {"sponsor_tier": "conflicting", "h1b_stated": "no"}, 2),
        (
            H1B,
            {"sponsor_tier": "unknown", "visa_category": "J", "j1_stated": "yes"},
            2,
        ),  # J-1 named alone denies nothing
        (H1B, {"sponsor_tier": "j1_only", "j1_stated": "yes", "h1b_stated": "no"}, 1),
        (H1B, DENIED, 1),
        (H1B, {}, None),
        (Profile(visas=("J-1",)), {"j1_stated": "yes", "sponsor_tier": "j1_only", "h1b_stated": "no"}, 5),
        (Profile(visas=("J-1",)), {"j1_stated": "case_by_case"}, 4),
        (Profile(visas=("J-1",)), {"j1_stated": "no"}, 1),
        (Profile(visas=("J-1",)), {}, None),
        (EITHER, {"j1_stated": "yes", "sponsor_tier": "j1_only", "h1b_stated": "no"}, 3),  # the second choice
        (Profile(visas=("J-1", "H-1B")), {"j1_stated": "yes", "sponsor_tier": "j1_only", "h1b_stated": "no"}, 5),
        (Profile(visas=("J-1", "H-1B")), YES, 3),
        (EITHER, DENIED, None),  # nothing is known of J-1 there
        (EITHER, {"sponsor_tier": "likely"}, 4),
        (Profile(visas=("H-1B",), step3="passed"), YES, 5),
        (Profile(visas=("H-1B",), step3=dt.date(2027, 2, 1)), YES, 4),
        (Profile(visas=("H-1B",), step3=dt.date(2027, 2, 1)), {"sponsor_tier": "possible"}, 3),
        (Profile(visas=("H-1B",), step3=dt.date(2027, 2, 1)), {}, None),
        (Profile(visas=("H-1B",), step3=dt.date(2026, 2, 1)), YES, 5),  # the result is there
        (Profile(visas=("H-1B",), step3="not planned"), YES, 2),
        (Profile(visas=("H-1B", "J-1"), step3="not planned"), YES | {"j1_stated": "yes"}, 3),
    ],
)
def test_visa_fit(profile: Profile, change: dict[str, Any], fit: int | None) -> None:
    assert known(one(profile, **change)["visa_fit"]) == fit


@pytest.mark.parametrize(
    ("profile", "change", "strength", "recency"),
    [
        (H1B, YES, 5, 5),
        (H1B, YES | {"tier_confidence": "medium", "evidence_date": PAST}, 4, 3),  # before the payment began
        (H1B, YES | {"tier_confidence": "low", "evidence_date": None}, 3, None),
        (H1B, YES | {"evidence_date": pd.Timestamp("2025-10-01")}, 5, 4),
        (H1B, YES | {"evidence_date": pd.Timestamp("2020-10-01")}, 5, 2),
        (H1B, {"sponsor_tier": "likely", "tier_confidence": "high", "latest_trainee_filing": NEW}, 4, 5),
        (H1B, {"sponsor_tier": "likely", "tier_confidence": "low", "latest_trainee_filing": PAST}, 3, 3),
        (H1B, {"sponsor_tier": "possible"}, 3, None),
        (H1B, {"sponsor_tier": "conflicting", "h1b_stated": "no", "latest_trainee_filing": NEW} | PAGE, 2, 5),
        (H1B, DENIED, 1, 1),
        (H1B, {}, None, None),
        (Profile(visas=("J-1",)), PAGE | {"j1_stated": "yes"}, 5, 5),
        (Profile(visas=("J-1",)), PAGE | {"j1_stated": "yes", "evidence_scope": "institution"}, 4, 5),
        (
            Profile(visas=("J-1",)),
            {"j1_stated": "yes", "evidence_scope": "institution", "evidence_kind": "restated", "evidence_date": None},
            3,
            None,
        ),
    ],
)
def test_strength_and_recency(
    profile: Profile, change: dict[str, Any], strength: int | None, recency: int | None
) -> None:
    row = one(profile, **change)
    assert (known(row["evidence_strength"]), known(row["recency"])) == (strength, recency)


@pytest.mark.parametrize(
    ("states", "metros", "change", "place"),
    [
        (("MA",), (), {}, 5),
        ((), ("boston",), {}, 5),
        ((), ("boston",), {"metro_area": "Springfield, MA", "city": "Springfield"}, 2),
        ((), ("boston",), {"metro_area": "Los Angeles-Long Beach-Anaheim, CA", "state": "CA"}, 1),
        ((), ("boston",), {"metro_area": None}, None),
        (("MA",), ("new york",), {"metro_area": None}, 5),
        (("CA",), (), {}, 1),
        (("CA",), (), {"state": None}, None),
        ((), (), {}, None),
    ],
)
def test_place(states: tuple[str, ...], metros: tuple[str, ...], change: dict[str, Any], place: int | None) -> None:
    row = one(Profile(visas=("H-1B",), states=states, metros=metros), **change)
    assert known(row["place"]) == place


@pytest.mark.parametrize(
    ("wanted", "code", "printed", "fit"),
    [
        ("Medical Genetics and Genomics", "130", "Medical Genetics", 5),
        ("Vascular Surgery - Independent", "451", "Vascular Surgery - Integrated", 5),
        ("Pediatrics", "765", "Pediatrics/Medical Genetics", 4),
        ("Internal Medicine/Pediatrics", "320", "Pediatrics", 3),
        ("Internal Medicine", "148", "Nephrology", 3),
        ("Nephrology", "140", "Internal Medicine", 3),
    ],
)
def test_specialty(wanted: str, code: str, printed: str, fit: int) -> None:
    row = one(Profile(visas=("H-1B",), specialties=(wanted,)), specialty_code=code, specialty=printed)
    assert row["specialty_fit"] == fit


def test_other_specialties_are_left_out_and_unknown_ones_are_not() -> None:
    profile = Profile(visas=("H-1B",), specialties=("Pediatrics",))
    rows = scored(
        profile, {"specialty_code": "480", "specialty": "Urology"}, {"specialty_code": "998", "specialty": None}
    )
    assert rows["program_code"].tolist() == ["1300000001"]
    assert rows["specialty_fit"].isna().all()


def test_size_is_beside_the_median_of_the_specialty_each_kind_with_its_own() -> None:
    counts = [4, 4, 8, 5, 3, 2]
    rows = scored(H1B, *({"positions_offered_in_match": count} for count in counts), {"positions_approved": 30}, {})
    assert [known(score) for score in rows["size"]] == [3, 3, 5, 4, 3, 2, 3, None]


def test_unknown_counts_between_doubt_and_favour_and_the_bounds_say_how_far_it_could_go() -> None:
    row = one(H1B)
    assert row[list(CRITERIA)].isna().all()
    assert (row["score"], row["score_low"], row["score_high"]) == (UNKNOWN_COUNTS, 1, 5)
    assert row["light"] == "yellow" and any("?" in line for line in row["why"])


def test_the_score_is_the_weighted_mean_of_what_was_asked() -> None:
    weights = {**DEFAULT_WEIGHTS, "visa_fit": 3.0, "evidence_strength": 1.0, "recency": 0.0, "size": 0.0}
    row = one(Profile(visas=("H-1B",), weights=weights), **{**YES, "tier_confidence": "low"})
    assert row["score"] == pytest.approx((3 * 5 + 1 * 3) / 4)
    assert pd.isna(row["recency"]) and len(row["why"]) == 2


@pytest.mark.parametrize(
    ("must_have", "change", "said", "light"),
    [
        ("cap_exempt", {"cap_exempt_category": "exempt_higher_ed"}, "yes", "green"),
        ("cap_exempt", {"cap_exempt_category": "likely_cap_subject"}, "no", "red"),
        ("cap_exempt", {"cap_exempt_category": "unknown"}, "unknown", "yellow"),
        ("cap_exempt", {}, "unknown", "yellow"),
        ("h1b_stated", {}, "yes", "green"),
        ("recent_trainees", {"trainee_filings_any_specialty_recent": 2}, "yes", "green"),
        ("recent_trainees", {"trainee_filings_any_specialty_recent": 0}, "unknown", "yellow"),
        ("recent_trainees", {}, "unknown", "yellow"),
        ("place", {}, "yes", "green"),
        ("place", {"state": "CA", "metro_area": None}, "no", "red"),
        ("place", {"state": None, "metro_area": None}, "unknown", "yellow"),
    ],
)
def test_must_haves(must_have: str, change: dict[str, Any], said: str, light: str) -> None:
    row = one(Profile(visas=("H-1B",), states=("MA",), must_haves=(must_have,)), **{**YES, **change})
    assert list(row["must_haves"]) == [f"{must_have}: {said}"] and row["light"] == light


@pytest.mark.parametrize(
    ("change", "light"),
    [
        (YES, "green"),
        (DENIED, "red"),
        ({}, "yellow"),
        (YES | {"evidence_date": PAST}, "yellow"),  # willing before the payment began
        (YES | {"accreditation": "withdrawn"}, "red"),
        (YES | {"accreditation": "probation"}, "green"),
        ({"sponsor_tier": "likely", "tier_confidence": "medium", "latest_trainee_filing": NEW}, "green"),
        ({"sponsor_tier": "likely", "tier_confidence": "low", "latest_trainee_filing": NEW}, "yellow"),
        ({"sponsor_tier": "possible", "cap_exempt_category": "exempt_higher_ed"}, "yellow"),
    ],
)
def test_lights(change: dict[str, Any], light: str) -> None:
    assert one(H1B, **change)["light"] == light


@pytest.mark.parametrize(
    ("share", "score"), [(61.5, 5), (50.0, 5), (25.0, 4), (10.0, 3), (0.5, 2), (0.0, 1), (None, None)]
)
def test_the_share_of_international_graduates_counts_where_it_is_wanted(
    share: float | None, score: float | None
) -> None:
    asked = profile_of({"visas": ["H-1B"], "weights": {"img_share": 3}})
    change = {"img_percent": share, "graduates_answered_on": pd.Timestamp("2026-03-28")}
    row = one(asked, **YES, **change)
    assert known(row["img_share"]) == score
    said = (
        "by its own answer of 2026-03-28"
        if share is not None
        else "img share ? (weight 3): share of graduates of schools abroad not known"
    )
    assert any(said in line for line in row["why"])
    assert known(one(H1B, **YES, **change)["img_share"]) is None, "by default it isn't weighed"


def test_an_unknown_share_is_neutral() -> None:
    asked = profile_of({"visas": ["H-1B"], "weights": {"img_share": 3}})
    low, unknown, high = (one(asked, **YES, img_percent=share)["score"] for share in (0.0, None, 61.5))
    assert low < unknown < high


def test_lights_then_scores_give_the_order() -> None:
    rows = shortlist(listed(DENIED, {}, YES, {"sponsor_tier": "possible"}), H1B)
    assert rows["light"].tolist() == ["green", "yellow", "yellow", "red"]
    assert rows["program_code"].tolist() == ["1300000002", "1300000003", "1300000001", "1300000000"]
    assert list(rows.columns) == list(SHORTLIST.columns)


def test_an_open_question_is_asked() -> None:
    row = one(
        H1B, **{**YES, "step3_required_for_h1b": "yes", "step3_deadline": "January 15", "needs_confirmation": True}
    )
    assert len(row["ask"]) == 2 and "January 15" in row["ask"][1]
    assert not len(one(Profile(visas=("H-1B",), step3="passed"), **YES)["ask"])


EVERY_ANSWER = listed(
    DENIED | {"j1_stated": "no", "policy": "none"},
    {},
    YES | {"j1_stated": "yes", "positions_approved": 3},
    *(
        PAGE | {"sponsor_tier": tier, "h1b_stated": stated, "j1_stated": j1}
        for tier, stated, j1 in itertools.product(SPONSOR_TIER, VISA_STANCE, VISA_STANCE)
    ),
)


@settings(max_examples=8)
@given(
    visas=st.sampled_from([("H-1B",), ("J-1",), ("H-1B", "J-1")]),
    weights=st.fixed_dictionaries({name: st.floats(0.5, 100) for name in CRITERIA}),
)
def test_nothing_known_never_scores_below_a_denial_nor_above_a_yes(
    visas: tuple[str, ...], weights: dict[str, float]
) -> None:
    rows = shortlist(EVERY_ANSWER, Profile(visas=visas, weights=weights)).sort_values("program_code")
    denied, nothing, best, *anything = rows["score"]
    assert denied <= nothing <= best
    assert denied <= min(anything) and max(anything) <= best
    assert ((rows["score_low"] <= rows["score"]) & (rows["score"] <= rows["score_high"])).all()


def test_the_example_profile_is_read() -> None:
    profile = read_profile(PROJECT / "docs" / "profile.example.toml")
    assert profile.specialties[0] == "Medical Genetics and Genomics" and profile.metros == (
        "new york-newark-jersey city, ny-nj",
    )
    assert profile.weights == DEFAULT_WEIGHTS and profile.step3 == "passed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('visa = ["H-1B"]', "unknown key 'visa'; the nearest known is 'visas'"),
        ('visas = ["H1B"]', "unknown visa 'H1B'; the nearest known is 'H-1B'"),
        ("", "visas is missing"),
        ("visas = []", "visas is missing"),
        ('visas = "H-1B"', "visas must be a list of texts"),
        ('visas = ["H-1B"]\nspecialties = ["Pediatrik Cardiology"]', "did you mean Pediatric Cardiology"),
        ('visas = ["H-1B"]\nspecialties = [3]', "specialties must be a list of texts"),
        ('visas = ["H-1B"]\nspecialties = [" "]', "specialties holds a blank text"),
        (
            'visas = ["H-1B"]\nstates = ["Massachusets"]',
            "unknown state 'Massachusets'; did you mean Massachusetts (MA)?",
        ),
        ('visas = ["H-1B"]\nmetros = ["Bostn"]', "did you mean Boston-Cambridge-Newton, MA-NH"),
        ('visas = ["H-1B"]\nstep3 = "2027-02-15"', "step3 must be"),
        ('visas = ["H-1B"]\nstep3 = 2027-02-15T10:00:00', "step3 must be"),
        ('visas = ["H-1B"]\nstep3 = true', "step3 must be"),
        ('visas = ["H-1B"]\nmust_haves = ["cap exempt"]', "the nearest known is 'cap_exempt'"),
        ('visas = ["H-1B"]\nmust_haves = ["place"]', "states or metros says none"),
        ('visas = ["H-1B"]\nmust_haves = ["specialty"]', "specialties says none"),
        ('visas = ["H-1B"]\nweights = 3', "weights must be a table"),
        ('visas = ["H-1B"]\n[weights]\nrecensy = 1', "the nearest known is 'recency'"),
        ('visas = ["H-1B"]\n[weights]\nsize = -1', "from 0 to 100"),
        ('visas = ["H-1B"]\n[weights]\nsize = nan', "from 0 to 100"),
        ('visas = ["H-1B"]\n[weights]\nsize = true', "from 0 to 100"),
        ('visas = ["H-1B"]\n[weights]\nvisa_fit = 0', "can't be 0"),
        ("visas = [", "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
    ],
)
def test_a_profile_is_read_strictly_and_told_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    message = str(caught.value)
    assert said in message and str(path) in message and "\n" not in message


def test_bytes_that_are_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="UTF-8"):
        read_profile(path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(ProfileError, match="larger than 1 MB"):
        read_profile(path)


def test_usual_spellings_of_specialties_are_known() -> None:
    assert profile_of({"visas": ["J-1"], "specialties": ["General Surgery", "med-peds", "GI"]}).specialties == (
        "Surgery",
        "Internal Medicine/Pediatrics",
        "Gastroenterology",
    )


def test_of_one_score_what_is_stated_comes_first_then_the_likelier() -> None:
    stated = PAGE | {
        "h1b_stated": "case_by_case",
        "policy": "h1b_case_by_case",
        "sponsor_tier": "case_by_case",
        "state": "WY",
    }
    inferred = [{"sponsor_tier": "likely", "sponsoring_likelihood": share, "state": "AL"} for share in (0.4, 0.9)]
    profile = Profile(visas=("H-1B",), weights=dict.fromkeys(DEFAULT_WEIGHTS, 0) | {"visa_fit": 1})
    answer = shortlist(listed(*inferred, stated), profile)
    assert answer["score"].nunique() == 1
    assert [known(share) for share in answer["sponsoring_likelihood"]] == [None, 0.9, 0.4]


TRANSFER = YES | {
    "h1b_stated": "case_by_case", "sponsor_tier": "case_by_case", "conditions": ["transfer_only"],
    "routes": ["transfer_or_extension"],
}  # fmt: skip
IN_COUNTRY = TRANSFER | {"conditions": ["already_in_us"], "routes": ["change_of_status", "transfer_or_extension"]}
OF_US_SCHOOLS = TRANSFER | {"conditions": ["us_school_graduates"], "routes": []}
EITHER_DOOR = TRANSFER | {
    "conditions": ["transfer_only", "us_school_graduates"], "routes": ["change_of_status", "transfer_or_extension"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "who", "light"),
    [
        (TRANSFER, {"where": "abroad"}, "red"),
        (TRANSFER, {"where": "us_f1"}, "red"),
        (TRANSFER, {"where": "holds_h1b"}, "green"),
        (TRANSFER, {}, "yellow"),
        (IN_COUNTRY, {"where": "abroad"}, "red"),
        (IN_COUNTRY, {"where": "us_f1"}, "green"),
        (OF_US_SCHOOLS, {"school": "foreign"}, "red"),
        (OF_US_SCHOOLS, {"school": "US", "where": "abroad"}, "green"),
        (EITHER_DOOR, {"school": "foreign", "where": "abroad"}, "red"),
        (EITHER_DOOR, {"school": "foreign", "where": "holds_h1b"}, "green"),
        (EITHER_DOOR, {"school": "US", "where": "abroad"}, "green"),
        (YES, {"where": "abroad", "school": "foreign"}, "green"),
    ],
)
def test_a_route_that_is_closed_to_the_applicant_is_red(
    change: dict[str, Any], who: dict[str, str], light: str
) -> None:
    row = one(profile_of({"visas": ["H-1B"], "applicant": who}), **change)
    assert row["light"] == light
    assert any("closed" in line for line in row["why"]) == (light == "red")


def test_a_page_saved_now_without_a_date_is_not_recent() -> None:
    row = one(H1B, **YES | {"evidence_date": None, "evidence_saved_on": NEW})
    assert known(row["recency"]) is None
    assert row["light"] == "yellow"


FROZEN = YES | {"state_freeze": "no new petitions (an order)", "state_freeze_until": pd.Timestamp("2027-05-31")}


def test_an_order_that_outlasts_the_time_of_filing_closes_the_h1b() -> None:
    row = one(H1B, **FROZEN)
    assert row["light"] == "red" and any(
        "closed by an order of the state until 2027-05-31" in line for line in row["why"]
    )
    either = one(EITHER, **FROZEN | {"j1_stated": "yes"})
    assert either["light"] == "yellow" and either["visa_fit"] == 3


def test_an_order_that_ends_before_is_asked_about() -> None:
    row = one(H1B, **FROZEN | {"state_freeze_until": pd.Timestamp("2027-01-05")})
    assert row["light"] == "yellow" and any("until 2027-01-05" in line for line in row["ask"])


def test_only_the_wanted_places() -> None:
    far = YES | {"state": "TX", "metro_area": "Tyler, TX", "city": "Tyler"}
    profile = profile_of({"visas": ["H-1B"], "places": {"metros": ["boston"], "only": True}})
    assert list(scored(profile, YES, far)["state"]) == ["MA"]
    assert len(scored(profile_of({"visas": ["H-1B"], "places": {"metros": ["boston"]}}), YES, far)) == 2


def test_a_program_of_the_second_choice_comes_after_all_of_the_first_of_its_light() -> None:
    weak = {"sponsor_tier": "possible", "state": "TX"}
    strong_j1 = PAGE | {"j1_stated": "yes", "sponsor_tier": "j1_only", "h1b_stated": "no", "policy": "j1_only"}
    profile = profile_of({"visas": ["H-1B", "J-1"], "states": ["MA"], "weights": {"place": 100}})
    answer = shortlist(listed(strong_j1, weak), profile)
    assert list(answer["light"]) == ["yellow", "yellow"]
    assert list(answer["sponsor_tier"]) == ["possible", "j1_only"] and answer["score"].is_monotonic_increasing


def test_the_level_that_is_wanted() -> None:
    changes = (
        {"specialty": "Nephrology", "track_kinds": []},
        {"specialty": "Internal Medicine", "track_kinds": ["preliminary"]},
        {"specialty": "Pediatrics", "track_kinds": []},
    )
    for level, names in (("fellowship", {"Nephrology"}), ("residency", {"Internal Medicine", "Pediatrics"}),
                         ("preliminary", {"Internal Medicine"})):  # fmt: skip
        answer = scored(profile_of({"visas": ["H-1B"], "applicant": {"level": level}}), *changes)
        assert set(answer["specialty"]) == names


def test_all_mistakes_of_a_profile_are_told_at_once() -> None:
    wrong = {
        "visas": ["H1B"],
        "specialties": ["Podiatry", "Pediatrics"],
        "places": {"only": "yes"},
        "applicant": {"where": "Mars", "x": 1},
    }
    with pytest.raises(ProfileError) as error:
        profile_of(wrong)
    said = str(error.value)
    for part in (
        "5 mistakes",
        "unknown visa 'H1B'",
        "'Podiatry'",
        "only must be true or false",
        "unknown where 'Mars'",
        "'x'",
    ):
        assert part in said
    assert "\n" not in said


def test_every_mistake_of_one_list_is_told() -> None:
    wrong = {
        "visas": ["H1B", "O-1"],
        "must_haves": ["money", "luck"],
        "weights": {"size": "big", "place": 101, "visa_fit": 0, "fame": 1},
        "applicant": {"ecfmg": True, "step1": "failed", "name": " ", "citizenship": "Irann", "degree": "PhD"},
    }
    with pytest.raises(ProfileError) as error:
        profile_of(wrong)
    said = str(error.value)
    parts = ("13 mistakes", "'H1B'", "'O-1'", "'money'", "'luck'", "of size", "of place", "'fame'", "visa_fit can't be 0", "ecfmg must",
             "step1 must", "name must", "Irann", "'PhD'")  # fmt: skip
    assert [part for part in parts if part not in said] == []


@pytest.mark.parametrize(
    ("school", "degree", "step3", "fit", "ask"),
    [
        ("foreign", None, "not planned", 2, "Step 3 is required for an H-1B; by when?"),
        ("US", "MD", "not planned", 5, "of graduates of US schools, too? The law doesn't ask it of them."),
        ("US", "DO", None, 5, "COMLEX-USA Level 3"),
        ("US", "DO", "passed", 5, None),
    ],
)
def test_step_3_is_not_asked_of_graduates_of_us_schools(
    school: str, degree: str | None, step3: str | None, fit: int, ask: str | None
) -> None:
    who = Profile(visas=("H-1B",), school=school, degree=degree, step3=step3)
    row = one(who, **YES, step3_required_for_h1b="yes")
    assert row["visa_fit"] == fit
    assert ("Step 3" in " ".join(row["ask"])) is (ask is not None) and (ask or "") in " ".join(row["ask"])


def test_usual_names_in_a_profile() -> None:
    profile = profile_of(
        {"visas": ["H-1B"], "specialties": ["Peds/Genetics", "IM"], "states": ["California"], "metros": ["SoCal"]}
    )
    assert profile.specialties == ("Pediatrics/Medical Genetics", "Internal Medicine")
    assert profile.states == ("CA",) and "el centro, ca" in profile.metros


def test_own_interest_orders_within_a_light_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "own_notes.csv"
    write_notes(path, [Note("1300000001", 5, "asked in May, =SUM")])
    write_notes(path, [Note("1300000000", 1, None)])
    write_notes(path, [Note("1300000001", None, "asked in June")])
    answer = shortlist(listed(YES, YES | {"state": "TX"}, YES), H1B, read_notes(path))
    assert list(answer["program_code"]) == ["1300000001", "1300000002", "1300000000"]
    assert [known(value) for value in answer["interest"]] == [5, None, 1] and answer["notes"][0] == "asked in June"


def test_a_wrong_line_of_own_notes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own_notes.csv"
    path.write_text("program_code,interest,notes\n1300000001,9,\n")
    with pytest.raises(ReferenceTableError, match=r"own_notes\.csv, line 2"):
        read_notes(path)

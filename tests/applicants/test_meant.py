"""What a person means by a name: usual short names, parts, initials; and what is said of one that means nothing."""

from __future__ import annotations

import pytest

from pipeline.applicants.meant import (
    NotKnownError,
    initials,
    institutions_meant,
    metros_meant,
    specialties_meant,
    states_meant,
)
from pipeline.linkage.places import metro_names
from pipeline.reference.load import read_rows

LISTED = {
    "Internal Medicine",
    "Internal Medicine/Pediatrics",
    "Pediatrics/Medical Genetics",
    "Pediatrics",
    "Otolaryngology",
}
INSTITUTIONS = {
    "St Barnabas Hospital": ["SAINT BARNABAS HEALTH SYSTEM"],
    "Cedars-Sinai Medical Center": [],
    "University of Alabama Hospital": ["UNIVERSITY OF ALABAMA AT BIRMINGHAM"],
    "Massachusetts General Hospital": [],
}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("IM", "Internal Medicine"),
        ("im", "Internal Medicine"),
        ("Peds/Genetics", "Pediatrics/Medical Genetics"),
        ("OB/GYN", "Obstetrics and Gynecology"),
        ("ENT", "Otolaryngology"),
        ("paediatrics", "Pediatrics"),
        ("Internl Medicine", "Internal Medicine"),
        ("TY", "Transitional Year"),
    ],
)
def test_usual_names_of_specialties(text: str, first: str) -> None:
    assert specialties_meant(text, LISTED)[0] == first


def test_a_part_of_a_name_means_all_names_that_hold_it() -> None:
    assert {"Pediatrics", "Internal Medicine/Pediatrics"} <= set(specialties_meant("Pediatrics", LISTED))


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("boston", "Boston-Cambridge-Newton, MA-NH"),
        ("Bronx", "New York-Newark-Jersey City, NY-NJ"),
        ("NYC", "New York-Newark-Jersey City, NY-NJ"),
        ("Southern California", "San Diego-Chula Vista-Carlsbad, CA"),
        ("st. louis", "St. Louis, MO-IL"),
        ("Saint Louis", "St. Louis, MO-IL"),
    ],
)
def test_regions_cities_and_parts_of_areas(text: str, area: str) -> None:
    assert area in metros_meant(text)


def test_every_usual_name_means_something() -> None:
    for row in read_rows("names/usual_names.csv"):
        find = {"place": metros_meant, "specialty": specialties_meant}[row["kind"]]
        assert find(row["usual"], ()), row
        for part in row["means"].split("|") if row["kind"] == "place" else ():
            assert any(part in name for name in metro_names()), row


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SBH", "St Barnabas Hospital"),
        ("st. barnabas", "St Barnabas Hospital"),
        ("Saint Barnabas Hospital", "St Barnabas Hospital"),
        ("cedars sinai", "Cedars-Sinai Medical Center"),
        ("UAB", "University of Alabama Hospital"),
        ("MGH", "Massachusetts General Hospital"),
    ],
)
def test_initials_and_other_spellings_of_institutions(text: str, name: str) -> None:
    assert institutions_meant(text, INSTITUTIONS) == (name,)


def test_initials_leave_out_small_words_and_kinds_at_the_end() -> None:
    assert initials("University of California Los Angeles School of Medicine") >= {"ucla", "uclas", "uclasm"}
    assert initials("Mayo") == frozenset()


@pytest.mark.parametrize(
    ("find", "text", "known", "said"),
    [
        (metros_meant, "Bostn", [()], "did you mean Boston-Cambridge-Newton, MA-NH"),
        (metros_meant, "Southern Califronia", [()], "did you mean Southern California"),
        (specialties_meant, "Intenal Medcine", [LISTED], "did you mean Internal Medicine"),
        (specialties_meant, "xyzzy", [LISTED], "nothing known comes near"),
        (institutions_meant, "Cedar Sinay", [INSTITUTIONS], "did you mean Cedars-Sinai Medical Center"),
        (states_meant, "Californa", [], "did you mean California (CA)?"),
        (states_meant, "Southern California", [], "--metro 'Southern California'"),
        (states_meant, "ZZ", [], "unknown state 'ZZ'"),
    ],
)
def test_what_means_nothing_is_told_with_what_comes_near(find, text, known, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotKnownError) as error:
        find(text, *known)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_states_by_letters_and_by_name() -> None:
    assert states_meant("ma") == states_meant("Massachusetts") == ("MA",)

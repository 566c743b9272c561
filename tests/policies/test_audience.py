"""Whose policy a statement is: this program's, the institution's, another program's, other people's."""

from __future__ import annotations

import pytest

from tests.policies.conftest import read, read_html

OWN, GENERAL, OTHER = "own", "general", "other"
# What is read where the page says before that only the J-1 is sponsored: this program's own H-1B outranks that, a general
# one is at odds with it, another program's is nothing to it.
H1B = {OWN: "yes", GENERAL: "not_stated", OTHER: "no"}


@pytest.mark.parametrize(
    ("program", "text", "whose"),
    [
        ("Urology", "Neurology sponsors the H-1B.", OTHER),
        ("Urology", "Urology and neurology residents get the H-1B.", OWN),
        ("Urology", "The hospital sponsors the H-1B.", GENERAL),
        ("General Surgery", "Vascular surgery sponsors the H-1B.", OTHER),
        ("Surgery-Vascular", "Vascular surgery sponsors the H-1B.", OWN),
        ("Surgery-Vascular", "Surgery sponsors the H-1B.", GENERAL),
        ("Radiology-Neuroradiology", "Neuroradiology sponsors the H-1B.", OWN),
        ("Cardiovascular Disease Fellowship", "The cardiology fellowship sponsors the H-1B.", OWN),
        ("Internal Medicine", "Family medicine sponsors the H-1B.", OTHER),
        ("Pediatrics", "Pediatric neurology sponsors the H-1B.", OTHER),
        ("Pediatrics", "Internal medicine, pediatrics and surgery sponsor the H-1B.", OWN),
        ("Pediatrics", "Medicine-Pediatrics sponsors the H-1B.", OTHER),
        ("Internal Medicine-Pediatrics", "Medicine-Pediatrics sponsors the H-1B.", OWN),
        ("GME office", "Neurology sponsors the H-1B.", GENERAL),
        ("Urology", "Dental residents get the H-1B.", OTHER),
    ],
)
def test_programs_by_their_specialties(program: str, text: str, whose: str) -> None:
    assert read(f"We sponsor J-1 visas only.\n\n{text}", program).h1b == H1B[whose]


@pytest.mark.parametrize(
    ("program", "text", "whose"),
    [
        ("Urology", "OB/GYN residents get the H-1B.", OTHER),
        ("Obstetrics and Gynecology", "OB/GYN residents get the H-1B.", OWN),
        ("Urology", "The IM residency sponsors the H-1B.", OTHER),
        ("Internal Medicine", "The IM residency sponsors the H-1B.", OWN),
        ("Urology", "GI fellows get the H-1B.", OTHER),
        ("Family Medicine", "The hospital is a family and sponsors the H-1B.", GENERAL),
        ("Urology", "In an emergency the hospital sponsors the H-1B.", GENERAL),
        ("Urology", "The H-1B is sponsored, whatever green cards spouses and children have.", GENERAL),
    ],
)
def test_abbreviations_name_programs_and_everyday_words_do_not(program: str, text: str, whose: str) -> None:
    assert read(f"We sponsor J-1 visas only.\n\n{text}", program).h1b == H1B[whose]


@pytest.mark.parametrize(
    ("program", "text", "policy"),
    [
        ("Cardiology fellowship", "The residency sponsors the J-1 only. The fellowship sponsors J-1 and H-1B.", "both"),
        ("Internal Medicine", "The residency sponsors the J-1 only. The fellowship sponsors J-1 and H-1B.", "j1_only"),
        ("Urology", "Neurology sponsors the H-1B, but we sponsor only the J-1.", "j1_only"),
        ("GME office", "Some departments sponsor no visas; ask each program.", "contact"),
    ],
)
def test_levels_and_contrasts(program: str, text: str, policy: str) -> None:
    assert read(text, program).policy == policy


@pytest.mark.parametrize(
    ("heading", "h1b"),
    [
        ("Residents and fellows", "yes"), ("Faculty, residents and fellows", "yes"), ("Visas", "yes"),
        ("Faculty and staff", "not_stated"), ("Postdoctoral fellows", "not_stated"),
    ],
)  # fmt: skip
def test_under_a_heading_on_other_people_nothing_is_said_of_trainees(heading: str, h1b: str) -> None:
    assert read_html(f"<h2>{heading}</h2><p>H-1B visas are sponsored.</p>").h1b == h1b


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        ("The hospital sponsors the H-1B for its physicians. Trainees are not among them.", "not_stated", "no"),
        ("The hospital sponsors the H-1B for its physicians. Trainees are among them.", "not_stated", "yes"),
        ("H-1B visas are filed for staff. For residents there are none; a resident comes on a J-1.", "yes", "no"),
    ],
)
def test_trainees_left_out_of_what_others_get(text: str, j1: str, h1b: str) -> None:
    reading = read(text)
    assert (reading.j1, reading.h1b) == (j1, h1b)

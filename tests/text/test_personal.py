"""Personal data is found, and only that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.personal import without_contacts, without_persons

MARYLAND = {"BALTIMORE", "SILVER SPRING", "COLMAR MANOR"}


def in_maryland(name: str, state: str) -> bool:
    return state == "MD" and name.upper() in MARYLAND


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Write to gme@hospital.example.org today", "Write to [e-mail] today"),
        ("gme [at] hospital [dot] org", "[e-mail]"),
        ("Call (617) 555-0100 or 617.555.0101, ext. 22", "Call [telephone] or [telephone]"),
        ("Call 1-617-555-0100.", "Call [telephone]."),
        ("H-1B since FY2019-2023, code 1404121045, ZIP 02114-2621", "H-1B since FY2019-2023, code 1404121045, ZIP 02114-2621"),
        ("EIN 12-3456789, fees of $100,000, 2025-11-30", "EIN 12-3456789, fees of $100,000, 2025-11-30"),
    ],
)  # fmt: skip
def test_addresses_and_numbers_are_left_out(text: str, clean: str) -> None:
    assert without_contacts(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ask Dr. Amara Okafor whether H-1B is possible", "Ask [name] whether H-1B is possible"),
        ("Amara N. Okafor, MD, PhD, sponsors no visas", "[name], sponsors no visas"),
        ("Ms. Okafor answers", "[name] answers"),
        ("Hospital Dr Alejandro Otero Lopez", "Hospital Dr Alejandro Otero Lopez"),
        ("Dr. Susan Love Research Foundation sponsors J-1", "Dr. Susan Love Research Foundation sponsors J-1"),
        ("Kennedy Krieger Institute, MD", "Kennedy Krieger Institute, MD"),
        ("our site in Silver Spring, MD sponsors", "our site in Silver Spring, MD sponsors"),
        ("Kirk Kerkorian School of Medicine", "Kirk Kerkorian School of Medicine"),
        ("MD and DO graduates need an H-1B or J-1", "MD and DO graduates need an H-1B or J-1"),
    ],
)
def test_persons_are_left_out_and_bodies_and_places_stay(text: str, clean: str) -> None:
    assert without_persons(text, in_maryland) == clean


@given(st.text(max_size=200))
def test_what_is_clean_stays_clean(text: str) -> None:
    clean = without_contacts(text)
    assert without_contacts(clean) == clean

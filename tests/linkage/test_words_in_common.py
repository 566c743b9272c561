"""Links by a word that other employers near bear, too: a place, a quarter, a county."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.linkage.model import BEARERS
from pipeline.linkage.shared_words import words_in_common

World = Callable[..., object]
HOSPITAL = ("Harlem Hospital Center Program", "350001", "Harlem Hospital Center", "New York", "NY")
GENERAL = ("Harlem General Hospital Program", "350002", "Harlem General Hospital", "New York", "NY")
GROUP = ("HARLEM MEDICAL GROUP PC", "9722", "NY", "NEW YORK", 9)
KNOWN = ("HARLEM HOSPITAL CENTER", "5001", "NY", "NEW YORK", 9)
SHOPS = [
    (f"{name} HARLEM", f"70{place:02}", "NY", "NEW YORK", 1)
    for place, name in enumerate(("SHOES", "CARPETS", "FLOWERS", "BICYCLES")[:BEARERS])
]
HEALTH = [(name.replace("HARLEM", "HARLEM CLINIC"), *rest) for name, *rest in SHOPS]
AWAY = [(name, tax_id, state, "BUFFALO", size) for name, tax_id, state, _, size in SHOPS]
ITS_OWN = [(KNOWN[0], *rest) for _, *rest in SHOPS]


def decision(world: object, employer: str) -> str | None:
    links = world.links  # type: ignore[attr-defined]
    found = links.loc[links["employer"] == employer, "decision"].tolist()
    return found[0] if found else None


@pytest.mark.parametrize(
    ("sponsor", "petition", "others", "neighbours", "expected"),
    [
        (HOSPITAL, GROUP, [], [], "accepted"),
        (HOSPITAL, GROUP, [], SHOPS, "review"),  # the quarter of the city is all they have in common
        (HOSPITAL, GROUP, [], SHOPS[1:], "accepted"),
        (HOSPITAL, GROUP, [KNOWN], SHOPS, "review"),  # another tax id is known besides
        (HOSPITAL, (GROUP[0], "5001", *GROUP[2:]), [KNOWN], SHOPS, "accepted"),  # the tax id says whose it is
        (HOSPITAL, GROUP, HEALTH, [], "accepted"),  # bodies of health care may be its own
        (HOSPITAL, GROUP, [], AWAY, "accepted"),  # another city and area
        (HOSPITAL, GROUP, [], ITS_OWN, "accepted"),  # the hospital itself under other industries
        # With a word of kind, or the whole name, the place says whose body it is.
        (HOSPITAL, ("HARLEM HOSPITAL CTR PHYSICIANS", *GROUP[1:]), [], SHOPS, "accepted"),
        (GENERAL, ("HARLEM GENERAL MEDICAL GROUP", *GROUP[1:]), [], SHOPS, "accepted"),
    ],
)
def test_a_word_that_unrelated_employers_near_bear_asks_a_person(
    make_world: World,
    sponsor: tuple[str, ...],
    petition: tuple[str, str, str, str, int],
    others: list[tuple[str, str, str, str, int]],
    neighbours: list[tuple[str, str, str, str, int]],
    expected: str,
) -> None:
    world = make_world([sponsor], [petition, *others], neighbours=neighbours)
    assert decision(world, petition[0]) == expected


def test_such_a_link_teaches_no_tax_id(make_world: World) -> None:
    other = ("HARLEM PHYSICIANS", *GROUP[1:])
    world = make_world([HOSPITAL], [GROUP, other], neighbours=SHOPS)
    assert {decision(world, GROUP[0]), decision(world, other[0])} == {"review"}


def test_the_reason_names_the_words(make_world: World) -> None:
    world = make_world([HOSPITAL], [GROUP], neighbours=SHOPS)
    reasons = world.review["reasons"].iloc[0]  # type: ignore[attr-defined]
    assert any("harlem" in line and f"{BEARERS} employers of other industries near" in line for line in reasons)


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("HARLEM MEDICAL GROUP", "HARLEM HOSPITAL CENTER", ("HARLEM",)),
        ("HEALTH PLAN SAN JOAQUIN", "SAN JOAQUIN GENERAL HOSPITAL", ("SAN", "JOAQUIN")),
        ("MUNSON MEDICAL CENTER FACULTY PRACTICE", "MUNSON MEDICAL CENTER", ()),
        ("BATON ROUGE GENERAL PHYSICIAN", "BATON ROUGE GENERAL HOSPITAL", ()),
        ("ALAMEDA HEALTH PARTNER", "ALAMEDA HEALTH SYSTEM", ()),
        ("UNIVERSITY CINCINNATI FOUNDATION", "UNIVERSITY CINCINNATI MEDICAL CENTER", ()),
    ],
)
def test_words_in_common(one: str, other: str, common: tuple[str, ...]) -> None:
    assert words_in_common(one, other) == common

"""Many wordings of one fact: frames crossed with verbs, and layouts crossed with marks. No frame may turn into its opposite."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from pipeline.policies.reading import read_page
from tests.policies.conftest import read

VERBS = ("sponsored", "supported", "accepted", "offered", "provided", "available", "filed")
DENIALS = (
    "H-1B visas are not {}.", "H-1B visas aren't {} by our program.", "No H-1B visas are {}.", "Nobody is {} for an H-1B.",
    "H-1B visas will no longer be {}.", "H-1B visas can't be {}.", "At no point has an H-1B been {}.",
    "H-1B visas are {} neither for residents nor for fellows.", "We regret that H-1B visas cannot be {}.",
    "H-1B visas are {} at other hospitals, not at ours.", "H-1B visas were {} until 2022.", "H-1B visas were formerly {}.",
    "H-1B visas are {} for faculty only.", "Unlike faculty, residents are not {} for the H-1B.",
    "H-1B visas are not {}, and there are no exceptions.", "H-1B visas, once {}, are a thing of the past.",
    "The idea that H-1B visas are {} here is mistaken.", "It is not true that H-1B visas are {}.", "Only J-1 visas are {}.",
    "J-1 visas alone are {}.", "None but the J-1 is {}.", "Visas other than the J-1 are not {}.",
    "Of the two visas, J-1 and H-1B, just the former is {}.", "Are H-1B visas {}? They are not.", "Are H-1B visas {}?\nNo.",
    "H-1B visas {}: no", "H-1B ({}?): No", "Do not expect that an H-1B will be {}.", "J-1 visas are {}; H-1Bs are not.",
    "J-1 visas are {} but not H-1B visas.", "J-1 (but not H-1B) visas are {}.", "Instead of the H-1B, the J-1 is {}.",
    "J-1 visas are {}. This does not apply to H-1B visas.", "J-1 visas are {}. The same is not true of the H-1B.",
)  # fmt: skip
AFFIRMATIONS = (
    "H-1B visas are {}.", "H-1B visas are {} by our program.", "The H-1B is {} for all residents.",
    "H-1B visas, like J-1 visas, are {}.", "Not only J-1 but also H-1B visas are {}.", "H-1B visas are once again {}.",
    "Are H-1B visas {}? They are.", "Are H-1B visas {}?\nYes, they are.", "H-1B visas {}: yes", "Contrary to rumor, H-1B visas are {}.",
    "H-1B visas have always been {} here.", "Other hospitals refuse the H-1B; here it is {}.", "The J-1 is {}, and so is the H-1B.",
    "J-1 visas are {}. H-1B visas are as well.", "Nothing has changed: H-1B visas are {}.", "H-1B visas are {} without exception.",
    "H-1B visas are {} regardless of specialty.", "H-1B visas were not {} before 2024 but are now.",
    "H-1B and J-1 visas are {} at no cost to the resident.",
)  # fmt: skip
LAYOUTS = {
    "columns": "<table><tr><th>Program</th><th>J-1</th><th>H-1B</th></tr><tr><td>Neurology</td><td>{0}</td><td>{1}</td></tr></table>",
    "rows": "<table><tr><th>Visa</th><th>Sponsored?</th></tr><tr><td>J-1</td><td>{0}</td></tr><tr><td>H-1B</td><td>{1}</td></tr></table>",
    "across": "<table><tr><th>Visa</th><th>Neurology</th><th>Urology</th></tr><tr><td>J-1</td><td>{0}</td><td>{1}</td></tr>"
    "<tr><td>H-1B</td><td>{1}</td><td>{0}</td></tr></table>",
    "site": "<table><tr><th>Site</th><th>Program</th><th>J-1</th><th>H-1B</th></tr>"
    "<tr><td>Main</td><td>Urology</td><td>{1}</td><td>{0}</td></tr>"
    "<tr><td>Main</td><td>Neurology</td><td>{0}</td><td>{1}</td></tr></table>",
    "list": "<h3>Visa sponsorship</h3><ul><li>J-1: {0}</li><li>H-1B: {1}</li></ul>",
    "list with dashes": "<h3>Visa sponsorship</h3><ul><li>J-1 - {0}</li><li>H-1B - {1}</li></ul>",
    "definitions": "<dl><dt>J-1 sponsorship</dt><dd>{0}</dd><dt>H-1B sponsorship</dt><dd>{1}</dd></dl>",
    "lines": "<p>J-1: {0}<br>H-1B: {1}</p>",
    "headings": "<h4>J-1</h4><p>{0}</p><h4>H-1B</h4><p>{1}</p>",
    "questions": "<h4>Do you sponsor J-1 visas?</h4><p>{0}</p><h4>Do you sponsor H-1B visas?</h4><p>{1}</p>",
    "labelled answers": "<p>Q: Do you sponsor J-1 visas?<br>A: {0}.</p><p>Q: Do you sponsor H-1B visas?<br>A: {1}.</p>",
    "boxes": '<div class="row"><div>J-1</div><div>{0}</div></div><div class="row"><div>H-1B</div><div>{1}</div></div>',
}  # fmt: skip
MARKS = (
    ("Yes", "No"), ("✓", "✗"), ("Y", "N"), ("Accepted", "Not accepted"), ("☑", "☐"), ("✅", "🚫"), ("Sponsored", "Declined"),
    ('<img src="a.png" alt="Yes">', '<img src="b.png" alt="No">'), ('<i class="fa fa-check"></i>', '<i class="fa fa-times"></i>'),
)  # fmt: skip


@pytest.mark.parametrize("frame", DENIALS)
def test_a_denial_is_never_a_yes(frame: str) -> None:
    stances = Counter(read(frame.format(verb)).h1b for verb in VERBS)
    assert set(stances) <= {"no", "not_stated"}


def test_denials_are_mostly_read_as_no() -> None:
    readings = [read(frame.format(verb)) for frame, verb in product(DENIALS, VERBS)]
    assert sum(reading.h1b == "no" for reading in readings) >= 0.85 * len(readings)


@pytest.mark.parametrize("frame", AFFIRMATIONS)
def test_an_affirmation_is_a_yes(frame: str) -> None:
    for verb in VERBS:
        assert read(frame.format(verb)).h1b == "yes", verb


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_with_marks(layout: str) -> None:
    for (yes, no), stances in product(MARKS, (("yes", "yes"), ("yes", "no"), ("no", "no"))):
        marks = [yes if stance == "yes" else no for stance in stances]
        page = "<h1>Neurology</h1>" + LAYOUTS[layout].format(*marks)
        reading = read_page(page.encode(), "html", "Neurology", "A hospital")
        assert (reading.j1, reading.h1b) == stances, marks


@pytest.mark.parametrize("sign", ["–", "○", "?", "⁂"])
def test_a_sign_that_tells_nothing_is_no_yes(sign: str) -> None:
    for layout in LAYOUTS.values():
        page = "<h1>Neurology</h1>" + layout.format("Yes", sign)
        assert read_page(page.encode(), "html", "Neurology", "A hospital").h1b != "yes", layout

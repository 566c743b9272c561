"""Whatever a page holds, the reader comes back, with the same answer, in work that its length bounds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.plain_lines import blocks_of_text
from pipeline.policies.published import Reading
from pipeline.policies.reading import read_page, read_statement
from pipeline.schemas.vocabulary import CONFIDENCE, SCOPE, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED

WORDS = st.sampled_from(
    [
        "J-1",
        "H-1B",
        "visa",
        "visas",
        "other",
        "only",
        "not",
        "no",
        "never",
        "sponsor",
        "accept",
        "refuse",
        "except",
        "unless",
        "if",
        "but",
        "and",
        "or",
        "nor",
        "neither",
        "both",
        "either",
        "we",
        "the",
        "fellows",
        "residents",
        "may",
        "consider",
        "case",
        "by",
        "case",
        "exceptional",
        "transfer",
        "until",
        "2024",
        "formerly",
        "now",
        "(",
        ")",
        ",",
        ";",
        ":",
        ".",
        "?",
        "!",
        "–",
        "yes",
        "✓",
        "✗",
        "citizens",
        "green",
        "card",
        "must",
        "Step",
        "3",
        "USMLE",
        "ECFMG",
        "faculty",
        "research",
        "than",
        "rather",
        "alone",
        "nothing",
        "all",
        "that",
        "is",
        "are",
        "can't",
    ]
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
TAGS = st.sampled_from(
    ["<p>", "</p>", "<table>", "<tr>", "<td>", "<th>", "</table>", "<ul>", "<li>", "</ul>", "<dl>", "<dt>", "<dd>", "<h2>",
     "</h2>", "<del>", "</del>", "<b>", "<br>", "<!--", "-->", "<details>", "<summary>", "<nav>", "</nav>", "<td colspan=9999>",
     "<td rowspan=70>", "<img alt='✓'>", "&nbsp;", "&#8209;", "<script>", "</script>"]
)  # fmt: skip
PAGES = st.lists(st.one_of(TAGS, TEXTS), max_size=30).map("".join)


def well_formed(reading: Reading) -> None:
    assert reading.j1 in VISA_STANCE
    assert reading.h1b in VISA_STANCE
    assert reading.policy in VISA_POLICY
    assert reading.step3_required_for_h1b in YES_NO_NOT_STATED
    assert reading.scope in SCOPE
    assert reading.confidence in CONFIDENCE
    assert bool(reading.evidence) or reading.policy == "not_stated"


@given(TEXTS)
@settings(max_examples=400)
def test_any_words_give_a_reading(text: str) -> None:
    blocks = blocks_of_text(text)
    reading = read_statement(blocks, "Urology")
    well_formed(reading)
    for item in reading.evidence:
        assert 0 <= item.start <= item.end <= len(blocks[item.block].text)


@given(PAGES)
@settings(max_examples=300)
def test_any_markup_gives_a_reading(page: str) -> None:
    well_formed(read_page(page.encode(), "html", program="Neurology fellowship"))


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_give_a_reading(content: bytes) -> None:
    well_formed(read_page(content, "html"))
    well_formed(read_page(content, "text"))


@given(PAGES)
@settings(max_examples=100)
def test_a_page_read_again_gives_the_same_reading(page: str) -> None:
    """What is remembered of sentences read before changes nothing."""
    first = read_page(page.encode(), "html", program="Urology")
    assert read_page(page.encode(), "html", program="Urology") == first


READ_ALL = """
import sys
from pathlib import Path
from pipeline.policies.reading import read_page
for page in sorted(Path(sys.argv[1]).glob("*.html")):
    print(read_page(page.read_bytes(), "html", "Urology"), read_page(page.read_bytes(), "html"))
"""


def test_readings_do_not_depend_on_the_order_of_sets() -> None:
    pages = Path(__file__).parents[1] / "gold" / "policies" / "pages_dev"
    seeds = [
        subprocess.run(
            [sys.executable, "-c", READ_ALL, str(pages)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert seeds[0] == seeds[1] and seeds[0].count(b"Reading(") > 50


LONG = {
    "blanks inside a name": "visa H" + " " * 200_000 + "1B",
    "hyphens": "J" + "-" * 200_000 + "1 visa",
    "one sentence": "we do not sponsor J-1 or H-1B visas, except " * 5_000,
    "names": "J-1 H-1B " * 25_000,
    "parentheses": "(J-1 " * 40_000,
    "questions": "Do you sponsor H-1B visas? " * 8_000,
    "years": "Updated 2024-2025 " * 12_000,
    "steps": "H-1B step 1 " * 20_000,
    "full stops": "visa" + ". " * 100_000,
    "quotes": "H-1B Step 3 by " + "\"'" * 100_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_inputs_come_to_an_end(name: str) -> None:
    """A pattern that backtracks would not return here within the patience of anybody."""
    well_formed(read_page(LONG[name].encode(), "text"))
    well_formed(read_page(f"<p>{LONG[name]}".encode(), "html"))


def test_work_on_one_sentence_is_bounded() -> None:
    """What a sentence says after its first 1,500 characters is not read."""
    for times, h1b in ((10, "yes"), (200, "not_stated")):
        text = f"The town is nice {'and the town is nice ' * times}and we sponsor H-1B visas"
        assert read_page(text.encode(), "text").h1b == h1b


def test_a_hundred_thousand_characters_of_policies_are_read_in_part_and_said_so() -> None:
    reading = read_page(b"<ul>" + b"<li>We sponsor J-1 visas and not H-1B visas" * 2_500, "html")
    assert "read_in_part" in reading.rules
    assert (reading.confidence, reading.needs_confirmation) == ("low", True)


def test_deep_nesting_is_read_and_too_deep_a_page_in_part() -> None:
    statement = b"<p>We sponsor J-1 visas only.</p>"
    reading = read_page(b"<div>" * 50_000 + statement + b"</div>" * 50_000, "html")
    assert (reading.policy, "read_in_part" in reading.rules) == ("j1_only", False)
    assert "read_in_part" in read_page(statement + b"<div>" * 130_000, "html").rules


def test_filler_changes_no_reading() -> None:
    rnd = random.Random(7)
    body = "".join(f"<p>Filler {rnd.randrange(10**6)} about rounds and lectures.</p>" for _ in range(300))
    statement = "<p>We sponsor J-1 visas only.</p>"
    for page in (statement, body + statement, body + statement + body):
        assert read_page(page.encode(), "html").policy == "j1_only"

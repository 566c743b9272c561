"""Whatever a page holds, the reader comes back, with the same answer, in work that its length bounds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import html as markup
from pipeline.documents.html import blocks_of_html
from pipeline.documents.plain_lines import blocks_of_text
from pipeline.documents.sentences import sentences
from pipeline.policies.claims import MAX_SENTENCE, parse
from pipeline.policies.reading import Reading, read_page, read_statement
from pipeline.policies.sentence import discourse
from pipeline.schemas.vocabulary import CONFIDENCE, SCOPE, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED
from pipeline.text.characters import normalise

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
@settings(max_examples=400, deadline=None)
def test_any_words_give_a_reading(text: str) -> None:
    blocks = blocks_of_text(text)
    reading = read_statement(blocks, "Urology")
    well_formed(reading)
    for item in reading.evidence:
        assert 0 <= item.start <= item.end <= len(blocks[item.block].text)


@given(PAGES)
@settings(max_examples=300, deadline=None)
def test_any_markup_gives_a_reading(page: str) -> None:
    well_formed(read_page(page.encode(), "html", program="Neurology fellowship"))


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_reading(content: bytes) -> None:
    well_formed(read_page(content, "html"))
    well_formed(read_page(content, "text"))


@given(PAGES)
@settings(max_examples=100, deadline=None)
def test_reading_is_deterministic(page: str) -> None:
    first = read_page(page.encode(), "html", program="Urology")
    parse.cache_clear()
    assert read_page(page.encode(), "html", program="Urology") == first


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_sentences_lie_in_their_text_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        end = sentence.end


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_word_belongs_to_at_most_one_clause(text: str) -> None:
    parsed = parse(text)
    places = [place for clause in parsed.clauses for place in clause.places]
    assert len(places) == len(set(places))


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
    assert parse("J-1 " * 10_000).found[-1].end <= MAX_SENTENCE


def test_a_hundred_thousand_list_items_are_read_in_part_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"<ul>" + b"<li>We sponsor J-1 visas and not H-1B visas" * 20_000
    monkeypatch.setattr(discourse, "MAX_READ", 10_000)
    reading = read_page(page, "html")
    assert "read_in_part" in reading.rules
    assert (reading.confidence, reading.needs_confirmation) == ("low", True)


def test_deep_nesting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 50_000
    page = b"<div>" * depth + b"<p>We sponsor J-1 visas only.</p>" + b"</div>" * depth
    assert read_page(page, "html").policy == "j1_only"
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 1_000)
    assert "read_in_part" in read_page(page, "html").rules


def test_length_adds_blocks_one_by_one() -> None:
    """Twice the page gives twice the blocks, and the same reading."""
    rnd = random.Random(7)
    body = "".join(f"<p>Filler {rnd.randrange(10**6)} about rounds and lectures.</p>" for _ in range(300))
    statement = "<p>We sponsor J-1 visas only.</p>"
    one = blocks_of_html((body + statement).encode())
    two = blocks_of_html((body + statement + body).encode())
    assert (len(one), len(two)) == (301, 601)
    assert read_statement(one).policy == read_statement(two).policy == "j1_only"

"""What keeps a named visa from being a promise: unknown verbs, definitions, plans, persons, other people, older entries."""

from __future__ import annotations

import pytest

from pipeline.documents.blocks import HEADING, PARAGRAPH, Block
from pipeline.documents.plain_lines import blocks_of_text
from pipeline.policies.audience import audience
from pipeline.policies.claims import parse
from pipeline.policies.dated_entries import heading_date, posted
from pipeline.policies.footnotes import notes_of
from pipeline.policies.reading import read_page, read_statement
from pipeline.policies.sentence.mentions import defined, only_topic, planned
from pipeline.policies.sentence.persons import disqualified
from pipeline.policies.sentence.replies import bare_reply, leaves_trainees_out, same_again
from pipeline.policies.sentence.times import time_of
from pipeline.policies.sentence.verbs import unknown_verb
from pipeline.text.characters import normalise, rejoin


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("The hospital sponsors H-1B visas.", False),
        ("We go on sponsoring H-1B visas.", False),
        ("H-1B visas are routinely sponsored.", False),
        ("Residents get the H-1B.", False),
        ("H-1B sponsorship", False),
        ("The hospital has mothballed the H-1B route.", True),
        ("We wrestle with the H-1B option.", True),
        ("The board has decided to mothball the H-1B pathway.", True),
    ],
)
def test_a_verb_that_the_reader_does_not_know(text: str, unknown: bool) -> None:
    words = parse(text)
    assert unknown_verb(words.clauses[0], words.found) is unknown


@pytest.mark.parametrize("verb", ["mothballed", "zapped", "kicked", "chronicled", "mislaid"])
def test_an_unknown_verb_is_no_yes(verb: str) -> None:
    reading = read_statement(blocks_of_text(f"The hospital has {verb} the H-1B pathway."))
    assert reading.h1b != "yes"
    assert reading.needs_confirmation


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("The H-1B is a work visa for specialty occupations.", True),
        ("H-1B: an employment visa for which an employer petitions.", True),
        ("H-1B stands for a class of workers.", True),
        ("The sponsor of an H-1B is the employer.", True),
        ("The H-1B is a visa that we sponsor.", False),
        ("The H-1B is an option here.", False),
        ("The H-1B is not a visa of ours.", False),
    ],
)
def test_definitions(text: str, yes: bool) -> None:
    words = parse(text)
    assert defined(words.clauses[0], words.found) is yes


def test_topics_and_plans() -> None:
    for text, topic, plan in (
        ("We get letters about the H-1B.", True, False),
        ("The word on H-1B visas is no.", False, False),
        ("We hope to add the H-1B.", False, True),
        ("The H-1B may be offered some day.", False, True),
        ("We plan to continue sponsoring the H-1B.", False, False),
        ("Applicants who hope to have an H-1B may apply.", False, False),
    ):
        words = parse(text)
        clause = words.clauses[0]
        assert (only_topic(clause, words.found), planned(clause, words.found)) == (topic, plan), text


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("Candidates who cannot obtain a J-1 may have an H-1B.", "who can not obtain a <j1>"),
        ("Candidates ineligible for the J-1 may have an H-1B.", "ineligible for the <j1>"),
        ("An H-1B is filed only if the resident is barred from the J-1.", "if the resident is barred from the <j1>"),
        ("Candidates who cannot obtain a J-1 may not apply.", ""),
        ("We cannot obtain a J-1 but we file for an H-1B.", ""),
        ("Candidates are not eligible for a J-1; they may have an H-1B.", ""),
    ],
)
def test_persons_who_cannot_have_a_visa(text: str, stretch: str) -> None:
    found = parse(text).found
    places = disqualified(found)
    assert " ".join(found[p].word for p in places or ()) == stretch


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Our program sponsored the H-1B.", -1), ("We have sponsored the H-1B.", 0), ("We sponsor the H-1B.", 0),
        ("The hospital introduced the H-1B.", 0), ("The program sponsored by ECFMG is the J-1.", 0),
        ("Under an older version of our rules the H-1B is sponsored.", -1), ("As of 2027 the H-1B is sponsored.", 1),
    ],
)  # fmt: skip
def test_times(text: str, time: int) -> None:
    words = parse(text)
    assert time_of(words.whole(), words.found, words.marks) == time


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("We do not.", "no"), ("Our program does not; we take the J-1.", "no"), ("Ours does, and gladly.", "yes"),
        ("We don't either.", "likewise"), ("They do not.", ""), ("We do not sponsor the H-1B.", ""), ("J-1 visas are.", ""),
    ],
)  # fmt: skip
def test_bare_replies(text: str, reply: str) -> None:
    assert bare_reply(parse(text)) == reply


def test_trainees_left_out_and_the_same_again() -> None:
    assert leaves_trainees_out(parse("Trainees are not among them."))
    assert leaves_trainees_out(parse("For residents there are none; a resident comes on a J-1."))
    assert not leaves_trainees_out(parse("Trainees are among them."))
    for text, how in (
        ("So is the H-1B.", "same"),
        ("The same can't be said of the H-1B.", "opposite"),
        ("The H-1B is.", ""),
    ):
        words = parse(text)
        assert same_again(words.found, words.marks) == how


@pytest.mark.parametrize(
    ("heading", "of"),
    [
        ("Residents and fellows", "trainees"), ("Faculty and staff", "others"), ("Postdoctoral fellows", "others"),
        ("Faculty, residents and fellows", "trainees"), ("Visas", ""),
    ],
)  # fmt: skip
def test_audience_of_a_heading(heading: str, of: str) -> None:
    assert audience(heading) == of


def test_dated_entries() -> None:
    assert str(posted("Posted 3/2/2021: we sponsor both.")) == "2021-03-02"
    assert str(posted("September 14, 2025 - J-1 only")) == "2025-09-14"
    assert posted("Effective July 1, 2026: J-1 only") is None
    assert posted("We sponsored both in 2021.") is None
    assert str(heading_date(Block(1, HEADING, "2024-2025 season"))) == "2024-01-01"
    assert heading_date(Block(1, PARAGRAPH, "Our 2024 season")) is None


def test_the_newer_of_two_entries_counts_in_either_order() -> None:
    old, new = "Posted 3/2/2021: we sponsor the J-1 and the H-1B.", "Posted 9/14/2025: only the J-1 is sponsored."
    for text in (f"{old}\n\n{new}", f"{new}\n\n{old}"):
        assert read_statement(blocks_of_text(text)).policy == "j1_only"


def test_footnotes_and_legends() -> None:
    notes = notes_of(blocks_of_text("Visas: J-1, H-1B*\n\n* with approval of the dean\n\n● sponsored ○ not sponsored"))
    assert notes.conditions == {"*": ("chair_approval",)}
    assert notes.signs == {"●": "yes", "○": "no"}
    assert notes_of(blocks_of_text("● sponsored by ECFMG")).signs == {}
    page = b"<p>We sponsor J-1 and H-1B<sup>1</sup> visas.</p><p><sup>1</sup> with approval of the dean</p>"
    reading = read_page(page, "html")
    assert (reading.policy, reading.conditions) == ("h1b_case_by_case", ("chair_approval",))
    assert "with approval of the dean" in reading.evidence[-1].quote


def test_words_broken_over_lines() -> None:
    assert rejoin(["We do not spon-", "sor visas, case-by-", "case or cap-", "exempt."]) == (
        "We do not sponsor visas, case-by- case or cap-exempt."
    )
    assert normalise("spon-\nsor") == "sponsor"
    assert normalise("J-\n1") == "J-\n1"


FRAMES = (
    "We {0} the H-1B.", "Our hospital {0}s H-1B sponsorship.", "H-1B sponsorship is {0}ed here.", "H-1B visas: {0}ed",
    "The H-1B has been {0}ed.", "The program has {0}ed the H-1B option.", "Our board voted to {0} H-1B sponsorship.",
    "We offer the J-1 and {0} the H-1B.", "The J-1 is sponsored and the H-1B {0}ed.", "We are {0}ing H-1B sponsorship.",
    "Visas: J-1 (sponsored), H-1B ({0}ed)", "We sponsor J-1s, whereas H-1Bs are {0}ed.", "H-1B holders may be {0}ed.",
)  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("verb", ["zorp", "eschew", "mothball", "disown"])
def test_a_nonsense_verb_never_promises_an_h1b(frame: str, verb: str) -> None:
    """Whatever the verb means, a reader who does not know it must not take it for sponsoring."""
    assert read_statement(blocks_of_text(frame.format(verb))).h1b not in ("yes", "case_by_case")


@pytest.mark.parametrize("raised", ["²", "99999", "0", "a", ""])
def test_what_is_raised_and_no_footnote_mark_stays(raised: str) -> None:
    page = f"<p>We sponsor the J-1 and the H-1B.<sup>{raised}</sup></p>".encode()
    assert read_page(page, "html").policy == "both"

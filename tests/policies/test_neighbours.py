"""What keeps a named visa from being a promise: unknown verbs, definitions, plans, persons, time; and what a sentence takes
from the one before, a footnote or a dated entry."""

from __future__ import annotations

import pytest

from tests.policies.conftest import read, read_html, stances


@pytest.mark.parametrize(
    ("text", "h1b"),
    [
        ("The hospital sponsors H-1B visas.", "yes"),
        ("We go on sponsoring H-1B visas.", "yes"),
        ("H-1B visas are routinely sponsored.", "yes"),
        ("Residents get the H-1B.", "yes"),
        ("H-1B sponsorship", "not_stated"),
        ("The hospital has mothballed the H-1B route.", "not_stated"),
        ("We wrestle with the H-1B option.", "not_stated"),
        ("The board has decided to mothball the H-1B pathway.", "not_stated"),
    ],
)
def test_a_verb_that_the_reader_does_not_know_gives_nothing(text: str, h1b: str) -> None:
    assert read(text).h1b == h1b


@pytest.mark.parametrize("verb", ["mothballed", "zapped", "kicked", "chronicled", "mislaid"])
def test_an_unknown_verb_is_no_yes_and_a_person_should_ask(verb: str) -> None:
    reading = read(f"The hospital has {verb} the H-1B pathway.")
    assert reading.h1b != "yes"
    assert reading.needs_confirmation


@pytest.mark.parametrize(
    ("text", "h1b"),
    [
        ("The H-1B is a work visa for specialty occupations.", "not_stated"),
        ("H-1B: an employment visa for which an employer petitions.", "not_stated"),
        ("H-1B stands for a class of workers.", "not_stated"),
        ("The sponsor of an H-1B is the employer.", "not_stated"),
        ("The H-1B is a visa that we sponsor.", "yes"),
        ("The H-1B is an option here.", "yes"),
        ("The H-1B is not a visa of ours.", "no"),
    ],
)
def test_a_definition_states_no_policy(text: str, h1b: str) -> None:
    assert read(text).h1b == h1b


@pytest.mark.parametrize(
    ("text", "h1b"),
    [
        ("We get letters about the H-1B.", "not_stated"),
        ("The word on H-1B visas is no.", "no"),
        ("We hope to add the H-1B.", "not_stated"),
        ("The H-1B may be offered some day.", "not_stated"),
        ("We plan to continue sponsoring the H-1B.", "yes"),
        ("Applicants who hope to have an H-1B may apply.", "yes"),
    ],
)
def test_topics_and_plans_state_no_policy(text: str, h1b: str) -> None:
    assert read(text).h1b == h1b


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        ("Candidates who cannot obtain a J-1 may have an H-1B.", "not_stated", "case_by_case"),
        ("Candidates ineligible for the J-1 may have an H-1B.", "not_stated", "case_by_case"),
        ("An H-1B is filed only if the resident is barred from the J-1.", "not_stated", "case_by_case"),
        ("Candidates who cannot obtain a J-1 may not apply.", "yes", "not_stated"),
        ("We cannot obtain a J-1 but we file for an H-1B.", "no", "yes"),
        ("Candidates are not eligible for a J-1; they may have an H-1B.", "no", "yes"),
    ],
)
def test_what_persons_cannot_have_limits_the_rest_and_is_not_refused(text: str, j1: str, h1b: str) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize(
    ("text", "j1", "h1b"),
    [
        ("Our program sponsored the H-1B.", "not_stated", "not_stated"),
        ("We have sponsored the H-1B.", "not_stated", "yes"),
        ("We sponsor the H-1B.", "not_stated", "yes"),
        ("The hospital introduced the H-1B.", "not_stated", "yes"),
        ("The program sponsored by ECFMG is the J-1.", "yes", "not_stated"),
        ("Under an older version of our rules the H-1B is sponsored.", "not_stated", "not_stated"),
        ("We do not sponsor the H-1B. As of 2027 the H-1B is sponsored.", "not_stated", "yes"),
    ],
)
def test_what_held_formerly_is_no_policy_and_what_holds_from_now_outranks_the_rest(
    text: str, j1: str, h1b: str
) -> None:
    assert stances(read(text)) == (j1, h1b)


@pytest.mark.parametrize(
    ("before", "reply", "h1b"),
    [
        ("Other hospitals sponsor the H-1B.", "We do not.", "no"),
        ("Other hospitals sponsor the H-1B.", "Our program does not; we take the J-1.", "no"),
        ("Many hospitals refuse the H-1B.", "We do not.", "yes"),
        ("Other hospitals do not sponsor the H-1B.", "Ours does, and gladly.", "yes"),
        ("Other hospitals sponsor the H-1B.", "Ours does, and gladly.", "not_stated"),
        ("Other hospitals do not sponsor the H-1B.", "We don't either.", "no"),
        ("Many hospitals refuse the H-1B.", "They do not.", "not_stated"),
        ("Many hospitals refuse the H-1B.", "We do not sponsor the H-1B.", "no"),
    ],
)
def test_bare_replies_to_what_other_hospitals_do(before: str, reply: str, h1b: str) -> None:
    assert read(f"{before} {reply}").h1b == h1b


@pytest.mark.parametrize(
    ("reply", "h1b"),
    [
        ("So is the H-1B.", "yes"),
        ("The same is true of the H-1B.", "yes"),
        ("The same can't be said of the H-1B.", "no"),
        ("The H-1B is not.", "no"),
    ],
)
def test_the_same_again(reply: str, h1b: str) -> None:
    assert stances(read(f"The J-1 is sponsored. {reply}")) == ("yes", h1b)


BOTH, J1_ONLY = "we sponsor the J-1 and the H-1B.", "only the J-1 is sponsored."


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Posted 3/2/2021: ", "Posted 9/14/2025: "),
        ("Posted 3/2/2021: ", "September 14, 2025 - "),
        ("Updated 2021-03-02: ", "September 14, 2025 - "),
    ],
)
def test_the_newer_of_two_dated_entries_counts_in_either_order(older: str, newer: str) -> None:
    assert read(f"{older}{BOTH}\n\n{newer}{J1_ONLY}").policy == "j1_only"
    assert read(f"{newer}{J1_ONLY}\n\n{older}{BOTH}").policy == "j1_only"
    assert read(f"{older}{J1_ONLY}\n\n{newer}{BOTH}").policy == "both"


@pytest.mark.parametrize("opening", ["", "The season of 2021 was long. "])
def test_statements_without_a_date_that_disagree_are_left_to_a_person(opening: str) -> None:
    assert read(f"{opening}We sponsor the J-1 and the H-1B.\n\nOnly the J-1 is sponsored.").policy == "contact"


@pytest.mark.parametrize(
    ("first", "second", "policy"),
    [
        ("2023-2024 season", "2024-2025 season", "j1_only"),
        ("2024-2025 season", "2023-2024 season", "both"),
        ("2024-2025 season", "2024-2025 season", "contact"),
    ],
)
def test_headings_with_years_date_what_is_below(first: str, second: str, policy: str) -> None:
    page = f"<h2>{first}</h2><p>We sponsor the J-1 and the H-1B.</p><h2>{second}</h2><p>Only the J-1 is sponsored.</p>"
    assert read_html(page).policy == policy


def test_a_footnote_is_a_condition_and_is_quoted() -> None:
    reading = read("Visas: J-1, H-1B*\n\n* with approval of the dean")
    assert (reading.h1b, reading.conditions) == ("case_by_case", ("chair_or_dio_approval",))
    reading = read_html(
        "<p>We sponsor J-1 and H-1B<sup>1</sup> visas.</p><p><sup>1</sup> with approval of the dean</p>"
    )
    assert (reading.policy, reading.conditions) == ("h1b_case_by_case", ("chair_or_dio_approval",))
    assert "with approval of the dean" in reading.evidence[-1].quote


ROWS = "<table><tr><th>Visa</th><th>Sponsored</th></tr><tr><td>J-1</td><td>●</td></tr><tr><td>H-1B</td><td>○</td></tr></table>"


@pytest.mark.parametrize(
    ("legend", "j1", "h1b"),
    [("● sponsored ○ not sponsored", "yes", "no"), ("● not sponsored ○ sponsored", "no", "yes")],
)
def test_a_legend_says_what_its_symbols_stand_for(legend: str, j1: str, h1b: str) -> None:
    assert stances(read_html(f"{ROWS}<p>{legend}</p>")) == (j1, h1b)


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
    assert read(frame.format(verb)).h1b not in ("yes", "case_by_case")


@pytest.mark.parametrize("raised", ["²", "99999", "0", "a", ""])
def test_what_is_raised_and_no_footnote_mark_stays(raised: str) -> None:
    assert read_html(f"<p>We sponsor the J-1 and the H-1B.<sup>{raised}</sup></p>").policy == "both"

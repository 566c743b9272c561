"""Statements and pages that once misled, each with its right value; and their kinds: spellings, signs, layouts."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.policies import evaluate
from pipeline.policies.reading import read_page
from tests.policies.conftest import read, read_html, stances

GOLD = Path(__file__).parents[1] / "gold" / "policies"
PAGES = GOLD / "pages_cases"
NOES = (
    "No", "NO", "N", "no", "Not sponsored", "Not available", "Unavailable", "not accepted", "Not at this time", "✗", "❌",
    "not currently offered", "No, not sponsored", "Declined", "Not sponsored/not accepted", "never", "No.", "No (not sponsored)",
    "not sponsored by our program", "no longer offered",
)  # fmt: skip
YESES = (
    "Yes",
    "YES",
    "Y",
    "yes",
    "Sponsored",
    "Available",
    "accepted",
    "✓",
    "✅",
    "Yes, sponsored",
    "Yes.",
    "yes (all programs)",
)
LAYOUTS = (
    "H-1B sponsorship ({})", "H-1B ({})", "H-1B visa ({})", "H-1B [{}]", "H-1B visa sponsorship [{}]", "H-1B {{{}}}", "H-1B: {}",
    "H-1B visa sponsorship: {}", "H-1B - {}", "H-1B visas – {}", "H-1B — {}", "H-1B / {}", "H-1B | {}", "H-1B = {}", "H-1B → {}",
    "H-1B\t{}", "H-1B\n{}", "H-1B\n\n{}", "Do you sponsor H-1B visas? {}", "H-1B visas? {}", "Do you sponsor H-1B visas?\n\n{}",
    "J-1 (Yes), H-1B ({})", "J-1: Yes; H-1B: {}", "J-1: Yes H-1B: {}", "J-1: Yes | H-1B: {}",
    "J-1 sponsorship (Yes)\nH-1B sponsorship ({})",
    "<table><tr><th>Visa</th><th>Sponsored</th></tr><tr><td>H-1B</td><td>{}</td></tr></table>",
    "<table><tr><td>H-1B</td><td>{}</td></tr></table>",
    "<table><tr><th>H-1B</th></tr><tr><td>{}</td></tr></table>",
    "<table><tr><th>J-1</th><th>H-1B</th></tr><tr><td>Yes</td><td>{}</td></tr></table>",
    "<table><tr><td>J-1 visa</td><td>H-1B visa</td></tr><tr><td>Yes</td><td>{}</td></tr></table>",
    "<table><tr><td>H-1B sponsorship</td><td>({})</td></tr></table>",
    "<table><tr><th>Visa type</th><td>J-1</td><td>H-1B</td></tr><tr><th>Sponsored?</th><td>Yes</td><td>{}</td></tr></table>",
    "<dl><dt>H-1B</dt><dd>{}</dd></dl>", "<ul><li><b>H-1B</b> ({})</li></ul>", "<h3>H-1B</h3><p>{}</p>",
    "<p><strong>H-1B visa sponsorship:</strong> {}</p>", "<h3>Do you sponsor H-1B visas?</h3><p>{}</p>",
    "<details><summary>H-1B sponsorship</summary><p>{}</p></details>",
    '<div role="table"><div role="row"><span role="cell">H-1B</span><span role="cell">{}</span></div></div>',
    '<i role="tab" aria-controls="a">J-1</i><i role="tab" aria-controls="b">H-1B</i>'
    '<div role="tabpanel" id="a"><p>Yes</p></div><div role="tabpanel" id="b"><p>{}</p></div>',
)  # fmt: skip
AUXILIARIES = ("does", "do", "is", "are", "was", "were", "could", "would", "should", "has", "have", "did", "ca", "wo")


def read_any(text: str) -> tuple[str, str]:
    return stances(read_html(text) if "<" in text else read(text, "Neurology residency"))


def test_every_statement_that_misled_is_right() -> None:
    figures = evaluate(GOLD / "statements_cases.jsonl").figures
    assert figures["policy_accuracy"] == 1
    assert figures["critical_errors"] == 0


@pytest.mark.parametrize("row", list(csv.DictReader((PAGES / "labels.csv").open())), ids=lambda row: row["file"])
def test_every_page_that_misled_is_right(row: dict[str, str]) -> None:
    path = PAGES / row["file"]
    reading = read_page(path.read_bytes(), "pdf" if path.suffix == ".pdf" else "html")
    assert reading.h1b == row["h1b"]
    assert reading.j1 == (row["j1"] or reading.j1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_answer_is_never_its_opposite_in_any_layout(layout: str) -> None:
    for stance, answers in (("no", NOES), ("yes", YESES)):
        read_as = {answer: read_any(layout.format(answer))[1] for answer in answers}
        assert set(read_as.values()) <= {stance, "not_stated"}, read_as
        assert sum(value == stance for value in read_as.values()) >= 0.8 * len(answers), read_as


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("blank", ["–", "-", "", "N/A", "?"])
def test_a_blank_is_neither_yes_nor_no(layout: str, blank: str) -> None:
    box = blank == "" and "[" in layout  # an empty box
    if not box and ("?" not in layout or blank not in ("", "?")):
        assert read_any(layout.format(blank))[1] == "not_stated"


@pytest.mark.parametrize("mark", ["<s>{}</s>", "<del>{}</del>", '<span style="text-decoration:line-through">{}</span>'])
def test_what_is_struck_out_is_not_said(mark: str) -> None:
    assert stances(read_html(f"<p>We accept J-1 visas. {mark.format('We also sponsor H-1B visas.')}</p>")) == (
        "yes",
        "not_stated",
    )


@given(st.sampled_from(AUXILIARIES), st.characters(exclude_categories=["Cs", "L", "N", "Cc"]))
@settings(max_examples=150)
def test_any_sign_between_n_and_t_leaves_a_negation(auxiliary: str, sign: str) -> None:
    subject, verb = (
        ("H-1B visas", "sponsored") if auxiliary in ("is", "are", "was", "were") else ("We", "sponsor H-1B visas")
    )
    assert read(f"{subject} {auxiliary}n{sign}t {verb}. J-1 visas are accepted.").h1b in ("no", "not_stated")


@pytest.mark.parametrize(
    "negation",
    ["doesnt", "does'nt", "does n't", "doesnot", "doesn&rsquo;t", "doesn&amp;#39;t", "doesnâ€™t", "doesn(cid:146)t"],
)
def test_misspelt_and_misread_negations(negation: str) -> None:
    assert read(f"Our program {negation} sponsor H-1B visas. We accept J-1 visas.").h1b == "no"


@pytest.mark.parametrize(
    "name", ["H.1.B", "H--1B", "H/1B", "H\ufffd1B", "H_1B", "H⁃1B", "H\u2063-1B", "𝗛-𝟭𝗕", "Ｈ－１Ｂ", "Н-1В", "H‑1B", "Hâ€‘1B", "H\x961B", "H&#8209;1B"]
)  # fmt: skip
def test_a_visa_in_other_characters(name: str) -> None:
    assert stances(read(f"J-1: Yes\n{name}: Yes")) == ("yes", "yes")


@pytest.mark.parametrize(
    "text",
    [
        "All IMGs, including U.S. citizens, must have ECFMG certification.",
        "Non-citizens must show proof of ECFMG certification.",
        "Residents must be authorized to work in the United States and complete Form I-9.",
        "The Joint Commission requires that all staff be immunized.",
        "U.S. Citizenship and Immigration Services requires a fee.",
        "We take both. Applicants may apply with MD or DO degrees.",
        "The interview season ends in December.",
        "The NIH requires T32 trainees to be citizens or permanent residents.",
        "Student visas, research visas and CW-1 visas are not sponsored.",
        "E-3 (Australian) visas and TN/TD visas are not accepted.",
        "We cannot sponsor anyone for a green card.",
        "The fee of $100,000 for H-1B petitions worries hospitals that sponsor H-1B visas.",
    ],
)
def test_sentences_without_a_policy_state_none(text: str) -> None:
    assert stances(read(text, "Neurology residency")) == ("not_stated", "not_stated")


@pytest.mark.parametrize(
    "question",
    ["Is Step 3 required for an H-1B?", "Do I need Step 3 for the H-1B?", "Is Step 3 needed for H-1B sponsorship?"],
)
def test_a_no_to_an_examination_refuses_no_visa(question: str) -> None:
    for text in (f"We sponsor H-1B visas. {question} No.", f"We sponsor H-1B visas.\n\n{question}\n\nNo."):
        assert read(text).h1b == "yes"


FILLER = " ".join(
    f"The office helps {people} with forms, travel and dates."
    for people in (
        "scholars",
        "researchers",
        "students",
        "professors",
        "employees",
        "visiting scientists",
        "postdocs",
        "host departments",
    )
)


@pytest.mark.parametrize(
    ("before", "h1b", "rule"),
    [
        ("The university sponsors H-1B visas.", "not_stated", "page_of_other_people"),
        ("Residents and fellows: the hospital does not sponsor H-1B visas.", "no", "negation"),
    ],
)
def test_a_page_about_others_states_nothing_but_what_it_says_of_trainees(before: str, h1b: str, rule: str) -> None:
    reading = read(f"{before} {FILLER}")
    assert reading.h1b == h1b
    assert rule in reading.rules


def test_advisers_and_news_state_no_policy_of_a_place() -> None:
    text = "Our residency program sponsors H-1B visas. " + "Residents ask which visa suits them best. " * 8
    assert read_page(text.encode(), "text", None, "Smith Immigration Law").h1b == "not_stated"
    assert read_page(text.encode(), "text", None, "Lakeshore Hospital").h1b == "yes"


def test_tables_that_compare_visas_state_nothing() -> None:
    rows = "".join(
        f"<tr><td>{q}</td><td>Yes</td><td>No</td></tr>" for q in ("Can family work?", "Step 3 needed", "Dual intent")
    )
    assert stances(read_html(f"<table><tr><th></th><th>H-1B</th><th>J-1</th></tr>{rows}</table>")) == (
        "not_stated",
        "not_stated",
    )


def test_marks_of_the_embedded_kinds_stay_apart() -> None:
    for one, two in product(("Yes", "No"), repeat=2):
        page = f"<table><tr><th>J-1</th><th>H-1B</th></tr><tr><td>{one}</td><td>{two}</td></tr></table>"
        assert stances(read_html(page)) == (one.lower(), two.lower())

"""What a doctor reads of a new release: counted, named, with what it rests on, and careful."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from pipeline.release.delta import delta
from pipeline.release.notes import GROUPS_SHOWN, release_notes
from pipeline.release.notes_text import as_markdown
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import PROGRAM_CHANGES
from tests.release.made import STATES_BOTH, petitioner, program, released, tables

CODE = "1400000001"
PAGE_B = STATES_BOTH | {"evidence_snapshot": "program_pages/b"}
ORDER = {"state_freeze": "no new petitions (the Governor)", "state_freeze_until": pd.Timestamp("2027-01-05")}


def noted(curated: Path, old: list[dict[str, Any]], new: list[dict[str, Any]], **how: Any) -> Mapping[str, Any]:
    """The notes of a release of the programs `new` against one of the programs `old`."""
    before = released(curated, 1, tables(programs=old))
    now = released(curated, 2, tables(programs=new), **{"snapshots": ["program_pages/b"], **how})
    notes = release_notes(before, now, delta(before, now))
    assert notes == json.loads((now.folder / "release_notes.json").read_text("utf-8"))
    assert as_markdown(notes) == (now.folder / "release_notes.md").read_text("utf-8")
    return notes


def test_who_newly_states_an_h1b_is_counted_and_named(tmp_path: Path) -> None:
    by_case = PAGE_B | {"h1b_stated": "case_by_case"}
    notes = noted(
        tmp_path, [program(CODE), program("1400000002")], [program(CODE, **PAGE_B), program("1400000002", **by_case)]
    )
    assert notes["in_short"] == ["2 programs newly state an H-1B (1 yes, 1 case by case)."]
    text = as_markdown(notes)
    assert "## Newly states: 2" in text
    assert (
        "**Good Hospital**, MA: Internal Medicine (1400000001). H-1B not stated, J-1 not stated → H-1B yes, J-1 yes."
        in text
    )
    assert "On its page, 2026-05-01: “We take both.” <https://x.example>" in text
    assert "Files that are others: Web pages of programs and GME offices." in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (STATES_BOTH, PAGE_B | {"h1b_stated": "no"}, "1 program withdrew: it stated an H-1B and now states none."),
        (STATES_BOTH, {}, "1 program no longer has a statement of an H-1B at hand, which is no no."),
        ({}, ORDER, "1 program is newly bound by an order of a state."),
        (ORDER, {}, "1 program is no longer bound by an order of a state."),
        ({"sponsor_tier": "likely"}, {}, "1 program moved into another tier: that is inferred."),
        ({}, {}, "No program states or shows anything else than before."),
    ],
)  # fmt: skip
def test_sentences(tmp_path: Path, old: dict[str, Any], new: dict[str, Any], said: str) -> None:
    notes = noted(tmp_path, [program(CODE, **old)], [program(CODE, **new)])
    assert notes["in_short"][0] == said


def test_when_an_order_of_a_state_ends_is_said(tmp_path: Path) -> None:
    notes = noted(tmp_path, [program(CODE, **ORDER)], [program(CODE, **ORDER)])
    assert notes["in_short"][-1] == (
        "An order of a state binds 1 program until 2027-01-05, when it ends: no new petitions (the Governor)."
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [("0.1.0+def", "is read differently by newer code"), ("0.1.0+abc", "is told otherwise on the same evidence")],
)
def test_another_reading_of_the_same_page_is_not_told_as_a_change_of_the_program(
    tmp_path: Path, code: str, words: str
) -> None:
    new = [program(CODE, **STATES_BOTH | {"h1b_stated": "no"})]
    notes = noted(tmp_path, [program(CODE, **STATES_BOTH)], new, snapshots=["program_pages/a"], code=code)
    assert [one["change"] for one in notes["changes"]] == ["read_otherwise"] and words in notes["in_short"][0]
    text = as_markdown(notes)
    assert "ithdrew" not in text and "No file is another one." in text
    assert ("The code is newer" in text) == (code != "0.1.0+abc")


def test_programs_of_one_institution_stand_together_and_the_list_is_capped(tmp_path: Path) -> None:
    codes = [f"14000{number:05d}" for number in range(60)]
    where = {
        code: {"institution": f"Hospital {number // 3:02d}", "initial_approvals": number // 3}
        for number, code in enumerate(codes)
    }
    old = [program(code, **where[code]) for code in codes]
    notes = noted(tmp_path, old, [program(code, **where[code], **PAGE_B) for code in codes])
    [change] = notes["changes"]
    assert change["count"] == 60 and len(change["groups"]) == GROUPS_SHOWN
    assert [group["institution"] for group in change["groups"][:2]] == ["Hospital 19", "Hospital 18"]
    assert change["programs_not_shown"] == 60 - 3 * GROUPS_SHOWN
    assert f"- and {60 - 3 * GROUPS_SHOWN} programs more" in as_markdown(notes)


def test_nothing_in_a_name_or_a_quotation_is_markup(tmp_path: Path) -> None:
    evil = PAGE_B | {
        "evidence_quote": "<script>x</script> [a](javascript:b) *c*\n# d",
        "evidence_url": "javascript:alert(1)",
    }
    name = {"institution": "![x](https://evil.example/p.png) `Hospital`"}
    text = as_markdown(noted(tmp_path, [program(CODE, **name)], [program(CODE, **evil, **name)]))
    html = MarkdownIt("commonmark", {"html": False}).render(text)
    assert not any(tag in html for tag in ("<script", "<img", "<a href", "<code>`", "<em>c", "<h1>d"))
    assert "javascript:alert(1)" in html


def test_a_restated_fact_is_no_quotation_and_nothing_is_verified(tmp_path: Path) -> None:
    restated = PAGE_B | {"evidence_kind": "restated", "evidence_date": None, "evidence_scope": "institution"}
    text = as_markdown(noted(tmp_path, [program(CODE)], [program(CODE, **restated)]))
    assert "Restated in other words, no date of its own: We take both. <https://x.example>" in text and "“" not in text
    assert "verified" not in text.lower()


def test_the_first_release_says_that_it_is_compared_with_none(tmp_path: Path) -> None:
    made = {"law_as_of": "2026-09-01", "figures": {}}
    release = released(
        tmp_path, 20, tables(programs=[program(CODE)], petitioners=[petitioner("pet_1")]), sample=True, notes=made
    )
    text = (release.folder / "release_notes.md").read_text("utf-8")
    assert "none before it to be compared with" in text and "**No current list**: made from the embedded sample" in text
    assert "Law was read up to 2026-09-01, 80 days ago: look up what changed since." in text
    assert (release.folder / "delta.jsonl").read_bytes() == b""


def test_a_source_that_is_gone_is_said_before_what_seems_to_have_stopped(tmp_path: Path) -> None:
    filed = {"trainee_filings_same_specialty_recent": 3}
    before = released(tmp_path, 1, tables(programs=[program(CODE, **filed)]), snapshots=["dol_lca/x", "acgme/x"])
    now = released(tmp_path, 2, tables(programs=[program(CODE)]), snapshots=["acgme/x"])
    first, second = release_notes(before, now, delta(before, now))["in_short"]
    assert first.startswith("No file of DOL LCA disclosure data is at hand any more")
    assert "1 program had applications" in second and "that is no no" in second


def test_every_change_has_its_sentence(tmp_path: Path, sample_release: Path) -> None:
    from pipeline.release.notes import _IN_SHORT

    assert set(_IN_SHORT) == set(PROGRAM_CHANGES)
    before = released(tmp_path, 1, tables())
    now = Release.open(sample_release)
    notes = release_notes(before, now, delta(before, now))
    assert "151 programs are new in the list." in notes["in_short"] and notes["coverage"]
    assert notes["petitioners"]["new"] > 10

"""Links under review: what a person is told, and the row that rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.linkage.judgements import JUDGEMENT_COLUMNS
from pipeline.linkage.open_links import TO_FILL, csv_line, to_review
from pipeline.reference.rulings import read_own_rulings

SPONSOR = ("Abel Medical Center Program", "350366", "Abel Medical Center", "Brooklyn", "NY")
OTHER = ("Norwood Hospital Program", "350367", "Norwood Hospital", "Queens", "NY")
MAIN = ("ABEL MEDICAL CENTER", "5001", "NY", "BROOKLYN", 40)


def _open(make_world: Callable[..., Any]) -> dict[str, Any]:
    aliases = [
        {"sponsor_code": code, "alias": alias, "alias_state": "NY", "relation": relation}
        for code, alias, relation in (
            ("350366", "ABEL MEDICAL CENTER", "same"),
            ("350366", "FAR AWAY CLINIC", "affiliate"),
            ("350367", "FAR AWAY CLINIC", "affiliate"),
        )
    ]
    world = make_world([SPONSOR, OTHER], [MAIN, ("FAR AWAY CLINIC", "9009", None, None, 1234)], aliases=aliases)
    rows = world.review[world.review["candidate"] == SPONSOR[2]]
    assert len(rows) == 1
    return dict(rows.iloc[0])


def test_what_the_institution_is_and_what_is_at_stake_stands_below_the_reasons(make_world: Callable[..., Any]) -> None:
    row = _open(make_world)
    assert row["question"].endswith("Proposed: affiliate")
    assert row["reasons"][-3:] == [
        "institution: Brooklyn, NY; 1 program, no EIN known; tax ids of its petitioners: 5001",
        "this petitioner is asked of Norwood Hospital",
        "same or affiliate: 1,234 approvals beside the 40 of its 1 linked spellings",
    ]


def test_the_line_of_a_ruling_counts_once_it_is_filled_in(make_world: Callable[..., Any], tmp_path: Path) -> None:
    line = _open(make_world)["ruling"]
    path = tmp_path / "mine.csv"
    path.write_text(f"{csv_line(JUDGEMENT_COLUMNS)}\n{line}\n", encoding="utf-8")
    assert read_own_rulings(tmp_path).links.empty
    for word, said in zip(TO_FILL.values(), ("different", "another clinic", "its page", "2026-11-30"), strict=True):
        line = line.replace(word, said)
    path.write_text(f"{csv_line(JUDGEMENT_COLUMNS)}\n{line}\n", encoding="utf-8")
    ruled = read_own_rulings(tmp_path)
    assert ruled.problems == ()
    assert ruled.links.iloc[0][["employer", "institution", "verdict"]].tolist() == [
        "FAR AWAY CLINIC",
        SPONSOR[2],
        "different",
    ]


NORTH = ("Qadira Hospital Program", "350368", "Qadira Hospital", "Albany", "NY")


def test_a_link_accepted_on_one_sign_alone_is_asked_and_stands(make_world: Callable[..., Any]) -> None:
    far = ("QADIRA HOSPITAL", "7007", "NY", "BUFFALO", 12)
    world = make_world([NORTH], [("QADIRA HOSPITAL", "4004", "NY", "ALBANY", 30), far])
    assert world.relations("Qadira Hospital") == {
        ("QADIRA HOSPITAL", "ALBANY"): "same",
        ("QADIRA HOSPITAL", "BUFFALO"): "same",
    }
    assert world.links.set_index("city")["single_sign"].to_dict() == {"ALBANY": False, "BUFFALO": True}
    [row] = world.review.to_dict("records")
    assert row["subject"] == "QADIRA HOSPITAL (7007, BUFFALO, NY)" and row["question"].endswith("Accepted so far: same")
    assert row["reasons"][-3:] == [
        "accepted on its name alone: no nearer place, no tax id known from elsewhere and no ruling speaks for it",
        "institution: Albany, NY; 1 program, no EIN known; tax ids of its petitioners: 4004; 7007",
        "different: 12 approvals less of the 42 of its 2 linked spellings",
    ]
    assert row["ruling"].startswith("QADIRA HOSPITAL,7007,NY,BUFFALO,350368,Qadira Hospital,NY,VERDICT")


@pytest.mark.parametrize("ruled", ["alias", "judgement"])
def test_what_a_person_wrote_of_the_institution_is_no_single_sign(make_world: Callable[..., Any], ruled: str) -> None:
    rows: dict[str, list[dict[str, str]]] = {
        "alias": [{"sponsor_code": "350368", "alias": "FAR AWAY CLINIC", "alias_state": "NY", "relation": "affiliate"}],
        "judgement": [
            {"employer": "FAR AWAY CLINIC", "sponsor_code": "350368", "verdict": "affiliate", "reason": "r", "source": "s",
             "date": "2026-11-30", "judged_by": "reviewer"}
        ],
    }  # fmt: skip
    key = {"alias": "aliases", "judgement": "judgements"}[ruled]
    world = make_world([NORTH], [("FAR AWAY CLINIC", "9009", "NY", "BUFFALO", 5)], **{key: rows[ruled]})
    assert len(world.relations("Qadira Hospital")) == 1
    assert not world.links["single_sign"].any() and world.review.empty


def test_links_of_a_release_that_does_not_know_single_signs_are_asked_by_their_decision() -> None:
    links = pd.DataFrame({"decision": ["review", "accepted", "rejected"]})
    assert to_review(links).tolist() == [True, False, False]


@pytest.mark.parametrize(("city", "single"), [("ALBANY", False), ("ROCHESTER", True)])
def test_a_tax_id_that_only_the_name_taught_is_no_second_sign(
    make_world: Callable[..., Any], city: str, single: bool
) -> None:
    """The id of a link that has the city speaks for the others under it; one that has a name in the state alone does not."""
    world = make_world(
        [NORTH], [("QADIRA HOSPITAL", "7007", "NY", "BUFFALO", 12), ("QADIRA HOSP", "7007", "NY", city, 9)]
    )
    links = world.links.set_index("employer")
    assert links["reasons"].map(lambda lines: any("7007 is known" in line for line in lines)).all()
    assert links.at["QADIRA HOSPITAL", "single_sign"] == single

"""Links under review: what a person is told, and the row that rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.linkage.judgements import JUDGEMENT_COLUMNS
from pipeline.linkage.open_links import TO_FILL, csv_line
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

"""The linkage model as a table: what one sign alone can do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipeline.linkage import model

ROOM = Path(model.__file__).parent
# What files and postal codes are like, what is printed, and how much is remembered: no thresholds of who is who.
OTHER_NUMBERS = {"CUT_LENGTH", "MAX_LENGTH", "NEAREST", "_MOST_FORMS", "_MOST_NAMED", "_NOBODY", "_SHORT"}

# Names that say who it is by themselves: the printed name, or the trade name, is the institution's own, or its university's.
SUFFICIENT = {"equal", "equal_trade", "equal_root"}


@pytest.mark.parametrize("level", model.LEVELS)
def test_nothing_but_an_equal_name_is_accepted_in_its_state_without_a_second_sign(level: str) -> None:
    accepted = model.LEVELS[level].weight + model.STATE_EQUAL >= model.ACCEPT
    assert accepted == (level in SUFFICIENT)


@pytest.mark.parametrize(
    "sign", [model.TAX_EQUAL, model.CITY_EQUAL, model.METRO_EQUAL, model.PROGRAM_CITY, model.CURATED]
)
def test_no_sign_beside_the_name_is_a_link(sign: float) -> None:
    assert sign < model.KEEP


@pytest.mark.parametrize("level", ["kin", "system", "typed", "cut_kin"])
def test_a_name_that_shares_a_word_of_many_near_is_for_a_person_at_most(level: str) -> None:
    """In the institution's own city, where no tax id speaks for it."""
    assert model.LEVELS[level].weight + model.CITY_EQUAL + model.SHARED_NEARBY < model.ACCEPT
    assert model.LEVELS[level].weight + model.CITY_EQUAL + model.TAX_OTHER + model.SHARED_NEARBY >= model.REVIEW


def test_an_equal_name_in_another_state_is_for_a_person_or_nobody() -> None:
    assert model.LEVELS["equal"].weight + model.STATE_OTHER < model.ACCEPT
    assert model.LEVELS["equal"].weight + model.STATE_UNKNOWN < model.ACCEPT


def numbers_of(module: Path) -> set[str]:
    """Return the constants of a module that are a number, or made of numbers only."""
    lines = ast.parse(module.read_text(encoding="utf-8")).body
    named = [(line.target, line.value) for line in lines if isinstance(line, ast.AnnAssign) and line.value]
    return {ast.unparse(name) for name, value in named if all(map(_is_number, ast.walk(value)))}


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    return isinstance(node, ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop)


@pytest.mark.parametrize("module", sorted(ROOM.rglob("*.py")), ids=lambda module: str(module.relative_to(ROOM)))
def test_thresholds_are_in_the_table(module: Path) -> None:
    if module != Path(model.__file__):
        assert numbers_of(module) <= OTHER_NUMBERS


def test_every_number_of_the_table_is_explained() -> None:
    """Each stands beside or below a comment; those of one comment follow each other."""
    lines = (ROOM / "model.py").read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        if ": Final = " in line and "#" not in line and not line.endswith("{"):
            above = next(before for before in reversed(lines[:place]) if ": Final = " not in before)
            assert above.startswith("#"), line

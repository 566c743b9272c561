"""Rows on the screen: as a table where all words fit, else as lines; nothing is lost, no word is broken."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.commands.console import out
from pipeline.commands.tables import print_rows

TITLES = {"code": False, "name": False, "number": True}


def shown(rows: list[tuple[object, ...]], width: int, *, grouped: bool = False, head: int = 2) -> str:
    before, out.width = out.width, width
    try:
        with out.capture() as captured:
            print_rows(TITLES, rows, head, grouped=grouped)
    finally:
        out.width = before
    return captured.get()


def test_as_a_table_where_the_words_fit() -> None:
    text = shown([("1", "Good Hospital", 3), ("2", "[red]Other", None)], 40)
    assert [line.rstrip() for line in text.splitlines()] == [
        "code  name           number",
        "1     Good Hospital       3",
        "2     [red]Other",
    ]


def test_as_lines_where_they_do_not() -> None:
    text = shown([("1300000001", "Pediatrics/Medical Genetics", 3), ("1300000002", "[red]Other", None)], 30)
    assert text.splitlines() == [
        "1300000001  Pediatrics/Medical",
        "    Genetics",
        "    number: 3",
        "1300000002  [red]Other",
    ]


def test_a_group_is_named_once() -> None:
    rows = [("A Very Longlonglong Hospital", "Pediatrics", 1), ("A Very Longlonglong Hospital", "Neurology", 2)]
    assert (
        shown(rows, 20, grouped=True).count("Longlonglong") == shown(rows, 60, grouped=True).count("Longlonglong") == 1
    )


def test_a_title_stands_with_its_value() -> None:
    assert "number: 1234567" in shown([("1", "x", "1234567 " * 9)], 20)


@given(
    rows=st.lists(st.tuples(*[st.text("ab c/é-", max_size=60)] * 3), min_size=1, max_size=6),
    width=st.integers(20, 120),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_word_is_there_whole(rows: list[tuple[str, ...]], width: int) -> None:
    words = shown([*rows], width).split()
    assert [word for row in rows for cell in row for word in cell.split() if word not in words] == []

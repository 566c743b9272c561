"""What comes from pages and registers can neither run in a spreadsheet nor steer a terminal."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from pipeline.commands.console import harmless
from pipeline.commands.contact_list import as_text
from pipeline.schemas.answers import CONTACTS
from pipeline.spreadsheets.cells import csv_text

HOSTILE = ('=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\x1b[2J=1")


def rows(value: str) -> pd.DataFrame:
    lists = {name: [value] for name in ("program_codes", "known", "websites", "contact", "unclear", "guide")}
    return pd.DataFrame([dict.fromkeys(CONTACTS.columns, value) | lists])


@pytest.mark.parametrize("value", HOSTILE)
def test_no_cell_is_a_formula(value: str) -> None:
    [cells] = list(csv.DictReader(io.StringIO(csv_text(rows(value)))))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells.values())


@pytest.mark.parametrize("value", HOSTILE)
def test_no_control_character_reaches_the_terminal(value: str) -> None:
    text = as_text(rows(value), mailto=True)
    assert "\x1b" not in text and "\r" not in text


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x9b", "\u202e", "\u2066", "\u200b", "\r", "\x7f"])
def test_what_can_not_be_seen_is_shown(mark: str) -> None:
    assert harmless(f"a{mark}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_plain_text_stays_as_it_is() -> None:
    assert harmless("Zürich: “J-1”\n\tnext – line") == "Zürich: “J-1”\n\tnext – line"

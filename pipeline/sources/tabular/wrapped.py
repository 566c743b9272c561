"""Cells that hold a formula of a text, `="value"`, as spreadsheets write it to keep leading zeros: back to the value.

An official quarter of the Department of Labor was published so. What belongs here: taking the formula off. A cell of which half
of it is left says that the file was cut or changed: it is never taken for a text.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from pipeline.sources.tabular.sieve import Sieve

HALF: Final = 'a cell is wrapped as ="…" by half'
_WHOLE: Final = re.compile(r'=\s*"((?:[^"]|"")*)"', re.DOTALL)
_HALF: Final = r'(?s)=\s*"|=.*"$'


def unwrapped(text: str) -> str:
    """Return the value of a cell printed as `="value"`, trimmed; any other text as it is."""
    match = _WHOLE.fullmatch(text) if text.startswith("=") else None
    return match[1].replace('""', '"').strip() if match else text


def unwrap_cells(sieve: Sieve) -> None:
    """Take the formula off all cells of a sieve's frame and note how many; rows with a cell wrapped by half are quarantined."""
    count = 0
    half = pd.Series(False, index=sieve.frame.index)
    for column in list(sieve.frame):
        cells = sieve.frame[column]
        formula = cells.str.startswith("=")
        if not formula.any():
            continue
        found = cells[formula]
        values = found.map(unwrapped)
        whole = values != found
        count += int(whole.sum())
        half[found.index[~whole & found.str.match(_HALF)]] = True
        sieve.frame[column] = cells.where(~formula, values.reindex(cells.index)).astype("str")
    sieve.reject(half, HALF)
    if count:
        sieve.notes.append(f'{count:,} cells unwrapped of ="…"')

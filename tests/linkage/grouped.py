"""Petitioners of a few made-up petitions: which spellings are one."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.petitions import sum_petitions

# employer, last four of the tax id, city, petitions
Filed = tuple[str, str, str, int]


def petitioners_of(
    *rows: Filed, state: str = "CA", registers: Registers | None = None
) -> set[frozenset[tuple[str, str]]]:
    """Return the spellings of each petitioner, with their tax ids. rows: all of one state."""
    frame = pd.DataFrame(list(rows), columns=["employer", "tax_id_last4", "city", "initial_approvals"]).assign(
        state=state, fiscal_year=2020, naics="61", initial_denials=0, continuing_approvals=0, continuing_denials=0
    )
    frame = frame.astype({"employer": "str", "tax_id_last4": "str", "city": "str"})
    keyed = group_petitioners(sum_petitions(frame, coverage="full", snapshot_id="s"), registers=registers).petitions
    spellings = zip(keyed["petitioner_id"], keyed["employer"], keyed["tax_id_last4"], strict=True)
    found: dict[str, set[tuple[str, str]]] = {}
    for identity, *spelling in spellings:
        found.setdefault(identity, set()).add((spelling[0], spelling[1]))
    return {frozenset(names) for names in found.values()}


def are_one(one: Filed, other: Filed, *rows: Filed, state: str = "CA", registers: Registers | None = None) -> bool:
    """Decide whether two spellings are one petitioner among these and other rows."""
    petitioners = petitioners_of(one, other, *rows, state=state, registers=registers)
    return any({one[:2], other[:2]} <= names for names in petitioners)

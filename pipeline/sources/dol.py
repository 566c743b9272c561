"""What the disclosure files of the Department of Labor share: headers that drift from year to year, and employers' places.

Headers were read off descriptions of the files of FY2008 to FY2026. What belongs here: what both readers need; the columns of each
form are in `dol_lca.py` and `dol_pwd.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pipeline.sources.base import Probe
from pipeline.sources.tabular.columns import named_states
from pipeline.sources.tabular.sieve import Sieve

_UNITED_STATES: Final = ("", "UNITED STATES OF AMERICA", "UNITED STATES", "USA", "US")
# Canada Post: where most employers abroad are, in files that don't print the country.
_PROVINCES: Final = (
    "AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT", "ALBERTA", "BRITISH COLUMBIA", "MANITOBA",
    "NEW BRUNSWICK", "NEWFOUNDLAND AND LABRADOR", "NOVA SCOTIA", "NORTHWEST TERRITORIES", "NUNAVUT", "ONTARIO",
    "PRINCE EDWARD ISLAND", "QUEBEC", "SASKATCHEWAN", "YUKON",
)  # fmt: skip


def with_plain_header(probe: Probe, synonyms: Mapping[str, str] | None = None) -> Probe:
    """Return the probe with header cells in upper case and one underscore for blanks, underscores and hyphens.

    Official headers print `EMPLOYER _CITY`, `EMPLOYER_ POSTAL _CODE`, `TOTAL WORKERS` and `H-1B_DEPENDENT`. synonyms: cell of another
    year -> the cell it stands for. A cell that would then be named as another one stays as printed.
    """
    same = synonyms or {}
    plain = [re.sub(r"[\s_-]+", "_", cell.strip()).strip("_").upper() for cell in probe.header]
    printed = set(plain)
    plain = [cell if (known := same.get(cell, cell)) in printed else known for cell in plain]
    times = Counter(plain)
    cells = (new if times[new] == 1 else old for new, old in zip(plain, probe.header, strict=True))
    return replace(probe, header=tuple(cells))


def employer_states(sieve: Sieve) -> None:
    """Convert states of employers in the United States; abroad the column holds whatever was typed, and becomes null.

    Raises SourceError for an unknown state of an employer whose country isn't stated to be another.
    """
    country = sieve.frame["employer_country"].str.upper()
    state = sieve.frame["employer_state"]
    abroad = ~country.isin(_UNITED_STATES) | state.str.upper().isin(_PROVINCES)
    sieve.frame["employer_state"] = state.mask(abroad, "")
    named_states(sieve, "employer_state")

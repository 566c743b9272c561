"""Spellings whose last word is the initials of the end of another under the same tax id: `UNIVERSITY OF CALIFORNIA LA`, `USC`."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.model import INITIALS, INITIALS_BEHIND, MOST_INITIALS
from pipeline.schemas.frames import text_array


def pairs_by_initials(spellings: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows of one tax id and state of which one ends with the initials of the other's last words.

    spellings: columns form and home. The words before are the same in both; where there are none the initials are three letters at
    least.
    """
    forms = text_array(spellings["form"])
    last = pc.utf8_length(pc.replace_substring_regex(forms, pattern="^.* ", replacement="")).to_numpy()
    words = pc.count_substring(forms, pattern=" ").to_numpy() + 1
    short = np.flatnonzero((last >= np.where(words > 1, INITIALS_BEHIND, INITIALS)) & (last <= MOST_INITIALS))
    # A name with the initials spelled out has a word for each letter of the one word that they are.
    table = pd.DataFrame({"home": spellings["home"].to_numpy(), "words": words, "place": np.arange(len(forms))})
    wanted = table.iloc[short].assign(words=(words + last - 1)[short])
    pairs = wanted.merge(table, on=["home", "words"], suffixes=("", "_other"))
    one, other = pairs["place"].to_numpy(), pairs["place_other"].to_numpy()
    texts = (forms.take(pa.array(places)).to_pylist() for places in (one, other))
    spelled = np.array([*map(_spells, *texts)], dtype=bool)
    rows = spellings.index.to_numpy()
    return np.column_stack([rows[one[spelled]], rows[other[spelled]]])


def _spells(short: str, whole: str) -> bool:
    """Decide whether the last word of one form is the initials of the other's words behind those that both begin with."""
    before, _, letters = short.rpartition(" ")
    if not whole.startswith(f"{before} " if before else letters[0]):
        return False
    words = whole[len(before) :].split()
    return len(words) == len(letters) and all(map(str.startswith, words, letters))

"""Words that spellings under one tax id have in common, and which of them tell that it is one petitioner.

A word tells it that is no kind word, not common among employers and no state's name, and that does not merely describe what many do:
`SEMICONDUCTOR` and `HOUSTON` end the names of many who begin with other words, and four digits are shared by chance. Such a word counts
together with the word beside it or with the first word of the name; one that fewer bear (`EYE`, `PAYMENT`) within one city, too.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.differences import UNSPECIFIC
from pipeline.linkage.names.normalise import printed_words
from pipeline.linkage.names.printed import are_cut

# A word describes if it stands behind so many different first words in the names of a state.
DESCRIBES: Final = 20
# From so many on it tells nothing of two who file from different cities: most that share it share four digits by chance.
DESCRIBES_AFAR: Final = 3
# Offices that people elect sign under the tax id of their county, as its hospital does.
_ELECTED: Final = r"\bSHERIFF\b|\bCOUNTY\b.*\b(?:ATTORNEY|DEFENDER|PROSECUTOR|CORONER|ASSESSOR)\b"


class Words(NamedTuple):
    """Words that tell, one value each: the row of its spelling, a number of the tax id and state, and one of the word."""

    rows: np.ndarray
    homes: np.ndarray
    codes: np.ndarray


def telling_words(spellings: pd.DataFrame, filed: pd.DataFrame) -> Words:
    """Return the telling words of spellings, and the pairs of a describing word and another or a city: one number for each word or pair.

    spellings: columns employer, form, state_code and home, a number of tax id and state. filed: columns row (of `spellings`) and
    city, null where petitions do not say from where.
    """
    owner, word, printed = printed_words(spellings["form"])
    common = pc.is_in(printed, pa.array(sorted(UNSPECIFIC), pa.string()))
    specific = pc.and_not(pc.greater(pc.utf8_length(printed), 2), common).to_numpy(zero_copy_only=False)[word]
    # The last word of a cut name is a fragment: it would never meet its whole, and may meet another's.
    cut = are_cut(spellings["employer"]).to_numpy(dtype=bool)
    ends = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    whole = ~(ends & cut[owner])
    specific &= whole
    first = _first_words(owner, word)
    behind = _first_words_before(owner, word, first, len(printed), spellings["state_code"].to_numpy(), specific)
    describes = specific & (behind >= DESCRIBES_AFAR)
    elected = spellings["form"].str.contains(_ELECTED, regex=True).to_numpy(dtype=bool)
    homes = (spellings["home"].to_numpy() * 2 + elected)[owner]
    rows = spellings.index.to_numpy()[owner]
    beside = np.flatnonzero((describes[:-1] | describes[1:]) & whole[:-1] & whole[1:] & ~ends[:-1])
    near, city = _cities(rows, np.flatnonzero(describes & (behind < DESCRIBES)), filed)
    size = len(printed)
    places = [np.flatnonzero(specific & ~describes), beside, np.flatnonzero(describes), near]
    codes = [
        word[places[0]],
        (word[beside] + 1) * size + word[beside + 1],
        -first[places[2]] * size - word[places[2]] - 1,
        (size + 1 + city) * size + word[near],
    ]
    at = np.concatenate(places)
    return Words(rows[at], homes[at], np.concatenate(codes))


def _cities(rows: np.ndarray, places: np.ndarray, filed: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return each of the places once a city of its row, and a number of the city. rows: the spelling of each word."""
    words = pd.DataFrame({"row": rows[places], "place": places})
    known = filed.loc[filed["row"].isin(words["row"]), ["row", "city"]].dropna()
    both = words.merge(known, on="row")
    return both["place"].to_numpy(), pd.factorize(both["city"])[0]


def _first_words(owner: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Return the first word of the name of each word. owner: the name of each word, in order."""
    begins = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    return word[begins][np.cumsum(begins) - 1]


def _first_words_before(
    owner: np.ndarray, word: np.ndarray, first: np.ndarray, words: int, states: np.ndarray, specific: np.ndarray
) -> np.ndarray:
    """Return behind how many different first words each word stands in its state. owner: the name of each word, in order."""
    of_state = states[owner] * words + word
    behind = specific & (first != word)
    pairs = np.unique(of_state[behind] * words + first[behind]) // words
    found, counts = np.unique(pairs, return_counts=True)
    place = np.searchsorted(found, of_state).clip(max=max(len(found) - 1, 0))
    return np.where(found[place] == of_state, counts[place], 0) if len(found) else np.zeros(len(word), dtype="int64")

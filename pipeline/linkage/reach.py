"""Which printed names are compared with names of institutions or registers at all: most names can't be near any of them, and that is
found in columns of words, many times quicker than by comparing them.

How names that meet compare belongs to `comparison.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.linkage.model import PRIOR, RARE_SHARE
from pipeline.linkage.names.normalise import printed_words
from pipeline.linkage.names.overlap import Overlap
from pipeline.linkage.names.printed import split_all
from pipeline.linkage.names.readings import is_special, spell_out, stems
from pipeline.linkage.names.words import GENERIC, word_set, words
from pipeline.linkage.sponsor_names import root_of
from pipeline.schemas.frames import among

_SILENT: Final = word_set("stopword") | word_set("legal_form")


def least_weight(names: int) -> float:
    """Return the weight from which a word counts as rare among so many names."""
    return RARE_SHARE * float(np.log(PRIOR + names))


def to_compare(employers: pd.DataFrame, states: pd.DataFrame, aliases: pd.DataFrame, overlap: Overlap) -> np.ndarray:
    """Return the positions of the printed names that may be equal to a name of an institution, begin it, or be near it in its state.

    employers: columns name (printed), form (canonical), cut (its end may be lost). states: columns row, state: where each is printed.
    aliases: columns form, state. overlap: of both forms. A name without rare words, or all of whose rare words are in names of
    institutions, may be equal to one; the last word of a cut name is no matter. To be near it must share a heavy word with one in
    a state of its own. Parts of a name and the university of a school are compared alone: with these one such word is enough.
    """
    size, of_names = overlap.size, overlap.left_tokens
    rows, code = of_names["row"].to_numpy(), of_names["code"].to_numpy()
    rare = ~overlap.vocabulary.isin(GENERIC)
    borne = np.zeros(size, dtype=bool)
    borne[overlap.right_tokens["code"]] = True
    fragments = np.append(rows[1:] != rows[:-1], True)[: len(rows)] & employers["cut"].to_numpy(dtype=bool)[rows]
    found = np.ones(len(employers), dtype=bool)
    found[rows[(rare & ~borne)[code] & ~fragments]] = False
    heavy = borne & (overlap.token_weight >= least_weight(employers["form"].nunique()))
    found[_sharing_in_state(of_names[heavy[code]], overlap.right_tokens, states, aliases["state"], size)] = True
    some = np.zeros(len(employers), dtype=bool)
    some[rows[(rare & borne)[code]]] = True
    others = np.flatnonzero(some & ~found)
    names, forms = (employers[column].iloc[others].tolist() for column in ("name", "form"))
    alone = [root_of(form)[0] != form for form in forms]
    for place, parts in split_all(names).items():
        alone[place] |= [part.text for part in parts] != [names[place]]
    found[others[np.array(alone, dtype=bool)]] = True
    return np.flatnonzero(found)


def _sharing_in_state(
    left: pd.DataFrame, right: pd.DataFrame, left_states: pd.DataFrame, right_states: pd.Series, size: int
) -> np.ndarray:
    """Return the rows of left words that are right words in one of the row's states. left, right: columns row, code, below `size`."""
    both, _ = pd.factorize(pd.concat([left_states["state"], right_states], ignore_index=True))
    mine, theirs = both[: len(left_states)], both[len(left_states) :][right["row"].to_numpy()]
    placed = left.merge(pd.DataFrame({"row": left_states["row"].to_numpy(), "state": mine}), on="row")
    known = theirs >= 0
    keys = theirs[known] * size + right["code"].to_numpy()[known]
    return placed["row"].to_numpy()[np.isin(placed["state"] * size + placed["code"], keys)]


def within_reach(names: pd.Series, forms: pd.Series) -> np.ndarray:
    """Return the positions of printed names that have a rare word of one of the canonical forms, or no rare word at all.

    The others can't be near any of the forms; it is many times quicker than canonical forms for all names.
    """
    wanted = {word for form in set(forms.tolist()) for word in form.split()} - GENERIC
    owner, word, printed = printed_words(names)
    texts = stems(printed)
    rare = ~among(texts, GENERIC)
    reaching = rare & among(texts, wanted)
    singly = np.flatnonzero(is_special(printed, texts))
    reaches = [_reaches(token, wanted) for token in printed.take(pa.array(singly)).to_pylist()]
    rare[singly] = [reach is not None for reach in reaches]
    reaching[singly] = [bool(reach) for reach in reaches]
    rare, reaching = rare[word], reaching[word]
    found = np.ones(len(names), dtype=bool)
    found[owner[rare]] = False
    found[owner[reaching]] = True
    return np.flatnonzero(found)


def _reaches(token: str, wanted: set[str]) -> bool | None:
    """Decide whether a printed word, spelled out, is among the wanted ones; None for a word that distinguishes nothing.

    Single letters may join, so they always are.
    """
    if len(token) == 1:
        return True
    if token in _SILENT:
        return None
    spelled = [*spell_out(token).split(), *(spell_out(word) for word in words("state").get(token, "").split())]
    if all(word in GENERIC for word in spelled):
        return None
    return any(word in wanted for word in spelled)

"""The curated words of names (`names/words.csv`), and which words of a form say which body it is.

How words become a canonical form belongs to `normalise.py`.
"""

from __future__ import annotations

import functools
from typing import Final

from pipeline.reference.load import read_reference


@functools.cache
def words(kind: str) -> dict[str, str]:
    """Return form -> word of one kind of `words.csv`: abbreviation, state, ..."""
    rows = read_reference("names/words.csv")
    rows = rows[rows["kind"] == kind]
    return dict(zip(rows["form"], rows["word"], strict=True))


def word_set(kind: str) -> frozenset[str]:
    """Return the forms of one kind of `words.csv`."""
    return frozenset(words(kind))


# Words that say what kind of body it is, and nothing of which one: they carry little weight in a comparison.
GENERIC: Final = word_set("generic")
_UNSPECIFIC: Final = GENERIC | word_set("saintly")


def rare_tokens(form: str) -> tuple[str, ...]:
    """Return the words of a canonical form that say which body it is: no kind words, no single letters."""
    return tuple(token for token in form.split() if token not in GENERIC and len(token) > 1)


def is_common(form: str) -> bool:
    """Decide whether a canonical form has nothing but kind words, names of saints and the like: many bodies bear it."""
    return all(token in _UNSPECIFIC for token in form.split())


def acronyms(form: str) -> frozenset[str]:
    """Return the initials under which a body of that canonical form may sign: of all words, and without its last kind word.

    Three letters at least: shorter ones mean too much.
    """
    tokens = form.split()
    initials = "".join(token[0] for token in tokens)
    found = {initials, initials[:-1]} if tokens and tokens[-1] in GENERIC else {initials}
    return frozenset(letters for letters in found if len(letters) >= 3)

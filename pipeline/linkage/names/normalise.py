"""The canonical form of a name: the one way in which every name of an organization is normalised.

A form is made word by word; what a word is read as is in `readings.py`. Columns of names are joined from the same words,
each read once, and go name by name where neighbours decide; a name of a column is normalised once in a process. Names inside
a printed name (d/b/a) and cut names belong to `printed.py`.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.readings import is_settled, read_words, readings, without_legal_forms
from pipeline.linkage.names.words import word_set, words
from pipeline.schemas.frames import replaced, text_array

MAX_LENGTH: Final = 300
# Forms of the names of columns: petitions, links, employers and registers ask for the same names over and over.
_FORMS: Final[dict[str, str]] = {}
_MOST_FORMS: Final = 1 << 20

_GOVERNING: Final = word_set("governing")
_GOVERNED: Final = "^({0})( |$)|(^| )({0})$".format("|".join(sorted(_GOVERNING)))
_LEGAL_ENDING: Final = r"(?: (?:INC|INCORPORATED|CORPORATION|CORP|LLC|LLP|LTD|CO|PC|PA|PLLC|LP))+$"
# Of ASCII characters: apostrophes and points join what they are between, other signs part it.
_PLAIN: Final = {
    code: None if chr(code) in "'`." else " "
    for code in range(128)
    if not (chr(code).isalnum() and chr(code).isupper())
} | {ord(digit): digit for digit in "0123456789"}
# The same of bytes: in capitals, and a space for each sign.
_SPACED: Final = np.array(
    [ord(chr(code).upper()) if chr(code).isalnum() else 32 for code in range(128)] + [32] * 128, "uint8"
)


def plain(name: str) -> str:
    """Return upper-case ASCII words in single spaces: accents and apostrophes dropped, other punctuation as spaces."""
    text = name[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(text.upper().translate(_PLAIN).split())


@functools.lru_cache(maxsize=1 << 19)
def canonical(name: str) -> str:
    """Return the normal form that equal names share. Idempotent; "" for a name without letters or digits.

    Abbreviations are spelled out, plurals and possessives levelled, stop words and trailing legal forms dropped; the
    order of the words is kept.
    """
    return _settled(plain(name).split())


def _settled(tokens: list[str]) -> str:
    """Return the form of plain words: they are read over until a pass leaves them."""
    while not all(map(is_settled, tokens)):
        again = without_legal_forms(read_words(tokens))
        if again == tokens:
            break
        tokens = again
    return " ".join(tokens)


def canonical_all(names: pd.Series) -> pd.Series:
    """Return the canonical form of each name of a series, in its index; "" for null."""
    codes, distinct = pd.factorize(names)
    return _spread(canonical_forms(distinct.tolist()), codes, names.index)


def core_all(names: pd.Series) -> pd.Series:
    """Return the canonical form of each name of a series without its governing body, in its index; "" for null."""
    codes, distinct = pd.factorize(names)
    return _spread(cores(canonical_forms(distinct.tolist())), codes, names.index)


def _spread(forms: list[str], codes: np.ndarray, index: pd.Index) -> pd.Series:
    """Return the form of each code, "" for -1."""
    return pd.Series([*forms, ""], dtype="str").take(codes).set_axis(index)


def canonical_forms(names: list[str]) -> list[str]:
    """Return the canonical form of each of the distinct names; those that are known already are not made again."""
    forms = [*map(_FORMS.get, names)]
    new = [name for name, form in zip(names, forms, strict=True) if form is None]
    made = dict(zip(new, _forms_in_columns(new), strict=True)) if new else {}
    if len(_FORMS) + len(made) <= _MOST_FORMS:
        _FORMS.update(made)
    return [made[name] if form is None else form for name, form in zip(names, forms, strict=True)]


def forget_forms() -> None:
    """Forget what is known of the names of columns: where no more are read, its memory is better used."""
    _FORMS.clear()


def _forms_in_columns(names: list[str]) -> list[str]:
    """Return the canonical form of each name: of most the words read alone, joined in columns; `_settled` of the others.

    A name is one of the most if each of its words is read alone, a second pass would leave all of them, and not all of them are
    stop words and legal forms.
    """
    texts = _plain_all(names)
    owner, word, printed = _words_of(texts)
    read = readings(printed)
    place, kept = np.arange(len(owner)), read.kept[word]
    last = np.full(len(names), -1)
    last[owner[kept]] = place[kept]  # the last one of each name
    long_way = last < 0
    long_way[owner[~read.simple[word]]] = True
    kept |= read.ending[word] & (place < last[owner])
    kept &= ~long_way[owner]
    counts = np.bincount(owner[kept], minlength=len(names))
    flat = read.text.take(pa.array(word[kept]))
    lists = pa.ListArray.from_arrays(pa.array(np.append(0, np.cumsum(counts)), pa.int32()), flat)
    others = [_settled(text.split()) for text in texts.filter(pa.array(long_way)).to_pylist()]
    joined = pc.binary_join(lists, " ")
    return pc.replace_with_mask(joined, pa.array(long_way), pa.array(others, pa.string())).to_pylist()


def printed_words(names: Sequence[str] | pd.Series) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Return the plain words of all names, in order: position in `names`, position among the distinct words; and these."""
    return _words_of(_plain_all(names))


def _words_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Return the words of the texts of `_plain_all` as `printed_words` does."""
    lists = pc.ascii_split_whitespace(pc.ascii_trim(texts, characters=" "))
    flat = pc.dictionary_encode(lists.flatten())
    owner = np.repeat(np.arange(len(texts)), np.diff(lists.offsets.to_numpy()))
    return owner, flat.indices.to_numpy(), flat.dictionary


def _plain_all(names: Sequence[str] | pd.Series) -> pa.Array:
    """Return `plain` of each name, in as many spaces as there are signs: those of ASCII characters, nearly all, in columns."""
    texts = pc.utf8_slice_codeunits(text_array(names), 0, MAX_LENGTH)
    odd = pc.invert(pc.string_is_ascii(texts))
    others = [plain(name) for name in texts.filter(odd).to_pylist()]
    texts = pc.replace_with_mask(texts, odd, pa.array(others, pa.string()))
    joined = replaced(texts, "['`.]", "")
    valid, offsets, letters = joined.buffers()
    spaced = pa.py_buffer(_SPACED[np.frombuffer(letters, dtype="uint8")] if letters else b"")
    return pa.StringArray.from_buffers(len(joined), offsets, spaced, valid, offset=joined.offset)


def quick_forms(names: pd.Series) -> pd.Series:
    """Return the names in upper case, words only, without THE and legal forms: quicker than canonical, for names of all industries."""
    joined = replaced(text_array(names.str.upper()), "['`’.]", "")
    texts = replaced(joined, "[^A-Z0-9]+", " ", where="[^A-Z0-9 ]|  ")
    texts = replaced(pc.ascii_trim(texts, characters=" "), "^THE ", "")
    return pd.Series(replaced(texts, _LEGAL_ENDING, ""), index=names.index, dtype="str")


def core(form: str) -> str:
    """Return a canonical form without its governing body: `BOARD TRUSTEE UNIVERSITY ALABAMA` is the University of Alabama."""
    if form.partition(" ")[0] not in _GOVERNING and form.rpartition(" ")[2] not in _GOVERNING:
        return form
    tokens = form.split()
    start, end = 0, len(tokens)
    while start < end - 1 and tokens[start] in _GOVERNING:
        start += 1
    while end > start + 2 and tokens[end - 1] in _GOVERNING:
        end -= 1
    return " ".join(tokens[start:end])


def cores(forms: list[str]) -> list[str]:
    """Return `core` of each form; few begin or end with a governing body."""
    governed = pc.match_substring_regex(pa.array(forms, pa.string()), _GOVERNED).to_pylist()
    return [core(form) if some else form for form, some in zip(forms, governed, strict=True)]


@functools.cache
def state_names() -> frozenset[str]:
    """Return the states' names as they are in canonical forms."""
    return frozenset(canonical(name) for name in words("state").values())


@functools.cache
def state_words() -> frozenset[str]:
    """Return the words of the states' names as they are in canonical forms."""
    return frozenset(word for name in state_names() for word in name.split())

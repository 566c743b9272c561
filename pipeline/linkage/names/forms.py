"""Printed names in bulk: which may be near given names at all, and the canonical forms of each and of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.names.bulk import canonical_many, core_many, printed_words, single_names
from pipeline.linkage.names.normalise import GENERIC, core, is_cut, plain, spell_out, split_names, word_set, words
from pipeline.linkage.sponsor_names import root_of

_SILENT: Final = word_set("stopword") | word_set("legal_form")
# A name of just 34 characters may end in a whole `LLC`; two letters may be the beginning of another word (CO, PL).
_WHOLE_LEGAL_FORMS: Final = frozenset(form for form in word_set("legal_form") if len(form) > 2)
_TYPES: Final = {"row": "int64", "form": "str", "role": "str", "cut": "bool", "head": "str", "fragment": "str"}


def within_reach(names: pd.Series, forms: pd.Series) -> np.ndarray:
    """Positions of the printed names that have a telling word of one of the canonical forms, or no telling word.

    The others can't be near any of the forms; it is many times quicker than canonical forms for all names.
    """
    wanted = {word for form in set(forms.tolist()) for word in form.split()} - GENERIC
    owner, word, printed = printed_words(names.to_numpy(dtype=object))
    reaches = [_reaches(token, wanted) for token in printed]
    telling = np.array([reach is not None for reach in reaches], dtype=bool)[word]
    reaching = np.array([bool(reach) for reach in reaches], dtype=bool)[word]
    found = np.ones(len(names), dtype=bool)
    found[owner[telling]] = False
    found[owner[reaching]] = True
    return np.flatnonzero(found)


def _reaches(token: str, wanted: set[str]) -> bool | None:
    """Whether a printed word, spelled out, is among the wanted ones; None for a word that tells nothing. Single letters may join."""
    if len(token) == 1:
        return True
    if token in _SILENT:
        return None
    spelled = [*spell_out(token).split(), *(spell_out(word) for word in words("state").get(token, "").split())]
    if all(word in GENERIC for word in spelled):
        return None
    return any(word in wanted for word in spelled)


def name_forms(employers: pd.DataFrame) -> pd.DataFrame:
    """The canonical forms of each printed name and of its parts. employers: columns name (printed), form (canonical).

    Columns row (position in `employers`), form, role, cut, head, fragment: of a part that may be cut off, head is the form
    without its last word and fragment that word as printed. A school of medicine stands for its university too, unless
    the name is cut: the end may hide `Practice Association`. A name of several parts (d/b/a) also stands as a whole, with
    the role whole: people rule on names as printed.
    """
    names = employers["name"].to_numpy(dtype=object).tolist()
    parts = _parts(names)
    parts["form"] = employers["form"].to_numpy(dtype=object)[parts["row"].to_numpy(dtype="int64")]
    inner = [
        place
        for place, row, text in zip(parts.index, parts["row"], parts["text"], strict=True)
        if len(text) != len(names[row])
    ]
    parts.loc[inner, "form"] = canonical_many(parts.loc[inner, "text"].tolist())
    parts["form"] = core_many(parts["form"].tolist())
    parts["head"] = parts["fragment"] = ""
    ends = parts.index[parts["cut"] & (parts["role"] != "whole")]
    tokens = [plain(text).split() for text in parts.loc[ends, "text"].tolist()]
    heads = core_many(canonical_many([" ".join(whole) for *whole, _ in tokens]))
    fragments = [fragment for *_, fragment in tokens]
    parts.loc[ends, "head"], parts.loc[ends, "fragment"] = heads, fragments
    parts.loc[ends, "form"] = [
        form if _is_read(fragment) else core(f"{head} {fragment}".strip())
        for form, head, fragment in zip(parts.loc[ends, "form"].tolist(), heads, fragments, strict=True)
    ]
    named = parts[~parts["cut"] & (parts["role"] != "whole")]
    roots = named.assign(form=[root_of(form)[0] for form in named["form"].tolist()], role="root")
    both = pd.concat([parts, roots[roots["form"] != named["form"]]]).sort_index(kind="stable")
    table = both[list(_TYPES)].astype(_TYPES)
    return table[table["form"] != ""].drop_duplicates(["row", "form"], ignore_index=True)


def _parts(names: list[str]) -> pd.DataFrame:
    """Columns row, text, role, cut: the parts of each name in order, without its owner's; cut: its end may be lost."""
    texts, single = single_names(names)
    rows = np.flatnonzero(single).tolist()
    parts = [(row, texts[row], "legal", is_cut(names[row])) for row in rows]
    parts += [(row, *part) for row in np.flatnonzero(~single).tolist() for part in _several(names[row])]
    parts.sort(key=itemgetter(0))
    return pd.DataFrame(parts, columns=["row", "text", "role", "cut"])


def _several(name: str) -> Iterator[tuple[str, str, bool]]:
    parts = split_names(name)
    cut = is_cut(name)
    if len(parts) > 1:
        yield name, "whole", cut
    for place, part in enumerate(parts):
        if part.role == "legal" or (part.role != "parent" and len(part.text) > 4):
            yield part.text, part.role, cut and place == len(parts) - 1


def _is_read(fragment: str) -> bool:
    """Whether the last word of a cut name is read; a short one stays as printed: in `MED CT` it is not Connecticut."""
    known = fragment in _WHOLE_LEGAL_FORMS or (fragment in words("abbreviation") and fragment not in words("state"))
    return len(fragment) > 3 or known

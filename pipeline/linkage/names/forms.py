"""The canonical forms under which a printed name is compared: of the whole, of its parts, of a cut name.

Which names are compared at all, and how two forms compare, does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.names.normalise import canonical_all, core, core_all, cores, plain
from pipeline.linkage.names.printed import NamePart, split_all
from pipeline.linkage.names.words import word_set, words
from pipeline.linkage.sponsor_names import root_of

# A name of just 34 characters may end in a whole `LLC`; two letters may be the beginning of another word (CO, PL).
_WHOLE_LEGAL_FORMS: Final = frozenset(form for form in word_set("legal_form") if len(form) > 2)
_TYPES: Final = {"row": "int64", "form": "str", "role": "str", "cut": "bool", "head": "str", "fragment": "str"}


def name_forms(employers: pd.DataFrame) -> pd.DataFrame:
    """Return the canonical forms of each printed name and of its parts.

    employers: columns name (printed), cut (whether its end may be lost).

    Columns row (position in `employers`), form, role, cut, head, fragment: of a part that may be cut off, head is the form
    without its last word and fragment that word as printed. A school of medicine means its university too, unless
    the name is cut: the end may hide `Practice Association`. A name of several parts (d/b/a) is there as a whole too, with
    the role whole: people rule on names as printed.
    """
    parts = _all_parts(employers["name"], employers["cut"].to_numpy(dtype=bool))
    parts["form"] = cores(parts["form"].tolist())
    parts = _with_cut_ends(parts)
    named = parts[~parts["cut"] & (parts["role"] != "whole")]
    roots = named.assign(form=[root_of(form)[0] for form in named["form"].tolist()], role="root")
    both = pd.concat([parts, roots[roots["form"] != named["form"]]]).sort_index(kind="stable")
    table = both[list(_TYPES)].astype(_TYPES)
    return table[table["form"] != ""].drop_duplicates(["row", "form"], ignore_index=True)


def _all_parts(names: pd.Series, cut: np.ndarray) -> pd.DataFrame:
    """Return columns row (position), text, role, cut (as `_parts` yields them) and form (canonical) of the parts of each name.

    Most names are one part as they are.
    """
    forms = canonical_all(names)
    printed = names.to_numpy(dtype=object)
    blank = np.flatnonzero((forms == "").to_numpy(dtype=bool)).tolist()
    split = dict.fromkeys(blank, ()) | split_all(names)
    several = sorted(split)
    taken = [(row, *part) for row in several for part in _parts(printed[row], split[row], bool(cut[row]))]
    inside = pd.DataFrame(taken, columns=["row", "text", "role", "cut"]).astype({"row": "int64", "cut": "bool"})
    whole = inside["text"].to_numpy(dtype=object) == printed[inside["row"]]
    inside["form"] = canonical_all(inside["text"].astype("str")).where(~whole, forms.to_numpy()[inside["row"]])
    alone = np.delete(np.arange(len(printed)), several)
    single = {"row": alone, "text": printed[alone], "role": "legal", "cut": cut[alone]}
    both = pd.concat([pd.DataFrame(single).assign(form=forms.to_numpy()[alone]), inside])
    return both.sort_values("row", kind="stable", ignore_index=True)


def _parts(name: str, parts: tuple[NamePart, ...], cut: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield text, role and cut of each part of a name without its owner's, several as a whole first. cut: its end may be lost."""
    if len(parts) > 1:
        yield name, "whole", cut
    for place, part in enumerate(parts):
        if part.role == "legal" or (part.role != "parent" and len(part.text) > 4):
            yield part.text, part.role, cut and place == len(parts) - 1


def _with_cut_ends(parts: pd.DataFrame) -> pd.DataFrame:
    """Add head and fragment; the form of a part that may be cut off ends in the fragment as printed unless it is read."""
    parts["head"] = parts["fragment"] = ""
    cut = parts.loc[parts["cut"], "text"]
    last = [text.rsplit(maxsplit=1)[-1].strip(".,").upper() for text in cut.tolist()]
    whole = [word in _WHOLE_LEGAL_FORMS for word in last]
    parts.loc[cut.index[np.array(whole, dtype=bool)], "cut"] = False  # a name that ends in `INC` is whole
    ends = parts.index[parts["cut"] & (parts["role"] != "whole")]
    tokens = [plain(text).split() for text in parts.loc[ends, "text"].tolist()]
    heads = core_all(pd.Series([" ".join(whole) for *whole, _ in tokens], dtype="str")).tolist()
    fragments = [fragment for *_, fragment in tokens]
    parts.loc[ends, "head"], parts.loc[ends, "fragment"] = heads, fragments
    parts.loc[ends, "form"] = [
        form if _is_read(fragment) else core(f"{head} {fragment}".strip())
        for form, head, fragment in zip(parts.loc[ends, "form"].tolist(), heads, fragments, strict=True)
    ]
    return parts


def _is_read(fragment: str) -> bool:
    """Decide whether the last word of a cut name is read; a short one stays as printed: in `MED CT` it is not Connecticut."""
    known = fragment in _WHOLE_LEGAL_FORMS or (fragment in words("abbreviation") and fragment not in words("state"))
    return len(fragment) > 3 or known

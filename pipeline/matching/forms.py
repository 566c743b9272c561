"""Printed names in bulk: which may be near given names at all, and the canonical forms of each and of its parts."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.matching.names import GENERIC, canonical, core, is_cut, plain, spell_out, split_names, word_set, words
from pipeline.matching.sponsors import root_of

_SILENT: Final = word_set("stopword") | word_set("legal_form")
# A name of just 34 characters may end in a whole `LLC`; two letters may be the beginning of another word (CO, PL).
_WHOLE_LEGAL_FORMS: Final = frozenset(form for form in word_set("legal_form") if len(form) > 2)
_TYPES: Final = {"row": "int64", "form": "str", "role": "str", "cut": "bool", "head": "str", "fragment": "str"}


def within_reach(names: pd.Series, forms: pd.Series) -> list[int]:
    """Positions of the printed names that have a telling word of one of the canonical forms, or no telling word.

    The others can't be near any of the forms; it is many times quicker than canonical forms for all names.
    """
    wanted = {word for form in set(forms.tolist()) for word in form.split()} - GENERIC
    reaches: dict[str, bool | None] = {}
    found: list[int] = []
    for place, name in enumerate(names.tolist()):
        telling = False
        for token in plain(name).split():
            if token not in reaches:
                reaches[token] = _reaches(token, wanted)
            if reaches[token] is not None:
                telling = True
                if reaches[token]:
                    found.append(place)
                    break
        else:
            if not telling:
                found.append(place)
    return found


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


def name_forms(names: pd.Series) -> pd.DataFrame:
    """The canonical forms of each printed name and of its parts.

    Columns row (position in `names`), form, role, cut, head, fragment: of a part that may be cut off, head is the form
    without its last word and fragment that word as printed. A school of medicine stands for its university too, unless
    the name is cut: the end may hide `Practice Association`. A name of several parts (d/b/a) also stands as a whole, with
    the role whole: people rule on names as printed.
    """
    rows: list[tuple[int, str, str, bool, str, str]] = []
    for row, name in enumerate(names):
        parts = split_names(name)
        cut = is_cut(name)
        if len(parts) > 1:
            rows.append((row, core(canonical(name)), "whole", cut, "", ""))
        for place, part in enumerate(parts):
            if part.role == "parent" or (part.role != "legal" and len(part.text) <= 4):
                continue
            if cut and place == len(parts) - 1:
                *whole, fragment = plain(part.text).split()
                head = core(canonical(" ".join(whole)))
                rows.append((row, core(_with_fragment(part.text, head, fragment)), part.role, True, head, fragment))
                continue
            form = core(canonical(part.text))
            rows.append((row, form, part.role, False, "", ""))
            root = root_of(form)[0]
            if root != form:
                rows.append((row, root, "root", False, "", ""))
    table = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return table[table["form"] != ""].drop_duplicates(["row", "form"], ignore_index=True)


def _with_fragment(text: str, head: str, fragment: str) -> str:
    """The form of a cut name. A short last word stays as printed: in `MED CT` it is not Connecticut."""
    known = fragment in _WHOLE_LEGAL_FORMS or (fragment in words("abbreviation") and fragment not in words("state"))
    if len(fragment) > 3 or known:
        return canonical(text)
    return f"{head} {fragment}".strip()

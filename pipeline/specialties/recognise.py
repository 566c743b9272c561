"""The specialties of graduate medical education (ACGME), recognised in columns of texts, names and codes.

What belongs here: the door of the room for whole columns. Reading one text is in `reading.py`, how two specialties are
related in `relations.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import pandas as pd

from pipeline.specialties.reading import Reading, code_of, exact_specialty, read_specialty
from pipeline.specialties.vocabulary import PATHWAY, name_by_code, named_specialties, specialty_words
from pipeline.specialties.words import words


def specialty_of(texts: pd.Series) -> pd.DataFrame:
    """Find the specialty named in each text (a title, a track, a heading).

    Returns specialty (ACGME name) and specialty_code, indexed as `texts`; null where none is named, and a null code where several
    programs share the name (Sports Medicine) or the pathway is not stated (Thoracic Surgery). Compare specialties by
    `specialty_group`, not by code.
    """
    known = specialty_words()
    return _mapped(texts, lambda text: read_specialty(words(text, known)))


def canonical_specialty(names: pd.Series) -> pd.DataFrame:
    """Find the ACGME specialty of names as lists print them: Diagnostic Radiology, Radiology-Diagnostic.

    By the name or usual spelling as a whole, else by the specialty named in it. Returns columns and index as `specialty_of`.
    """

    def read(text: str) -> Reading:
        name = exact_specialty(text)
        return (
            Reading(name, code_of(name, frozenset({name}))) if name else read_specialty(words(text, specialty_words()))
        )

    return _mapped(names, read)


def specialty_by_code(codes: pd.Series) -> pd.Series:
    """Return the ACGME name of each three-digit code; null where the code or its name is unknown."""
    return codes.map(name_by_code()).astype("str")


def specialty_group(names: pd.Series) -> pd.Series:
    """Return the key under which two ACGME names mean one field: pathways (Independent, Integrated) are left out."""
    return names.astype("str").str.replace(PATHWAY, "", regex=True)


def trains(names: pd.Series) -> pd.Series:
    """Return who trains in the specialty of each ACGME name: residents, fellows or both; null where unknown."""
    return names.map(_trainees()).astype("str")


@functools.cache
def _trainees() -> dict[str, str]:
    named = named_specialties()
    kinds: dict[str, str] = {}
    for name, kind in zip(named["name"], named["trainees"], strict=True):
        kinds[name] = kind if kinds.get(name, kind) == kind else "both"
    return kinds


def _mapped(texts: pd.Series, read: Callable[[str], Reading]) -> pd.DataFrame:
    """Return specialty and specialty_code of each text; each distinct text is read once."""
    readings = {text: read(text) for text in texts.dropna().unique() if text}
    name = {text: reading.name or None for text, reading in readings.items()}
    code = {text: reading.code or None for text, reading in readings.items()}
    return pd.DataFrame(
        {
            "specialty": texts.map(name).astype("str"),
            "specialty_code": texts.map(code).astype("str"),
        },
        index=texts.index,
    )

"""Descriptions of the tables of names that people use for specialties, places and countries."""

from __future__ import annotations

from typing import Final

from pipeline.reference.model import ReferenceTable

NAMES: Final = (
    ReferenceTable(
        "names/countries.csv",
        "Countries and territories by their usual English name, and other names of each (several: `|`)",
        ("country", "also_called", "source"),
        required=("country", "source"),
        key=("country",),
        order=("country",),
    ),
    ReferenceTable(
        "names/usual_names.csv",
        "Usual short names of specialties and places, and the names, or parts of names (several: `|`), that they stand for",
        ("kind", "usual", "means", "note"),
        required=("kind", "usual", "means", "note"),
        allowed={"kind": ("place", "specialty")},
        key=("kind", "usual"),
        order=("kind", "usual"),
    ),
    ReferenceTable(
        "names/written_words.csv",
        "Words of names that registers print in capitals, as a person writes them, where that isn't with a capital first letter alone",
        ("word", "written", "note"),
        required=("word", "written", "note"),
        key=("word",),
        order=("word",),
    ),
)

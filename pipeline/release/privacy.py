"""No personal data in a release: it is left out of every text before publishing, and nothing is published where some was left.

Telephone numbers and e-mail addresses are looked for in all text, names of persons in what people wrote freely (`Field.prose`):
elsewhere a name is that of an employer, a hospital or a place, as a public register prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.places import is_city
from pipeline.schemas.model import Field
from pipeline.schemas.registry import table
from pipeline.text.personal import CONTACT, PERSON, without_contacts, without_persons


def without_personal_data(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables of a release, by name, without personal data in any text."""
    with ThreadPoolExecutor() as pool:  # Arrow searches outside the interpreter
        return dict(zip(tables, pool.map(_cleaned_table, tables.values(), tables), strict=True))


def personal_data(tables: Mapping[str, pa.Table]) -> list[str]:
    """Return a line for each column that holds personal data; empty where none does. Lines don't repeat what was found."""
    return [
        f"{name}.{field.name} holds personal data in {found} values"
        for name, arrow in tables.items()
        for field in table(name).fields
        if _is_open(field) and (found := sum(len(_changed(values, field)) for values in _texts(arrow[field.name])))
    ]


def _cleaned_table(arrow: pa.Table, name: str) -> pa.Table:
    for place, field in enumerate(table(name).fields):
        if not _is_open(field):
            continue
        chunks = arrow[field.name].chunks  # one by one: joined, they would lie in memory a second time
        cleaned = [_map_texts(values, lambda texts, field=field: _cleaned(texts, field)) for values in chunks]
        if any(new is not old for new, old in zip(cleaned, chunks, strict=True)):
            arrow = arrow.set_column(place, arrow.schema.field(place), pa.chunked_array(cleaned))
    return arrow


def _is_open(field: Field) -> bool:
    """Return whether a column can hold any text: neither a closed vocabulary nor a pattern limits it."""
    return not (field.allowed or field.pattern)


def _cleaned(texts: pa.StringArray, field: Field) -> pa.StringArray:
    """Return `texts` itself where nothing is to be left out of it, which is nearly always."""
    changed = _changed(texts, field)
    if not changed:
        return texts
    return pa.array([changed.get(text, text) for text in texts.to_pylist()], pa.string())


def _changed(texts: pa.StringArray, field: Field) -> dict[str, str]:
    """Return what stands for each distinct text that holds personal data."""
    distinct = texts.unique().drop_null()
    pattern = pc.MatchSubstringOptions(f"{CONTACT}|{PERSON}" if field.prose else CONTACT)
    suspects = distinct.filter(pc.call_function("match_substring_regex", [distinct], pattern))
    without = {text: _without(text, field) for text in suspects.to_pylist()}
    return {text: clean for text, clean in without.items() if clean != text}


def _without(text: str, field: Field) -> str:
    clean = without_contacts(text)
    return without_persons(clean, is_city) if field.prose else clean


def _texts(column: pa.ChunkedArray) -> list[pa.StringArray]:
    found: list[pa.StringArray] = []
    for values in column.chunks:
        _map_texts(values, lambda texts: found.append(texts) or texts)
    return found


def _map_texts(values: pa.Array, function: Callable[[pa.StringArray], pa.StringArray]) -> pa.Array:
    """Return `values` with `function` of each array of texts in it, in lists and records, too; itself where nothing changed."""
    if pa.types.is_string(values.type):
        return function(values)
    if pa.types.is_list(values.type):
        items = values.values  # each access makes another object
        inner = _map_texts(items, function)
        if inner is items:
            return values
        return pa.ListArray.from_arrays(values.offsets, inner, values.type, mask=values.is_null())
    if pa.types.is_struct(values.type):
        parts = [values.field(place) for place in range(values.type.num_fields)]
        mapped = [_map_texts(part, function) for part in parts]
        if all(new is old for new, old in zip(mapped, parts, strict=True)):
            return values
        return pa.StructArray.from_arrays(mapped, fields=list(values.type), mask=values.is_null())
    return values

"""What a field means in words that a reader of one column needs: its type, what a blank cell says, which words it may hold.

What belongs here: words made from a field alone. Their layout is for those who write a dictionary, a sheet or a page.
"""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa

from pipeline.schemas.model import Field

NOT_KNOWN: Final = "not known"
_NULL: Final = re.compile(r"\bnull\b:?\s*([^;.]*)")
_TYPES: Final = {
    pa.string(): "text",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def type_name(kind: pa.DataType) -> str:
    """Return a column's type in one word or three: text, integer, number, boolean, date, record, list of them."""
    if pa.types.is_list(kind):
        return f"list of {type_name(kind.value_type)}"
    return "record" if pa.types.is_struct(kind) else _TYPES[kind]


def null_meaning(field: Field) -> str:
    """Return what a null says: as the description has it after the word "null", else that it isn't known; "" where there is none."""
    if pa.types.is_list(field.type):
        return "an empty list: none known"
    if field.required:
        return ""
    told = _NULL.search(field.description)
    return (told[1].strip() or NOT_KNOWN) if told else NOT_KNOWN


def record_fields(field: Field) -> tuple[str, ...]:
    """Return the names of the fields of a column's records, () where it holds none."""
    kind = field.type.value_type if pa.types.is_list(field.type) else field.type
    return tuple(kind.field(place).name for place in range(kind.num_fields)) if pa.types.is_struct(kind) else ()

"""The data dictionary: the registry in Markdown, for those who read a release without this project.

What belongs here: its layout. What a table or column means is described in the file of its room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from pipeline.schemas.model import FIRST_VERSION, Field, Table, described, parts_of
from pipeline.schemas.provenance import WARNINGS_OF
from pipeline.schemas.registry import SCHEMA_VERSION

CAUTIONS: Final = (
    "Cap exemption is inferred from public data: it is not a finding of USCIS and not legal advice. Ask the GME office which "
    "legal entity files and whether the petition would be filed as cap-exempt.",
    "`likely_cap_subject` means that no evidence of exemption was found. Cap-exempt does not mean that the employer sponsors "
    "anyone, nor that it escapes other charges.",
    "Petitions and labor condition applications are of the past: they do not show present willingness.",
    "`sponsoring_likelihood` is inferred from filings, for programs that state no policy: it is no policy and no promise.",
    "A null is unknown. Silence of a page is never a no.",
    "`restated` evidence is a stated policy in other words, with the address where it stood; it is not a quotation.",
)


def markdown(tables: list[Table]) -> str:
    """Return the dictionary of `tables`, in their order; of their foreign keys, those that stay among them."""
    parts = [
        f"# Data dictionary\n\nSchema version {SCHEMA_VERSION}. Generated from `pipeline/schemas`; change it there.\n"
    ]
    parts.append("\n".join(f"- {caution}" for caution in CAUTIONS) + "\n")
    names = {table.name for table in tables}
    parts.extend(_table(table, names) for table in tables)
    return "\n".join(parts)


def _table(table: Table, names: set[str]) -> str:
    lines = [f"## {table.name}\n", f"{table.description}\n"]
    lines += [f"**{warning}**\n" for warning in WARNINGS_OF.get(table.name, ())]
    if table.key:
        lines.append(f"Key: {_code(table.key)}\n")
    keys = [key for key in table.foreign_keys if key.table in names]
    if keys:
        named = (
            f"{_code(key.columns)} in {_code([f'{key.table}.{column}' for column in key.references])}" for key in keys
        )
        lines.append(f"Foreign keys, where not null: {'; '.join(named)}\n")
    lines += ["| column | type | nulls | description |", "|---|---|---|---|"]
    lines += [
        f"| `{field.name}` | {type_name(field.type)} | {'no' if field.required else 'yes'} | {_describe(field)} |"
        for field in table.fields
    ]
    return "\n".join(lines) + "\n"


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def type_name(kind: pa.DataType) -> str:
    """Return a column's type in a word or three: text, integer, number, boolean, date, record, or a list of them."""
    if pa.types.is_list(kind):
        return f"list of {type_name(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "record"
    return {
        pa.string(): "text",
        pa.int64(): "integer",
        pa.float64(): "number",
        pa.bool_(): "boolean",
        pa.date32(): "date",
    }[kind]


def _describe(field: Field) -> str:
    text = field.description.replace("|", "\\|")
    if field.unit:
        text += f" ({field.unit})"
    if field.allowed and len(field.allowed) <= 12:
        text += ". One of " + ", ".join(f"`{value}`" for value in field.allowed)
    parts = parts_of(field.type)
    if parts:
        text += ". Fields: " + "; ".join(f"`{part.name}` {_lowered(described(part))}" for part in parts)
    if field.since != FIRST_VERSION:
        text += f". Since schema version {field.since}"
    return text


def _lowered(text: str) -> str:
    """Return a description as the rest of a sentence: its first letter small, unless the word has other capitals."""
    first = text.split(maxsplit=1)[0]
    return text if first[1:].lower() != first[1:] or first == "A" else text[0].lower() + text[1:]

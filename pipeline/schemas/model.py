"""What a table, a field and a foreign key are, and short ways to write fields. The tables themselves are in files by room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

# Years that tables hold and for which a release can be made.
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
# Schema version of the first contract with those who read releases.
FIRST_VERSION: Final = "1.0.0"
_OF_NULL = re.compile(r"[^;,.(]*\b(?:null|blank)\b[^;.)]*")


@dataclass(frozen=True)
class Field:
    """One column.

    allowed (closed vocabulary), minimum, maximum and pattern (of the whole text) become checks. Nulls are allowed unless
    `required`. unit: what a number counts, "" where the description says it. since: schema version that brought the column.
    prose: what people wrote freely, in which persons may be named.
    """

    name: str
    type: pa.DataType
    description: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    since: str = FIRST_VERSION
    prose: bool = False

    @property
    def missing(self) -> str:
        """What a null means, or an empty list; "" where neither can be.

        Where the description speaks of it, its own words; else that it is unknown, since silence is never a no.
        """
        if pa.types.is_list(self.type):
            return "An empty list: none known"
        if self.required:
            return ""
        own = [part.strip() for part in _OF_NULL.findall(self.description)]
        return own[0][0].upper() + own[0][1:] if own else "Unknown: no source says it"


@dataclass(frozen=True)
class ForeignKey:
    """What `columns` hold is known in `table`, in its columns `references`; a row with a null in `columns` names nothing.

    Unlike a foreign key of SQL it may name columns of which several rows of `table` hold the same.
    """

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table.

    key: columns that are unique together; rows are written in their order. Parsed tables of raw rows may have none.
    foreign_keys: which other tables its rows name; checked between the tables of a release.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in the order in which they are written."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Return the field of that name. Raises KeyError if the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no column {name}")


def text(
    name: str,
    description: str,
    *,
    required: bool = False,
    allowed: tuple[str, ...] = (),
    pattern: str = "",
    prose: bool = False,
) -> Field:
    """Return a column of strings."""
    return Field(name, pa.string(), description, required=required, allowed=allowed, pattern=pattern, prose=prose)


def count(name: str, description: str, *, required: bool = True, unit: str = "") -> Field:
    """Return a column of whole numbers, never negative."""
    return Field(name, pa.int64(), description, required=required, unit=unit, minimum=0)


def year(name: str, description: str, *, required: bool = False) -> Field:
    """Return a column of calendar or fiscal years, four digits."""
    return Field(name, pa.int64(), description, required=required, unit="year", minimum=FIRST_YEAR, maximum=LAST_YEAR)


def number(
    name: str,
    description: str,
    *,
    required: bool = False,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Field:
    """Return a column of real numbers."""
    return Field(name, pa.float64(), description, required=required, unit=unit, minimum=minimum, maximum=maximum)


def flag(name: str, description: str, *, required: bool = False) -> Field:
    """Return a column of true and false; null where unknown."""
    return Field(name, pa.bool_(), description, required=required)


def day(name: str, description: str, *, required: bool = False) -> Field:
    """Return a column of calendar days."""
    return Field(name, pa.date32(), description, required=required)


def texts(name: str, description: str, *, allowed: tuple[str, ...] = (), prose: bool = False) -> Field:
    """Return a column of lists of strings: empty rather than null, in an order that means something or sorted."""
    return Field(name, pa.list_(pa.string()), description, required=True, allowed=allowed, prose=prose)


def structs(name: str, description: str, item: pa.StructType) -> Field:
    """Return a column of lists of records: empty rather than null."""
    return Field(name, pa.list_(item), description, required=True)


def record(*parts: tuple[str, pa.DataType, str]) -> pa.StructType:
    """Return a record of named parts, each with its type and its description, which Arrow keeps in the part's metadata."""
    return pa.struct([pa.field(name, kind, metadata={"description": what}) for name, kind, what in parts])


def parts_of(kind: pa.DataType) -> tuple[pa.Field, ...]:
    """Return the parts of a record, or of the records of a list; () for any other type."""
    item = kind.value_type if pa.types.is_list(kind) else kind
    return tuple(item.field(place) for place in range(item.num_fields)) if pa.types.is_struct(item) else ()


def described(part: pa.Field) -> str:
    """Return the description of a part of a record."""
    return (part.metadata or {})[b"description"].decode()


def refers(column: str, to: str, named: str = "") -> ForeignKey:
    """Return the foreign key of one column to table `to`, where the column is called `named`, if not the same."""
    return ForeignKey((column,), to, (named or column,))

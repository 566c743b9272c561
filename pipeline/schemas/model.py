"""What a table and a field are: the vocabulary in which the registry is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Layer = Literal["parsed", "linked", "inferred", "published"]


@dataclass(frozen=True)
class Field:
    """One column. `allowed`, `minimum`, `maximum` and `pattern` become checks; nulls are allowed unless `required`."""

    name: str
    type: pa.DataType
    description: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Table:
    """One table. `key` is unique, and rows are written in its order; `parsed` tables of raw rows may have no key."""

    name: str
    layer: Layer
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in the order in which they are written."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no column {name}")


def text(
    name: str, description: str, *, required: bool = False, allowed: tuple[str, ...] = (), pattern: str = ""
) -> Field:
    """A string column."""
    return Field(name, pa.string(), description, required=required, allowed=allowed, pattern=pattern)


def count(name: str, description: str, *, required: bool = True, unit: str = "") -> Field:
    """A column of whole numbers, never negative."""
    return Field(name, pa.int64(), description, required=required, unit=unit, minimum=0)


def year(name: str, description: str, *, required: bool = False) -> Field:
    """A calendar or fiscal year of four digits."""
    return Field(name, pa.int64(), description, required=required, unit="year", minimum=1990, maximum=2100)


def number(
    name: str,
    description: str,
    *,
    required: bool = False,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Field:
    """A column of real numbers."""
    return Field(name, pa.float64(), description, required=required, unit=unit, minimum=minimum, maximum=maximum)


def flag(name: str, description: str, *, required: bool = False) -> Field:
    """True or false; null where unknown."""
    return Field(name, pa.bool_(), description, required=required)


def day(name: str, description: str, *, required: bool = False) -> Field:
    """A calendar day."""
    return Field(name, pa.date32(), description, required=required)


def texts(name: str, description: str) -> Field:
    """A list of strings, empty rather than null, in an order that means something or sorted."""
    return Field(name, pa.list_(pa.string()), description, required=True)


def structs(name: str, description: str, item: pa.StructType) -> Field:
    """A list of records, empty rather than null."""
    return Field(name, pa.list_(item), description, required=True)

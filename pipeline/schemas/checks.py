"""Checks generated from the registry: what a table must satisfy alone, and what its foreign keys promise of others.

What belongs here: what the registry can say. What only the meaning of tables can say is in `release.consistency`.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa_checks
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaErrors

from pipeline.schemas.frames import to_arrow, to_frame
from pipeline.schemas.model import Field, ForeignKey
from pipeline.schemas.registry import table

REPEATED_KEY: Final = "unique key"
_UNIQUENESS: Final = "multiple_fields_uniqueness"  # what Pandera calls it


@dataclass(frozen=True)
class Violation:
    """One broken rule of a table: column (or columns of the key), rule, number of rows, and some of the values."""

    table: str
    column: str
    rule: str
    rows: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.rule} fails in {self.rows:,} rows, e.g. {', '.join(self.examples)}"


def checked_columns(name: str) -> list[str]:
    """Return the columns of table `name` that Pandera checks: of lists the Arrow schema and the vocabulary hold all."""
    return [field.name for field in table(name).fields if not pa.types.is_list(field.type)]


@dataclass(frozen=True)
class Fit:
    """A table in the registry's columns, types and order, and what is wrong with its rows."""

    arrow: pa.Table
    violations: tuple[Violation, ...]


def fit_table(frame: pd.DataFrame, name: str) -> Fit:
    """Bring `frame` into the form of table `name` and check it. Raises SchemaError where columns or types don't fit."""
    arrow = to_arrow(frame, name)
    del frame  # a large one is not held while its table is checked, unless a caller holds it
    cases = _failures(to_frame(arrow, checked_columns(name)), name, unique=_repeats_key(arrow, name))
    return Fit(arrow, (*_violations(cases, name), *_unknown_items(arrow, name)))


def _repeats_key(arrow: pa.Table, name: str) -> bool:
    """Decide whether a table in key order has two rows of one key: they follow each other. To look for them in a frame takes many times
    as long."""
    same = pa.array(np.full(max(len(arrow) - 1, 0), fill_value=True))
    for column in table(name).key:
        before, after = arrow.column(column).slice(0, len(same)), arrow.column(column).slice(1)
        blank = pc.and_(pc.is_null(before), pc.is_null(after))
        same = pc.and_(same, pc.or_(pc.fill_null(pc.equal(before, after), False), blank))
    return bool(table(name).key) and bool(pc.any(same).as_py())


def _unknown_items(arrow: pa.Table, name: str) -> list[Violation]:
    """Return a violation for each column of lists that holds words outside its vocabulary."""
    found = []
    for field in table(name).fields:
        if not field.allowed or not pa.types.is_list(field.type):
            continue
        column = arrow.column(field.name)
        foreign = [any(item not in field.allowed for item in cell) for cell in column.to_pylist()]
        if any(foreign):
            words = sorted({item for cell in column.to_pylist() for item in cell} - {*field.allowed})
            found.append(Violation(name, field.name, "isin", sum(foreign), tuple(words[:3])))
    return found


@functools.cache
def frame_schema(name: str, *, unique: bool = True) -> pa_checks.DataFrameSchema:
    """Return the Pandera schema of table `name`: nulls, vocabularies, ranges, patterns and, if `unique`, the key."""
    described = table(name)
    return pa_checks.DataFrameSchema(
        {
            column: pa_checks.Column(
                nullable=not described.field(column).required, checks=_checks(described.field(column))
            )
            for column in checked_columns(name)
        },
        unique=(list(described.key) or None) if unique else None,
        name=name,
    )


def _checks(field: Field) -> list[pa_checks.Check]:
    checks: list[pa_checks.Check] = []
    if field.allowed:
        checks.append(pa_checks.Check.isin(list(field.allowed)))
    if field.minimum is not None:
        checks.append(pa_checks.Check.ge(field.minimum))
    if field.maximum is not None:
        checks.append(pa_checks.Check.le(field.maximum))
    if field.pattern:
        checks.append(
            pa_checks.Check(functools.partial(_full_match, pattern=field.pattern), name=f"matches {field.pattern}")
        )
    return checks


def _full_match(series: pd.Series, pattern: str) -> pd.Series:
    return series.str.fullmatch(pattern)


def violations(frame: pd.DataFrame, name: str) -> list[Violation]:
    """Return what is wrong with `frame` as table `name`, most rows first; empty when nothing is.

    frame: the columns `checked_columns`, in the types that `to_frame` gives; others are passed over.
    """
    return _violations(_failures(frame, name), name)


def misfits(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return which rows of `frame` break which rule of table `name`: index of the row -> the rule, in words; of rows with the
    same key all but the first."""
    found: dict[object, str] = {}
    for field in table(name).fields:
        if field.required and field.name in frame and not pa.types.is_list(field.type):
            found |= dict.fromkeys(frame.index[frame[field.name].isna()], f"{field.name} is blank")
    rest = frame.drop(index=list(found))
    cases = _failures(rest, name)
    if cases is not None:
        cases = cases[cases["check"] != _UNIQUENESS].dropna(subset=["index"])
        for row, column, value, rule in cases[["index", "column", "failure_case", "check"]].itertuples(index=False):
            found.setdefault(row, f"{column} {value!r} breaks the rule {rule}")
    key = list(table(name).key)
    if key:
        rest = frame.drop(index=list(found))
        found |= dict.fromkeys(rest.index[rest.duplicated(key)], f"a second row with the same {', '.join(key)}")
    return pd.Series(found, dtype="str")


def _failures(frame: pd.DataFrame, name: str, *, unique: bool = True) -> pd.DataFrame | None:
    """Return Pandera's failure cases, None where there are none. unique: whether a key may be repeated at all."""
    try:
        # In place: nothing is converted here, and the copy of a large frame would be the most memory that its step needs.
        frame_schema(name, unique=unique).validate(frame, lazy=True, inplace=True)
    except SchemaErrors as errors:
        return errors.failure_cases
    return None


def _violations(cases: pd.DataFrame | None, name: str) -> list[Violation]:
    """Make of Pandera's cases, if any, one violation for each column and rule; a repeated key is one, however many its columns."""
    if cases is None:
        return []
    repeated = cases["check"] == _UNIQUENESS
    label = cases["column"].mask(repeated, ", ".join(table(name).key))
    found = []
    for (column, rule), rows in cases.groupby([label, "check"], dropna=False, sort=True):
        examples = tuple(str(value) for value in rows["failure_case"].drop_duplicates().head(3))
        broken = REPEATED_KEY if rule == _UNIQUENESS else str(rule)
        found.append(Violation(name, str(column), broken, int(rows["index"].nunique()), examples))
    return sorted(found, key=lambda violation: -violation.rows)


def unknown_references(tables: Mapping[str, pa.Table], sound: Collection[str] = ()) -> list[str]:
    """Return what the foreign keys between `tables` (by name) name in vain, a line each; empty when all is known.

    A key to a table that is not among them is not checked, nor one between tables that are `sound`: they were checked before.
    """
    return [
        line
        for name, arrow in tables.items()
        for key in table(name).foreign_keys
        if key.table in tables and not {name, key.table} <= set(sound)
        for line in _unknown(name, arrow, key, tables[key.table])
    ]


def _unknown(name: str, arrow: pa.Table, key: ForeignKey, target: pa.Table) -> list[str]:
    columns, references = list(key.columns), list(key.references)
    # In Arrow: a Python value for each of hundreds of thousands of ids would cost more than all the rest.
    named, known = arrow.select(columns).drop_null(), target.select(references)
    lost = named.join(known, columns, references, join_type="left anti", use_threads=False)
    if not lost.num_rows:
        return []
    distinct = (
        lost.group_by(columns, use_threads=False).aggregate([]).sort_by([(column, "ascending") for column in columns])
    )
    example = ", ".join(str(value) for value in distinct.slice(0, 1).to_pylist()[0].values())
    return [
        f"{name} names {distinct.num_rows:,} ids that {key.table} does not have, e.g. {', '.join(columns)} = {example}"
    ]

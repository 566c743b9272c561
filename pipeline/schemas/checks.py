"""Checks generated from the registry: what a frame of a table must satisfy before anybody may read it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pandera.pandas as pa_checks
import pyarrow as pa
from pandera.errors import SchemaErrors

from pipeline.schemas.model import Field
from pipeline.schemas.registry import table

_REPEATED_KEY: Final = "multiple_fields_uniqueness"


@dataclass(frozen=True)
class Violation:
    """One broken rule: column (or key), rule, how many rows, and some of the values."""

    table: str
    column: str
    rule: str
    rows: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.rule} fails in {self.rows:,} rows, e.g. {', '.join(self.examples)}"


@functools.cache
def frame_schema(name: str) -> pa_checks.DataFrameSchema:
    """Pandera schema of table `name`: nulls, vocabularies, ranges, patterns and the key."""
    described = table(name)
    return pa_checks.DataFrameSchema(
        {
            field.name: pa_checks.Column(nullable=not field.required, checks=_checks(field))
            for field in described.fields
        },
        unique=list(described.key) or None,
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
    if pa.types.is_list(field.type) and field.required:
        return []  # lists are never null: the Arrow schema holds that
    return checks


def _full_match(series: pd.Series, pattern: str) -> pd.Series:
    return series.str.fullmatch(pattern)


def violations(frame: pd.DataFrame, name: str) -> list[Violation]:
    """What is wrong with `frame` as table `name`, most rows first; empty when all is well."""
    try:
        frame_schema(name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return _told(errors.failure_cases, name)
    return []


def _told(cases: pd.DataFrame, name: str) -> list[Violation]:
    """Pandera's cases as one violation for each column and rule; a repeated key is one, however many columns it has."""
    repeated = cases["check"] == _REPEATED_KEY
    label = cases["column"].mask(repeated, ", ".join(table(name).key))
    found = []
    for (column, rule), rows in cases.groupby([label, "check"], dropna=False, sort=True):
        examples = tuple(str(value) for value in rows["failure_case"].drop_duplicates().head(3))
        said = "unique key" if rule == _REPEATED_KEY else str(rule)
        found.append(Violation(name, str(column), said, int(rows["index"].nunique()), examples))
    return sorted(found, key=lambda violation: -violation.rows)

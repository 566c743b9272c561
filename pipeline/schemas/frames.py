"""From pandas to Arrow and back: frames are brought to the registry's columns, types and row order before they are written."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import UserError
from pipeline.schemas.registry import arrow_schema, table


class SchemaError(UserError):
    """A frame that does not fit its table."""


def to_arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    """Return the Arrow table of `frame` in the columns, types and key order of table `name`.

    Missing optional columns become null (lists: empty). Raises SchemaError for unknown or missing required columns,
    for values that do not fit the type and for nulls in required columns.
    """
    described = table(name)
    unknown = [column for column in frame.columns if column not in described.columns]
    if unknown:
        raise SchemaError(f"{name}: columns {unknown} are not in the registry; describe them in pipeline/schemas first")
    columns: list[pa.ChunkedArray | pa.Array] = []
    for field in described.fields:
        if field.name in frame.columns:
            columns.append(_column(frame[field.name], field.type, f"{name}.{field.name}"))
        elif pa.types.is_list(field.type):
            columns.append(pa.array([[]] * len(frame), type=field.type))
        elif field.required:
            raise SchemaError(f"{name}: required column {field.name} is missing")
        else:
            columns.append(pa.nulls(len(frame), type=field.type))
    arrow = pa.table(columns, schema=arrow_schema(name))
    for field in described.fields:
        if field.required and arrow[field.name].null_count:
            raise SchemaError(f"{name}.{field.name}: {arrow[field.name].null_count} nulls in a required column")
    if described.key:
        arrow = arrow.sort_by([(column, "ascending") for column in described.key])
    return arrow.combine_chunks()


def _column(series: pd.Series, kind: pa.DataType, label: str) -> pa.Array:
    if series.empty:  # whatever its type: pandas makes numbers of a column that nothing was put into
        return pa.array([], type=kind)
    try:
        if pa.types.is_date(kind) and pd.api.types.is_datetime64_any_dtype(series):
            return pa.array(series, type=pa.timestamp("ns"), from_pandas=True).cast(kind)
        return pa.array(series, type=kind, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise SchemaError(f"{label}: {error}") from error


def to_frame(arrow: pa.Table, columns: Sequence[str] | None = None, *, arrow_lists: bool = False) -> pd.DataFrame:
    """Return the pandas frame of an Arrow table: `str` strings, `Int64` and `boolean` where nulls are allowed, datetime64 days.

    columns: only these; the rest is never turned into Python values. arrow_lists: lists stay as Arrow holds them, to be read by
    `list_items`: an array of numpy for each row of a large table costs more than all its texts.
    """
    if columns is not None:
        arrow = arrow.select(list(columns))
    nullable: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    if arrow_lists:
        nullable |= {kind: pd.ArrowDtype(kind) for kind in arrow.schema.types if pa.types.is_list(kind)}
    return arrow.to_pandas(types_mapper=nullable.get, date_as_object=False)


def list_column(owners: np.ndarray, values: pa.Array | pa.ChunkedArray, rows: int) -> pd.Series:
    """Return a column of `rows` lists as Arrow holds them: of each row 0, 1, … the values it owns, none where it owns none.

    owners: row of each value, in order. A Python list for each of 200,000 rows would cost the garbage collector more than
    all the rest.
    """
    offsets = np.searchsorted(owners, np.arange(rows + 1))
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), whole)
    return pd.Series(lists, dtype=pd.ArrowDtype(lists.type))


def list_items(column: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Return the texts in a column of lists, in order: the position of the row of each, and the texts; null lists hold none."""
    lists = pa.array(column, from_pandas=True)
    whole = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    if not pa.types.is_list(whole.type):  # none of them holds anything
        return np.empty(0, dtype="int64"), pa.array([], pa.string())
    return pc.list_parent_indices(whole).to_numpy(), pc.list_flatten(whole).cast(pa.string())


def text_array(texts: Sequence[str] | pd.Series | pa.Array) -> pa.Array:
    """Return texts as one Arrow array; those of a column are not turned into Python values on the way."""
    if isinstance(texts, pa.Array):
        return texts
    array = pa.array(texts.astype("str").array if isinstance(texts, pd.Series) else texts, pa.string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def replaced(texts: pa.Array, pattern: str, replacement: str, where: str = "") -> pa.Array:
    """Return texts with each match of a pattern (RE2) replaced. where: what any text has that would change, by default the pattern.

    Arrow takes ten times as long to replace as to search, and most texts have nothing to replace.
    """
    found = pc.match_substring_regex(texts, where or pattern)
    changed = pc.replace_substring_regex(texts.filter(found), pattern=pattern, replacement=replacement)
    return pc.replace_with_mask(texts, found, changed)


def among(texts: pd.Series | pa.Array, wanted: Collection[str] | pd.Series) -> np.ndarray:
    """Decide which texts of a column are among the wanted ones; null is not. `Series.isin` takes each wanted text by itself."""
    if not len(texts):
        return np.zeros(0, dtype=bool)
    known = text_array(wanted if isinstance(wanted, pd.Series) else sorted(wanted))
    return pc.is_in(text_array(texts), value_set=known, skip_nulls=True).to_numpy(zero_copy_only=False)


def empty_frame(name: str) -> pd.DataFrame:
    """Return a frame of table `name` with all its columns, their types and no row."""
    return to_frame(arrow_schema(name).empty_table())


def may_be_absent(name: str, column: str) -> bool:
    """Return whether a release from before the registry had the column can be read as if it were null or empty there."""
    if column not in table(name).columns:
        return False
    field = table(name).field(column)
    return not field.required or pa.types.is_list(field.type)


def absent(name: str, column: str, rows: int) -> pa.Array:
    """Return so many values of a column of table `name` that is not there: empty lists, else nulls."""
    kind = table(name).field(column).type
    return pa.array([[]] * rows, kind) if pa.types.is_list(kind) else pa.nulls(rows, kind)

"""Ids of the tables: a prefix and a hash of raw identifying values, so that no id depends on row order or on other rows.

Every function that makes an id of a table belongs here; checksums of files and names of releases do not.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schemas.frames import text_array
from pipeline.schemas.numbers import first_places, row_numbers

# The grain at which petitions are linked: one printed name, with one tax id, may stand for campuses in several cities.
PETITIONER_SITE: Final = ("employer", "tax_id_last4", "state", "city")
_SEPARATOR: Final = "\x1f"
_DIGITS: Final = 16


def stable_id(prefix: str, *values: str | int | float | None) -> str:
    """Return `prefix`, an underscore and the first 16 hexadecimal digits of the SHA-256 of the values.

    Values are text or whole numbers; null (None or NaN) counts as "".
    """
    return _hashed(
        prefix,
        _SEPARATOR.join("" if value is None or isinstance(value, float) else str(value) for value in values).encode(),
    )


def stable_ids(prefix: str, *columns: pd.Series, codes: Sequence[np.ndarray] | None = None) -> pd.Series:
    """Return the `stable_id` of each row of text columns that share an index; every distinct row is hashed once.

    codes: a number for each text of each column, the same for equal ones, where they are known.
    """
    numbers = row_numbers(*(codes or [pd.factorize(column)[0] + 1 for column in columns]))
    row, distinct = pd.factorize(numbers)
    first = first_places(row, len(distinct))
    parts = [text_array(column.iloc[first]) for column in columns]
    texts = pc.binary_join_element_wise(*parts, _SEPARATOR, null_handling="replace", null_replacement="")
    return _hashed_all(prefix, texts.cast(pa.binary()).to_pylist()).take(row).set_axis(columns[0].index)


def petitioner_site_ids(petitions: pd.DataFrame, codes: Sequence[np.ndarray] | None = None) -> pd.Series:
    """Return the id of the petitioner site of each row, null where the employer is blank.

    petitions: columns PETITIONER_SITE, text, the employer "" where blank. codes: of these columns, as of `stable_ids`.
    """
    ids = stable_ids("site", *(petitions[column] for column in PETITIONER_SITE), codes=codes)
    return ids.where(petitions["employer"] != "")


def _hashed(prefix: str, text: bytes) -> str:
    return f"{prefix}_{hashlib.sha256(text).hexdigest()[:_DIGITS]}"


def _hashed_all(prefix: str, texts: list[bytes]) -> pd.Series:
    """Return `_hashed` of each text; all are equally long, so that their letters are laid side by side."""
    digests = b"".join([hashlib.sha256(text).digest()[: _DIGITS // 2] for text in texts])
    begin = f"{prefix}_".encode()
    letters = np.empty((len(texts), len(begin) + _DIGITS), dtype="uint8")
    letters[:, : len(begin)] = np.frombuffer(begin, dtype="uint8")
    letters[:, len(begin) :] = np.frombuffer(digests.hex().encode(), dtype="uint8").reshape(-1, _DIGITS)
    offsets = np.arange(len(texts) + 1, dtype="int64") * letters.shape[1]
    ids = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(letters))
    return pd.Series(ids, dtype="str")

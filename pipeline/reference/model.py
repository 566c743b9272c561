"""What the description of a curated CSV file is made of. The descriptions themselves are in `tables.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReferenceTable:
    """One curated file. key: columns that no two rows share; order: columns by which rows are sorted; patterns: regular
    expressions that whole cells must match."""

    file: str
    description: str
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

"""What the makers of a release's further files are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.release.reader import Release


@dataclass(frozen=True)
class Contents:
    """A release while it is being written, before it has its name.

    folder: where its tables lie already, and where further files are written. tables: by name. manifest: its entries, but for
    those of the further files. previous: the release before, None where there is none.
    """

    folder: Path
    tables: Mapping[str, pa.Table]
    manifest: Mapping[str, Any]
    previous: Release | None = None

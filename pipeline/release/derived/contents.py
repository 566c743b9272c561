"""What the makers of a release's further files are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.release.delta import COLUMNS, delta
from pipeline.release.reader import Release


@dataclass(frozen=True)
class Contents:
    """A release while it is being written, before it has its name.

    folder: where its tables lie already, and where further files are written. tables: by name. manifest: its entries, but for
    those of the further files. previous: the release before, None where there is none. database: a DuckDB file that holds some of the
    tables already, None where there is none.
    """

    folder: Path
    tables: Mapping[str, pa.Table]
    manifest: Mapping[str, Any]
    previous: Release | None = None
    database: Path | None = None

    @property
    def release(self) -> Release:
        """The release as those will read it who open it: its tables lie in the folder already."""
        return Release(self.folder, self.manifest)

    @cached_property
    def delta(self) -> pd.DataFrame:
        """What it says otherwise than the release before, as `delta.delta` returns it; no line where there is none."""
        if self.previous is None:
            return pd.DataFrame(columns=list(COLUMNS), dtype="object")
        return delta(self.previous, self.release)

    def write_texts(self, texts: Iterable[tuple[str, str]]) -> None:
        """Write each text at its address, a path below the folder; of thousands of files each folder is made once."""
        made: dict[str, Path] = {}
        for address, text in texts:
            inner, _, name = address.rpartition("/")
            if inner not in made:
                made[inner] = self.folder / inner
                made[inner].mkdir(parents=True, exist_ok=True)
            (made[inner] / name).write_bytes(text.encode())

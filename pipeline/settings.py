"""Where things are: the data folder and the rooms in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
DATA_DIR_VARIABLE: Final = "H1B_DATA_DIR"


@dataclass(frozen=True)
class DataFolder:
    """`raw/` (the archive) and `curated/` (releases) below one folder."""

    root: Path

    @property
    def raw(self) -> Path:
        """The archive: append-only."""
        return self.root / "raw"

    @property
    def curated(self) -> Path:
        """Releases and the `latest` pointer."""
        return self.root / "curated"

    @property
    def work(self) -> Path:
        """Tables of the run under way; may be deleted at any time between runs."""
        return self.curated / ".work"

    @property
    def parsed(self) -> Path:
        """What the readers made of large files; may be deleted at any time between runs."""
        return self.work / "parsed"

    @property
    def latest(self) -> Path:
        """Pointer to the newest release."""
        return self.curated / "latest"


def data_folder() -> DataFolder:
    """The folder that H1B_DATA_DIR names, else `data/` of the project."""
    named = os.environ.get(DATA_DIR_VARIABLE, "").strip()
    return DataFolder(Path(named).expanduser().resolve() if named else PROJECT / "data")

"""What became of each file of the official sources, as a run shows it and as it is kept until the next one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from pipeline.atomic_files import replace_file

Result = Literal["new", "held", "unchanged", "kept", "not_there", "by_hand", "failed"]
IN_WORDS: Final[dict[Result, str]] = {
    "new": "filed into the archive",
    "held": "filed, and not used before you accept it",
    "unchanged": "as it is in the archive",
    "kept": "in the archive, and changes no longer: not asked for",
    "not_there": "not published yet",
    "by_hand": "the site refuses agents: save it yourself",
    "failed": "each with its reason; what was used before is still used",
}
_LONGEST: Final = 1_000


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file. source, file: of its publication; name: its period; code and detail: why; asked_at: UTC, ISO 8601."""

    source: str
    file: str
    name: str
    result: Result
    address: str
    asked_at: str
    code: str = ""
    detail: str = ""
    snapshot_ids: tuple[str, ...] = ()
    bytes: int = 0


def keep_outcomes(folder: Path, source: str, outcomes: Iterable[FileOutcome]) -> None:
    """Write what became of the files of a source at the last run into `folder`, whole or not at all. In ASCII: hosts were quoted."""
    replace_file(folder / f"{source}.json", json.dumps([asdict(one) for one in outcomes], indent=2) + "\n")


def kept_outcomes(folder: Path, source: str) -> tuple[FileOutcome, ...]:
    """Return what became of the files of a source at the last run; none where there was no run, or its file can't be read."""
    try:
        rows = json.loads((folder / f"{source}.json").read_text("utf-8"))
        return tuple(FileOutcome(**{**row, "snapshot_ids": tuple(row["snapshot_ids"])}) for row in rows)
    except (OSError, ValueError, TypeError, KeyError):
        return ()

"""Readings of pages that are kept between runs: a page that has not changed is not read again.

What belongs here: which reading is of which page, and the file. What a page says is read in `reading`; what of it becomes a row is in
`table`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.code_version import code_hash, libraries_version, rooms_up_to
from pipeline.policies.third_reader.kept import kept_answers
from pipeline.schemas.parquet import replace_table
from pipeline.settings import DataFolder

KeptReading = dict[str, Any]
_ROOM: Final = "policies"
_SCHEMA: Final = pa.schema({"page": pa.string(), "reading": pa.string()})
_log = logging.getLogger(__name__)


class KeptReadings:
    """The readings in the file `path`, which need not be there; it may be deleted at any time.

    answers: a hash of the answers of a third reader, "" where there is none: with others a page may be read otherwise.
    """

    def __init__(self, path: Path, answers: str = "") -> None:
        self._path, self._answers = path, answers
        self._before = _read(path)
        self._now: dict[str, str] = {}

    def of(self, page: tuple[str | None, ...], read: Callable[[], KeptReading]) -> KeptReading:
        """Return what is kept of a page, else what `read` says of it, as plain values of JSON.

        page: all that decides a reading beside our code, the libraries and answers: bytes, media, whom it is read for.
        """
        versions = [self._answers, code_hash(rooms_up_to(_ROOM)), libraries_version()]
        key = hashlib.sha256(json.dumps([page, versions]).encode()).hexdigest()
        text = self._now.get(key) or self._before.get(key)
        if text is None:
            text = json.dumps(read(), ensure_ascii=False)
        self._now[key] = text
        return json.loads(text)

    def close(self) -> None:
        """Keep what was requested since this was opened, and nothing else. A full disk costs the next run its time, not this one."""
        if self._now.keys() == self._before.keys():
            return
        rows = sorted(self._now.items())
        columns = [[key for key, _ in rows], [text for _, text in rows]]
        try:
            replace_table(pa.table(columns, schema=_SCHEMA), self._path)
        except OSError as error:
            _log.warning("%s can't be written (%s): the pages will be read again next time", self._path, error.strerror)


def kept_readings(folder: DataFolder) -> KeptReadings:
    """Return the readings of the run before in a data folder, none where there was no such run."""
    answers = kept_answers(folder)
    return KeptReadings(folder.work / "readings.parquet", answers.digest if answers else "")


def _read(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    try:
        kept = pq.read_table(path, schema=_SCHEMA)
        return dict(zip(kept["page"].to_pylist(), kept["reading"].to_pylist(), strict=True))
    except (OSError, pa.ArrowException) as error:
        _log.warning("%s is damaged (%s): the pages are read again", path, " ".join(str(error).split()))
        return {}

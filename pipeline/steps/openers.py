"""What steps are given beside tables, outside of Dagster: the data folder and what lies in it, the day, and the release being made."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Final

from pipeline.archive.reading import open_archive
from pipeline.policies.kept_readings import kept_readings
from pipeline.policies.third_reader.kept import kept_answers
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.next_release import NextRelease
from pipeline.settings import DataFolder
from pipeline.steps.step import Openers
from pipeline.steps.work import Work

# By these names Dagster's resources open the same.
NAMES: Final = ("archive", "data", "kept_readings", "next_release", "own_rulings", "third_reader", "work")


def openers_of(folder: DataFolder, run: str, day: dt.date, accepted_change: str) -> Openers:
    """Return what opens each of NAMES. run: the id under which tables are made. day: that of the release. accepted_change: why it may
    become `latest` though it lost much against the last one, "" where nobody says so."""
    return {
        "archive": functools.cache(lambda: open_archive(folder.raw)),  # as it was when it was first opened
        "data": lambda: folder,
        "kept_readings": lambda: kept_readings(folder),
        "next_release": lambda: NextRelease(folder, day, accepted_change),
        "own_rulings": lambda: read_own_rulings(folder.judgements),
        "third_reader": lambda: kept_answers(folder),
        "work": lambda: Work(folder.work, run),
    }

"""Which releases are kept: all of the last months, then the newest of each month, and always what readers have now.

What belongs here: choosing and removing releases that are there. How one comes to be is in `publish`.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.release.reader import Release


def outdated(known: Mapping[str, Release], latest: str, months: int) -> list[str]:
    """Return the ids of releases that need not be kept, sorted.

    known: whole releases by id. latest: id of the one that readers have. months: for how many months before it all are kept;
    of an earlier month the newest is, and so are `latest` and the release that it was compared with. None is outdated where `latest`
    is not known: then nothing says what is good.
    """
    if latest not in known:
        return []
    kept = {latest, known[latest].manifest.get("previous_release")}
    first = _months_before(known[latest].as_of, months)
    of_month: dict[tuple[int, int], str] = {}
    for name, release in sorted(known.items(), key=lambda item: (item[1].as_of, item[0])):
        of_month[release.as_of.year, release.as_of.month] = name
        if release.as_of >= first:
            kept.add(name)
    return sorted(set(known) - kept - set(of_month.values()))


def remove(releases: Path, ids: list[str], leftover: str) -> None:
    """Remove releases of the folder `releases`: each is renamed in one step, to a name that begins with `leftover`, before its files go.

    What a crash leaves of one is a folder with such a name, which no reader takes for a release.
    """
    for release_id in ids:
        gone = releases / f"{leftover}removed-{release_id}"
        os.rename(releases / release_id, gone)
        shutil.rmtree(gone)


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the first day of the month that lies `months` months before that of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)

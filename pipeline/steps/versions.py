"""Which version each thing is of that an asset is given beside tables: what a step is made from, as a text that changes with it.

What belongs here: versions of what resources open. Those of tables are the hashes of their files (`work`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from pipeline.archive.reading import Archive
from pipeline.archive.store import Snapshot
from pipeline.policies.kept_readings import KeptReadings
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.reference.rulings import OwnRulings
from pipeline.release.next_release import NextRelease
from pipeline.steps.work import StoredTable


def version_of(opened: object, tables: Mapping[str, StoredTable], sources: Collection[str]) -> str | None:
    """Return the version of what a resource opened; None where nothing says whether it has changed.

    tables: those that the same asset takes. sources: whose snapshots it reads in the archive.
    """
    match opened:
        case None | KeptReadings():  # kept readings change nothing but the time it takes
            return ""
        case KeptAnswers() | OwnRulings():
            return opened.digest
        case Archive() if sources:
            return manifests_version(one for source in sorted(sources) for one in opened.of_source(source))
        case NextRelease() if "snapshots" in tables:
            return opened.inputs(tables["snapshots"].frame()).release_id
    return None


def manifests_version(snapshots: Iterable[Snapshot]) -> str:
    """Return a hash of what the archive says of some snapshots; it names their bytes by their own hashes."""
    return _hash_of(repr(one.manifest) for one in snapshots)


def parts_version(used: Mapping[str, Collection[str]]) -> str:
    """Return a hash of the parts that are taken from each snapshot. used: as `selection.used_parts` returns it."""
    return _hash_of(f"{snapshot_id} {sorted(parts)}" for snapshot_id, parts in sorted(used.items()))


def files_state(snapshots: Iterable[Snapshot]) -> str:
    """Return a hash of what the system says of the files of some snapshots: place, size, and when they were changed last.

    As long as it is the same, nobody has written to them: the time of the change of a file's state can't be set by a program.
    """
    states = ((one.path, one.path.stat()) for one in snapshots)
    return _hash_of(f"{path} {state.st_size} {state.st_ctime_ns} {state.st_ino}" for path, state in states)


def _hash_of(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()

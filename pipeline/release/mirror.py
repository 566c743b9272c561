"""A release of the curated folder in an object store, too: sent whole, its manifest last, and only then pointed to.

A failure anywhere leaves the store's `latest.json`, and the release that it names, as they were; the next run sends what is lacking.
How the store is spoken to is in `remote`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.release.derived.files import NOT_REPRODUCIBLE
from pipeline.release.publish import comparable
from pipeline.release.reader import MANIFEST, Release
from pipeline.release.remote import Pointer, Store, StoreError, md5, open_store

_MOST_OF_MANIFEST: Final = 64 << 20
_TRIES: Final = 5


@dataclass(frozen=True)
class Mirrored:
    """What was done in the store: files sent, and the id of the release that readers have there now."""

    sent: int
    latest: str


def mirror(release: Release, store: Store, *, back: bool = False) -> Mirrored:
    """Send `release` to the store and point `latest.json` there at it, unless that is of a later day.

    back: whether the pointer may move back to an earlier day. Raises StoreError where the release is damaged, the store fails, has
    another release of that id, or another publisher was faster; readers then have what they had.
    """
    problems = release.damage()
    if problems:
        raise StoreError(f"release {release.id} is damaged ({problems[0]}): it is not sent. Move {release.folder} away")
    folder = f"releases/{release.id}"
    there = store.listed(folder)
    own = (release.folder / MANIFEST).read_bytes()
    if MANIFEST in there:
        sent, manifest = 0, _same_release(release, store, folder)
    else:
        sent, manifest = _sent(release, store, folder), own
    pointer = Pointer(release.id, release.as_of.isoformat(), hashlib.sha256(manifest).hexdigest())
    return Mirrored(sent, _pointed(store, pointer, back=back))


def mirror_latest(curated: Path, address: str, *, back: bool = False) -> Mirrored:
    """Send what `latest` of the folder `curated` is to the store at `address`; otherwise as `mirror`."""
    release = Release.open(curated / "latest")
    try:
        return mirror(release, open_store(address), back=back)
    except StoreError as error:
        raise StoreError(
            f"release {release.id} is whole in {curated}, and `latest` there, but not in the store: {error}"
        ) from error


def _sent(release: Release, store: Store, folder: str) -> int:
    """Send all files that are not there yet, the manifest last; returns how many. Raises StoreError where something did not arrive."""
    there = store.listed(folder)
    paths = {
        path.relative_to(release.folder).as_posix(): path
        for path in sorted(release.folder.rglob("*"))
        if path.is_file()
    }
    manifest = paths.pop(MANIFEST)
    lacking = {
        name: path
        for name, path in paths.items()
        if name not in there or there[name].size != path.stat().st_size or there[name].md5 != md5(path)
    }
    _send(store, folder, {name: path for name, path in lacking.items() if name not in NOT_REPRODUCIBLE})
    # Last, and never in the place of another's that was not there before: two publishers of one release differ in these alone.
    for name in NOT_REPRODUCIBLE & lacking.keys():
        if name in there:
            _send(store, folder, {name: lacking[name]})
        elif not store.create(f"{folder}/{name}", lacking[name].read_bytes()):
            raise _overtaken(release, store)
    arrived = store.listed(folder)
    for name, path in paths.items():
        if name not in arrived or arrived[name].size != path.stat().st_size:
            raise StoreError(f"{store.address}/{folder}/{name} did not arrive whole. Run the same again")
    if not store.create(f"{folder}/{MANIFEST}", manifest.read_bytes()):
        raise _overtaken(release, store)
    return len(lacking) + 1


def _send(store: Store, folder: str, paths: dict[str, Path]) -> None:
    if paths:
        store.send({f"{folder}/{name}": path for name, path in paths.items()})


def _overtaken(release: Release, store: Store) -> StoreError:
    return StoreError(
        f"another publisher sends release {release.id} to {store.address} at this moment. Run the same again later"
    )


def _same_release(release: Release, store: Store, folder: str) -> bytes:
    """Return the manifest of the release that is there whole already. Raises StoreError where it says something else than ours."""
    body = store.read(f"{folder}/{MANIFEST}", _MOST_OF_MANIFEST)
    try:
        same = comparable(json.loads(body)) == comparable(release.manifest)
    except (ValueError, TypeError, KeyError, AttributeError):
        same = False
    if not same:
        raise StoreError(
            f"{store.address}/{folder} has other content, though its inputs are the same. Move it away and look at the difference"
        )
    return body


def _pointed(store: Store, wanted: Pointer, *, back: bool) -> str:
    """Move the pointer to `wanted`, unless it is of a later day; returns the release that readers have then.

    Raises StoreError where another publisher moves it at the same time, to a release that is not older.
    """
    for attempt in range(_TRIES):
        before = store.pointer()
        if before == wanted:
            return wanted.release_id
        if before and before.day > wanted.day and not (back and attempt == 0):
            return before.release_id
        if before and attempt and before.day >= wanted.day:
            raise StoreError(
                f"another publisher has just pointed {store.address} to {before.release_id}: it stays there. "
                f"Release {wanted.release_id} is whole beside it"
            )
        if store.point(wanted, before):
            return wanted.release_id
    raise StoreError(f"other publishers move the pointer of {store.address} all the time. Run the same again later")

"""A release wherever it is: in a folder, on a web server that serves the curated folder as files, or in an object store.

What belongs here: bringing files of a release to this machine, each checked by its size and hash before it is read. How they are read is in
`release.reader`. An address is that of the caller, who may name any host; no redirect is followed, so that no host names another.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pipeline.atomic_files import replace_file
from pipeline.fetch.download import BodyLimits, Download, downloader
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.public_hosts import system_resolver
from pipeline.fetch.response_body import Meter
from pipeline.release import reader
from pipeline.release.derived.addresses import one_program
from pipeline.release.derived.chains import LIST, READ
from pipeline.release.places import LATEST, RELEASES
from pipeline.release.reader import MANIFEST, ReleaseError
from pipeline.release.remote import POINTER, SCHEMES, open_store
from pipeline.settings import FetchSettings

Read = Callable[[str, int], bytes]
WEB: Final = ("http", "https")
MOST_BYTES: Final = 1 << 30  # of one file
MOST_OF_MANIFEST: Final = 16 << 20
_SECONDS: Final = 600.0  # for one file
_NAME: Final = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True)
class _Host:
    """Where a release is brought from. address: of all releases; read: returns the bytes of a file below it, named by its path, that has
    at most so many; kept: the folder on this machine, which goes with the release."""

    address: str
    read: Read
    kept: tempfile.TemporaryDirectory[str]
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Release(reader.Release):
    """A published release, in a folder, on a web server or in an object store; see `open`. host: None where it is in a folder."""

    host: _Host | None = field(default=None, repr=False, compare=False)

    @classmethod
    def open(cls, where: Path | str, release: str = LATEST) -> Self:
        """Open a release.

        where: a folder as of `release.reader`, a `file://` address of one, the http(s) address of a curated folder, or that of an object
        store (`s3://bucket/path`). release: `latest`, which is resolved once, or an id. Of a release elsewhere a file is fetched when it is
        first read, into a temporary folder that is removed with the object. Raises ReleaseError as there, and where a host does not
        answer or sends something else.
        """
        if not isinstance(where, str) or "://" not in where:
            return super().open(where, release)
        try:
            parts = urlsplit(where)
            _ = parts.port
        except ValueError as error:
            raise _no_address(where) from error
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return super().open(Path(url2pathname(parts.path)), release)
        plain = parts.hostname and "@" not in parts.netloc and not parts.query and not parts.fragment
        if parts.scheme not in {*WEB, *SCHEMES} or not plain:
            raise _no_address(where)
        return cls._fetched(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", release)

    @classmethod
    def _fetched(cls, curated: str, release: str) -> Self:
        reader.require_id(release)
        read, folder, sha256 = (
            _stored(curated, release) if not curated.startswith("http") else _served(curated, release)
        )
        kept = tempfile.TemporaryDirectory(prefix="h1b-sponsors-", ignore_cleanup_errors=True)
        named = f"{curated}/{folder}"
        manifest = Path(kept.name) / MANIFEST
        body = read(f"{folder}/{MANIFEST}", MOST_OF_MANIFEST)
        if sha256 and hashlib.sha256(body).hexdigest() != sha256:
            raise ReleaseError(
                f"{named}/{MANIFEST} is not as {POINTER} says: it is damaged, or was changed. Ask who serves it"
            )
        manifest.write_bytes(body)
        try:
            opened = cls._in_folder(Path(kept.name))
            reader.require_id(opened.id)
        except ReleaseError as error:
            raise ReleaseError(f"{named}/{MANIFEST} is no manifest of a release. Check the address") from error
        if release not in (LATEST, opened.id):
            raise ReleaseError(f"{named} is release {opened.id}")
        _require_files(opened.manifest, curated)
        # From here on the folder of the release itself: `latest` may move.
        return cls(opened.folder, opened.manifest, _Host(curated, read, kept))

    def explain(self, program_code: str) -> dict[str, Any]:
        """Return the whole evidence of a program as `release.reader` does; on a web server it is put together from the tables, whose
        hashes are known one by one.
        """
        if self.host is None:
            return super().explain(program_code)
        reader.require_code(program_code)
        tables = {name: self.arrow(name) for name in READ}
        if program_code not in tables[LIST]["program_code"].to_pylist():
            raise ReleaseError(f"release {self.id} has no program {program_code}. Look for it in its list")
        return one_program(tables, self.manifest, program_code)

    def damage(self, *, tables_only: bool = False) -> list[str]:
        """Return what is missing or differs from the manifest, a line each; on a web server each file is fetched, folders are not."""
        if self.host is None:
            return super().damage(tables_only=tables_only)
        problems = []
        for file in (*self.manifest["files"], *(() if tables_only else self.manifest.get("documents", ()))):
            try:
                self._file(file["name"])
            except ReleaseError as error:
                problems.append(str(error))
        return problems

    def _file(self, name: str) -> Path:
        path = super()._file(name)
        if self.host is None:
            return path
        listed = (*self.manifest["files"], *self.manifest.get("documents", ()))
        entry = next((file for file in listed if file["name"] == name and not name.endswith("/")), None)
        if entry is None:
            return path
        with self.host.one_at_a_time:
            if not path.is_file():
                _bring(self.host, self.id, entry, path)
        return path


def _served(curated: str, release: str) -> tuple[Read, str, str]:
    """Return how files below the address of a web server are read, the folder of the release there, and "": nothing tells its hash."""
    download = downloader(
        FetchSettings(contact="", request_seconds=_SECONDS, private_addresses=True), system_resolver, Meter()
    )
    folder = LATEST if release == LATEST else f"{RELEASES}/{release}"
    return (lambda name, most: _body(download, f"{curated}/{name}", most)), folder, ""


def _stored(curated: str, release: str) -> tuple[Read, str, str]:
    """Return the same of an object store, whose pointer is read once and tells the SHA-256 of the manifest."""
    store = open_store(curated)
    if release != LATEST:
        return store.read, f"{RELEASES}/{release}", ""
    pointer = store.pointer()
    if pointer is None:
        raise ReleaseError(f"there is no release at {curated} yet: {POINTER} is missing. Check the address")
    return store.read, f"{RELEASES}/{pointer.release_id}", pointer.manifest_sha256


def _no_address(where: str) -> ReleaseError:
    shown = "what was given" if "@" in where else repr(where[:200])  # a password may be in it
    return ReleaseError(f"{shown} is no address of releases: write https://host/curated, s3://bucket/path, or a folder")


def _bring(host: _Host, release_id: str, entry: Mapping[str, Any], path: Path) -> None:
    """Fetch one file of a release. It has its name only once it is as the manifest says."""
    name = f"{RELEASES}/{release_id}/{entry['name']}"
    body = host.read(name, entry["bytes"])
    if len(body) != entry["bytes"] or hashlib.sha256(body).hexdigest() != entry["sha256"]:
        raise ReleaseError(
            f"{host.address}/{name} is not as the manifest says: it is damaged, or was changed. Ask who serves it"
        )
    replace_file(path, body, durable=False)


def _body(download: Download, address: str, most: int) -> bytes:
    """Return what an address holds, at most `most` bytes. Raises ReleaseError for any answer but 200: redirects, too."""
    try:
        response = download(address, {}, BodyLimits(most, types=()))
    except DownloadError as error:
        raise ReleaseError(f"{address} can't be fetched ({error}). Try again later, or ask who serves it") from error
    if response.status != 200:
        raise ReleaseError(
            f"{address} answered {response.status}. Give the address of the curated folder itself: no redirect is followed"
        )
    return response.body


def _require_files(manifest: Mapping[str, Any], curated: str) -> None:
    """Raise ReleaseError unless every file of a manifest has a plain name and a size within MOST_BYTES."""
    for file in (*manifest["files"], *manifest.get("documents", ())):
        name, size = file["name"], file.get("bytes")
        if name.endswith("/"):
            continue
        if not _NAME.fullmatch(name) or not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
            raise ReleaseError(
                f"{curated}: its manifest lists {name[:60]!r} of {size!r:.20} bytes, which is not fetched"
            )

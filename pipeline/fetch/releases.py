"""A release wherever it is: in a folder, or on a web server that serves the curated folder as files.

What belongs here: bringing files of a release to this machine, each checked by its size and hash before it is read. How they are read is in
`release.reader`. An address is that of the caller, who may name any host; no redirect is followed, so that no host names another.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pipeline.fetch.download import BodyLimits, Download, downloader
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.public_hosts import system_resolver
from pipeline.fetch.response_body import Meter
from pipeline.release import reader
from pipeline.release.derived.addresses import one_program
from pipeline.release.derived.chains import LIST, READ
from pipeline.release.places import LATEST, RELEASES
from pipeline.release.reader import MANIFEST, ReleaseError
from pipeline.settings import FetchSettings

MOST_BYTES: Final = 1 << 30  # of one file
MOST_OF_MANIFEST: Final = 16 << 20
_SECONDS: Final = 600.0  # for one file
_NAME: Final = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True)
class _Host:
    """Where a release is brought from. address: of its folder; kept: the folder on this machine, which goes with the release."""

    address: str
    download: Download
    kept: tempfile.TemporaryDirectory[str]
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Release(reader.Release):
    """A published release, in a folder or on a web server; see `open`. host: None where it is in a folder."""

    host: _Host | None = field(default=None, repr=False, compare=False)

    @classmethod
    def open(cls, where: Path | str, release: str = LATEST) -> Self:
        """Open a release.

        where: a folder as of `release.reader`, a `file://` address of one, or the http(s) address of a curated folder. release: `latest`,
        which is resolved once, or an id. Of a release on a web server a file is fetched when it is first read, into a temporary
        folder that is removed with the object. Raises ReleaseError as there, and where a host does not answer or sends something else.
        """
        parts = urlsplit(where) if isinstance(where, str) else None
        if parts is None or "://" not in str(where):
            return super().open(where, release)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return super().open(Path(url2pathname(parts.path)), release)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or "@" in parts.netloc
            or parts.query
            or parts.fragment
        ):
            raise ReleaseError(
                f"{str(where)[:200]!r} is no address of releases: write https://host/curated, or a folder"
            )
        return cls._fetched(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", release)

    @classmethod
    def _fetched(cls, curated: str, release: str) -> Self:
        reader.require_id(release)
        settings = FetchSettings(contact="", request_seconds=_SECONDS, private_addresses=True)
        download = downloader(settings, system_resolver, Meter())
        kept = tempfile.TemporaryDirectory(prefix="h1b-sponsors-", ignore_cleanup_errors=True)
        named = f"{curated}/{LATEST}" if release == LATEST else f"{curated}/{RELEASES}/{release}"
        manifest = Path(kept.name) / MANIFEST
        manifest.write_bytes(_body(download, f"{named}/{MANIFEST}", MOST_OF_MANIFEST))
        opened = cls._in_folder(Path(kept.name))
        reader.require_id(opened.id)
        if release not in (LATEST, opened.id):
            raise ReleaseError(f"{named} is release {opened.id}")
        _require_files(opened.manifest, curated)
        # From here on the folder of the release itself: `latest` may move.
        return cls(opened.folder, opened.manifest, _Host(f"{curated}/{RELEASES}/{opened.id}", download, kept))

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
                _bring(self.host, entry, path)
        return path


def _bring(host: _Host, entry: Mapping[str, Any], path: Path) -> None:
    """Fetch one file of a release. It has its name only once it is as the manifest says."""
    address = f"{host.address}/{entry['name']}"
    body = _body(host.download, address, entry["bytes"])
    if len(body) != entry["bytes"] or hashlib.sha256(body).hexdigest() != entry["sha256"]:
        raise ReleaseError(f"{address} is not as the manifest says: it is damaged, or was changed. Ask who serves it")
    part = path.with_name(f".{path.name}")
    part.write_bytes(body)
    os.replace(part, path)


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

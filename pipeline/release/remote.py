"""A place for releases in an object store: what lies there, `latest.json` that points to one of them, and how bytes go there and back.

What belongs here: the store. `releases/<id>/` there is as in a folder; since a store knows no links, `latest.json` names the release
that readers have, with the SHA-256 of its manifest. Which objects are sent, and when the pointer moves, is in `mirror`.
Credentials are found by the store's client, in the environment; they are never a part of an address and never shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.release.places import RELEASE_ID
from pipeline.release.reader import ReleaseError
from pipeline.settings import STORE_VARIABLE

if TYPE_CHECKING:
    from fsspec.spec import AbstractFileSystem

POINTER: Final = "latest.json"
_MOST_OF_POINTER: Final = 4096
_AT_ONCE: Final = 32  # objects on their way
# Those that are known to keep an object whole or not at all; `memory` is for trying things out.
SCHEMES: Final = ("s3", "gs", "az", "memory")
_ADDRESS: Final = re.compile(rf"({'|'.join(SCHEMES)})://[\w.-]+(?:/[\w.=/-]*)?", re.ASCII)
_MD5: Final = re.compile(r'"?([0-9a-f]{32})"?')
# S3 answers so where the condition of a write does not hold, or another write of the object is under way.
_REFUSED: Final = frozenset({404, 409, 412})
_S3_OPTIONS: Final = {
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "max_pool_connections": _AT_ONCE},
}


class StoreError(ReleaseError):
    """A release that the object store does not take or give: one line with what to do."""


@dataclass(frozen=True)
class Pointer:
    """Which release readers have, as `latest.json` says: its id, its day (YYYY-MM-DD) and the SHA-256 of its manifest."""

    release_id: str
    as_of: str
    manifest_sha256: str

    @property
    def day(self) -> dt.date:
        """The day as of which the release is."""
        return dt.date.fromisoformat(self.as_of)


@dataclass(frozen=True)
class Stored:
    """An object: size in bytes, and MD5 where the store tells it, else ""."""

    size: int
    md5: str


@dataclass(frozen=True)
class Store:
    """Releases below `address`. files: the client of the store; root: the path below which they are, as the client writes it."""

    address: str
    files: AbstractFileSystem
    root: str

    def read(self, name: str, most: int) -> bytes:
        """Return the object `name`. Raises StoreError where it is not there, is larger than `most` bytes, or the store fails."""
        place = f"{self.root}/{name}"
        with self._reported():
            if (self.files.info(place)["size"] or 0) > most:
                raise StoreError(f"{self.address}/{name} is larger than {most:,} bytes: it is not read")
            body: Any = self.files.cat_file(place)
        return body

    def pointer(self) -> Pointer | None:
        """Return what `latest.json` says; None where there is none yet. Raises StoreError where it can't be read."""
        return self._pointer()[0]

    def point(self, wanted: Pointer, before: Pointer | None) -> bool:
        """Point `latest.json` at `wanted`, if it still is as `before`, which `pointer` returned; returns whether it was.

        Where the store has no conditional writes (all but S3 here), another publisher may come between the look and the write.
        """
        there, tag = self._pointer()
        if there != before:
            return False
        body = (json.dumps(asdict(wanted), indent=2) + "\n").encode()
        if self._conditional:
            return self._write_if(POINTER, body, {"IfMatch": tag} if before else {"IfNoneMatch": "*"})
        with self._reported():
            self.files.pipe_file(f"{self.root}/{POINTER}", body)
        return True

    def create(self, name: str, body: bytes) -> bool:
        """Write the object `name` unless there is one; returns whether there was none."""
        if self._conditional:
            return self._write_if(name, body, {"IfNoneMatch": "*"})
        with self._reported():
            if self.files.exists(f"{self.root}/{name}"):
                return False
            self.files.pipe_file(f"{self.root}/{name}", body)
        return True

    def listed(self, folder: str) -> dict[str, Stored]:
        """Return the objects below `folder` by their paths relative to it."""
        place = f"{self.root}/{folder}"
        with self._reported():
            found: Any = self.files.find(place, detail=True)
        return {path[len(place) + 1 :]: _stored(about) for path, about in found.items()}

    def send(self, paths: Mapping[str, Path]) -> None:
        """Write files as the objects that they are keyed by, several at once. Those that are there are replaced."""
        with self._reported():
            names = [f"{self.root}/{name}" for name in paths]
            self.files.put([str(path) for path in paths.values()], names, batch_size=_AT_ONCE)

    def _pointer(self) -> tuple[Pointer | None, str]:
        """Return what the pointer says, and the tag of these very bytes: of a pointer that is swapped between the two looks the
        tag is the older one, so that a write on its condition fails."""
        place = f"{self.root}/{POINTER}"
        with self._reported():
            try:
                about = self.files.info(place)
                body = self.files.cat_file(place) if about["size"] <= _MOST_OF_POINTER else b""
            except FileNotFoundError:
                if not self._reachable():
                    raise
                return None, ""
        try:
            return _pointer_of(json.loads(body)), about.get("ETag", "")
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise StoreError(f"{self.address}/{POINTER} can't be read. Remove it, and publish again") from error

    @property
    def _conditional(self) -> bool:
        """Whether the store has conditional writes, as S3 and those that speak its language."""
        return "s3" in self.files.protocol

    def _reachable(self) -> bool:
        """Return whether the bucket is there at all: of one that is not, S3 says no more than of an object that is not."""
        return not self._conditional or self.files.exists(self.root.partition("/")[0])

    def _write_if(self, name: str, body: bytes, condition: Mapping[str, str]) -> bool:
        bucket, _, key = f"{self.root}/{name}".partition("/")
        s3: Any = self.files
        with self._reported():
            try:
                s3.call_s3("put_object", Bucket=bucket, Key=key, Body=body, **condition)
            except OSError as error:
                answer = getattr(error.__cause__, "response", {}).get("ResponseMetadata", {})
                if answer.get("HTTPStatusCode") not in _REFUSED:
                    raise
                return False
        return True

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except Exception as error:  # the clients of stores have no base of their errors in common
            why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise StoreError(
                f"{self.address} can't be used ({why}). Check the address, the network and the credentials of the environment"
            ) from error


def open_store(address: str) -> Store:
    """Return the store at `address`, such as `s3://bucket/h1b`. No request is sent yet.

    Raises StoreError for an address that is none, that holds more than bucket and path (so no name, password or query), or whose client
    is not installed.
    """
    parts = _ADDRESS.fullmatch(address.rstrip("/"))
    if parts is None:
        raise StoreError(
            f"an address of releases ({STORE_VARIABLE}) is like s3://bucket/h1b, without name, password or query; gs:// and az:// "
            "are the others"
        )
    import fsspec  # here: it is slow to load, and few commands need it

    try:
        options = _S3_OPTIONS if parts[1] == "s3" else {}
        files, root = fsspec.url_to_fs(address.rstrip("/"), skip_instance_cache=True, **options)
    except (ImportError, ValueError) as error:
        raise StoreError(
            f"{parts[1]}:// needs a client that is not installed. For s3: pip install 'h1b-sponsors[s3]'"
        ) from error
    return Store(address.rstrip("/"), files, root)


def md5(path: Path) -> str:
    """Return the MD5 of a file: what S3 tells of an object that was sent at once. It finds what need not be sent again, no more."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _pointer_of(stored: Any) -> Pointer:
    """Return the pointer of parsed JSON; its entries become parts of paths. Raises ValueError, TypeError or KeyError for what is none."""
    pointer = Pointer(stored["release_id"], stored["as_of"], stored["manifest_sha256"])
    if not re.fullmatch(RELEASE_ID, pointer.release_id) or not re.fullmatch(r"[0-9a-f]{64}", pointer.manifest_sha256):
        raise ValueError("an entry is written in another way")
    dt.date.fromisoformat(pointer.as_of)
    return pointer


def _stored(about: Mapping[str, Any]) -> Stored:
    tag = _MD5.fullmatch(str(about.get("ETag", "")))
    return Stored(int(about.get("size") or 0), tag[1] if tag else "")

"""A file on its way: what has come of it, and which version that is, so that a broken transfer goes on where it was (RFC 9110, 14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from pipeline.fetch.failures import DownloadError


@dataclass
class PartialFile:
    """An open, empty file that is filled by one request or several. version: a validator of what it holds, "" where there is none."""

    handle: IO[bytes]
    version: str = ""

    @property
    def size(self) -> int:
        """Bytes that have come."""
        return self.handle.tell()

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        return self.handle.write(data)

    def rest(self) -> dict[str, str]:
        """Return headers of a request for what is missing, if the file is still the same; none where all must come again."""
        return {"Range": f"bytes={self.size}-", "If-Range": self.version} if self.size and self.version else {}

    def take(self, status: int, headers: Mapping[str, str]) -> None:
        """Prepare for the body of a response: 200 brings the whole file anew, 206 what is missing.

        Raises DownloadError `cut_off` for another range than the one requested.
        """
        if status == 206:
            if not headers.get("Content-Range", "").startswith(f"bytes {self.size}-"):
                self.clear()
                raise DownloadError("cut_off", "another range came than the one that was asked for")
            return
        self.clear()
        etag, changed = headers.get("ETag", "").strip(), headers.get("Last-Modified", "").strip()
        strong = etag if etag.startswith('"') else changed
        self.version = strong if strong.isascii() and strong.isprintable() and len(strong) <= 256 else ""

    def clear(self) -> None:
        """Drop what has come."""
        self.handle.seek(0)
        self.handle.truncate()
        self.version = ""

"""The body of one response, read and decompressed within a limit, however it is sent. Headers are judged in `download`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pipeline.fetch.failures import DownloadError

_BLOCK: Final = 1 << 16


@dataclass
class Meter:
    """Bytes that one thread's requests have brought, decompressed; also those of responses that were then refused."""

    bytes: int = 0


class Sink(Protocol):
    """Where the bytes of a body go."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


def pour_body(raw: Any, encoding: str, limit: int, meter: Meter, sink: Sink) -> bool:
    """Write the bytes of the body, decompressed, at most `limit`, to `sink` as they come; returns whether there were more.

    raw: urllib3's response. encoding: the Content-Encoding. Raises DownloadError `wrong_encoding` where it is neither
    gzip nor none, and `cut_off` where the compressed body ends in the middle.
    """
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise DownloadError("wrong_encoding", f"sent as {encoding[:40]!r}, which was not requested")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    size = received = 0
    # read1 returns what has come so far: a body that drips is seen dripping.
    while block := raw.read1(_BLOCK, decode_content=False):
        received += len(block)
        plain = block if unpack is None else _unpacked(unpack, block, limit + 1 - size)
        sink.write(plain[: limit - size])
        size += len(plain)
        meter.bytes += max(len(plain), len(block))
        if size > limit or received > limit:
            return True
    if unpack is not None and received and not unpack.eof:
        raise DownloadError("cut_off", "the compressed body ends in the middle")
    return False


def _unpacked(unpack: Any, block: bytes, most: int) -> bytes:
    """Return at most `most` bytes of the block, decompressed: whatever it would grow to is never made."""
    if unpack.eof:
        raise DownloadError("wrong_encoding", "more follows the compressed body")
    try:
        return unpack.decompress(block, most)
    except zlib.error as error:
        raise DownloadError("wrong_encoding", f"not gzip, though it says so ({error})") from error

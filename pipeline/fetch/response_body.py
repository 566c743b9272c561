"""The body of one response, read and decompressed within a limit, however it is sent. Headers are judged in `download`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final

from pipeline.fetch.failures import DownloadError

_BLOCK: Final = 1 << 16


@dataclass
class Meter:
    """Bytes that one thread's requests have brought, decompressed; also those of responses that were then refused."""

    bytes: int = 0


def read_body(raw: Any, encoding: str, limit: int, meter: Meter) -> tuple[bytes, bool]:
    """Return the bytes of the body, decompressed, at most `limit`, and whether there were more.

    raw: urllib3's response. encoding: the Content-Encoding. Raises DownloadError `wrong_encoding` where it is neither
    gzip nor none, and `cut_off` where the compressed body ends in the middle.
    """
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise DownloadError("wrong_encoding", f"sent as {encoding[:40]!r}, which was not requested")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    parts: list[bytes] = []
    size = received = 0
    # read1 returns what has come so far: a body that drips is seen dripping.
    while block := raw.read1(_BLOCK, decode_content=False):
        received += len(block)
        plain = block if unpack is None else _unpacked(unpack, block, limit + 1 - size)
        parts.append(plain)
        size += len(plain)
        meter.bytes += max(len(plain), len(block))
        if size > limit or received > limit:
            return b"".join(parts)[:limit], True
    if unpack is not None and received and not unpack.eof:
        raise DownloadError("cut_off", "the compressed body ends in the middle")
    return b"".join(parts), False


def _unpacked(unpack: Any, block: bytes, most: int) -> bytes:
    """Return at most `most` bytes of the block, decompressed: whatever it would grow to is never made."""
    if unpack.eof:
        raise DownloadError("wrong_encoding", "more follows the compressed body")
    try:
        return unpack.decompress(block, most)
    except zlib.error as error:
        raise DownloadError("wrong_encoding", f"not gzip, though it says so ({error})") from error

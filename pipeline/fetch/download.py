"""One request: status, headers and a body within limits, or a reason in a word and a line. Redirects are not followed here."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import requests
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError
from urllib3.exceptions import SSLError as TlsError

from pipeline.fetch.addresses import AddressRefusedError, Resolver
from pipeline.fetch.connections import RequestConnection, session
from pipeline.settings import FetchSettings

PRODUCT: Final = "h1b-sponsors"
PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "application/pdf", ""})
_BLOCK: Final = 1 << 16


class DownloadError(Exception):
    """A request that yields nothing. code: one of the words of docs/sources/program_pages.md; the message says more."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True)
class Response:
    """What a host answered. body: decompressed, empty unless the status is 200. cut: the body was longer than wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    cut: bool = False

    @property
    def media_type(self) -> str:
        """Declared media type without parameters, "" where none is declared."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


Download = Callable[..., Response]


def user_agent(settings: FetchSettings) -> str:
    """Who asks: product, version and the address at which its operator can be reached."""
    return f"{PRODUCT}/{version(PRODUCT)} (+{settings.contact})"


@dataclass
class Meter:
    """Bytes that one thread's requests have brought, decompressed; also those of answers that were then refused."""

    bytes: int = 0


def downloader(settings: FetchSettings, resolver: Resolver, meter: Meter) -> Download:
    """A function `get(url, headers, limit, types, cut)` for one thread: see `_get`. What it brings counts on `meter`."""
    line = RequestConnection(resolver, settings)
    opened = session(line, settings)
    agent = user_agent(settings)

    def get(
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        limit: int = settings.page_bytes,
        types: Collection[str] = PAGE_TYPES,
        cut: bool = False,
    ) -> Response:
        sent = {"User-Agent": agent, "Accept": _accept(types), "Accept-Encoding": "gzip", "Connection": "close"}
        with line.limited(settings.request_seconds) as was_cut:
            try:
                answer = _get(opened, url, {**sent, **(headers or {})}, settings, limit, types, cut, meter)
            except DownloadError:
                if was_cut():
                    raise _too_slow(settings) from None
                raise
            except AddressRefusedError as error:
                raise DownloadError("address_refused", str(error)) from error
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise _too_slow(settings) if was_cut() else _named(error) from error
            if was_cut():
                # A severed connection looks like the end of headers, or of a body of no declared length.
                raise _too_slow(settings)
            return answer

    return get


def _accept(types: Collection[str]) -> str:
    return ", ".join([*sorted(name for name in types if name), "*/*;q=0.1"])


def _get(
    opened: requests.Session,
    url: str,
    headers: dict[str, str],
    settings: FetchSettings,
    limit: int,
    types: Collection[str],
    cut: bool,
    meter: Meter,
) -> Response:
    """GET `url`. The body is read only where the status is 200 and the type is one of `types` (any where empty).

    A body over `limit` bytes, compressed or not, is cut off there if `cut`, else refused.
    """
    patience = (settings.connect_seconds, settings.silence_seconds)
    with opened.get(url, headers=headers, stream=True, allow_redirects=False, timeout=patience) as response:
        answer = Response(response.status_code, response.headers)
        if answer.status != 200:
            return answer
        if types and answer.media_type not in types:
            raise DownloadError("wrong_type", f"{answer.media_type[:60]}, where a page is HTML or PDF")
        declared = response.headers.get("Content-Length", "")
        if not cut and declared.isascii() and declared.isdigit() and int(declared[:19]) > limit:
            raise _too_large(limit)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        body, was_cut = _body(response.raw, encoding, limit, meter)
        if was_cut and not cut:
            raise _too_large(limit)
        return Response(answer.status, answer.headers, body, was_cut)


def _body(raw: Any, encoding: str, limit: int, meter: Meter) -> tuple[bytes, bool]:
    """Bytes of the body, decompressed, at most `limit`; and whether there were more. Raises DownloadError."""
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise DownloadError("wrong_encoding", f"sent as {encoding[:40]!r}, which was not asked for")
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
    """At most `most` bytes of the block, decompressed: whatever it would grow to is never made."""
    if unpack.eof:
        raise DownloadError("wrong_encoding", "more follows the compressed body")
    try:
        return unpack.decompress(block, most)
    except zlib.error as error:
        raise DownloadError("wrong_encoding", f"not gzip, though it says so ({error})") from error


def _too_slow(settings: FetchSettings) -> DownloadError:
    return DownloadError("time_out", f"not done after {settings.request_seconds:g} s")


def _too_large(limit: int) -> DownloadError:
    return DownloadError("too_large", f"over {limit / 2**20:.3g} MB")


def _named(error: Exception) -> DownloadError:
    """The reason of a failed request in one of our words. requests wraps what urllib3 raises, urllib3 what the system does."""
    chain = _chain(error)
    kinds: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
        ((requests.exceptions.SSLError, TlsError), "tls"),
        ((requests.Timeout, ReadTimeoutError, TimeoutError), "time_out"),
        ((requests.exceptions.ChunkedEncodingError, ProtocolError), "connection"),
    )
    for types, code in kinds:
        if any(isinstance(one, types) for one in chain):
            return DownloadError(code, _plain(chain[-1]))
    return DownloadError("connection", _plain(chain[-1]))


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while True:
        inner = found[-1].__cause__ or next(
            (one for one in (*found[-1].args, getattr(found[-1], "reason", None)) if isinstance(one, BaseException)),
            None,
        )
        if inner is None or inner in found:
            return found
        found.append(inner)


def _plain(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:200]

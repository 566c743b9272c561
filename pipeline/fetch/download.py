"""One GET request: status, headers and a body within limits, or a DownloadError.

Neither redirects nor robots.txt nor pauses are known here: see `page_request`, `robots_request` and `throttled_request`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Final

from urllib3 import PoolManager, Timeout

from pipeline.fetch.connections import RequestConnection, connection_pools
from pipeline.fetch.failures import DownloadError, failure_of, too_large, too_slow
from pipeline.fetch.partial_file import PartialFile
from pipeline.fetch.public_hosts import AddressRefusedError, Resolver
from pipeline.fetch.response_body import Meter, pour_body
from pipeline.settings import FetchSettings

PRODUCT: Final = "h1b-sponsors"
PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "application/pdf", ""})


@dataclass(frozen=True)
class Response:
    """What a host answered. body: decompressed, empty unless the status is 200 and it was wanted here. cut: it was longer than wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    cut: bool = False

    @property
    def media_type(self) -> str:
        """Declared media type without parameters, "" where none is declared."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class BodyLimits:
    """What a body may be, and where it goes. bytes: the most, compressed or not; types: media types, any where empty.

    cut: whether a longer body is cut off there, rather than refused. sink: the file into which it is written as it comes; None for
    the memory.
    """

    bytes: int
    types: Collection[str] = PAGE_TYPES
    cut: bool = False
    sink: PartialFile | None = None


Download = Callable[[str, Mapping[str, str], BodyLimits], Response]


def user_agent(settings: FetchSettings) -> str:
    """Return who sends the requests: product, version and, where one is set, the address at which its operator can be reached."""
    return f"{PRODUCT}/{version(PRODUCT)}" + (f" (+{settings.contact})" if settings.contact else "")


def downloader(settings: FetchSettings, resolver: Resolver, meter: Meter) -> Download:
    """Return a function `download(url, headers, limits)` for one thread: GET `url`, sending `headers` besides our own.

    It returns the Response and counts the bytes of bodies on `meter`; a body is read only where the status is 200. It
    raises DownloadError for whatever goes wrong.
    """
    connection = RequestConnection(resolver, settings)
    pools = connection_pools(connection, settings)
    agent = user_agent(settings)

    def download(url: str, headers: Mapping[str, str], limits: BodyLimits) -> Response:
        accept = ", ".join([*sorted(name for name in limits.types if name), "*/*;q=0.1"])
        # What is compressed on the way can't be resumed: its bytes are not those of the file.
        packing = "gzip" if limits.sink is None else "identity"
        sent = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": packing, "Connection": "close", **headers}
        with connection.limited(settings.request_seconds) as was_cut:
            try:
                response = _get(pools, url, sent, settings, limits, meter)
            except DownloadError:
                if was_cut():
                    raise too_slow(settings.request_seconds) from None
                raise
            except AddressRefusedError as error:
                raise DownloadError("address_refused", str(error)) from error
            # What a host sends makes the libraries fail in ways that nobody has listed; each ends this request alone.
            except Exception as error:
                raise too_slow(settings.request_seconds) if was_cut() else failure_of(error) from error
            if was_cut():
                # A severed connection looks like the end of headers, or of a body of no declared length.
                raise too_slow(settings.request_seconds)
            return response

    return download


def _get(
    pools: PoolManager,
    url: str,
    headers: dict[str, str],
    settings: FetchSettings,
    limits: BodyLimits,
    meter: Meter,
) -> Response:
    patience = Timeout(connect=settings.connect_seconds, read=settings.silence_seconds)
    # Closed unread: of a response other than 200, redirects too, no byte of the body is taken.
    with pools.request(
        "GET", url, headers=headers, timeout=patience, redirect=False, retries=False, preload_content=False
    ) as answer:
        response = Response(answer.status, answer.headers)
        resumed = limits.sink is not None and response.status == 206
        if response.status != 200 and not resumed:
            return response
        if limits.types and response.media_type not in limits.types:
            raise DownloadError("wrong_type", f"{response.media_type[:60]}, which is none of what is wanted")
        if limits.sink is not None:
            limits.sink.take(response.status, response.headers)
        return _received(answer, response, limits, meter)


def _received(answer: Any, response: Response, limits: BodyLimits, meter: Meter) -> Response:
    """Return the response with its body, unless that goes into a file. Raises DownloadError `too_large`, or as `pour_body`."""
    memory = io.BytesIO()
    sink, before = (memory, 0) if limits.sink is None else (limits.sink, limits.sink.size)
    declared = response.headers.get("Content-Length", "")
    if not limits.cut and declared.isascii() and declared.isdigit() and before + int(declared[:19]) > limits.bytes:
        raise too_large(limits.bytes)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    was_cut = pour_body(answer, encoding, limits.bytes - before, meter, sink)
    if was_cut and not limits.cut:
        raise too_large(limits.bytes)
    return replace(response, body=memory.getvalue(), cut=was_cut)

"""One file of a publisher: requested on condition, through redirects among its hosts, again where a transfer breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from pipeline.fetch.download import BodyLimits, Response
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.partial_file import PartialFile
from pipeline.fetch.throttled_request import REDIRECTS, RequestContext, throttled_request

ATTEMPTS: Final = 4  # of one file; each goes on where the one before broke off
# What may be gone a moment later. A busy host (429, 503) has been waited for once by then, and is left alone.
_PASSING: Final = ("connection", "time_out", "cut_off", "http_500", "http_502", "http_504")


@dataclass(frozen=True)
class FileRequest:
    """What is requested. hosts: those that requests may go to, redirects included; conditions: headers of a conditional request."""

    url: str
    hosts: tuple[str, ...]
    conditions: Mapping[str, str]


def request_file(request: FileRequest, limits: BodyLimits, context: RequestContext) -> tuple[str, Response]:
    """Return the address at which a file was found and the response: 200 with the body in the memory or in `limits.sink`, or 304.

    What breaks in passing is tried again after pauses that double, as often as ATTEMPTS, with a request for the rest where the
    server names a version. Raises DownloadError: `host_refused` for a host that is not the publisher's, `http_<status>`, what
    `throttled_request` raises.
    """
    pause = context.settings.retry_seconds
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _through_redirects(request, limits, context)
        except DownloadError as error:
            if error.code not in _PASSING or attempt == ATTEMPTS:
                raise
        context.clock.sleep(min(pause, context.settings.longest_wait))
        pause *= 2
    raise AssertionError("the last attempt returns or raises")


def _through_redirects(request: FileRequest, limits: BodyLimits, context: RequestContext) -> tuple[str, Response]:
    url, seen = request.url, set[str]()
    while len(seen) <= context.settings.redirects:
        if url in seen:
            break
        seen.add(url)
        _require_host(url, request)
        response = throttled_request(url, context, limits, {**request.conditions, **_rest(limits.sink)})
        if response.status == 416 and limits.sink is not None:
            limits.sink.clear()  # there is no rest: what came was another version
            raise DownloadError("cut_off", "the rest that was asked for is not there")
        if response.status in (200, 206) or (response.status == 304 and request.conditions):
            return url, replace(response, status=304 if response.status == 304 else 200)
        if response.status not in REDIRECTS:
            raise DownloadError(f"http_{response.status}", f"{url} answers {response.status}")
        url = urljoin(url, response.headers.get("Location", "").strip())
    raise DownloadError("redirect_loop", f"{request.url} leads on and on")


def _rest(sink: PartialFile | None) -> dict[str, str]:
    return {} if sink is None else sink.rest()


def _require_host(url: str, request: FileRequest) -> None:
    """Raise DownloadError for an address that is not the publisher's: another host or port, one without TLS, one with a password."""
    try:
        parts, first = urlsplit(url), urlsplit(request.url)
        known = parts.hostname in request.hosts and parts.port == first.port and parts.scheme == first.scheme
    except ValueError:
        parts, known = urlsplit(""), False
    if not known or "@" in parts.netloc:
        raise DownloadError("host_refused", f"{url[:120]!r} is at none of {', '.join(request.hosts)}")

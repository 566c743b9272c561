"""One request in its host's turn: pauses, busy hosts and hosts that are left alone. What is requested, callers decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.fetch.addresses import host_of
from pipeline.fetch.clock import Clock
from pipeline.fetch.download import BodyLimits, Download, Response
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.journal import Journal
from pipeline.fetch.response_body import Meter
from pipeline.fetch.robots import RobotsCache
from pipeline.fetch.throttle import HostThrottle, retry_after
from pipeline.settings import FetchSettings

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 503})
# Failures of a host rather than of a page.
_OF_HOST: Final = ("connection", "tls", "time_out", "address_refused", "busy", "http_5")


@dataclass(frozen=True)
class RequestContext:
    """What any request needs. `download` and `meter` belong to one thread, the rest is shared."""

    settings: FetchSettings
    clock: Clock
    throttle: HostThrottle
    download: Download
    meter: Meter


@dataclass(frozen=True)
class FetchContext(RequestContext):
    """What the requests of one site of pages need."""

    robots_cache: RobotsCache
    journal: Journal


def throttled_request(url: str, context: RequestContext, limits: BodyLimits, headers: Mapping[str, str]) -> Response:
    """Return the response to one request in its host's turn; a busy host (429, 503) is tried once more.

    The second request waits for the time that the host names. Raises DownloadError: what `download` raises; `busy` where
    it is busy again or names a longer wait than `longest_wait`, after which the host is left alone; `left_alone` for a
    host that is.
    """
    host, throttle, settings = host_of(url), context.throttle, context.settings
    for last in (False, True):
        with throttle.slot(host):
            if why := throttle.why_abandoned(host):
                raise DownloadError("left_alone", why)
            response = context.download(url, headers, limits)
            if response.status not in _BUSY:
                return response
            named = retry_after(response.headers.get("Retry-After"), context.clock.now())
            wait = settings.retry_seconds if named is None else named
            until = "" if named is None else f" and asks to come back in {named:.0f} s"
            if last or wait > settings.longest_wait:
                why = f"{host} answers {response.status}{until}"
                throttle.abandon(host, why)
                raise DownloadError("busy", why)
            throttle.pause(host, wait)
    raise AssertionError("the second request returns or raises")


def count_failures(url: str, code: str, context: RequestContext) -> None:
    """Count how a request ended; a host that fails again and again is left alone. code: "" for a response."""
    host, most = host_of(url), context.settings.failures_in_a_row
    if context.throttle.count_failures(host, failed=code.startswith(_OF_HOST)) >= most:
        context.throttle.abandon(host, f"{host} failed {most} times in a row, last with {code}")

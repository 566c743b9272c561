"""The robots.txt of an origin: from the journal, else by a request. What it means is read in `robots`."""

from __future__ import annotations

from typing import Final

from pipeline.fetch.addresses import Site, host_of, normalise, origin_of, site_of
from pipeline.fetch.download import BodyLimits
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.journal import Entry
from pipeline.fetch.robots import MAX_BYTES, Robots, Rules, robots_from
from pipeline.fetch.throttled_request import REDIRECTS, FetchContext, throttled_request

# A host that answers robots.txt so refuses; one that can't be reached has failed.
_REFUSALS: Final = frozenset({"time_out", "busy", "too_large", "wrong_encoding", "cut_off"})
_LIMITS: Final = BodyLimits(MAX_BYTES, types=(), cut=True)


def robots_rules(url: str, context: FetchContext) -> Rules:
    """Return the rules of the address' origin; its crawl-delay is kept from then on."""
    origin = origin_of(url)
    found = context.robots_cache.rules(origin, lambda: _robots(origin, context))
    if 0 < found.delay <= context.settings.longest_wait:
        context.throttle.slow_down(host_of(url), found.delay)
    return found


def _robots(origin: str, context: FetchContext) -> Robots:
    recorded = context.journal.get("robots", origin, lambda value: Robots(**value))
    if recorded is not None:
        return recorded
    try:
        robots = _requested(f"{origin}/robots.txt", context)
    except DownloadError as error:
        # A host whose robots.txt can't be had has allowed nothing (RFC 9309, 2.3.1.4).
        code = "" if error.code in _REFUSALS else error.code
        robots = Robots("closed", why=f"robots.txt can't be had: {error.code}, {error.detail}", code=code)
    context.journal.put(Entry("robots", origin, dict(vars(robots))))
    return robots


def _requested(url: str, context: FetchContext) -> Robots:
    for _ in range(context.settings.redirects + 1):
        response = throttled_request(url, context, _LIMITS, {})
        if response.status not in REDIRECTS:
            return robots_from(response.status, response.body)
        target = normalise(response.headers.get("Location", ""), url)
        if target is None or site_of(target) not in (site_of(url), Site(host_of(url))):
            return Robots("closed", why="robots.txt leads to another host")
        url = target
    return Robots("closed", why="robots.txt leads from one address to the next")

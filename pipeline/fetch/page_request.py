"""Asking for one thing: whose turn, whether robots.txt allows it, where redirects lead, and what a busy host wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.fetch.addresses import Site, host_of, normalise, origin_of, within
from pipeline.fetch.download import Download, DownloadError, Meter, Response
from pipeline.fetch.journal import Entry, Journal
from pipeline.fetch.robots import MAX_BYTES, Robots, Rules, robots_from, rules
from pipeline.fetch.throttle import Clock, HostThrottle, retry_after
from pipeline.settings import FetchSettings

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 503})
# A host that answers robots.txt so refuses; one that can't be reached has failed.
_REFUSALS: Final = frozenset({"time_out", "busy", "too_large", "wrong_encoding", "cut_off"})
# Failures of a host rather than of a page.
_OF_HOST: Final = ("connection", "tls", "time_out", "address_refused", "busy", "http_5")


class RobotsRefusedError(Exception):
    """An address that robots.txt, or the want of one, forbids."""


class RobotsCache:
    """The robots.txt of each origin: asked for once in a run."""

    def __init__(self) -> None:
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def rules(self, origin: str, ask: Callable[[], Robots]) -> Rules:
        """The rules of the origin; `ask` is called if they aren't known."""
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = rules(ask())
            return self._rules[origin]


@dataclass(frozen=True)
class FetchContext:
    """What a site's visitor works with. `get` and `meter` belong to one thread, the rest is shared."""

    settings: FetchSettings
    clock: Clock
    turns: HostThrottle
    book: RobotsCache
    journal: Journal
    get: Download
    meter: Meter


def ask(url: str, tools: FetchContext, headers: Mapping[str, str] | None = None, **options: Any) -> Response:
    """One request in its turn; a busy host (429, 503) is asked once more after the time it names.

    Raises DownloadError: what `Download` raises; `busy` where it is busy again or wants a longer wait than `longest_wait`, after
    which the host is left alone; `left_alone` for a host that was.
    """
    host = host_of(url)
    for last in (False, True):
        with tools.turns.at(host):
            if why := tools.turns.left(host):
                raise DownloadError("left_alone", why)
            answer = tools.get(url, headers, **options)
            if answer.status not in _BUSY:
                return answer
            named = retry_after(answer.headers.get("Retry-After"), tools.clock.now())
            wait = tools.settings.retry_seconds if named is None else named
            asked = "" if named is None else f" and asks to come back in {named:.0f} s"
            if last or wait > tools.settings.longest_wait:
                why = f"{host} answers {answer.status}{asked}"
                tools.turns.leave(host, why)
                raise DownloadError("busy", why)
            tools.turns.hold(host, wait)
    raise AssertionError("the second request returns or raises")


def note(url: str, code: str, tools: FetchContext) -> None:
    """Remember how a request ended; a host that fails again and again is left alone. code: "" for an answer."""
    host = host_of(url)
    failed = code.startswith(_OF_HOST)
    if tools.turns.failures(host, failed=failed) >= tools.settings.failures_in_a_row:
        tools.turns.leave(host, f"{host} failed {tools.settings.failures_in_a_row} times in a row, last with {code}")


def rules_of(url: str, tools: FetchContext) -> Rules:
    """The rules of the address' origin, from the journal or by asking; its crawl-delay is kept from then on."""
    origin = origin_of(url)
    found = tools.book.rules(origin, lambda: _robots(origin, tools))
    if 0 < found.delay <= tools.settings.longest_wait:
        tools.turns.slow_down(host_of(url), found.delay)
    return found


def _robots(origin: str, tools: FetchContext) -> Robots:
    had = tools.journal.get("robots", origin)
    if had is not None:
        return Robots(**had)
    try:
        robots = _requested_robots(f"{origin}/robots.txt", tools)
    except DownloadError as error:
        # A host that can't be asked what it allows has allowed nothing (RFC 9309, 2.3.1.4).
        code = "" if error.code in _REFUSALS else error.code
        robots = Robots("closed", why=f"robots.txt can't be had: {error.code}, {error.detail}", code=code)
    tools.journal.put(Entry("robots", origin, dict(vars(robots))))
    return robots


def _requested_robots(url: str, tools: FetchContext) -> Robots:
    for _ in range(tools.settings.redirects + 1):
        answer = ask(url, tools, limit=MAX_BYTES, types=(), cut=True)
        if answer.status not in _REDIRECTS:
            return robots_from(answer.status, answer.body)
        target = normalise(answer.headers.get("Location", ""), url)
        if target is None or host_of(target) != host_of(url):
            return Robots("closed", why="robots.txt leads to another host")
        url = target
    return Robots("closed", why="robots.txt leads from one address to the next")


def visit(
    url: str,
    site: Site,
    tools: FetchContext,
    conditions: Callable[[str], Mapping[str, str]] = lambda url: {},
    had: Callable[[str], bool] = lambda url: False,
    **options: Any,
) -> tuple[str, Response | None]:
    """Ask for a page and follow redirects within its site: the address it was found at, and the answer (200 or 304).

    conditions: headers of a conditional request for an address. had: whether an address needs no request; then the answer
    is None. Options are those of `Download`. Raises RobotsRefusedError and DownloadError.
    """
    seen: set[str] = set()
    while len(seen) <= tools.settings.redirects:
        if url in seen:
            raise DownloadError("redirect_loop", f"comes back to {url}")
        if seen and had(url):
            return url, None
        seen.add(url)
        refusal = rules_of(url, tools).refusal(url, tools.settings.longest_wait)
        if refusal is not None:
            raise _refused(rules_of(url, tools).robots, refusal)
        conditional = conditions(url)
        answer = ask(url, tools, conditional, **options)
        if answer.status == 200 or (answer.status == 304 and conditional):
            return url, answer
        if answer.status not in _REDIRECTS:
            raise DownloadError(f"http_{answer.status}", f"{url} answers {answer.status}")
        url = _target(url, answer, site)
    raise DownloadError("redirect_loop", f"over {tools.settings.redirects} redirects")


def _refused(robots: Robots, why: str) -> RobotsRefusedError | DownloadError:
    return DownloadError(robots.code, why) if robots.code else RobotsRefusedError(why)


def _target(url: str, answer: Response, site: Site) -> str:
    location = answer.headers.get("Location", "")
    target = normalise(location, url) if location.strip() else None
    if target is None:
        raise DownloadError("bad_redirect", f"{url} leads to {location[:80]!r}")
    if not within(target, site):
        raise DownloadError("off_site_redirect", f"{url} leads to {origin_of(target)}")
    return target

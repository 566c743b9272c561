"""robots.txt (RFC 9309): what a host allows us, how fast, and where its sitemaps are. How it is had: `robots_request`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from protego import Protego

from pipeline.fetch.addresses import normalise
from pipeline.fetch.download import PRODUCT

MAX_BYTES: Final = 500 << 10  # what RFC 9309 requires a crawler to read at least
_YEAR: Final = 366 * 24 * 3600
State = Literal["rules", "open", "closed"]


@dataclass(frozen=True)
class Robots:
    """Rules of one origin. state: `rules` as in `text`; `open`, there is none; `closed`, it can't be had: `why`.

    code: how the request failed where the host could not be reached at all; then its pages have failed, too.
    """

    state: State
    text: str = ""
    why: str = ""
    code: str = ""


def robots_from(status: int, body: bytes) -> Robots:
    """Return what a response means: 200 has rules, 204 none, 4xx allow everything, all else closes the host.

    RFC 9309, 2.3.1, but for other 2xx: what comes with them is no robots.txt.
    """
    if status in (200, 204):
        return Robots("rules", body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff"))
    if 400 <= status < 500:
        return Robots("open")
    return Robots("closed", why=f"robots.txt answers {status}")


@dataclass(frozen=True)
class Rules:
    """A robots.txt, parsed. delay: seconds that it wants between requests, 0 where it wants none. sitemaps: normalised."""

    robots: Robots
    parsed: Protego
    delay: float
    sitemaps: tuple[str, ...]

    def refusal(self, url: str, longest_delay: float) -> str | None:
        """Return why the address may not be requested, None if it may."""
        if self.robots.state == "closed":
            return self.robots.why
        if self.delay > longest_delay:
            return f"robots.txt asks for {self.delay:g} s between pages, more than we wait"
        return None if self.parsed.can_fetch(url, PRODUCT) else "robots.txt disallows it"


def rules(robots: Robots) -> Rules:
    """Return the rules of a robots.txt for our product name."""
    parsed = Protego.parse(robots.text if robots.state == "rules" else "")
    delay = parsed.crawl_delay(PRODUCT) or 0.0
    rate = parsed.request_rate(PRODUCT)
    if rate is not None and rate.requests > 0:
        # Numbers of any length: what is more than a year is no less than that.
        delay = max(delay, min(rate.seconds, _YEAR) / rate.requests)
    sitemaps = tuple(url for written in parsed.sitemaps if (url := normalise(written)))
    return Rules(robots, parsed, max(float(delay), 0.0), sitemaps)


class RobotsCache:
    """The rules of each origin, looked up once in a run. Any thread may use it."""

    def __init__(self) -> None:
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def rules(self, origin: str, look_up: Callable[[], Robots]) -> Rules:
        """Return the rules of the origin; `look_up` is called if they aren't known."""
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = rules(look_up())
            return self._rules[origin]

"""Time and turns: a clock that tests can turn by hand, and the rule that a host is asked one thing at a time, with pauses."""

from __future__ import annotations

import datetime as dt
import email.utils
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class StoppedError(Exception):
    """The run was told to stop; what was under way is left unrecorded and asked again by the next run."""


@dataclass(frozen=True)
class Clock:
    """now: UTC. monotonic: seconds. sleep: wait for so many seconds; raises StoppedError where the run is told to stop."""

    now: Callable[[], dt.datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def system_clock(stop: threading.Event) -> Clock:
    """The machine's clock; sleepers wake with StoppedError once `stop` is set."""

    def sleep(seconds: float) -> None:
        if stop.wait(max(seconds, 0)):
            raise StoppedError

    return Clock(lambda: dt.datetime.now(dt.UTC), time.monotonic, sleep)


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    left: str = ""


class HostThrottle:
    """Whose turn it is at each host. Pauses are counted from the end of one request to the start of the next."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self._clock, self._delay = clock, delay
        self._turns: dict[str, _Host] = {}
        self._guard = threading.Lock()

    def _of(self, host: str) -> _Host:
        with self._guard:
            return self._turns.setdefault(host, _Host(delay=self._delay))

    @contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Wait for the host to be free and its pause to be over, and hold it while the context lasts."""
        turn = self._of(host)
        with turn.lock:
            # A slow clock or a longer Retry-After may need more than one sleep.
            while (wait := turn.free_at - self._clock.monotonic()) > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                turn.free_at = max(turn.free_at, self._clock.monotonic() + turn.delay)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to the host from now on (crawl-delay)."""
        turn = self._of(host)
        turn.delay = max(turn.delay, delay)

    def hold(self, host: str, seconds: float) -> None:
        """Ask the host nothing for `seconds` (Retry-After)."""
        turn = self._of(host)
        turn.free_at = max(turn.free_at, self._clock.monotonic() + seconds)

    def delay_of(self, host: str) -> float:
        """Pause between requests to the host, in seconds."""
        return self._of(host).delay

    def leave(self, host: str, why: str) -> None:
        """Ask the host nothing more in this run."""
        self._of(host).left = why

    def left(self, host: str) -> str:
        """Why the host is asked nothing more, "" if it may be asked."""
        return self._of(host).left

    def failures(self, host: str, *, failed: bool) -> int:
        """Count a request to the host: how many in a row have failed by now."""
        turn = self._of(host)
        turn.failures = turn.failures + 1 if failed else 0
        return turn.failures


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number of seconds or an HTTP date (RFC 9110, 10.2.3); None if it says

    nothing usable. Never negative.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return max((when - now).total_seconds(), 0.0)

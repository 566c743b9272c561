"""How often a host is sent requests: one at a time, with pauses, and none after it has failed or been busy for too long."""

from __future__ import annotations

import datetime as dt
import email.utils
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.fetch.clock import Clock


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    why_abandoned: str = ""


class HostThrottle:
    """Pauses and failures of each host; any thread may use it. Pauses are counted from the end of a request to the next."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self._clock, self._delay = clock, delay
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()

    def _of(self, host: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(host, _Host(delay=self._delay))

    @contextmanager
    def slot(self, host: str) -> Iterator[None]:
        """Wait until the host is free and its pause is over, and hold it while the context lasts."""
        state = self._of(host)
        with state.lock:
            # A slow clock or a longer Retry-After may need more than one sleep.
            while (wait := state.free_at - self._clock.monotonic()) > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                state.free_at = max(state.free_at, self._clock.monotonic() + state.delay)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to the host from now on (crawl-delay)."""
        state = self._of(host)
        state.delay = max(state.delay, delay)

    def pause(self, host: str, seconds: float) -> None:
        """Send the host nothing for `seconds` (Retry-After)."""
        state = self._of(host)
        state.free_at = max(state.free_at, self._clock.monotonic() + seconds)

    def delay_of(self, host: str) -> float:
        """Return the pause between requests to the host, in seconds."""
        return self._of(host).delay

    def abandon(self, host: str, why: str) -> None:
        """Send the host nothing more in this run."""
        self._of(host).why_abandoned = why

    def why_abandoned(self, host: str) -> str:
        """Return why the host is sent nothing more, "" if it may be."""
        return self._of(host).why_abandoned

    def count_failures(self, host: str, *, failed: bool) -> int:
        """Count the end of a request to the host; returns how many in a row have failed by now."""
        state = self._of(host)
        state.failures = state.failures + 1 if failed else 0
        return state.failures


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header names: a number or an HTTP date (RFC 9110, 10.2.3). Never negative.

    None where it names nothing usable.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = email.utils.parsedate_to_datetime(text)
    # Years and offsets may be of any length.
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return max((when - now).total_seconds(), 0.0)

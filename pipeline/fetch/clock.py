"""Time as a fetch sees it: a clock that tests can turn by hand, and that ends all waiting when the run is to stop."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


class StoppedError(Exception):
    """The run is to stop: raised in every worker that waits or begins; no user sees it.

    What was under way is left unrecorded, and the next run requests it again.
    """


@dataclass(frozen=True)
class Clock:
    """now: UTC. monotonic: seconds. sleep: wait for so many seconds; raises StoppedError where the run is to stop."""

    now: Callable[[], dt.datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def system_clock(stop: threading.Event) -> Clock:
    """Return the machine's clock; sleepers wake with StoppedError once `stop` is set."""

    def sleep(seconds: float) -> None:
        if stop.wait(max(seconds, 0)):
            raise StoppedError

    return Clock(lambda: dt.datetime.now(dt.UTC), time.monotonic, sleep)

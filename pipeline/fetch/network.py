"""How hosts are found and how time passes in a run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.fetch.clock import Clock, system_clock
from pipeline.fetch.public_hosts import Resolver, system_resolver


@dataclass(frozen=True)
class Network:
    """How hosts are found and how time passes; tests bring their own."""

    resolver: Resolver = system_resolver
    clock: Callable[[threading.Event], Clock] = system_clock

"""What a step costs: its time, and the most memory that its process held meanwhile."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_RESET_PEAK: Final = "5"  # proc(5), clear_refs: forget the highest resident set size so far
_PEAK: Final = "VmHWM:"


@dataclass(frozen=True)
class Meter:
    """Measures from when it is made."""

    _started: float = field(default_factory=time.monotonic)

    @classmethod
    def started(cls) -> Meter:
        """Return a meter that begins now. Linux forgets the peak so far; elsewhere it is that of the process up to now."""
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text(_RESET_PEAK, "ascii")
        return cls()

    @property
    def seconds(self) -> float:
        """Seconds since then, by the clock on the wall."""
        return round(time.monotonic() - self._started, 3)

    @property
    def peak_megabytes(self) -> int:
        """The most resident memory of this process since then, in MB (10^6 bytes), what it held before included."""
        try:
            lines = Path("/proc/self/status").read_text("ascii").splitlines()
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(_PEAK)) // 1_000_000
        except (OSError, StopIteration):
            unit = 1 if sys.platform == "darwin" else 1024
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1_000_000

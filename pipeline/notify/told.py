"""Each event is told once: who was told what is remembered, and who could not be reached is tried again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from pipeline.notify.channels import Channel, NotDeliveredError
from pipeline.notify.message import Message

Log = Callable[[str], None]
Told = Mapping[str, tuple[str, ...]]
_LOG = "log"


def read_told(cursor: str | None) -> Told:
    """Return who was told of which event, from what `written` made of it; nothing of what is none of its."""
    try:
        kept = json.loads(cursor or "{}")
        return {str(key): tuple(map(str, names)) for key, names in kept.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def written(told: Told) -> str:
    """Return who was told of which event as text, for the next time."""
    return json.dumps({key: sorted(names) for key, names in told.items()}, sort_keys=True)


def tell(
    messages: Iterable[Message], told: Told, reach: Mapping[str, Channel], secrets: Iterable[str], log: Log
) -> Told:
    """Tell of each event whoever was not told of it yet, the log first; returns who was told of which of these.

    messages: of all events that stand; one that is gone is forgotten, and told again should it come back. Where a channel fails,
    the log says so, and it is tried again the next time.
    """
    hidden, now = tuple(secrets), dict[str, tuple[str, ...]]()
    for message in messages:
        clean, done = message.without(hidden), list(told.get(message.key, ()))
        if _LOG not in done:
            log(f"{clean.title}: {clean.text} {clean.remedy}")
            done.append(_LOG)
        for name, channel in reach.items():
            if name in done:
                continue
            try:
                channel(clean)
                done.append(name)
            except NotDeliveredError as error:
                log(f"{clean.title}: not told by {name}: {error}. It is tried again")
        now[message.key] = tuple(done)
    return now

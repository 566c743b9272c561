"""Each event is delivered once: to which channels is remembered, and one that could not be reached is tried again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from pipeline.notify.channels import Channel, NotDeliveredError
from pipeline.notify.message import Message

Log = Callable[[str], None]
Deliveries = Mapping[str, tuple[str, ...]]
_LOG = "log"


def read_deliveries(cursor: str | None) -> Deliveries:
    """Return the channels that got each event, from what `deliveries_text` made of it; nothing of what is none of its."""
    try:
        kept = json.loads(cursor or "{}")
        return {str(key): tuple(map(str, names)) for key, names in kept.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def deliveries_text(delivered: Deliveries) -> str:
    """Return the channels that got each event as text, for the next time."""
    return json.dumps({key: sorted(names) for key, names in delivered.items()}, sort_keys=True)


def deliver(
    messages: Iterable[Message], delivered: Deliveries, reach: Mapping[str, Channel], secrets: Iterable[str], log: Log
) -> Deliveries:
    """Send each event to the channels that did not get it yet, the log first; returns the channels that got each of these.

    messages: of all events that stand; one that is gone is forgotten, and sent again should it come back. Where a channel fails,
    the log says so, and it is tried again the next time.
    """
    hidden, now = tuple(secrets), dict[str, tuple[str, ...]]()
    for message in messages:
        clean, done = message.without(hidden), list(delivered.get(message.key, ()))
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
                log(f"{clean.title}: not delivered by {name}: {error}. It is tried again")
        now[message.key] = tuple(done)
    return now

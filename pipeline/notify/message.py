"""A message: one event that calls for a person, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pipeline.text.characters import collapse, harmless

LONGEST: Final = 1_000  # characters of a text
HIDDEN: Final = "…"
_SIGNED_IN: Final = re.compile(r"(?<=://)[^/\s@]+@")  # user and password within an address


@dataclass(frozen=True)
class Message:
    """One event. key: the same for the same event, and for no other; title and text: a line each; remedy: what to do, in a line."""

    key: str
    title: str
    text: str
    remedy: str

    def without(self, secrets: Iterable[str]) -> Message:
        """Return the message in plain characters, cut to LONGEST, without any of the `secrets` and without passwords in addresses."""
        clean = {name: _clean(text, secrets) for name, text in vars(self).items() if name != "key"}
        return replace(self, **clean)


def _clean(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    text = collapse(harmless(_SIGNED_IN.sub("", text)))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + HIDDEN

"""Values as compact JSON."""

from __future__ import annotations

from typing import Any, Final

import msgspec

_ENCODER: Final = msgspec.json.Encoder()


def json_text(value: Any) -> str:
    """Return a value as JSON without blanks: days as ISO 8601, what is no number as null. Raises TypeError where a value has no place in
    it."""
    return _ENCODER.encode(value).decode()

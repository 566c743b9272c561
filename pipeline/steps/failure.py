"""Why a refresh failed, in one line, whoever ran its steps."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from typing import Final

from pipeline.errors import system_message
from pipeline.release.gate import GateError
from pipeline.release.remote import StoreError

FAILED: Final = "the refresh failed, and the last release is untouched"


class StepError(Exception):
    """Why a refresh failed, in one line."""


def of_check(check: str, table: str, found: Iterable[str]) -> str:
    """Return the line for a blocking check that `table` does not pass."""
    return f"{FAILED}: check {check} of {table}: {'; '.join(found)}"


def of_step(step: str, error: Exception) -> str:
    """Return the line for the error of a step."""
    return of_error(f"step {step}: ", type(error).__name__, str(error))


def of_error(place: str, kind: str, message: str) -> str:
    """Return the line for an error of the class named `kind`, as what its process has left of it; for one of the system what to do, too.

    place: what stands before the message, of errors that do not name their place themselves.
    """
    found = " ".join(re.sub(rf"^[\w.]*\b{re.escape(kind)}: ", "", message.strip()).split())
    if kind == StoreError.__name__:
        return found  # the release is made, and is `latest` here
    if kind == GateError.__name__:
        return f"{FAILED}: {found}"
    known = getattr(builtins, kind, None)
    of_system = isinstance(known, type) and issubclass(known, OSError)
    return f"{FAILED}: {place}{system_message(found) if of_system else found}"

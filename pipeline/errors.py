"""The one base of all errors that a user can cause and mend, and the line that tells an error of the system.

What belongs here: the base, and the messages for failures of the machine. Each room derives its own error from the base and says
in the message, in one line, what is wrong, where (file, row, variable) and what to do. The command line shows such a line and
no traceback; any other exception is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

import errno
import os
import re
from typing import Final

_REMEDIES: Final = {
    errno.ENOSPC: "The disk is full: free some space",
    errno.EDQUOT: "Your quota is used up: free some space",
    errno.EFBIG: "A file may not become so large there: raise the limit (ulimit -f), or use another disk",
    errno.EROFS: "The file system is read-only: mount it for writing, or set H1B_DATA_DIR to another folder",
    errno.EACCES: "Check the path, its owner and mode",
    errno.EPERM: "Check the path, its owner and mode",
    errno.ENOENT: "Check the path",
    errno.ENOTDIR: "Check the path: a part of it is a file",
    errno.EISDIR: "Check the path: it is a folder",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n)",
    errno.ENOMEM: "Free some memory",
    errno.EIO: "The disk may be failing: look at the system's log",
}
_ELSE: Final = "Look at the disk and the path"
_NUMBER: Final = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)


class UserError(Exception):
    """Something that a user can mend: one line that names the place and the remedy."""


def system_error(error: OSError, place: str = "") -> str:
    """Return an error of the system in one line: the path (`place` where the error names none), what is wrong, and what to do."""
    return system_message(str(error), error.errno, str(error.filename or place), error.strerror)


def system_number(text: str) -> int | None:
    """Return the number of the system's error that `text` tells, by its number or, as libraries do, in the system's words alone."""
    found = _NUMBER.search(text)
    if found:
        return int(found[1])
    return next((number for number in _REMEDIES if os.strerror(number) in text), None)


def system_message(text: str, number: int | None = None, place: str = "", what: str | None = None) -> str:
    """Return the same of an error of which only the `text` is left; its number is looked for there."""
    number = number or system_number(text)
    named = f"{place}: " if place and place not in (what or text) else ""
    return " ".join(f"{named}{what or text}. {_REMEDIES.get(number or 0, _ELSE)}".split())

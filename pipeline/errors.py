"""The one base of all errors that a user can cause and mend.

What belongs here: the base alone. Each room derives its own error from it and says in the message, in one line, what is
wrong, where (file, row, variable) and what to do. The command line shows such a line and no traceback; any other exception
is a bug of ours and keeps its traceback.
"""

from __future__ import annotations


class UserError(Exception):
    """Something that a user can mend: one line that names the place and the remedy."""

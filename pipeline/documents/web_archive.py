"""A page that a browser saved as one file (MHTML, RFC 2557): the HTML in it, with its encoding and its address.

What belongs here: unpacking. What the page says is read as any other.
"""

from __future__ import annotations

import email
import email.policy
import re
from typing import NamedTuple

_HEAD = 4096  # bytes in which the header of such a file is
_HEADER = re.compile(rb"\s*(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.MULTILINE)
_SAVED = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_ADDRESSES = ("Snapshot-Content-Location", "Content-Location")


class SavedPage(NamedTuple):
    """The HTML of a saved page, the charset that its part declares (None if none), and its address ("" if none)."""

    content: bytes
    encoding: str | None
    url: str


def is_web_archive(content: bytes) -> bool:
    """Decide whether bytes are a page in one file: a mail header with parts that belong together."""
    header = _HEADER.match(content[:_HEAD])
    return header is not None and _SAVED.search(header[0]) is not None


def unpacked(content: bytes) -> SavedPage:
    """Return the first HTML in a page in one file; content without any gives an empty page."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    url = next((str(message[name]).strip() for name in _ADDRESSES if message[name]), "")
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return SavedPage(body, part.get_content_charset(), url or str(part["Content-Location"] or "").strip())
    return SavedPage(b"", None, url)

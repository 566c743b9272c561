"""Bytes of a page to text, by the encodings that browsers know; whatever a page calls itself, it is read.

What belongs here: choosing the encoding. Format: WHATWG Encoding Standard (labels), by way of Python's codecs.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipeline.text.characters import wordset

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python has more: codecs that always fail, that take a time of the square of the length, or that aren't of text. A page in UTF-16
# has a byte-order mark; one that only says so is none.
_OF_BROWSERS: Final = frozenset(
    codecs.lookup(name).name
    for name in wordset(
        "utf-8 ibm866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14"
        " iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256"
        " cp1257 cp1258 gbk gb2312 gb18030 big5 big5hkscs euc-jp iso2022-jp shift-jis cp932 euc-kr cp949"
    )
)
_AS_WINDOWS: Final = frozenset({"ascii", "iso8859-1"})  # what calls itself so is Windows-1252, says the standard
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def decoded(content: bytes, encoding: str | None = None) -> str:
    """Return the text of a page.

    encoding: the charset of the HTTP header, if any. A byte-order mark comes first, then that, then the page's own
    declaration, then UTF-8 if it fits, else Windows-1252. Never fails: an unknown encoding is passed over.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    declared = _META_CHARSET.search(content[:4096])
    for label in (encoding, declared[1].decode("ascii") if declared else None, "utf-8"):
        name = _codec(label)
        try:
            if name:
                return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace")


def _codec(label: str | None) -> str | None:
    """Return the codec of an encoding's label; None where browsers know no such encoding."""
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError):
        return None
    return "cp1252" if name in _AS_WINDOWS else name if name in _OF_BROWSERS else None

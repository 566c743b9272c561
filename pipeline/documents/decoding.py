"""The bytes of a page to its characters, as a browser takes them (WHATWG Encoding Standard), and never lost to one bad byte.

What belongs here: which encoding a page is in. Characters that were already wrong in the page are mended in `text.repair`.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEAD: Final = 4096  # bytes among which a declaration is sought
# What labels mean on the web where Python takes them for something narrower, by Python's name.
_ON_THE_WEB: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-32": "utf-8", "utf-7": "utf-8",
    "utf-8-sig": "utf-8",
}  # fmt: skip
_WINDOWS: Final = frozenset({"utf-8", "cp1252"})
_CUT = 3  # bytes of a character that the end of a file may have cut


def decoded(content: bytes, encoding: str | None = None) -> str:
    """Return the text of a page or text file.

    encoding: the charset of the HTTP header, if any. A byte-order mark comes first, then the header, then the page's own
    declaration, then UTF-8. What is called UTF-8 or Windows-1252, or nothing, is read as UTF-8 where its bytes are UTF-8 and
    byte by byte as Windows-1252 where they are not. Never fails.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    declared = _DECLARED.search(content[:_HEAD])
    for label in (encoding, declared[1].decode("ascii") if declared else None):
        name = _known(label) if label else ""
        if name and name not in _WINDOWS:
            return content.decode(name, "replace")
        if name:
            break
    return content.decode("utf-8", "windows_bytes")


def _known(label: str) -> str:
    """Return the codec of a label on the web; empty for one that no browser knows."""
    try:
        codec = codecs.lookup(label.strip().strip("\"'"))
        b"a".decode(codec.name)  # raises LookupError for what encodes no text, such as hex
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if codec.name in ("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "mbcs") else (
        _ON_THE_WEB.get(codec.name, codec.name)
    )  # fmt: skip


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252; a character that the end of the file cut is left out."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    cut = error.end == len(error.object) and len(wrong) < _CUT + 1 and wrong[0] >= 0xC2 and len(wrong) > 1
    return ("" if cut else wrong.decode("cp1252", "replace")), error.end


codecs.register_error("windows_bytes", _as_windows)

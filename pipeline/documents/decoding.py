"""The bytes of a page to its characters, as a browser takes them (WHATWG Encoding Standard), and never lost to one bad byte.

What belongs here: which encoding a page is in. Characters that were already wrong in the page are mended in `text.repair`.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipeline.text.characters import wordset

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
# Python has more: codecs that always fail, that take a time of the square of the length, or that aren't of text.
_OF_BROWSERS: Final = frozenset(
    codecs.lookup(name).name
    for name in wordset(
        "utf-8 ibm866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14"
        " iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256"
        " cp1257 cp1258 gbk gb2312 gb18030 big5 big5hkscs euc-jp iso2022-jp shift-jis cp932 euc-kr cp949"
    )
)
_CUT = 3  # bytes of a character that the end of a file may have cut


def decoded(content: bytes, encoding: str | None = None) -> str:
    """Return the text of a page or text file.

    encoding: the charset of the HTTP header, if any. A byte-order mark comes first, then the header, then the page's own
    declaration, then UTF-8. What is called UTF-8, or nothing, is read byte by byte as Windows-1252 where it is not UTF-8. Never fails.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    declared = _DECLARED.search(content[:_HEAD])
    for label in (encoding, declared[1].decode("ascii") if declared else None):
        name = _known(label) if label else ""
        if name and name != "utf-8":
            return content.decode(name, "control_bytes" if name == "cp1252" else "replace")
        if name:
            break
    return content.decode("utf-8", "windows_bytes")


def _known(label: str) -> str:
    """Return the codec of a label on the web; empty where browsers know no such encoding."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    name = _ON_THE_WEB.get(name, name)
    return name if name in _OF_BROWSERS else ""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252; a character that the end of the file cut is left out."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    cut = error.end == len(error.object) and len(wrong) < _CUT + 1 and wrong[0] >= 0xC2 and len(wrong) > 1
    return ("" if cut else wrong.decode("cp1252", "replace")), error.end


def _as_control(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that Windows-1252 leaves open as the control characters of their number, as browsers do."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("windows_bytes", _as_windows)
codecs.register_error("control_bytes", _as_control)

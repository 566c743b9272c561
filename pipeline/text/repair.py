"""Characters that came out wrong on the way to a page, made what was meant: bytes read in the wrong encoding, entities
written twice, letters of other alphabets and styles in the name of a visa, glyphs of which a PDF names only the number.

What belongs here: what was meant beyond doubt. A sign that may be anything stays, for the reader to judge.
"""

from __future__ import annotations

import html
import re
import unicodedata

# A character of UTF-8 whose bytes were read as Windows-1252: a first byte, then those that go on.
_FIRST_BYTES = "\u00c2-\u00f4"
_NEXT_BYTES = "".join(chr(code) for code in range(0x80, 0xC0)) + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
_MISREAD = re.compile(f"[{_FIRST_BYTES}][{re.escape(_NEXT_BYTES)}]{{1,3}}")
_ROUNDS = 3  # a text may have been misread more than once
_ENTITY_TWICE = re.compile(r"&(?:(?:amp|#38|#x26);)+(?=#?\w{2,10};)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});")
_GLYPH_NUMBER = re.compile(r"\(cid:(\d{1,5})\)")
# Windows symbol fonts put their signs into the private area; those that mark answers and lists, and quotes.
_PRIVATE = {
    0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF0FC: "✓", 0xF0FB: "✗", 0xF0FE: "☑", 0xF0FD: "☒", 0xF0A8: "☐",
    0xF06F: "☐", 0xF091: "'", 0xF092: "'", 0xF02D: "-", 0xF020: " ",
}  # fmt: skip
# Letters and digits in a style of their own: mathematical, full width, in circles, ligatures.
_STYLED = (range(0x1D400, 0x1D800), range(0xFF01, 0xFF5F), range(0x24B6, 0x24EA), range(0xFB00, 0xFB07))
# C1 controls are never meant: they are bytes of Windows-1252.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
CHARACTERS: dict[int, str | None] = {
    **_C1, **_PRIVATE,
    **{code: unicodedata.normalize("NFKC", chr(code)) for codes in _STYLED for code in codes},
}  # fmt: skip
# Cyrillic, Greek and other letters that look like those of a visa's name, beside its digit.
_LOOKS_LIKE = str.maketrans("НнΗһЈјΙІВвΒЬ１", "HhHhJj11BbBb1")
_LOOKALIKE = re.compile(r"(?<!\w)[HhJjНнΗһЈј][^\w\s]{0,3} ?[1ΙІ](?:[^\w\s]{0,3} ?[BbВвΒЬ])?(?!\w)")


_GLUED = re.compile(r"(?<=[a-z])(?=(?:J-?1|H-?1-?B)(?!\w))")


def apart(text: str) -> str:
    """Return `text` with a blank between a word and the name of a visa that lost theirs: "supportedJ1 and H1B"."""
    return _GLUED.sub(" ", text)


def repaired(text: str) -> str:
    """Return `text` with entities written twice, misread bytes and look-alike letters in visas' names as they were
    meant. Linear; text without any of them comes back as it is."""
    if "&" in text and _ENTITY.search(text):
        text = _ENTITY.sub(_unescaped, _ENTITY_TWICE.sub("&", text))
    if "(cid:" in text:
        text = _GLYPH_NUMBER.sub(_glyph, text)
    if text.isascii():
        return text
    for _ in range(_ROUNDS):
        if not _MISREAD.search(text):
            break
        text = _MISREAD.sub(_reread, text)
    return _LOOKALIKE.sub(_latin, text)


def _unescaped(match: re.Match[str]) -> str:
    meant = html.unescape(match[0])
    return match[0] if meant in "<>&" else meant


def _glyph(match: re.Match[str]) -> str:
    """Return the character of a glyph's number where it is one of the quotes of Windows-1252, else the sign for an
    unknown one."""
    return {145: "'", 146: "'", 147: '"', 148: '"', 150: "-", 151: "–"}.get(int(match[1]), "\ufffd")


def _reread(match: re.Match[str]) -> str:
    raw = bytearray()
    for character in match[0]:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return match[0]
            raw.append(ord(character))
    for end in range(len(raw), 1, -1):
        try:
            return raw[:end].decode("utf-8") + match[0][end:]
        except UnicodeDecodeError:
            continue
    return match[0]


def _latin(match: re.Match[str]) -> str:
    return match[0] if match[0].isascii() else match[0].translate(_LOOKS_LIKE)

"""What an element's attributes say: menu or text, struck out or valid, the mark that an icon or a picture shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.statements.text import wordset

_CHROME_TAGS = wordset("div ul ol section aside header p span small form td table center")
_CHROME_NAME = re.compile(r"(?:footer|breadcrumbs?|cookies?|cookie-?(?:bar|banner|notice|consent)|navbar|menu|nav)$")
_CHROME_ROLES = frozenset({"navigation", "contentinfo", "menubar", "menu", "search"})
# A word of each alternative of a pattern is looked for first: nearly all names hold none.
_CHROME_WORDS = ("footer", "breadcrumb", "cookie", "menu", "nav")
_STRUCK_WORDS = ("strike", "struck", "line-through", "deleted", "obsolete")
_STRUCK = re.compile(r"\b(?:strike(?:through)?|struck|line-through|deleted|obsolete)\b")
_YES_ICON = re.compile(r"(?:^|[-_ ./])(?:check(?:ed|mark|-circle|-square)?|tick|ok|yes)(?:$|[-_ .])")
_NO_ICON = re.compile(r"(?:^|[-_ ./])(?:times|xmark|cross|remove|ban|no)(?:$|[-_ .])")


def icon(attrib: Mapping[str, str]) -> str:
    """The mark, ✓ or ✗, that an icon's class stands for; empty for anything else."""
    name = attrib.get("class", "").lower()
    if "icon" not in name and "fa-" not in name and "glyph" not in name and "mark" not in name:
        return ""
    if _YES_ICON.search(name):
        return "✓"
    return "✗" if _NO_ICON.search(name) else ""


def is_struck(attrib: Mapping[str, str]) -> bool:
    """Whether the element's text is struck out by its style or its class."""
    style, name = attrib.get("style"), attrib.get("class")
    if style and "line-through" in style:
        return True
    if not name:
        return False
    lower = name.lower()
    return any(word in lower for word in _STRUCK_WORDS) and bool(_STRUCK.search(lower))


def is_chrome(tag: str, attrib: Mapping[str, str]) -> bool:
    """Whether the element is named or has the role of a menu, a footer, a cookie bar."""
    role = attrib.get("role")
    if role and role.lower() in _CHROME_ROLES:
        return True
    if tag not in _CHROME_TAGS:
        return False
    names = f"{attrib.get('class', '')} {attrib.get('id', '')}".lower()
    if not any(word in names for word in _CHROME_WORDS):
        return False
    return any(_CHROME_NAME.search(name) and not name.startswith(("has-", "no-", "with-")) for name in names.split())


def alternative(attrib: Mapping[str, str]) -> str:
    """The alternative text of a picture; for a check mark without one, the mark that its file name tells."""
    words = attrib.get("alt", "").strip() or attrib.get("title", "").strip()
    if words:
        return words
    name = attrib.get("src", "").rsplit("/", 1)[-1].lower()[:200]
    if _YES_ICON.search(name):
        return "✓"
    return "✗" if _NO_ICON.search(name) else ""

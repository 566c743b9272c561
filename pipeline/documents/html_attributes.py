"""What an element's attributes say: menu or text, struck out or valid, the mark that an icon or a picture shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pipeline.text.characters import wordset

ATTRIBUTES = ("class", "id", "role", "style")  # attributes by which an element is struck out or part of a menu
_YES_LABELS = wordset("yes check checked checkmark tick")
_NO_LABELS = wordset("no cross unchecked crossmark")
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
    """Return the mark, ✓ or ✗ (of a box ☑ or ☐), that an icon's class, label or state stands for; empty for anything else."""
    if "aria-checked" in attrib:
        return box(checked=attrib["aria-checked"].lower() == "true")
    label = (attrib.get("aria-label") or attrib.get("title") or "").strip().lower()
    if label in _YES_LABELS:
        return "✓"
    if label in _NO_LABELS:
        return "✗"
    name = attrib.get("class", "").lower()
    if "icon" not in name and "fa-" not in name and "glyph" not in name and "mark" not in name:
        return ""
    if _YES_ICON.search(name):
        return "✓"
    return "✗" if _NO_ICON.search(name) else ""


def box(*, checked: bool) -> str:
    """Return the mark of a box that can be checked."""
    return "☑" if checked else "☐"


def drawing(attrib: Mapping[str, str]) -> str:
    """Return the mark, ✓ or ✗, that the name of a drawing used in another (`<use href="#icon-check">`) stands for."""
    name = (attrib.get("href") or attrib.get("xlink:href") or "").rsplit("#", 1)[-1].lower()[:200]
    if _YES_ICON.search(name):
        return "✓"
    return "✗" if _NO_ICON.search(name) else ""


@lru_cache(maxsize=1 << 14)
def part_by_name(
    tag: str, name: str | None, identity: str | None, role: str | None, style: str | None
) -> Literal["struck", "chrome", ""]:
    """Decide whether an element is struck out by its style or class, or named or given the role of a menu, a footer, a
    cookie bar.

    The values are those of the attributes ATTRIBUTES; a site repeats few of them on many elements.
    """
    if _is_struck(name, style):
        return "struck"
    return "chrome" if _is_chrome(tag, f"{name or ''} {identity or ''}".lower(), role) else ""


def _is_struck(name: str | None, style: str | None) -> bool:
    if style and "line-through" in style:
        return True
    lower = name.lower() if name else ""
    return any(word in lower for word in _STRUCK_WORDS) and bool(_STRUCK.search(lower))


def _is_chrome(tag: str, names: str, role: str | None) -> bool:
    if role and role.lower() in _CHROME_ROLES:
        return True
    if tag not in _CHROME_TAGS or not any(word in names for word in _CHROME_WORDS):
        return False
    return any(_CHROME_NAME.search(name) and not name.startswith(("has-", "no-", "with-")) for name in names.split())


def alternative(attrib: Mapping[str, str]) -> str:
    """Return the alternative text of a picture; for a check mark without one, the mark that its file name gives."""
    words = attrib.get("alt", "").strip() or attrib.get("title", "").strip()
    if words:
        return words
    name = attrib.get("src", "").rsplit("/", 1)[-1].lower()[:200]
    if _YES_ICON.search(name):
        return "✓"
    return "✗" if _NO_ICON.search(name) else ""

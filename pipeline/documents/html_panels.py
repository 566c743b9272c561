"""Tabs and their panels (WAI-ARIA, Bootstrap): each panel is read under the tab that names it, wherever the tab stands.

What belongs here: which element is a tab, a panel, a part of a table by its role, and which tab belongs to which panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.documents.blocks import HEADING, MINOR_HEADING, Raw

TAB: Final = "tab"
_TOGGLES: Final = frozenset({"tab", "pill"})
_TARGETS: Final = ("aria-controls", "data-bs-target", "data-target", "href")
_ROLES_OF_TABLES: Final = {
    "table": "table", "grid": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th",
}  # fmt: skip


def part_of_page(tag: str, attrib: Mapping[str, str]) -> str:
    """Return what an element is by its role, whatever its tag: TAB, or the tag of the part of a table; empty else."""
    role, toggle = attrib.get("role", ""), attrib.get("data-bs-toggle", attrib.get("data-toggle", ""))
    if not role and not toggle:  # nearly all
        return ""
    role = role.lower()
    if role == TAB or toggle.lower() in _TOGGLES:
        return TAB
    return "" if tag in ("table", "tr", "td", "th") else _ROLES_OF_TABLES.get(role, "")


class Panels:
    """Collects the tabs of a page and where its panels begin; `placed` puts each tab's words above its panel."""

    def __init__(self) -> None:
        self.tabs: list[
            tuple[str, frozenset[str], int, int]
        ] = []  # own id, panels' ids, first raw block and the one after
        self.panels: dict[int, tuple[str, list[str]]] = {}  # raw block in front of a panel -> its id, ids of its tabs

    def open_tab(self, attrib: Mapping[str, str], position: int) -> None:
        """Begin a tab; position: number of the raw block that is its first."""
        targets = {attrib.get(name, "").lstrip("#") for name in _TARGETS} - {""}
        self.tabs.append((attrib.get("id", ""), frozenset(targets), position, position))

    def close_tab(self, position: int) -> None:
        """End the tab begun last."""
        own, targets, first, _ = self.tabs[-1]
        self.tabs[-1] = (own, targets, first, position)

    def opens_panel(self, attrib: Mapping[str, str], raws: list[Raw]) -> None:
        """Take an element that may be a panel; one is marked by a raw block without text."""
        identity = attrib.get("id", "")
        named = attrib.get("role", "").lower() == "tabpanel" or "tab-pane" in attrib.get("class", "")
        if named or (identity and any(identity in targets for _, targets, _, _ in self.tabs)):
            self.panels[len(raws)] = (identity, attrib.get("aria-labelledby", "").split())
            raws.append(Raw(HEADING, "", MINOR_HEADING))

    def placed(self, raws: list[Raw]) -> list[Raw]:
        """Return the raw blocks with each tab above its panel instead of in the list of tabs."""
        if not self.panels:
            return raws
        moved: set[int] = set()
        for place, (identity, labels) in self.panels.items():
            for own, targets, first, end in self.tabs:
                if (identity and identity in targets) or (own and own in labels):
                    words = " ".join(raw.text for raw in raws[first:end])
                    raws[place] = Raw(HEADING, words, MINOR_HEADING)
                    moved.update(range(first, end))
                    break
        return [raw for number, raw in enumerate(raws) if number not in moved]

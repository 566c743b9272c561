"""axe-core finds no serious or critical fault in what the explorer shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from pipeline.settings import PROJECT
from tests.conftest import needed
from tests.release.explorer.acts import DESKTOP, PHONE, Open, tick

AXE = PROJECT / ".venv/node/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the elements that it is about."""
    needed("axe-core (`make test` and `make check` install it into .venv/node)", there=AXE.is_file())
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run({ preload: false })).violations")
    return [
        f"{one['impact']} {one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:4]]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list(opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width)
    page.emulate_media(color_scheme=scheme)
    assert faults(page) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_drawer(opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width)
    page.emulate_media(color_scheme=scheme)
    page.locator("button.open").first.click()
    expect(page.locator("#drawer-title")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_filters_open_ticked_and_without_a_row(opened: Open, width: int) -> None:
    page = opened(width=width)
    if width == PHONE:
        page.click("#toggle")
    tick(page, "state", "California")
    page.locator("details[data-facet=specialty] summary").click()
    assert faults(page) == []
    page.fill("#q", "no such program anywhere")
    assert faults(page) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_ones_own(opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width)
    page.emulate_media(color_scheme=scheme)
    page.locator("button.star").first.click()
    page.locator("#take summary").click()
    page.click("#profile-open")
    page.locator("#profile summary").click()
    page.locator("#profile").get_by_label("Specialties", exact=True).first.fill("pediatrics")
    page.keyboard.press("Enter")
    expect(page.locator("#profile .chips button")).to_have_text("Pediatrics ×")
    assert faults(page) == []
    page.get_by_role("button", name="Save and colour the list").click()
    expect(page.locator(".tabulator-row [class*=light-]").first).to_be_visible()
    assert faults(page) == []
    page.click("#compare-open")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator("button.open").first.click()
    page.locator("#drawer .judged summary").click()
    page.locator("#drawer summary", has_text="Letter to the program").click()
    expect(page.get_by_label("Text of the letter")).to_be_visible()
    assert faults(page) == []


def test_a_fault_would_be_found(opened: Open) -> None:
    page = opened()
    page.evaluate("document.querySelector('#sort').labels[0].remove()")
    assert any("select-name" in fault for fault in faults(page))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("dialog", ["map", "changes"])
def test_what_opens_beside_the_list(opened: Open, width: int, scheme: str, dialog: str) -> None:
    page = opened(width=width)
    page.emulate_media(color_scheme=scheme)
    page.locator(f"#{dialog}-open").press("Enter")
    expect(page.locator(f"#{dialog}-title")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("one => one.scrollWidth <= innerWidth", page.locator(f"#{dialog}").element_handle())

"""What a person does on the page, in the words of the tests."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from pipeline.release.reader import Release

LIST = "functional_h1b_sponsors"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FORMULA = '=HYPERLINK("x")'
ADDRESS = "javascript:alert(3)"
DESKTOP, PHONE = 1300, 390
Open = Callable[..., Page]


def rows(release: Path) -> list[dict]:
    return Release.open(release).arrow(LIST).to_pylist()


def choice(page: Page, facet: str, text: str):
    return page.locator(f"details[data-facet={facet}] li", has=page.get_by_text(text, exact=True))


def tick(page: Page, facet: str, text: str) -> None:
    section = page.locator(f"details[data-facet={facet}]")
    if section.get_attribute("open") is None:
        section.locator("summary").click()
    choice(page, facet, text).locator("input").check()


def count(page: Page) -> int:
    return int(page.inner_text("#count").split()[0].replace(",", ""))


def took(page: Page, button: str, path: Path) -> Path:
    """Where the file lies that a button lets the browser save."""
    with page.expect_download() as download:
        page.locator(button).press("Enter")
    download.value.save_as(path)
    return path


def saved(page: Page, folder: Path) -> list[dict[str, str]]:
    with took(page, "#save", folder / "shown.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

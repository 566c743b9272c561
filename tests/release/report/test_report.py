"""The report says what the release says, loads nothing, and can be read on a desktop, a phone and in the dark."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from pipeline.release.derived.contents import Contents
from pipeline.release.reader import Release
from pipeline.release.report.figures import measured
from pipeline.release.report.page import REPORT, page, report_charts

PICTURES = Path(__file__).parent / "pictures"
GOLD = Path(__file__).parents[2] / "gold"
WIDTHS = {"desktop": (1100, "light"), "dark": (1100, "dark"), "phone": (390, "light")}
# Mean difference of a pixel, of 255, once both pictures are 110 pixels wide: other fonts move lines, a broken page more.
ALIKE = 14.0


def contents(release: Release, **manifest: object) -> Contents:
    names = [file["name"].removesuffix(".parquet") for file in release.manifest["files"]]
    tables = {name: pq.read_table(release.path(name)) for name in names}
    return Contents(release.folder, tables, {**release.manifest, **manifest})


@pytest.fixture(scope="module")
def text(sample_release: Path) -> str:
    return (sample_release / REPORT).read_text("utf-8")


def test_headline_figures_are_those_of_the_list(sample_release: Path, text: str) -> None:
    counts = Release.open(sample_release).sponsors(["visa_category"])["visa_category"].value_counts()
    cards = [card.get_text().split(maxsplit=1)[0] for card in BeautifulSoup(text, "lxml").select(".cards li")]
    assert cards[:7] == [f"{count:,}" for count in (151, *(counts.get(sign, 0) for sign in "ABCDN?"))]
    assert "A sample, no current list" in text and "no no" in text


def test_it_loads_nothing_and_runs_nothing(text: str) -> None:
    assert not BeautifulSoup(text, "lxml").select("script, link, img, iframe, object, embed, image, use")
    assert not re.findall(
        r"""\b(?:src|href|action|on\w+)\s*=|url\((?!['"]?#)|@import""", re.sub(r"xlink:href=\"#", "", text)
    )
    assert "default-src 'none'" in text


def test_every_chart_is_there_and_says_what_it_shows(text: str) -> None:
    charts = BeautifulSoup(text, "lxml").select("figure svg")
    assert len(charts) == 4 and all(chart.get("role") == "img" and chart.get("aria-label") for chart in charts)


def test_text_from_files_is_text(sample_release: Path) -> None:
    shown = contents(Release.open(sample_release), release_id="<script>alert(1)</script>")
    made = page(shown, report_charts(shown))
    assert "<script>" not in made and "&lt;script&gt;" in made


def test_the_same_release_gives_the_same_bytes(sample_release: Path, text: str) -> None:
    shown = contents(Release.open(sample_release))
    assert page(shown, report_charts(shown)) == text == page(shown, report_charts(shown))


@pytest.mark.parametrize("name", WIDTHS)
def test_it_looks_as_it_was_looked_at(sample_release: Path, browser: Browser, name: str) -> None:
    width, scheme = WIDTHS[name]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    shown = context.new_page()
    shown.goto((sample_release / REPORT).resolve().as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture = Image.open(
        io.BytesIO(shown.screenshot(clip={"x": 0, "y": 0, "width": width, "height": 1400}, full_page=True))
    )
    context.close()
    small = picture.convert("RGB").resize((110, round(110 * 1400 / width)))
    stored = PICTURES / f"{name}.png"
    difference = ImageChops.difference(small, Image.open(stored).convert("RGB").resize(small.size))
    assert sum(ImageStat.Stat(difference).mean) / 3 < ALIKE, f"look at the page, then store its picture in {stored}"


def test_the_figures_of_the_machine_name_labelled_cases_that_exist() -> None:
    assert [row for row in measured() if not (GOLD / row["gold"]).is_file()] == []

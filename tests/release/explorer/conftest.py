"""The page opened in Debian's Chromium, of a release of the sample and of one whose texts would act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page

from pipeline.release.derived.contents import Contents
from pipeline.release.places import EXPLORER
from pipeline.release.reader import Release
from tests.release.explorer.acts import ADDRESS, DESKTOP, FORMULA, HOSTILE, LIST, Open
from tests.release.explorer.written import write_whole_explorer


@pytest.fixture
def opened(browser: Browser, sample_release: Path) -> Iterator[Open]:
    """Opens a page; at the end it must have said nothing on the console and asked for nothing but files of its folder."""
    contexts, said = [], []

    def show(
        fragment: str = "",
        *,
        release: Path = sample_release,
        width: int = DESKTOP,
        address: str = "",
        refuse: bool = False,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=not address)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        if refuse:
            page.add_init_script(
                "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {get() {throw new Error('refused')}})"
            )
        page.goto((address or (release / EXPLORER / "index.html").resolve().as_uri()) + fragment)
        page.wait_for_selector("[data-ready]")
        return page

    yield show
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture(scope="module")
def hostile(sample_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose names, sentences and addresses would act if a page let them."""
    release = Release.open(sample_release)
    tables = {
        file["name"].removesuffix(".parquet"): pq.read_table(release.folder / file["name"])
        for file in release.manifest["files"]
    }
    listed = tables[LIST]
    texts = {
        "program_name": HOSTILE,
        "specialty": HOSTILE,
        "institution": HOSTILE,
        "city": FORMULA,
        "evidence_quote": f"{HOSTILE}\u202e",
        "evidence_url": ADDRESS,
        "website": ADDRESS,
        "evidence_kind": "page",
        "evidence_scope": "program",
    }
    for name, text in texts.items():
        listed = listed.set_column(
            listed.schema.get_field_index(name),
            listed.schema.field(name),
            pa.array([text] * listed.num_rows, pa.string()),
        )
    petitioners = tables["petitioners"]
    names = pa.array([HOSTILE] * petitioners.num_rows, pa.string())
    tables["petitioners"] = petitioners.set_column(
        petitioners.schema.get_field_index("name"), petitioners.schema.field("name"), names
    )
    folder = tmp_path_factory.mktemp("hostile")
    hostile = Contents(folder, {**tables, LIST: listed}, {**release.manifest, "release_id": HOSTILE})
    write_whole_explorer(hostile)
    return folder

"""What a doctor keeps in the explorer and takes along: stars, notes, a profile, a comparison, letters, files for the command line."""

from __future__ import annotations

import csv
import re
import shutil
import threading
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from pipeline.applicants.letter import letter, subject
from pipeline.applicants.profile import Profile, profile_of
from pipeline.applicants.rows import records
from pipeline.applicants.shortlist import shortlist
from pipeline.cli import app
from pipeline.commands.explore import server
from pipeline.release.places import EXPLORER
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE
from tests.release.explorer.acts import DESKTOP, HOSTILE, LIST, PHONE, Open, choice, count, rows, tick, took

PRESS = "Enter"


def star(page: Page, place: int = 0) -> str:
    """Star the program in a place of the grid by the keyboard; returns its code."""
    row = page.locator(".tabulator-row").nth(place)
    code = row.locator("button.open").get_attribute("data-code") or ""
    row.locator("button.star").press(PRESS)
    expect(row.locator("button.star")).to_have_attribute("aria-pressed", "true")
    return code


def show(page: Page, code: str) -> None:
    """Open the evidence of a program by the address, the rest of which stays."""
    page.evaluate("code => { location.hash = `${location.hash.replace(/&?program=\\d*/, '')}&program=${code}` }", code)


def say(page: Page, label: str, value: str) -> None:
    """Choose in a field of the form of the profile."""
    page.locator("#profile").get_by_role("combobox", name=label, exact=True).select_option(value)


def fill_profile(page: Page) -> None:
    page.locator("#profile-open").press(PRESS)
    form = page.locator("#profile")
    expect(page.locator("#profile-title")).to_be_focused()
    form.get_by_label("Specialties", exact=True).first.fill("medical genetics and genomics")
    page.keyboard.press("Enter")
    form.get_by_label("States", exact=True).first.fill("Calif")
    form.get_by_role("button", name="Add: States").press(PRESS)
    say(page, "Visas that you would take", "H-1B,J-1")
    say(page, "Where you are", "abroad")
    say(page, "Medical school", "foreign")
    say(page, "Degree", "MBBS")
    say(page, "USMLE Step 3", "day")
    form.get_by_label("USMLE Step 3: day").fill("2027-02-15")
    form.get_by_label("cap exempt").press("Space")
    form.get_by_label("Name, as letters end").fill('Łucja "Lu" O\'Neil')
    form.get_by_role("button", name="Save and colour the list").press(PRESS)
    expect(form).not_to_be_visible()


WANTED = {
    "specialties": ["Medical Genetics and Genomics"],
    "visas": ["H-1B", "J-1"],
    "places": {"states": ["CA"], "metros": [], "only": False},
    "must_haves": ["cap_exempt"],
    "applicant": {"where": "abroad", "school": "foreign", "degree": "MBBS", "name": 'Łucja "Lu" O\'Neil'},
}


def wanted() -> Profile:
    return profile_of(WANTED | {"step3": tomllib.loads("day = 2027-02-15")["day"]})


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_stars_and_notes_stay(opened: Open, width: int) -> None:
    page = opened(width=width)
    code = star(page)
    expect(page.locator("button.star").first).to_be_focused()
    page.locator("button.open").first.press(PRESS)
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("button", name="★ starred")).to_have_attribute("aria-pressed", "true")
    drawer.get_by_label("Your interest").select_option("4")
    drawer.get_by_label("Your notes").fill(HOSTILE)
    page.keyboard.press("Tab")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(drawer.get_by_label("Your notes")).to_have_value(HOSTILE)
    expect(drawer.get_by_label("Your interest")).to_have_value("4")
    page.keyboard.press("Escape")
    if width == PHONE:
        page.click("#toggle")
    tick(page, "yours", "starred")
    assert count(page) == 1 and page.locator("#grid button.open").get_attribute("data-code") == code
    page.locator("button.star").click()
    expect(page.locator("#count")).to_contain_text("0 of")


def test_what_is_refused_is_kept_until_the_page_is_closed(opened: Open) -> None:
    page = opened(refuse=True)
    page.locator("#take summary").press(PRESS)
    expect(page.locator("#refused")).to_be_visible()
    star(page)
    expect(page.locator("#take-table")).to_be_enabled()
    fill_profile(page)
    expect(page.locator(".tabulator-row .light-yellow, .tabulator-row .light-red").first).to_be_visible()
    page.locator("button.open").first.press(PRESS)
    expect(page.locator("#drawer .yours .warn")).to_contain_text("keeps nothing")


def test_storage_that_holds_anything_does_no_harm(opened: Open, sample_release: Path) -> None:
    page = opened()
    for junk in (
        "{",
        "[]",
        '{"programs": {"x": 1, "1300000001": null}, "profile": {"visas": 3, "weights": "x"}}',
        "null",
    ):
        page.evaluate("junk => localStorage.setItem('h1b-sponsors', junk)", junk)
        page.reload()
        page.wait_for_selector("[data-ready]")
        assert count(page) == len(rows(sample_release))


def test_a_profile_that_holds_anything_does_no_harm(opened: Open) -> None:
    page = opened()
    profile = {
        "visas": ["H-1B"], "specialties": [HOSTILE, "__proto__"], "must_haves": ["toString", "cap_exempt"], "step3": HOSTILE,
        "places": {"states": ["__proto__"], "metros": [HOSTILE]}, "weights": {"x": 3, "size": 1e9},
        "applicant": {"where": "constructor", "school": HOSTILE, "citizenship": "__proto__", "name": HOSTILE},
    }  # fmt: skip
    page.evaluate(
        "kept => localStorage.setItem('h1b-sponsors', JSON.stringify({programs: {}, profile: kept}))", profile
    )
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#trouble")).not_to_be_visible()
    page.locator("#grid button.open").first.press(PRESS)
    page.locator("#drawer summary", has_text="Letter to the program").press(PRESS)
    written = page.get_by_label("Text of the letter")
    expect(written).to_be_visible()
    assert written.input_value().endswith(HOSTILE) and "undefined" not in written.input_value()
    assert page.locator("dialog img, dialog script, #grid img").count() == 0


def test_a_profile_colours_the_list_as_the_shortlist_does(opened: Open, sample_release: Path) -> None:
    page = opened()
    expect(page.locator("details[data-facet=light]")).not_to_be_visible()
    fill_profile(page)
    expected = shortlist(Release.open(sample_release).table(LIST), wanted())
    page.locator("details[data-facet=light] summary").press(PRESS)
    for light, many in expected["light"].value_counts().items():
        expect(choice(page, "light", str(light)).locator(".n")).to_have_text(f"{many:,}")
    first = page.locator(".tabulator-row").first
    code = first.locator("button.open").get_attribute("data-code")
    scores = expected.set_index("program_code")["score"]
    assert scores[code] == scores.iloc[0]
    expect(first).to_have_attribute("data-light", expected["light"].iloc[0])
    page.locator("button.open").first.press(PRESS)
    page.locator("#drawer .judged summary").press(PRESS)
    for why in expected.set_index("program_code")["why"][code]:
        expect(page.locator("#drawer .judged")).to_contain_text(why)
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#drawer .judged")).to_contain_text("score")
    page.keyboard.press("Escape")
    page.locator("#profile-open").press(PRESS)
    expect(page.locator("#profile").get_by_label("USMLE Step 3: day")).to_have_value("2027-02-15")
    page.get_by_role("button", name="Forget it").press(PRESS)
    expect(page.locator("#grid [class*=light-]")).to_have_count(0)
    expect(page.locator("details[data-facet=light]")).not_to_be_visible()


def test_what_is_unknown_is_never_red(opened: Open, sample_release: Path) -> None:
    silent = next(
        row for row in rows(sample_release) if row["sponsor_tier"] == "unknown" and row["accreditation"] != "withdrawn"
    )
    page = opened()
    page.locator("#profile-open").press(PRESS)
    page.get_by_role("button", name="Save and colour the list").press(PRESS)
    show(page, silent["program_code"])
    badge = page.locator("#drawer .judged .badge")
    expect(badge).to_have_text("yellow")
    red, green, _ = (
        int(part) for part in badge.evaluate("one => getComputedStyle(one).backgroundColor")[4:-1].split(",")
    )
    assert green > 0.7 * red


def test_the_letter_is_that_of_the_contact_list(opened: Open, sample_release: Path) -> None:
    page = opened()
    fill_profile(page)
    row = next(
        one
        for one in records(Release.open(sample_release).table(LIST))
        if one["evidence_quote"] and one["petitioners"] is not None
    )
    show(page, row["program_code"])
    page.locator("#drawer summary", has_text="Letter to the program").press(PRESS)
    text = page.get_by_label("Text of the letter")
    expect(text).to_have_value(letter([row], wanted()))
    expect(page.locator("#drawer")).to_contain_text(subject([row]))
    link = page.get_by_role("link", name="Open in the mail program")
    assert (link.get_attribute("href") or "").startswith("mailto:?subject=Visa%20question")
    page.get_by_role("button", name="Copy").press(PRESS)
    expect(page.locator("#drawer [role=status]")).to_contain_text("cop")


def test_up_to_five_stand_side_by_side_and_are_a_link(opened: Open, hostile: Path) -> None:
    page = opened()
    codes = [star(page, place) for place in range(6)]
    page.locator("#compare-open").press(PRESS)
    expect(page.locator("#compare thead th")).to_have_count(5)
    page.keyboard.press("Escape")
    for code in codes[4:]:
        show(page, code)
        page.locator("#drawer").get_by_role("button", name="compare").press(PRESS)
        page.keyboard.press("Escape")
        expect(page).not_to_have_url(re.compile("program="))
    page.locator("#compare-open").press(PRESS)
    expect(page.locator("#compare thead th")).to_have_count(2)
    page.keyboard.press("Escape")
    again = opened(page.url[page.url.index("#") :])
    again.locator("#compare-open").press(PRESS)
    expect(again.locator("#compare thead th")).to_have_count(2)
    again.get_by_role("button", name=f"take out {codes[4]}").press(PRESS)
    expect(again.locator("#compare thead th")).to_have_count(1)
    again.get_by_role("button", name=f"evidence of {codes[5]}").press(PRESS)
    expect(again.locator("#drawer-title")).to_be_focused()
    acts = opened(f"#compare={codes[0]}", release=hostile)
    acts.locator("#compare-open").press(PRESS)
    expect(acts.locator("#compare thead th")).to_contain_text(HOSTILE)
    assert acts.locator("dialog img, dialog script").count() == 0


def test_what_is_taken_along_comes_back_to_the_command_line(
    opened: Open, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    codes = [star(page, place) for place in range(2)]
    fill_profile(page)
    page.locator("#take summary").press(PRESS)
    profile = took(page, "#take-profile", tmp_path / "profile.toml")
    assert profile_of(tomllib.loads(profile.read_text("utf-8"))) == wanted()
    run = CliRunner().invoke(app, ["shortlist", "--profile", str(profile)], env={DATA_DIR_VARIABLE: str(sample_data)})
    assert run.exit_code == 0, run.output
    table = took(page, "#take-table", tmp_path / "starred.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert {row["program_code"] for row in csv.DictReader(file)} == set(codes)
    blank = took(page, "#take-confirmations", tmp_path / "confirmations.csv")
    lines = blank.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0].strip('"') for line in lines[1:]] == sorted(codes)
    lines[1] = f"{sorted(codes)[0]},2026-11-01,email,yes,case by case,yes,rank list,,,Told by the office"
    blank.write_text("\ufeff" + "\r\n".join(lines), "utf-8")
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    added = CliRunner().invoke(app, ["add", str(blank)])
    assert added.exit_code == 0 and "confirmations" in added.output, added.output


def test_a_copy_of_all_is_brought_back(opened: Open, tmp_path: Path) -> None:
    page = opened()
    codes = [star(page, place) for place in range(2)]
    fill_profile(page)
    page.locator("#take summary").press(PRESS)
    copy = took(page, "#take-copy", tmp_path / "own.json")
    again = opened()
    again.locator("#take summary").press(PRESS)
    other = tmp_path / "other.json"
    other.write_text("[1]")
    again.get_by_label("Bring a copy back").set_input_files(other)
    expect(again.locator("#brought")).to_contain_text("nothing was changed")
    again.get_by_label("Bring a copy back").set_input_files(copy)
    expect(again.locator("#brought")).to_have_text("brought back")
    assert set(again.evaluate("own.starred()")) == set(codes) and again.evaluate("own.profile()") == page.evaluate(
        "own.profile()"
    )
    expect(again.locator(".tabulator-row [class*=light-]").first).to_be_visible()


def test_it_keeps_what_is_marked_when_served(opened: Open, sample_release: Path) -> None:
    with server(sample_release / EXPLORER, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        page = opened(address=f"http://127.0.0.1:{serving.server_port}/index.html")
        star(page)
        fill_profile(page)
        page.reload()
        page.wait_for_selector("[data-ready]")
        expect(page.locator(".star[aria-pressed=true]")).to_have_count(1)
        expect(page.locator(".tabulator-row [class*=light-]").first).to_be_visible()
        serving.shutdown()


def test_facts_that_are_gone_are_told(browser: Browser, sample_release: Path, tmp_path: Path) -> None:
    explorer = shutil.copytree(
        (sample_release / EXPLORER).resolve(), tmp_path / EXPLORER, ignore=shutil.ignore_patterns("facts.js")
    )
    page = browser.new_context(offline=True).new_page()
    page.goto((explorer / "index.html").as_uri())
    page.locator("#profile-open").press(PRESS)
    expect(page.locator("#trouble")).to_contain_text("can't be used")
    page.context.close()

"""The explorer in Debian's Chromium, from a folder and without a network: what a doctor does with it."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter, defaultdict
from pathlib import Path

from playwright.sync_api import Browser, expect

from pipeline.commands.explore import server
from pipeline.release.places import EXPLORER
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import STATE_NAMES
from tests.release.explorer.acts import (
    ADDRESS,
    DESKTOP,
    FORMULA,
    HOSTILE,
    PHONE,
    Open,
    choice,
    count,
    rows,
    saved,
    tick,
)


def test_filters_count_and_narrow(opened: Open, sample_release: Path) -> None:
    page, listed = opened(), rows(sample_release)
    assert count(page) == len(listed)
    in_california = [row for row in listed if row["state"] == "CA"]
    tick(page, "state", "California")
    assert count(page) == len(in_california)
    unknown = [row for row in in_california if row["visa_category"] == "?"]
    beside = choice(page, "visa_category", "?: needs confirmation").locator(".n")
    expect(beside).to_have_text(str(len(unknown)))
    tick(page, "visa_category", "?: needs confirmation")
    assert count(page) == len(unknown)
    other = choice(page, "state", "Massachusetts").locator(".n")
    expect(other).to_have_text(str(sum(row["state"] == "MA" and row["visa_category"] == "?" for row in listed)))
    page.click("#clear")
    assert count(page) == len(listed)


def test_size_and_age_count_unknown_apart_and_are_in_the_link(opened: Open, sample_release: Path) -> None:
    page, listed = opened(), rows(sample_release)
    undated = [row for row in listed if row["evidence_quote"] and not row["evidence_date"]]
    unsized = [row for row in undated if row["positions_approved"] is None]
    tick(page, "age", "stated without a date")
    assert count(page) == len(undated) > 0
    expect(choice(page, "size", "not known").locator(".n")).to_have_text(str(len(unsized)))
    tick(page, "size", "not known")
    assert count(opened(f"#{page.url.partition('#')[2]}")) == count(page) == len(unsized)


def test_free_text_finds_words_of_program_institution_and_city(opened: Open, sample_release: Path) -> None:
    page = opened()
    page.fill("#q", "genétics boston")
    expected = [
        row
        for row in rows(sample_release)
        if "Genetic" in f"{row['specialty']}{row['program_name']}"
        and (row["city"] == "Boston" or "Boston" in f"{row['institution']}{row['program_name']}")
    ]
    assert count(page) == len(expected) > 0
    page.fill("#q", "no such program anywhere")
    assert count(page) == 0
    expect(page.locator(".tabulator-placeholder-contents")).to_be_visible()


def test_a_view_is_a_link(opened: Open, sample_release: Path) -> None:
    page = opened()
    row = next(one for one in rows(sample_release) if one["visa_category"] == "A" and one["state"])
    tick(page, "state", STATE_NAMES[row["state"]])
    tick(page, "visa_category", "A: H-1B sponsored")
    page.fill("#q", row["specialty"].split()[0])
    page.select_option("#sort", "-filed")
    page.locator("button.open").first.click()
    expect(page.locator("#drawer-title")).to_be_visible()
    expect(page).to_have_url(re.compile("program="))
    fragment, shown, title = page.url.partition("#")[2], count(page), page.inner_text("#drawer-title")
    again = opened(f"#{fragment}")
    assert (
        count(again) == shown
        and again.input_value("#q") == row["specialty"].split()[0]
        and again.input_value("#sort") == "-filed"
    )
    expect(again.locator("#drawer-title")).to_have_text(title)
    assert choice(again, "visa_category", "A: H-1B sponsored").locator("input").is_checked()
    page.go_back()
    expect(page.locator("#drawer")).not_to_be_visible()
    assert count(page) == shown


def test_an_address_that_fits_nothing_shows_the_list(opened: Open, sample_release: Path) -> None:
    assert count(opened("#state=XX&tier=x&program=0000000000&sort=__proto__&visa_category=%3Cb%3E")) == len(
        rows(sample_release)
    )


def test_the_drawer_shows_the_evidence(opened: Open, sample_release: Path) -> None:
    row = next(
        one
        for one in rows(sample_release)
        if one["evidence_quote"]
        and one["petitioners"]
        and (one["evidence_url"] or "").startswith("https:")
        and one["related_programs"]
    )
    page = opened(f"#program={row['program_code']}")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text(row["evidence_quote"].split("\n")[0])
    link = drawer.locator("a.address").first
    assert link.get_attribute("href") == row["evidence_url"] and "noopener" in (link.get_attribute("rel") or "")
    for text in (
        "What is stated",
        "What follows (inferred)",
        "What is unclear",
        "What was filed for trainees",
        "Who files",
        "Against",
        row["petitioners"][0]["name"],
        row["tier_reasons"][0],
    ):
        expect(drawer).to_contain_text(text)
    drawer.locator("section", has_text="Related programs").locator("button.open").first.click()
    expect(drawer).to_contain_text(row["related_programs"][0]["program_code"])
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_visible()
    expect(page).not_to_have_url(re.compile("program="))


def test_a_click_anywhere_on_a_row_opens_it(opened: Open) -> None:
    page = opened()
    row = page.locator(".tabulator-row").nth(1)
    row.locator(".tabulator-cell").nth(2).click()
    expect(page.locator("#drawer-title")).to_have_text(re.compile(re.escape(row.locator("button.open").inner_text())))


def test_what_is_not_stated_is_unknown_and_not_red(opened: Open, sample_release: Path) -> None:
    row = next(
        one
        for one in rows(sample_release)
        if one["visa_category"] == "?" and not one["evidence_quote"] and one["sponsoring_likelihood"] is not None
    )
    page = opened(f"#program={row['program_code']}")
    expect(page.locator("#drawer")).to_contain_text("neither a yes nor a no")
    expect(page.locator("#drawer")).to_contain_text("No policy, no promise")
    colour = page.locator("#drawer .badge.unknown").first.evaluate("one => getComputedStyle(one).backgroundColor")
    red, green, blue = (int(part) for part in colour[4:-1].split(","))
    assert max(red, green, blue) - min(red, green, blue) < 20


def test_text_from_the_web_is_text(opened: Open, hostile: Path, sample_release: Path) -> None:
    row = next(one for one in rows(sample_release) if one["petitioners"])
    page = opened(f"#program={row['program_code']}", release=hostile)
    expect(page.locator("#drawer blockquote")).to_have_text(f"{HOSTILE}\N{REPLACEMENT CHARACTER}")
    expect(page.locator("#drawer-title")).to_contain_text(HOSTILE)
    expect(page.locator("body > header")).to_contain_text(HOSTILE)
    assert page.locator("main img, dialog img, header img, main script, dialog script").count() == 0
    assert page.locator("[href^='javascript']").count() == 0
    expect(page.locator("#drawer span.address").first).to_have_text(ADDRESS)
    page.locator("#drawer span.address").first.click()
    page.keyboard.press("Escape")
    page.locator("details[data-facet=specialty] summary").click()
    expect(page.locator("details[data-facet=specialty] li").first).to_contain_text(HOSTILE)


def test_keyboard_alone_reaches_the_evidence(opened: Open) -> None:
    page = opened()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.focus("#q")
    page.keyboard.type("medicine")
    shown = count(page)
    box = page.locator("details[data-facet=visa_category] li:not([hidden]) input").first
    for _ in range(40):
        if box.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert count(page) < shown
    page.locator("button.open").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("button.open").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_be_focused()
    expect(page).to_have_url(re.compile(second.get_attribute("data-code") or "no code"))
    page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_it_fits_a_phone(opened: Open) -> None:
    page = opened(width=PHONE)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits) and not page.locator("#facets").is_visible()
    page.click("#toggle")
    tick(page, "visa_category", "A: H-1B sponsored")
    assert page.locator("#toggle").get_attribute("aria-expanded") == "true" and page.evaluate(fits)
    page.click("#toggle")
    assert page.locator(".tabulator-row").count() < 60, "the grid must draw what is seen, not all rows"
    page.locator("button.open").first.click()
    expect(page.locator("#drawer-title")).to_be_visible()
    assert page.evaluate("document.getElementById('drawer').scrollWidth <= innerWidth")


def test_rows_are_left_alone_while_the_list_goes_out_of_view_and_comes_back(opened: Open) -> None:
    page = opened(width=PHONE)
    opener = page.locator("button.open").first
    opener.focus()
    seen = page.evaluate_handle(
        """() => {
          const seen = [];
          new IntersectionObserver((entries) => seen.push(entries.at(-1).isIntersecting)).observe(document.getElementById("grid"));
          return seen;
        }"""
    )
    page.evaluate("document.getElementById('grid').style.transform = 'translateY(200vh)'")
    page.wait_for_function("(seen) => seen.includes(false)", arg=seen)
    page.evaluate("document.getElementById('grid').style.transform = ''")
    page.wait_for_function("(seen) => seen.includes(false) && seen.at(-1)", arg=seen)
    expect(opener).to_be_focused()


def test_the_columns_follow_the_width_of_the_window(opened: Open) -> None:
    page = opened()
    opener = page.locator("button.open").first
    opener.focus()
    page.set_viewport_size({"width": 700, "height": 600})
    page.wait_for_function("document.querySelector('.tabulator-row').clientWidth <= 700")
    assert page.evaluate("document.querySelectorAll('.tabulator-col:not([style*=\\'display: none\\'])').length") < 9
    expect(opener).to_be_focused()
    page.set_viewport_size({"width": DESKTOP, "height": 1600})
    page.wait_for_function("document.querySelectorAll('.tabulator-row').length * 58 > 1300")


def test_what_is_shown_is_saved_as_csv(opened: Open, sample_release: Path, hostile: Path, tmp_path: Path) -> None:
    page = opened()
    tick(page, "state", "California")
    expected = {row["program_code"] for row in rows(sample_release) if row["state"] == "CA"}
    table = saved(page, tmp_path)
    assert {row["program_code"] for row in table} == expected and len(table) == len(expected)
    assert {row["city"] for row in saved(opened(release=hostile), tmp_path)} == {f"'{FORMULA}"}


def test_a_square_of_the_map_sets_the_state(opened: Open, sample_release: Path) -> None:
    page, listed = opened(), rows(sample_release)
    here = [row for row in listed if row["state"] == "CA"]
    written = sum(row["visa_category"] in ("A", "B") for row in here)
    page.locator("#map-open").press("Enter")
    expect(page.locator("#map-title")).to_be_focused()
    square = page.locator("#map [data-state=CA]")
    expect(square).to_have_attribute(
        "aria-label",
        re.compile(f"^CA {len(here)}: California, programs: {len(here)}, sponsoring in writing: {written} "),
    )
    square.press("Enter")
    expect(square).to_be_focused()
    expect(square).to_have_attribute("aria-pressed", "true")
    assert count(page) == len(here) and "state=CA" in page.url
    assert page.locator("#map [data-state]").count() == len({row["state"] for row in listed if row["state"]})
    square.click()
    assert count(page) == len(listed)
    page.locator("#map summary").press("Enter")
    expect(page.locator("#map tbody tr", has_text="California").locator(".n").first).to_have_text(str(len(here)))


def test_the_drawer_draws_filings_by_year(opened: Open, sample_release: Path) -> None:
    years: dict[str, Counter[int]] = defaultdict(Counter)
    for one in Release.open(sample_release).arrow("trainee_filings").to_pylist():
        if day := one["received_date"] or one["begin_date"]:
            years[one["institution_id"]][day.year] += 1
    row = next(one for one in rows(sample_release) if len(years[one["institution_id"]]) > 1)
    page = opened(f"#program={row['program_code']}")
    drawn = page.locator("#drawer .chart svg[role=img]")
    expect(drawn).to_be_visible()
    said = drawn.get_attribute("aria-label") or ""
    counts = years[row["institution_id"]]
    assert all(f"{year}: {count}, " in said for year, count in counts.items()), (said, counts)
    assert drawn.locator("rect.whole").count() == max(counts) - min(counts) + 1


def test_it_prints_all_rows_that_are_shown_or_what_is_open(opened: Open, sample_release: Path, tmp_path: Path) -> None:
    page = opened()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#paper tbody tr")).to_have_count(len(rows(sample_release)))
    expect(page.locator("body > header")).to_contain_text("as of")
    expect(page.locator("main")).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#paper")).to_be_empty()
    page.emulate_media(media="screen")
    page.locator("button.open").first.click()
    page.get_by_label("Your notes").fill("<b>asked</b>")
    title = page.inner_text("#drawer-title")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#paper h2")).to_have_text(title)
    expect(page.locator("#paper .said", has_text="<b>asked</b>")).to_be_visible()
    expect(page.locator("dialog[open]")).not_to_be_visible()
    assert page.pdf(path=tmp_path / "drawer.pdf")[:4] == b"%PDF"


def test_it_works_with_storage_refused(opened: Open, sample_release: Path) -> None:
    assert count(opened(refuse=True)) == len(rows(sample_release))


def test_it_works_served(opened: Open, sample_release: Path) -> None:
    with server(sample_release / EXPLORER, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        page = opened(address=f"http://127.0.0.1:{serving.server_port}/index.html")
        page.locator("button.open").first.click()
        expect(page.locator("#drawer-title")).to_be_visible()
        serving.shutdown()


def test_evidence_that_is_gone_is_told(browser: Browser, sample_release: Path, tmp_path: Path) -> None:
    shutil.copytree(
        (sample_release / EXPLORER).resolve(), tmp_path / EXPLORER, ignore=shutil.ignore_patterns("evidence")
    )
    page = browser.new_context(offline=True).new_page()
    page.goto((tmp_path / EXPLORER / "index.html").as_uri())
    page.locator("button.open").first.click()
    expect(page.locator("#drawer .warn")).to_contain_text("can't be shown")
    page.context.close()

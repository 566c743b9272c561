"""Where a fetch starts, site by site, and whom the pages of a site are about."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.fetch.attribution import about_page
from pipeline.fetch.ranking import read_words
from pipeline.fetch.seeds import (
    KNOWN_COLUMNS,
    About,
    Seed,
    home_seeds,
    host_seeds,
    known_seeds,
    program_seeds,
    read_known_pages,
)
from pipeline.fetch.site_plans import of_institution, site_plans
from pipeline.reference.load import ReferenceTableError, read_reference
from pipeline.schemas.frames import empty_frame


def program(code: str, website: str, institution: str = "Example Hospital", identity: str = "inst_1") -> dict[str, str]:
    return {"program_code": code, "website": website, "institution_id": identity, "institution": institution, "city": "Boston", "state": "MA"}  # fmt: skip


def plan_of(*seeds: Seed):  # type: ignore[no-untyped-def]
    [plan] = site_plans(seeds)
    return plan


def test_whom_a_page_is_about() -> None:
    listed = pd.DataFrame(
        [program("1111111111", "https://x.org/surgery/"), program("2222222222", "https://x.org/medicine/home.html")]
    )
    known = Seed("https://x.org/gme/visa", "known", About("Example Hospital", "Boston", "MA", "GME office"), "inst_1")
    plan = plan_of(known, *program_seeds(listed))
    assert about_page("https://x.org/gme/visa", "Visas", plan).program == "GME office"
    assert about_page("https://x.org/surgery/visa", "Visas", plan).program_code == "1111111111"
    assert about_page("https://x.org/medicine/faq", "FAQ", plan).program_code == "2222222222"
    other = about_page("https://x.org/radiology/faq", "FAQ | Radiology residency", plan)
    assert (other.institution, other.program_code, other.program) == (
        "Example Hospital",
        "",
        "FAQ | Radiology residency - radiology faq",
    )


def test_a_page_that_may_be_of_several_institutions_is_about_none() -> None:
    listed = pd.DataFrame(
        [
            program("1111111111", "https://x.org/a/"),
            program("2222222222", "https://x.org/b/", "Other Hospital", "inst_2"),
        ]
    )
    plan = plan_of(*program_seeds(listed))
    assert about_page("https://x.org/gme/visa", "Visas", plan) == About()
    assert about_page("https://x.org/b/visa", "Visas", plan).institution == "Other Hospital"
    # Asking for one institution alone does not make the other's pages its own.
    [only] = of_institution([plan], "example")
    assert [start.url for start in only.entry_points] == ["https://x.org/a/"] and about_page(
        "https://x.org/gme/visa", "V", only
    ) == About()


def test_a_website_that_programs_share_names_none_of_them() -> None:
    listed = pd.DataFrame([program("1111111111", "https://x.org/peds/"), program("2222222222", "https://x.org/peds/")])
    plan = plan_of(*program_seeds(listed))
    page = about_page("https://x.org/peds/visa", "Visas", plan)
    assert (page.program_code, page.institution, page.program) == ("", "Example Hospital", "Visas - peds visa")


def test_a_whole_host_is_a_programs_only_if_nobody_else_starts_there() -> None:
    alone = plan_of(*program_seeds(pd.DataFrame([program("1111111111", "https://surgery.org/")])))
    assert about_page("https://surgery.org/visa", "Visas", alone).program_code == "1111111111"
    home = Seed("https://surgery.org/about", "home", About("Example Hospital"), "inst_1")
    shared = plan_of(home, *program_seeds(pd.DataFrame([program("1111111111", "https://surgery.org/")])))
    assert about_page("https://surgery.org/visa", "Visas", shared).program_code == ""


def test_homes_come_from_registers_and_sites_with_known_pages_first() -> None:
    institutions = pd.DataFrame({"institution_id": ["i1", "i2"], "name": ["A", "B"], "city": ["X", None], "state": ["MA", "NY"], "unitid": ["100001", None], "ror_id": [None, "https://ror.org/1"]})  # fmt: skip
    ipeds = pd.DataFrame({"unitid": ["100001"], "website": ["www.a.edu/"]})
    ror = pd.DataFrame({"ror_id": ["https://ror.org/1"], "website": ["https://b.org"]})
    homes = list(home_seeds(institutions, ipeds, ror, empty_frame("university_domains")))
    assert [(one.url, one.about.institution) for one in homes] == [("https://www.a.edu/", "A"), ("https://b.org/", "B")]
    known = Seed("https://z.org/visa", "known", About("Z"))
    assert [plan.site.name for plan in site_plans([*homes, known])] == ["z.org", "a.edu", "b.org"]


def test_of_a_host_that_others_share_only_the_folder_is_an_institutions() -> None:
    listed = pd.DataFrame({"institution_id": ["i1"], "name": ["Poudre Valley Hospital"], "state": ["CO"], "sponsor_code": [None], "other_sponsor_codes": [[]], "aliases": [[]], "sponsor_names": [[]], "places": [[]]})  # fmt: skip
    hosts = pd.DataFrame(
        {
            "institution": ["Poudre Valley Hospital", "Nobody's Hospital"],
            "city": "Fort Collins",
            "state": "CO",
            "url": ["https://www.x.org/residencies/family/faq", "https://other.org/"],
            "folder": ["/residencies/family/", ""],
        }
    )
    [seed] = host_seeds(hosts, listed)
    assert (seed.kind, seed.institution_id, seed.folder) == ("home", "i1", "/residencies/family/")
    plan = plan_of(seed)
    assert about_page("https://www.x.org/residencies/family/visa", "V", plan).institution == "Poudre Valley Hospital"
    assert about_page("https://www.x.org/residencies/surgery/visa", "V", plan) == About()
    assert about_page(seed.url, "FAQ", plan).institution == "Poudre Valley Hospital"


def test_the_curated_sites_begin_in_their_folders() -> None:
    hosts = read_reference("pages/gme_hosts.csv")
    assert all(folder in url for url, folder in zip(hosts["url"], hosts["folder"], strict=True))


def test_the_known_pages_of_the_project_can_be_used() -> None:
    known = read_known_pages()
    seeds = list(known_seeds(known, empty_frame("institutions")))
    assert len(seeds) == len(known) > 50 and all(seed.about.institution and seed.about.state for seed in seeds)
    assert {word.kind for word in read_words()} >= {"visa", "international", "eligibility", "faq", "apply"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("A,,,,MA,https:///x,s", "line 2: the address can't be used"),
        ("A,,,,MA,https://x.org/,s\nB,,,,MA,https://X.org,s", "line 3: the address is there twice"),
    ],
)
def test_wrong_known_pages_are_named(reference_copy: Path, lines: str, message: str) -> None:
    (reference_copy / "pages" / "known_pages.csv").write_text(",".join(KNOWN_COLUMNS) + "\n" + lines + "\n")
    with pytest.raises(ReferenceTableError, match=message):
        read_known_pages()

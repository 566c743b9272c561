"""Shards of sites, and what the pages of each institution yield."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.page_yield import (
    InstitutionPages,
    keep_yield,
    kept_yield,
    pages_by_institution,
    yield_in_words,
    yield_table,
)
from pipeline.fetch.seeds import About, Seed
from pipeline.fetch.site_plans import Shard, ShardError, of_shard, read_shard, site_plans
from tests.fetch.conftest import Web

PLANS = site_plans(Seed(f"https://site{number}.org/", "home", About(), f"inst_{number % 3}") for number in range(40))


def test_shards_part_the_sites_whatever_others_there_are() -> None:
    parts = [of_shard(PLANS, Shard(number, 7)) for number in range(1, 8)]
    assert sorted(plan.site.name for part in parts for plan in part) == sorted(plan.site.name for plan in PLANS)
    assert of_shard(PLANS[:5], Shard(1, 7)) == [plan for plan in PLANS[:5] if plan in parts[0]]


@pytest.mark.parametrize("text", ["", "0/7", "8/7", "1", "a/b", "1/0", "-1/7", "1/99999", "١/٧"])
def test_what_names_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ShardError, match="such as 3/7"):
        read_shard(text)


def test_a_run_over_a_shard_asks_its_sites_alone(web: Web) -> None:
    web.page("/")
    seeds = [web.seed("/", "known", f"site{number}.test") for number in range(24)]
    asked = {page.site for number in (1, 2) for page in web.fetch(*seeds, shard=Shard(number, 2)).pages}
    assert len(asked) == 24
    [counted] = kept_yield(web.folder.fetch)
    assert counted.institution_id == "inst_1" and counted.asked == counted.found


def test_pages_count_for_each_institution_of_a_site_and_not_before_its_turn() -> None:
    shared = [Seed("https://a.org/", "home", About(), one) for one in ("inst_a", "inst_b")]
    plans = site_plans([*shared, Seed("https://b.org/", "home", About(), "inst_c")])
    pages = [
        PageOutcome("a.org", f"https://a.org/{word}", word)
        for word in ("new", "unchanged", "not_kept", "failed", "not_asked")
    ]  # type: ignore[arg-type]
    assert pages_by_institution(plans, pages, "2026-11-30") == (
        InstitutionPages("inst_a", 4, 2, "2026-11-30"),
        InstitutionPages("inst_b", 4, 2, "2026-11-30"),
    )


def test_a_run_over_some_institutions_keeps_what_is_known_of_the_others(tmp_path: Path) -> None:
    keep_yield(
        tmp_path, [InstitutionPages("inst_a", 4, 2, "2026-11-01"), InstitutionPages("inst_b", 1, 0, "2026-11-01")]
    )
    keep_yield(tmp_path, [InstitutionPages("inst_b", 3, 1, "2026-11-08")])
    assert [(one.institution_id, one.asked) for one in kept_yield(tmp_path)] == [("inst_a", 4), ("inst_b", 3)]
    (tmp_path / "page_yield.json").write_text('[{"institution_id": 1}]')
    assert kept_yield(tmp_path) == ()


def test_stated_and_not_stated_are_counted_apart_from_silence() -> None:
    institutions = pd.DataFrame({"institution_id": list("abcd"), "name": list("ABCD"), "state": ["MA"] * 4})
    policies = pd.DataFrame(
        [
            ("a", "j1_only", "page"),
            ("a", "not_stated", "page"),
            ("b", "not_stated", "page"),
            ("c", "not_stated", "restated"),
        ],
        columns=["institution_id", "policy", "evidence_kind"],
    )
    rows = yield_table(institutions, policies, [InstitutionPages("b", 5, 1, "2026-11-30")])
    assert rows["institution_id"].tolist() == ["c", "d", "b", "a"]
    assert rows.set_index("institution_id")[["asked", "found", "stated", "not_stated"]].to_dict("index") == {
        "c": {"asked": 0, "found": 0, "stated": 0, "not_stated": 0}, "d": {"asked": 0, "found": 0, "stated": 0, "not_stated": 0},
        "b": {"asked": 5, "found": 1, "stated": 0, "not_stated": 1}, "a": {"asked": 0, "found": 0, "stated": 1, "not_stated": 1},
    }  # fmt: skip
    assert (
        "of 4 institutions 1 were asked and 1 have a page; 1 state a policy and 1 have pages that state none: 50% known"
        in yield_in_words(rows)
    )

"""Which links are worth a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.fetch.ranking import rank, read_words, speaks_of_visas
from pipeline.reference.load import ReferenceTableError


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/residency/visa", "/residency"), ("/gme/international-medical-graduates", "/gme"), ("/residency/faq", "/residency/life"),
        ("/residency/how-to-apply", "/undergraduate/how-to-apply"), ("/gme/eligibility", "/about"),
        ("/gme/visa", "/news/visa"), ("/residency/application-requirements", "/admissions/freshmen"),
        ("/residency/ImgFaq", "/residency/people"),
    ],
)  # fmt: skip
def test_pages_on_visas_of_residents_rank_above_the_rest(better: str, worse: str) -> None:
    assert rank(f"https://x.org{better}").score > rank(f"https://x.org{worse}").score


@pytest.mark.parametrize("path", ["/login?next=/residency", "/logo.png", "/residency.zip", "/athletics", "/about"])
def test_pages_that_promise_nothing(path: str) -> None:
    assert rank(f"https://x.org{path}").score <= 0


def test_the_words_of_a_link_count_as_its_address() -> None:
    assert rank("https://x.org/p/12345", "Visa sponsorship for residents").wanted
    assert (
        not rank("https://x.org/p/12345", "Our residents").wanted
        and rank("https://x.org/p/12345", "Our residents").score > 0
    )


@pytest.mark.parametrize("text", ["an H‑1B", "h1b", "J-1 visa", "the J1", "ECFMG certified"])
def test_what_speaks_of_visas(text: str) -> None:
    assert speaks_of_visas(text) and not speaks_of_visas("advisable; a vista; box J-10")


def test_a_pattern_that_is_none_is_named_with_its_line(reference_copy: Path) -> None:
    (reference_copy / "pages" / "words.csv").write_text("kind,pattern,weight,note\nvisa,(,1,\n")
    read_words.cache_clear()
    with pytest.raises(ReferenceTableError, match=r"words\.csv, line 2"):
        read_words()
    read_words.cache_clear()

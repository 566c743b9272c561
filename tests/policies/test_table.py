"""From pages to claims."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from pipeline.policies.table import PageContent, policies_from_pages
from pipeline.policies.third_reader.question import Question
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame

PAGE = (
    b"<html><body><h1>How to apply</h1><p>We sponsor J-1 and H-1B visas.</p><p>Last updated: May 2025</p></body></html>"
)
SPECIALTIES = pd.Series({"1400500911": "Internal Medicine"})


def pages(**changes: object) -> pd.DataFrame:
    row = {
        "snapshot_id": "program_pages/a",
        "url": "https://x.example",
        "retrieved_on": pd.Timestamp("2026-01-02"),
    }
    return to_frame(to_arrow(pd.DataFrame([row | changes]), "program_pages"))


def links(**changes: object) -> pd.DataFrame:
    row = {
        "snapshot_id": "program_pages/a",
        "institution_id": "inst_1",
        "program_code": "1400500911",
        "scope": None,
        "department": None,
    }
    return pd.DataFrame([row | changes]).astype("str").where(lambda frame: frame != "None")


@dataclass
class Says:
    """A third reader with one stance on both visas, whatever it is asked."""

    stance: str
    quotation: str
    model: str = "stub"

    def answer(self, question: Question) -> str:
        return json.dumps({key: {"quotations": [self.quotation], "stance": self.stance} for key in ("j1", "h1b")})


def claim_of(
    page: pd.DataFrame, link: pd.DataFrame, content: bytes = PAGE, media: str = "html", third: Says | None = None
) -> pd.Series:
    frame = policies_from_pages(page, link, SPECIALTIES, lambda _: PageContent(lambda: content, "", media), third)
    conformed = to_frame(to_arrow(frame, "visa_policies"))
    assert violations(conformed, "visa_policies") == []
    return conformed.iloc[0]


def test_a_page_is_read_with_its_sentence() -> None:
    claim = claim_of(pages(), links())
    assert (claim["j1"], claim["h1b"], claim["policy"]) == ("yes", "yes", "both")
    assert claim["evidence_quote"] == "We sponsor J-1 and H-1B visas."
    assert claim["evidence_locator"].startswith("block ")
    assert claim["page_date"] == pd.Timestamp("2025-05-01")


def test_a_page_that_says_nothing_claims_nothing() -> None:
    claim = claim_of(pages(), links(), b"<html><body><p>We have a friendly team.</p></body></html>")
    assert (claim["policy"], claim["h1b"]) == ("not_stated", "not_stated") and pd.isna(claim["evidence_quote"])


def test_what_a_third_reader_says_stands_beside_what_the_two_read() -> None:
    page = b"<p>Residents on OPT must move to a J-1 or H-1B by the second year.</p>"
    alone = claim_of(pages(), links(), page)
    assert len(alone["readings"]) == 2 and alone["needs_confirmation"]
    for stance, sure in (("no", False), ("case_by_case", True)):
        claim = claim_of(pages(), links(), page, third=Says(stance, "must move to a J-1 or H-1B"))
        assert claim["readings"][2].startswith("By stub: ") and claim["needs_confirmation"] is not sure
        assert ("third_reader" in claim["rules"]) is sure and claim["policy"] == alone["policy"]


def test_the_link_decides_the_scope_where_it_can() -> None:
    assert claim_of(pages(), links(scope="institution"))["scope"] == "institution"


def test_no_pages_no_claims() -> None:
    assert policies_from_pages(
        empty_frame("program_pages"), links(), SPECIALTIES, lambda _: PageContent(lambda: b"", "", "html")
    ).empty


def test_a_page_that_cannot_be_read_states_nothing_and_asks_for_a_person() -> None:
    claim = claim_of(pages(), links(), media="pdf")
    assert (claim["policy"], claim["j1"], claim["h1b"]) == ("not_stated", "not_stated", "not_stated")
    assert claim["needs_confirmation"] and claim["rules"] == ["unreadable"] and pd.isna(claim["evidence_quote"])

"""Facts of published policies become claims of the institutions and programs they name, and of nobody else."""

from __future__ import annotations

import pandas as pd

from pipeline.policies.facts import policies_from_facts
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import to_arrow, to_frame

FACT = {
    "fact_id": "fact_1", "institution": "Example Hospital", "program": "Neurology residency", "specialty": "Neurology",
    "city": "Boston", "state": "MA", "url": "https://x.example", "j1": "yes", "h1b": "no", "policy": "j1_only",
    "step3_required_for_h1b": "not_stated", "step3_deadline": None, "scope": "institution", "page_year": 2019, "summary": "J-1 only.",
    "confidence": "high", "snapshot_id": "policy_facts/a", "filed_on": pd.Timestamp("2026-11-30"),
}  # fmt: skip


def claims(link: dict[str, object], **changes: object) -> pd.DataFrame:
    linked = pd.DataFrame([{"institution_id": None, "program_code": None, "scope": None, "department": None} | link])
    frame = to_frame(to_arrow(policies_from_facts(pd.DataFrame([FACT | changes]), linked), "visa_policies"))
    assert violations(frame, "visa_policies") == []
    return frame


def test_a_fact_is_restated_evidence_with_its_address_and_year() -> None:
    [claim] = claims({"institution_id": "inst_1", "program_code": "1800500911"}).to_dict("records")
    assert (claim["h1b"], claim["policy"], claim["evidence_quote"], claim["url"]) == (
        "no",
        "j1_only",
        "J-1 only.",
        "https://x.example",
    )
    assert claim["evidence_kind"] == "restated" and claim["needs_confirmation"] and claim["confidence"] == "medium"
    assert (claim["page_date"], claim["scope"]) == (pd.Timestamp("2019-01-01"), "institution")


def test_the_link_decides_whose_policy_it_is_where_it_can() -> None:
    assert claims({"institution_id": "inst_1", "scope": "program"})["scope"].tolist() == ["program"]


def test_a_fact_without_a_year_has_no_date() -> None:
    assert claims({"institution_id": "inst_1"}, page_year=pd.NA)["page_date"].isna().all()


def test_a_fact_about_an_institution_that_is_not_in_the_list_is_left_out() -> None:
    assert claims({"institution_id": None}).empty

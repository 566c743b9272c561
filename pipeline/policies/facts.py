"""Facts of published policies as rows of table `visa_policies`: what a person read on a page, said in other words.

What belongs here: the columns of the table. How a file of facts is read is in `pipeline/sources/policy_facts.py`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.policies.table import terms_frame
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_ids

_SURE: Final = {"high": "medium", "medium": "medium", "low": "low"}  # no one here has seen the page again
_TAKEN: Final = (
    "institution_id", "program_code", "j1", "h1b", "policy", "step3_required_for_h1b", "url", "snapshot_id",
)  # fmt: skip


def policies_from_facts(facts: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return the table `visa_policies` of facts about institutions of the list, one row each; the machine does not read them again.

    facts: table policy_facts, with the day on which its file was filed (filed_on). links: institution_id, program_code,
    department and scope of each fact, in the same order (scope null where nothing decides). Facts about institutions that the list doesn't
    have are left out.
    """
    known = pd.concat([facts.reset_index(drop=True), links.reset_index(drop=True).add_prefix("linked_")], axis=1)
    known = known[known["linked_institution_id"].notna()].rename(
        columns={"linked_institution_id": "institution_id", "linked_program_code": "program_code"}
    )
    if known.empty:
        return empty_frame("visa_policies")
    years = known["page_year"]
    empty = [[] for _ in years]
    return pd.DataFrame(
        {
            "policy_id": stable_ids("policy", known["fact_id"]),
            **{name: known[name] for name in _TAKEN},
            "institution_as_named": known["institution"],
            "program_as_named": known["program"],
            "department": known["linked_department"],
            "scope": known["linked_scope"].fillna(known["scope"]),
            **terms_frame(known["step3_deadline"], known["summary"], known["h1b"]),
            "evidence_quote": known["summary"],
            "evidence_kind": "restated",
            "evidence_locator": "fact " + known["fact_id"],
            "counter_evidence": empty,
            "readings": empty,
            "page_date": pd.to_datetime(years.astype("str") + "-01-01", format="%Y-%m-%d", errors="coerce"),
            "retrieved_on": known["filed_on"],
            "rules": [["restated"] for _ in years],
            "confidence": known["confidence"].map(_SURE),
            "needs_confirmation": True,
        }
    )

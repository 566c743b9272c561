"""Pages on which the two readers differ come before a person."""

from __future__ import annotations

import pandas as pd

from pipeline.release.review import reading_review

BOTH = ["By its sentences: both (J-1 yes, H-1B yes). “…”", "By weights: j1_only (J-1 yes, H-1B no), 71%. “…”"]


def test_pages_on_which_the_readers_differ_are_reviewed_with_both_readings() -> None:
    policies = pd.DataFrame(
        {
            "policy_id": ["p1", "p2", "p3"],
            "institution_id": ["i1", "i1", None],
            "institution_as_named": ["A", "A", "B"],
            "program_as_named": ["Urology", None, None],
            "url": ["https://a.org/visa", "https://a.org/gme", None],
            "readings": [BOTH, [], BOTH],
            "rules": [["readers_differ"], [], ["readers_differ"]],
        }
    )
    institutions = pd.DataFrame({"institution_id": ["i1"], "name": ["A Hospital"]})
    links = pd.DataFrame(
        {
            "institution_id": ["i1"] * 3,
            "petitioner_id": ["e1", "e1", "e2"],
            "decision": ["accepted", "accepted", "review"],
        }
    )
    petitioners = pd.DataFrame(
        {"petitioner_id": ["e1", "e2"], "initial_approvals": [3, 9], "continuing_approvals": [4, 9]}
    )
    rows = reading_review(policies, institutions, links, petitioners)
    assert rows[["kind", "subject", "candidate", "approvals", "subject_id"]].to_dict("records") == [
        {
            "kind": "visa_policy",
            "subject": "A Hospital, Urology",
            "candidate": "https://a.org/visa",
            "approvals": 7,
            "subject_id": "p1",
        }
    ]
    assert rows["reasons"].tolist() == [BOTH]

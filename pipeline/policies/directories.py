"""Programs' own answers in directories as rows of table `visa_policies`: self-reported, never more than that.

What belongs here: the columns of the table. How answers are read off a page is in `pipeline/sources/directory_pages`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.policies.decision import policy_of
from pipeline.policies.table import terms_frame
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_id

DIRECTORY_TITLES: Final = {"ama_freida": "AMA FREIDA", "residency_explorer": "AAMC Residency Explorer"}


def policies_from_directories(answers: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return the table `visa_policies` of programs' answers in directories, one row each; none where nothing is answered on visas.

    answers: table directory_answers. programs: program_code, institution_id. Answers of a program that is not in the list have no
    institution.
    """
    answered = answers[answers["visa_answers"].notna()]
    if answered.empty:
        return empty_frame("visa_policies")
    known = answered.merge(programs[["program_code", "institution_id"]], on="program_code", how="left")
    words = [policy_of(j1, h1b) for j1, h1b in zip(known["j1"], known["h1b"], strict=True)]
    title = known["answered_in"].map(DIRECTORY_TITLES)
    empty = [[] for _ in words]
    return pd.DataFrame(
        {
            "policy_id": [
                stable_id("policy", code, directory)
                for code, directory in zip(known["program_code"], known["answered_in"], strict=True)
            ],
            "program_code": known["program_code"],
            "institution_id": known["institution_id"],
            "institution_as_named": None,
            "program_as_named": known["program_name"],
            "scope": "program",
            "j1": known["j1"],
            "h1b": known["h1b"],
            "policy": words,
            "step3_required_for_h1b": "not_stated",
            **terms_frame(None, known["visa_answers"], known["h1b"]),
            "evidence_quote": "Answered in " + title + ": " + known["visa_answers"],
            "evidence_kind": "directory",
            "evidence_locator": "program " + known["program_code"] + " in " + title,
            "counter_evidence": empty,
            "readings": empty,
            "url": known["url"],
            "page_date": known["answered_on"],
            "retrieved_on": known["retrieved_on"],
            "rules": [["directory_answer"] for _ in words],
            "confidence": "medium",
            "needs_confirmation": True,
            "snapshot_id": known["snapshot_id"],
        }
    )

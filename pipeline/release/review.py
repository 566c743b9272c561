"""The review queue: what a person should look at, the most approvals at stake first.

What belongs here: the questions that cap exemption, pages, their readings and directories leave open, and the order of all. The links
under review come from `linkage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from pipeline.archive.bounds import measure
from pipeline.archive.quarantined_rows import WHOLE_FILE
from pipeline.linkage.open_links import csv_line
from pipeline.policies.agreement import DIFFER
from pipeline.policies.choice import candidate_policies
from pipeline.policies.self_reported import contradictions
from pipeline.schemas.registry import table
from pipeline.sources.catalogue import SOURCES

_WHICH_INSTITUTION: Final = (
    "Which institution of the list is this page about? Add the page again with --program or --institution"
)
_WHICH_PROGRAM: Final = "No list at hand has the program that answered in this directory. Add a list that has it"
_WHICH_LINE: Final = (
    "No list at hand has who answered, or several are called so. Mend the line of confirmations.csv (the code, or the institution's id) "
    "and add it again; until then it counts for nothing"
)


def cap_exemption_review(
    cap_exemption: pd.DataFrame, petitioners: pd.DataFrame, linked: pd.Series | frozenset[str]
) -> pd.DataFrame:
    """Return petitioners whose evidence on cap exemption conflicts, as rows of `review_queue` without rank.

    cap_exemption, petitioners: the tables of these names. linked: petitioner_ids of training institutions' petitioners, which
    come first at equal stakes.
    """
    conflicted = cap_exemption["counter_evidence"].map(len) > 0
    open_cases = cap_exemption[conflicted & (cap_exemption["category"] == "unknown")]
    stake = petitioners.assign(approvals=petitioners["initial_approvals"] + petitioners["continuing_approvals"])
    rows = open_cases.merge(stake[["petitioner_id", "approvals"]], on="petitioner_id")
    own = rows["petitioner_id"].isin(list(linked))
    return pd.DataFrame(
        {
            "kind": "cap_exemption",
            "subject": rows["name"] + " (" + rows["state"].fillna("no state") + ")",
            "candidate": None,
            "question": "Evidence on cap exemption conflicts: what is this entity? Rule on it in judgements/*.csv: docs/runbook.md",
            "reasons": [
                [f"{piece['field']} = {piece['value']} ({piece['source']})" for piece in (*support, *counter)]
                for support, counter in zip(rows["evidence"], rows["counter_evidence"], strict=True)
            ],
            "approvals": rows["approvals"],
            "uncertainty": own.map({True: 1.0, False: 0.5}).astype("float64"),
            "subject_id": rows["petitioner_id"],
            "candidate_id": None,
            "ruling": [
                csv_line([name, state, None, "CATEGORY", "REASON", "YYYY-MM-DD", "reviewer", "SOURCE"])
                for name, state in zip(rows["name"], rows["state"], strict=True)
            ],
        }
    )


def page_review(policies: pd.DataFrame) -> pd.DataFrame:
    """Return pages that state a policy but could not be linked to an institution, as rows of `review_queue` without rank.

    policies: table `visa_policies`.
    """
    rows = policies[policies["institution_id"].isna() & (policies["policy"] != "not_stated")]
    institution = rows["institution_as_named"].fillna("no institution named")
    about = institution + ", " + rows["program_as_named"].fillna("no program named")
    about = about.mask(rows["program_code"].notna(), "program " + rows["program_code"] + ", which is not in the list")
    question = pd.Series(_WHICH_INSTITUTION, index=rows.index, dtype="str")
    question = question.mask(rows["evidence_kind"] == "directory", _WHICH_PROGRAM)
    question = question.mask(rows["evidence_kind"] == "confirmed", _WHICH_LINE)
    return pd.DataFrame(
        {
            "kind": "page_link",
            "subject": about,
            "candidate": rows["url"],
            "question": question,
            "reasons": [[quote] if isinstance(quote, str) else [] for quote in rows["evidence_quote"]],
            "approvals": 0,
            "uncertainty": 1.0,
            "subject_id": rows["policy_id"],
            "candidate_id": None,
        }
    )


def reading_review(
    policies: pd.DataFrame, institutions: pd.DataFrame, petitioner_links: pd.DataFrame, petitioners: pd.DataFrame
) -> pd.DataFrame:
    """Return pages of known institutions on which the two readers differ and no third one settles it, as rows of `review_queue`
    without rank.

    policies, institutions, petitioner_links, petitioners: the tables of these names. At stake are the approvals of the institution's
    accepted petitioners.
    """
    differ = pd.Series([DIFFER in list(rules) for rules in policies["rules"]], index=policies.index, dtype="bool")
    rows = policies[differ & policies["institution_id"].notna()]
    accepted = petitioner_links.loc[petitioner_links["decision"] == "accepted", ["institution_id", "petitioner_id"]]
    counted = petitioners.assign(approvals=petitioners["initial_approvals"] + petitioners["continuing_approvals"])
    stakes = accepted.drop_duplicates().merge(counted[["petitioner_id", "approvals"]], on="petitioner_id")
    at_stake = stakes.groupby("institution_id")["approvals"].sum()
    names = institutions.set_index("institution_id")["name"]
    about = rows["program_as_named"].fillna("the whole institution")
    return pd.DataFrame(
        {
            "kind": "visa_policy",
            "subject": rows["institution_id"].map(names).fillna(rows["institution_as_named"]) + ", " + about,
            "candidate": rows["url"],
            "question": "The two readers differ: what does this page say of visas? Ask, then add a confirmation",
            "reasons": [list(readings) for readings in rows["readings"]],
            "approvals": rows["institution_id"].map(at_stake).fillna(0).astype("int64"),
            "uncertainty": 1.0,
            "subject_id": rows["policy_id"],
            "candidate_id": None,
        }
    )


def source_review(snapshots: pd.DataFrame, quarantine: pd.DataFrame) -> pd.DataFrame:
    """Return each bound of a source that is broken as a row of `review_queue` without rank: the file may be cut off, or the
    source may have changed its form.

    snapshots, quarantine: the tables of these names.
    """
    quarantined = quarantine.loc[quarantine["row"] != WHOLE_FILE, "source"].value_counts()
    broken = [
        (source, problem)
        for source in SOURCES
        for problem in measure(source, snapshots, int(quarantined.get(source.id, 0))).problems
    ]
    return _open_questions(
        "source_size",
        [f"{source.title}: {problem}" for source, problem in broken],
        "Is the file whole, and does its reader still fit? Download it again and add it, or leave it",
        [source.id for source, _ in broken],
    )


def ruling_review(problems: Sequence[str]) -> pd.DataFrame:
    """Return rulings of the operator that could not be used, a line each, as rows of `review_queue` without rank."""
    question = "Mend the row and refresh again; until then it counts for nothing"
    return _open_questions("ruling", list(problems), question, [problem.partition(": ")[0] for problem in problems])


def _open_questions(kind: str, subjects: list[str], question: str, ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": kind,
            "subject": pd.Series(subjects, dtype="str"),
            "candidate": None,
            "question": question,
            "reasons": pd.Series([[] for _ in subjects], dtype="object"),
            "approvals": 0,
            "uncertainty": 1.0,
            "subject_id": pd.Series(ids, dtype="str"),
            "candidate_id": None,
        }
    )


def directory_review(policies: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return programs whose answer in a directory contradicts a page, a person or another directory, as rows of `review_queue`
    without rank.

    policies, programs: the tables `visa_policies` and `programs`.
    """
    rows = contradictions(candidate_policies(policies, programs[["program_code", "institution_id", "specialty"]]))
    rows = rows.merge(programs[["program_code", "program_name", "institution_id"]], on="program_code", how="left")
    return pd.DataFrame(
        {
            "kind": "visa_policy",
            "subject": rows["program_name"] + " (" + rows["program_code"] + ")",
            "candidate": None,
            "question": "What holds for the "
            + rows["visa"]
            + "? Ask the program and add its answer to confirmations.csv",
            "reasons": [
                [f"{visa} {said}: {by}", f"{visa} {answered}: {answer}"]
                for visa, said, by, answered, answer in zip(
                    *(rows[name] for name in ("visa", "said", "said_by", "answered", "answer")), strict=True
                )
            ],
            "approvals": 0,
            "uncertainty": 1.0,
            "subject_id": rows["policy_id"],
            "candidate_id": rows["institution_id"],
        }
    )


def review_queue(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return table `review_queue`: the rows of all parts by approvals times uncertainty, the highest first."""
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else parts[0]
    stake = rows["approvals"].astype("float64") * rows["uncertainty"]
    order = rows.assign(stake=stake, candidate_key=rows["candidate_id"].fillna(""))
    order = order.sort_values(
        ["stake", "kind", "subject", "candidate_key", "subject_id"], ascending=[False, True, True, True, True]
    )
    ranked = order.drop(columns=["stake", "candidate_key"]).reset_index(drop=True).assign(rank=range(1, len(order) + 1))
    return ranked.reindex(columns=list(table("review_queue").columns))

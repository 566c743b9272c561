"""Which stated policy counts for a program: its own page, its institution's, what a person confirmed, or its answer in a directory.

What belongs here: the choice among statements at hand. How a page is read is elsewhere in the room; what answers in directories add to
the choice, and where they contradict it, is in `self_reported.py`.

The order is that of docs/methods/sponsor_tier.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.links.page_subject import specialty_keys
from pipeline.policies.claims import CONTACT
from pipeline.policies.decision import NOT_STATED, category_of, policy_of
from pipeline.policies.self_reported import filled_in, without_contradictions
from pipeline.schemas.vocabulary import OFFERED

_STATED: Final = {"yes": "yes", "no": "no", "case_by_case": "case by case"}
_CONFIDENCE: Final = {"low": 0, "medium": 1, "high": 2}
_EVIDENCE: Final = {
    "evidence_quote": "evidence_quote", "url": "evidence_url", "scope": "evidence_scope", "page_date": "evidence_date",
    "evidence_kind": "evidence_kind", "snapshot_id": "evidence_snapshot",
    "saved_on": "evidence_saved_on", "last_changed_on": "evidence_last_changed_on",
}  # fmt: skip
OTHER_PROGRAM: Final = "other_program"
_STANCES: Final = {"h1b": "h1b_stated", "j1": "j1_stated", "policy": "policy"}
_LISTS: Final = ("conditions", "routes")
COLUMNS: Final = [
    "program_code", "policy_id", *_STANCES.values(), "visa_category", "step3_required_for_h1b", "step3_deadline",
    "step3_due", "step3_due_on", "conditions", "routes", "paused_until", *_EVIDENCE.values(), "policy_confidence",
    "policy_needs_confirmation", "other_policies",
]  # fmt: skip


def choose_policy(policies: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return the stated policy that counts for each program.

    policies: table `visa_policies`. programs: program_code, institution_id, specialty. Returns one row for each program in the
    order given, columns COLUMNS: policy_id (null where nothing is stated), h1b_stated, j1_stated, policy,
    visa_category (by h1b_stated and j1_stated alone), Step 3 and conditions, evidence_* (null where nothing is stated; evidence_date
    also where the statement has no date of its own), policy_confidence and policy_needs_confirmation of the reading, and
    other_policies: sentences for statements that were not chosen and say otherwise, or that fill what the chosen one leaves open.
    """
    candidates = candidate_policies(policies, programs)
    first = filled_in(candidates.drop_duplicates("program_code"), candidates)
    filled = first.set_index("program_code")["filled"].to_dict()
    first = first.rename(columns=_EVIDENCE | _STANCES)
    first = first.rename(columns={"confidence": "policy_confidence", "needs_confirmation": "policy_needs_confirmation"})
    chosen = programs[["program_code"]].merge(first, on="program_code", how="left")
    for name in _STANCES.values():
        chosen[name] = chosen[name].fillna(NOT_STATED)
    chosen["step3_required_for_h1b"] = chosen["step3_required_for_h1b"].fillna(NOT_STATED)
    chosen["visa_category"] = [
        category_of(j1, h1b) for j1, h1b in zip(chosen["j1_stated"], chosen["h1b_stated"], strict=True)
    ]
    chosen["policy_needs_confirmation"] = (
        chosen["policy_needs_confirmation"].astype("boolean").fillna(False).astype("bool")
    )
    others = _otherwise(candidates)
    chosen["other_policies"] = [[*others.get(code, []), *filled.get(code, [])] for code in chosen["program_code"]]
    for name in _LISTS:
        chosen[name] = [list(cell) if isinstance(cell, list) else [] for cell in chosen[name]]
    return chosen[COLUMNS]


def candidate_policies(policies: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that bear on each program, the one that counts first; those that state nothing are left out.

    policies, programs: as of `choose_policy`. Columns of the answer: those of `policies`, and says (3 for a stance on H-1B, 2 for
    one on J-1 only, 1 for an invitation to ask), directory (a self-reported answer, which ranks last among its like), own, date,
    confirmed, read; as_said: the stance on H-1B, and as_said_j1, before answers in directories that contradict each other
    are taken for silence.
    """
    own = policies[policies["program_code"].notna()]
    general = policies[(policies["scope"] == "institution") & policies["institution_id"].notna()]
    keys = programs[["program_code", "institution_id"]].assign(specialty_key=specialty_keys(programs["specialty"]))
    pairs = pd.concat(
        [
            keys.merge(own.drop(columns="institution_id"), on="program_code"),
            keys.merge(general.drop(columns="program_code"), on="institution_id"),
        ],
        ignore_index=True,
    ).drop_duplicates(["program_code", "policy_id"])
    # The day on which a policy was restated or confirmed is not one on which a page was there to be saved.
    saved = pd.to_datetime(pairs["retrieved_on"]).where(pairs["evidence_kind"].isin(["page", "directory"]))
    # Of two pages the one that was there later counts; how old a statement without a date is, that doesn't say.
    date = pd.to_datetime(pairs["page_date"]).fillna(saved.mask(pairs["evidence_kind"] == "directory"))
    pairs = _in_agreement(_of_other_departments(pairs))
    pairs = without_contradictions(pairs.assign(directory=pairs["evidence_kind"] == "directory"))
    ranked = pairs.assign(
        date=date,
        saved_on=saved,
        says=_says(pairs),
        own=pairs["scope"] == "program",
        elsewhere=pairs["scope"] == OTHER_PROGRAM,
        confirmed=pairs["evidence_kind"] == "confirmed",
        read=pairs["confidence"].map(_CONFIDENCE),
        **{name: _lists(pairs[name]) for name in _LISTS},
    )
    ranked = ranked[ranked["says"] > 0]
    return ranked.sort_values(
        ["program_code", "elsewhere", "says", "directory", "own", "date", "confirmed", "read", "policy_id"],
        ascending=[True, True, False, True, False, False, False, False, True],
        ignore_index=True,
    )


def _of_other_departments(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return statements with those marked that a page of another department makes of the whole institution.

    They are that department's word of a rule for all, not the word of this program or of the office that decides for it: they come
    after these, with low confidence, and are to be confirmed.
    """
    other = (
        (pairs["scope"] == "institution")
        & pairs["department"].notna()
        & (pairs["department"] != pairs["specialty_key"])
    )
    return pairs.assign(
        scope=pairs["scope"].mask(other, OTHER_PROGRAM),
        confidence=pairs["confidence"].mask(other, "low"),
        needs_confirmation=pairs["needs_confirmation"].astype("bool") | other,
    )


def _in_agreement(policies: pd.DataFrame) -> pd.DataFrame:
    """Return statements whose stances and policy say the same of a program.

    "Each hospital decides" (`contact`) opens no door at this program, whatever visas it names: it states nothing of the H-1B, on no
    terms. A denial beside it stands. "No visas" denies both.
    """
    asks, nothing = policies["policy"] == CONTACT, policies["policy"] == "none"
    elsewhere = asks & policies["h1b"].isin(OFFERED)
    h1b = policies["h1b"].mask(elsewhere, NOT_STATED).mask(nothing, "no")
    j1 = policies["j1"].mask(nothing, "no")
    whole = pd.Series([policy_of(*both) for both in zip(j1, h1b, strict=True)], index=policies.index, dtype="str")
    terms = {
        name: pd.Series(
            [[] if gone else cell for cell, gone in zip(policies[name], elsewhere, strict=True)], policies.index
        )
        for name in _LISTS
    }
    return policies.assign(h1b=h1b, j1=j1, policy=policies["policy"].where(asks, whole), **terms)


def _says(policies: pd.DataFrame) -> pd.Series:
    """Rank statements: 3 for a stance on H-1B, 2 for one on J-1 only, 1 for an invitation to ask, 0 for nothing."""
    h1b = policies["h1b"] != NOT_STATED
    j1 = policies["j1"] != NOT_STATED
    ask = policies["policy"] == CONTACT
    return ask.astype("int64").mask(j1, 2).mask(h1b, 3)


def _lists(cells: pd.Series) -> pd.Series:
    return pd.Series([list(cell) for cell in cells], index=cells.index, dtype="object")


def _in_words(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).dt.strftime("%d %B %Y").astype("str").str.lstrip("0")


def _otherwise(candidates: pd.DataFrame) -> dict[str, list[str]]:
    """Return the sentences for the statements on H-1B that differ from the chosen one, in the order of their rank."""
    stance = candidates["as_said"]
    chosen = candidates["h1b"].groupby(candidates["program_code"]).transform("first")
    differs = (stance != NOT_STATED) & (stance != chosen)
    rows = candidates[differs]
    whose = "A statement of " + rows["scope"].map({"program": "the program", "institution": "the institution"})
    whose = whose.mask(rows["directory"], "An answer of the program in a directory")
    saved = ", saved on " + _in_words(rows["saved_on"]) + ","
    day = (" of " + _in_words(rows["page_date"])).fillna(saved).fillna(" without a date")
    otherwise = whose + day + " says otherwise: H-1B " + stance[differs].map(_STATED) + "."
    return {str(code): list(dict.fromkeys(lines)) for code, lines in otherwise.groupby(rows["program_code"])}

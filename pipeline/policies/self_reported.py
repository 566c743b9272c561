"""What programs' own answers in directories add to the statements at hand, and where they contradict them.

What belongs here: the rank of self-reported answers. They count after what pages and people say: they fill what those leave open, and a
contradiction is shown, and is in the review queue. Two directories that contradict each other say nothing together.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.policies.decision import NOT_STATED, policy_of

_VISAS: Final = {"h1b": "as_said", "j1": "as_said_j1"}
_TITLE: Final = {"h1b": "H-1B", "j1": "J-1"}
_IN_WORDS: Final = {"yes": "yes", "no": "no", "case_by_case": "case by case"}


def without_contradictions(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return statements with what a program's answers in several directories contradict each other in taken for silence.

    pairs: program_code, directory (whether it is such an answer), h1b, j1, policy. Adds as_said and as_said_j1: the stances before.
    Where it is the H-1B, the policy becomes `contact`: a person must ask.
    """
    answers = pairs.assign(**{kept: pairs[visa] for visa, kept in _VISAS.items()})
    for visa, kept in _VISAS.items():
        stated = answers["directory"] & (answers[kept] != NOT_STATED)
        several = answers[kept].where(stated).groupby(answers["program_code"]).transform("nunique") > 1
        open_ = stated & several
        answers[visa] = answers[visa].mask(open_, NOT_STATED)
        if visa == "h1b":
            answers["policy"] = answers["policy"].mask(open_, "contact")
    return answers


def filled_in(first: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Return the chosen statements with their stance on J-1 as all at hand gives it, and the policy that follows.

    first: one row a program, the statement that counts. candidates: all, the one that counts first. A page or a person comes before
    an answer in a directory, and such an answer fills what the chosen page leaves open. Adds filled: lists of sentences that say
    so; and needs_confirmation is set where an answer in a directory takes part or contradicts.
    """
    stated = candidates[candidates["j1"] != NOT_STATED]
    best = stated.sort_values(["program_code", "directory"], kind="stable").drop_duplicates("program_code")
    found = first[["program_code", "j1", "directory"]].merge(
        best[["program_code", "j1", "directory"]], on="program_code", how="left", suffixes=("", "_best")
    )
    found.index = first.index
    elsewhere = found["directory"] | (found["j1"] == NOT_STATED) & found["directory_best"].fillna(False).astype("bool")
    replaced = elsewhere & found["j1_best"].notna() & (found["j1_best"] != found["j1"])
    j1 = found["j1"].mask(replaced, found["j1_best"])
    asks = (first["policy"] == "contact") & (first["h1b"] == NOT_STATED)
    whole = pd.Series(
        [policy_of(one, other) for one, other in zip(j1, first["h1b"], strict=True)], index=first.index, dtype="str"
    )
    source = found["directory_best"].map({True: "an answer of the program in a directory", False: "another statement"})
    sentences = "On J-1, " + source.astype("str") + " counts: " + j1.map(_IN_WORDS).astype("str") + "."
    doubted = contradictions(candidates)["program_code"]
    return first.assign(
        j1=j1,
        policy=first["policy"].mask(replaced & ~asks, whole),
        filled=pd.Series(
            [[text] if new else [] for text, new in zip(sentences, replaced, strict=True)],
            index=first.index,
            dtype="object",
        ),
        needs_confirmation=first["needs_confirmation"].astype("bool")
        | first["directory"]
        | replaced
        | first["program_code"].isin(doubted),
    )


def contradictions(candidates: pd.DataFrame) -> pd.DataFrame:
    """Find the answers in directories that contradict what a page or a person says, else another directory.

    candidates: as `choice.candidate_policies` returns them. Returns a row for each program, visa and answer: program_code, visa
    (H-1B, J-1), said and said_by (stance and quotation of what counts before it), answered and answer (those of the answer), policy_id
    and institution_id of the answer.
    """
    found = []
    for visa, kept in _VISAS.items():
        stance = candidates[kept]
        stated = candidates.assign(stance=stance)[stance != NOT_STATED]
        ordered = stated.sort_values(["program_code", "directory"], kind="stable")
        first = ordered.drop_duplicates("program_code").set_index("program_code")
        answers = ordered[ordered["directory"]]
        first_stance = answers["program_code"].map(first["stance"])
        differs = first_stance != answers["stance"]
        found.append(
            pd.DataFrame(
                {
                    "program_code": answers["program_code"],
                    "visa": _TITLE[visa],
                    "said": first_stance.map(_IN_WORDS),
                    "said_by": answers["program_code"].map(first["evidence_quote"]),
                    "answered": answers["stance"].map(_IN_WORDS),
                    "answer": answers["evidence_quote"],
                    "policy_id": answers["policy_id"],
                }
            )[differs]
        )
    return pd.concat(found, ignore_index=True)

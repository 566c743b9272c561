"""Open links, under review or accepted on one sign alone, as questions that a person can decide from what they show, each with the
row that would rule on it.

What belongs here: what is shown of petitioner and institution. Which links are under review is decided in `decisions.py`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.linkage.judgements import JUDGEMENT_COLUMNS
from pipeline.linkage.model import REVIEW

# What the person who rules writes in place of these words; no ruling with one of them left is used.
TO_FILL: Final = {"verdict": "VERDICT", "reason": "REASON", "source": "SOURCE", "date": "YYYY-MM-DD"}
_MOST_NAMED: Final = 3
_QUESTION: Final = "Is this petitioner the institution (same), an affiliate of it, or another body (different)? "
_ON_ITS_NAME: Final = (
    "accepted on its name alone: no nearer place, no tax id known from elsewhere and no ruling speaks for it"
)


def to_review(links: pd.DataFrame) -> pd.Series:
    """Decide which links of table `petitioner_links` a person reviews: those undecided, and those accepted on one sign alone.

    Releases of before schema 1.1.0 don't tell the latter.
    """
    single = links.get("single_sign", pd.Series(False, index=links.index))
    return (links["decision"] == "review") | single.astype("boolean").fillna(False).astype("bool")


def subjects(links: pd.DataFrame) -> pd.Series:
    """Return what the queue calls the petitioner site of each link: spelling, tax id, city and state."""
    place = links["city"].fillna("no city") + ", " + links["state"].fillna("no state")
    return links["employer"] + " (" + links["tax_id_last4"].fillna("no tax id") + ", " + place + ")"


def review_rows(links: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `review_queue` (no rank) for links that are `to_review`, by approvals times uncertainty, the highest first.

    links, institutions: tables `petitioner_links`, `institutions`. The reasons end with what the institution is, what else
    the petitioner is linked to, and what an answer would change.
    """
    known = institutions.set_index("institution_id")
    rows = links[to_review(links)].reset_index(drop=True)
    stands = (rows["decision"] == "accepted").map({True: "Accepted so far: ", False: "Proposed: "})
    uncertainty = 1.0 - (rows["score"] - REVIEW).abs() / (2.0 * (100.0 - REVIEW))
    queue = pd.DataFrame(
        {
            "kind": "petitioner_link",
            "subject": subjects(rows),
            "candidate": rows["institution_id"].map(known["name"]),
            "question": _QUESTION + stands + rows["relation"],
            "reasons": _reasons(rows, links, known),
            "approvals": rows["approvals"],
            "uncertainty": uncertainty.clip(0.0, 1.0).round(3),
            "subject_id": rows["petitioner_id"],
            "candidate_id": rows["institution_id"],
            "ruling": [judgement(row) for row in _judged(rows, known).to_dict("records")],
        }
    )
    stake = queue["approvals"] * queue["uncertainty"]
    return queue.assign(stake=stake).sort_values(
        ["stake", "subject", "candidate_id"], ascending=[False, True, True], ignore_index=True
    ).drop(columns="stake")  # fmt: skip


def judgement(cells: Mapping[Any, Any], filled: Mapping[str, str] = TO_FILL) -> str:
    """Return the line of `judgements.csv` that rules on one link. cells: by column, blank where there is none; filled: what is ruled."""
    values = {**cells, "judged_by": "reviewer", **filled}
    return csv_line([values.get(column) for column in JUDGEMENT_COLUMNS])


def csv_line(values: Sequence[object]) -> str:
    """Return values as one line of CSV without its end, what is no text as blank."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([value if isinstance(value, str) else "" for value in values])
    return line.getvalue()


def _judged(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the links in the columns of a judgement."""
    named = rows.rename(columns={"state": "employer_state", "city": "employer_city"})
    of = named["institution_id"]
    return named.assign(
        sponsor_code=of.map(known["sponsor_code"]),
        institution=of.map(known["name"]),
        institution_state=of.map(known["state"]),
    )


def _reasons(rows: pd.DataFrame, links: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Return the reasons of each link, and below them the institution, the rivals and what is at stake."""
    accepted = links[links["decision"] == "accepted"]
    names = accepted.assign(named=accepted["institution_id"].map(known["name"]) + " (" + accepted["relation"] + ")")
    taken = names.groupby("petitioner_site_id")["named"].agg(sorted).to_dict()
    others = rows.assign(named=rows["institution_id"].map(known["name"]))
    others = others[others["decision"] == "review"]
    questions = others.groupby("petitioner_site_id")["named"].agg(sorted).to_dict()
    own = accepted[accepted["relation"] == "same"].dropna(subset=["tax_id_last4"])
    most = (
        own.groupby(["institution_id", "tax_id_last4"])["approvals"].sum().sort_values(ascending=False, kind="stable")
    )
    tax_ids = most.reset_index().groupby("institution_id")["tax_id_last4"].agg(list).to_dict()
    totals = accepted.groupby("institution_id")["approvals"].agg(["sum", "size"])
    linked = {str(key): (int(total), int(size)) for key, total, size in totals.itertuples()}
    stands = rows["relation"].where(rows["decision"] == "accepted", "")
    called, institutions = known["name"].to_dict(), known[["city", "state", "programs", "ein"]].to_dict("index")
    columns = (rows[name] for name in ("reasons", "petitioner_site_id", "institution_id", "approvals"))
    lines = [
        [
            *given,
            *([_ON_ITS_NAME] if relation else []),
            _of_institution(institutions[identity], tax_ids.get(identity, ())),
            *_rivals(taken.get(site, ()), questions.get(site, ()), str(called[identity]), relation),
            _stake(int(approvals), linked.get(identity), relation),
        ]
        for given, site, identity, approvals, relation in zip(*columns, stands, strict=True)
    ]
    return pd.Series(lines, index=rows.index, dtype="object")


def _of_institution(row: Mapping[Any, Any], tax_ids: Sequence[str]) -> str:
    programs = "1 program" if row["programs"] == 1 else f"{row['programs']} programs"
    ein = f", EIN ends in {row['ein'][-4:]}" if isinstance(row["ein"], str) else ", no EIN known"
    own = f"; tax ids of its petitioners: {_some(tax_ids)}" if tax_ids else ""
    return f"institution: {row['city']}, {row['state']}; {programs}{ein}{own}"


def _rivals(taken: Sequence[str], questions: Sequence[str], own: str, relation: str) -> list[str]:
    """Return what else the petitioner is linked to or under review for. relation: its link to the institution `own`, "" if none."""
    others = [name for name in taken if name != f"{own} ({relation})"]
    rest = [name for name in questions if name != own]
    parts = (("linked already to", others), ("asked of", rest))
    return [f"this petitioner is {how} {_some(names)}" for how, names in parts if names]


def _some(names: Sequence[str]) -> str:
    """Return the first of the names and how many more there are."""
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _MOST_NAMED
    return "; ".join(distinct[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _stake(approvals: int, linked: tuple[int, int] | None, relation: str) -> str:
    """Return what an answer changes. linked: approvals and number of the institution's accepted links; relation: as in `_rivals`."""
    if linked and relation:
        rest = f"of the {linked[0]:,} of its {linked[1]:,} linked spellings"
        return f"different: {approvals:,} approvals less {rest}"
    if linked is None:
        return f"same or affiliate: {approvals:,} approvals, the first of this institution"
    return f"same or affiliate: {approvals:,} approvals beside the {linked[0]:,} of its {linked[1]:,} linked spellings"

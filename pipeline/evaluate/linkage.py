"""How well petitioner links agree with labelled ones, and a check by EIN that needs no labels."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, read_gold
from pipeline.linkage.judgements import institutions_by_code

COLUMNS: Final = (
    "sponsor_code", "sponsor_name", "sponsor_city", "sponsor_state", "employer", "employer_state", "tax4", "approvals",
    "relation", "confidence", "why",
)  # fmt: skip
RELATIONS: Final = ("same", "affiliate", "different", "none")
_STRENGTH: Final = {"same": 0, "affiliate": 1}


def evaluate(
    gold: Path, links: pd.DataFrame, institutions: pd.DataFrame, only: Collection[str] | None = None
) -> Evaluation:
    """Return the figures for a gold file of labelled spellings, with every error and what spoke for the link.

    gold: columns COLUMNS, one row for each sponsor and spelling (employer, state, tax id). links, institutions: tables
    `petitioner_links` and `institutions` of a release. A prediction is the relation of an accepted link in any city,
    `same` before `affiliate`. only: the sponsor codes that are measured, None: all. Raises GoldError for a file in another form.
    """
    labelled = _read(gold)
    labelled = labelled if only is None else labelled[labelled["sponsor_code"].isin(only)]
    accepted = _predictions(links, institutions)
    key = ["sponsor_code", "employer", "tax4", "employer_state"]
    joined = labelled.merge(accepted, on=key, how="left")
    joined["predicted"] = joined["predicted"].fillna("no link")
    rows = joined[joined["relation"] != "none"]
    own = accepted[accepted["sponsor_code"].isin(set(labelled["sponsor_code"]))]
    judged = pd.MultiIndex.from_frame(labelled[key])
    unjudged = own[~pd.MultiIndex.from_frame(own[key]).isin(judged)]
    figures = _figures(rows)
    figures["unjudged"] = len(unjudged)
    figures["rows"] = len(rows)
    figures["sponsors"] = int(labelled["sponsor_code"].nunique())
    figures["sponsors_not_in_list"] = len(set(labelled["sponsor_code"]) - set(institutions["sponsor_code"].dropna()))
    agreement, disagreements = ein_agreement(links, institutions)
    figures["ein_agreement"] = agreement["share"]
    figures["ein_links"] = agreement["links"]
    lines = [*_summary(figures), *_confusion(rows), *_errors(rows), *_unjudged(unjudged), *_ein_lines(disagreements)]
    return Evaluation(figures, tuple(lines))


def sponsors_of(gold: Path, institutions: pd.DataFrame) -> pd.Series:
    """Return the institution_id of each sponsor of a gold file that the list has, by sponsor code. Raises GoldError."""
    codes = institutions_by_code(institutions)
    return codes[codes.index.isin(set(_read(gold)["sponsor_code"]))]


def ein_agreement(links: pd.DataFrame, institutions: pd.DataFrame) -> tuple[dict[str, float], pd.DataFrame]:
    """Return the share of accepted `same` links, by approvals, whose last four equal those of the institution's public EIN.

    Links found by the tax id alone are left out: they agree by construction. Returns share (by approvals), links
    (their number) and the links that disagree, the most approvals first.
    """
    ein = institutions.dropna(subset=["ein"]).set_index("institution_id")["ein"].str[-4:]
    rows = links[(links["decision"] == "accepted") & (links["relation"] == "same") & (links["method"] != "tax_id")]
    rows = rows.assign(ein_last4=rows["institution_id"].map(ein)).dropna(subset=["ein_last4", "tax_id_last4"])
    agree = rows["ein_last4"] == rows["tax_id_last4"]
    total = int(rows["approvals"].sum())
    share = float(rows.loc[agree, "approvals"].sum() / total) if total else 0.0
    names = institutions.set_index("institution_id")["name"]
    wrong = rows[~agree].assign(institution=rows["institution_id"].map(names))
    by = ["institution", "employer", "tax_id_last4", "state", "ein_last4"]
    grouped = wrong.groupby(by, dropna=False)["approvals"].sum().reset_index()
    disagreements = grouped.sort_values(["approvals", *by], ascending=[False, *[True] * len(by)], ignore_index=True)
    return {"share": round(share, 4), "links": len(rows)}, disagreements


def _read(gold: Path) -> pd.DataFrame:
    rows = read_gold(gold, COLUMNS, {"relation": RELATIONS})
    return rows.assign(
        approvals=pd.to_numeric(rows["approvals"], errors="coerce").fillna(0).astype("int64"),
        employer=rows["employer"].str.split().str.join(" "),
    )


def _predictions(links: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return columns sponsor_code, employer, tax4, employer_state, predicted, evidence: accepted links, the stronger relation."""
    codes = institutions.dropna(subset=["sponsor_code"]).set_index("institution_id")["sponsor_code"]
    rows = links[links["decision"] == "accepted"]
    table = pd.DataFrame(
        {
            "sponsor_code": rows["institution_id"].map(codes),
            "employer": rows["employer"],
            "tax4": rows["tax_id_last4"].fillna(""),
            "employer_state": rows["state"].fillna(""),
            "predicted": rows["relation"],
            "evidence": ["; ".join(lines) for lines in rows["reasons"]],
            "strength": rows["relation"].map(_STRENGTH),
        }
    ).dropna(subset=["sponsor_code"])
    table = table.sort_values(["sponsor_code", "employer", "tax4", "employer_state", "strength", "evidence"])
    return table.drop_duplicates(["sponsor_code", "employer", "tax4", "employer_state"]).drop(columns="strength")


def _figures(rows: pd.DataFrame) -> dict[str, object]:
    same = rows["relation"] == "same"
    affiliate = rows["relation"] == "affiliate"
    predicted = rows["predicted"] == "same"
    high = rows["confidence"] == "high"
    sure = rows["confidence"].isin(["high", "medium"])
    either = rows["predicted"].isin(["same", "affiliate"])
    tied = high & (same | affiliate) & either
    weight = rows["approvals"].where(same & sure, 0)
    different = sure & (rows["relation"] == "different")
    return {
        "precision": _share((predicted & same).sum() + 0.5 * (predicted & affiliate).sum(), predicted.sum()),
        "recall": _share((predicted & same & high).sum(), (same & high).sum()),
        "recall_medium": _share(
            (predicted & same & (rows["confidence"] == "medium")).sum(),
            (same & (rows["confidence"] == "medium")).sum(),
        ),
        "recall_by_approvals": _share(weight[predicted].sum(), weight.sum()),
        "relation_accuracy": _share((tied & (rows["relation"] == rows["predicted"])).sum(), tied.sum()),
        "different_as_same": int((different & predicted).sum()),
        "different_as_affiliate": int((different & (rows["predicted"] == "affiliate")).sum()),
    }


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0


def _summary(figures: dict[str, object]) -> list[str]:
    return [f"{name:<24} {value}" for name, value in figures.items()]


def _confusion(rows: pd.DataFrame) -> list[str]:
    table = pd.crosstab(rows["relation"] + " (" + rows["confidence"] + ")", rows["predicted"])
    return ["", "labelled (down) against predicted (across)", *table.to_string().splitlines()]


def _errors(rows: pd.DataFrame) -> list[str]:
    wrong = rows[(rows["predicted"] == "same") & (rows["relation"] != "same")]
    missed = rows[(rows["relation"] == "same") & (rows["predicted"] != "same")]
    crossed = rows[(rows["relation"] == "different") & (rows["predicted"] == "affiliate")]
    lines: list[str] = []
    for title, part in (
        ("predicted same, labelled otherwise", wrong),
        ("labelled same, not predicted same", missed),
        ("labelled different, predicted affiliate", crossed),
    ):
        lines += ["", f"{title}: {len(part)}"]
        for row in part.sort_values(["approvals", "employer"], ascending=[False, True]).itertuples():
            evidence = f" [{row.evidence}]" if isinstance(row.evidence, str) else ""
            lines.append(
                f"  {row.sponsor_name} <- {row.employer} ({row.employer_state or 'no state'}, {row.tax4 or 'no tax id'}, "
                f"{row.approvals}): {row.relation} {row.confidence}, predicted {row.predicted}: {row.why}{evidence}"
            )
    return lines


def _unjudged(unjudged: pd.DataFrame) -> list[str]:
    lines = ["", f"accepted links of these sponsors that nobody labelled: {len(unjudged)}"]
    lines += [
        f"  {row.sponsor_code} {row.predicted} {row.employer} ({row.employer_state}, {row.tax4}) [{row.evidence}]"
        for row in unjudged.itertuples()
    ]
    return lines


def _ein_lines(disagreements: pd.DataFrame) -> list[str]:
    lines = ["", f"accepted same links whose tax id is not the last four of the public EIN: {len(disagreements)}"]
    lines += [
        f"  {row.institution} ({row.ein_last4}) <- {row.employer} ({row.state}, {row.tax_id_last4}, {row.approvals})"
        for row in disagreements.itertuples()
    ]
    return lines

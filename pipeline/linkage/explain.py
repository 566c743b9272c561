"""Why a petitioner is, or is not, linked to an institution: each feature with its points, and what was decided."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.linkage.model import ACCEPT, REVIEW
from pipeline.linkage.names.normalise import canonical, core, core_all
from pipeline.linkage.names.printed import parts_of
from pipeline.linkage.petitioner_rulings import ruling_lines
from pipeline.linkage.places import canonical_city
from pipeline.schemas.ids import PETITIONER_SITE

NEAREST: Final = 3
_ORDER: Final = {"accepted": 0, "review": 1, "rejected": 2}


def explain_match(
    employer: str,
    links: pd.DataFrame,
    institutions: pd.DataFrame,
    state: str | None = None,
    city: str | None = None,
    tax_id_last4: str | None = None,
    rulings: pd.DataFrame | None = None,
) -> tuple[str, ...]:
    """Return lines of text: for each petitioner site (spelling, tax id, state, city) of the employer what was ruled on the petitioner, and
    for each institution it was compared with, the features and their points, the score, the runner-up, the margin and the decision.

    links: table `petitioner_links`. institutions: table `institutions`. rulings: of `petitioner_rulings`. The employer is found by its
    canonical name; blank restrictions mean any. If it was compared with no institution the nearest names are listed instead.
    """
    form = core(canonical(employer))
    named = {name: _names(name) for name in links["employer"].unique()}
    rows = links[pd.Series([form in named[name] for name in links["employer"]], index=links.index, dtype=bool)]
    for column, wanted in (("state", state), ("tax_id_last4", tax_id_last4)):
        rows = rows if wanted is None else rows[rows[column] == wanted]
    if city is not None:
        rows = rows[canonical_city(rows["city"]) == canonical_city(pd.Series([city], dtype="str"))[0]]
    if rows.empty:
        return (
            f"{employer}: not near any institution (name as compared: {form or 'nothing'})",
            *([] if rulings is None else ruling_lines(form, tax_id_last4, state, rulings)),
            *_nearest(form, state, institutions),
        )
    name = institutions.set_index("institution_id")["name"]
    lines: list[str] = []
    ordered = rows.assign(order=rows["decision"].map(_ORDER)).sort_values(
        [*PETITIONER_SITE, "order", "score", "institution_id"],
        ascending=[*[True] * len(PETITIONER_SITE), True, False, True],
    )
    for _, site in ordered.groupby("petitioner_site_id", sort=False):
        lines += _site(site, name, rulings)
    return tuple(lines)


def _names(employer: str) -> set[str]:
    """Return the canonical forms of a printed name and of the legal, trade and former names in it."""
    return {core(canonical(text)) for text in (employer, *parts_of(employer))}


def _site(rows: pd.DataFrame, name: pd.Series, rulings: pd.DataFrame | None) -> list[str]:
    first = rows.iloc[0]
    tax_id, place = (
        first["tax_id_last4"],
        ", ".join(str(first[key]) for key in ("city", "state") if pd.notna(first[key])),
    )
    head = f"{first['employer']} ({tax_id if pd.notna(tax_id) else 'no tax id'}; {place or 'no place'}): "
    lines = [head + f"{first['approvals']} approvals, petitioner {first['petitioner_id']}"]
    if rulings is not None and pd.notna(tax_id) and pd.notna(first["state"]):
        lines += ruling_lines(core(canonical(first["employer"])), tax_id, first["state"], rulings)
    for row in rows.to_dict("records"):
        lines.append(f"  {name.get(row['institution_id'], row['institution_id'])} as {row['relation']}")
        total = 0.0
        for reason in row["reasons"]:
            points, _, text = str(reason).partition(" ")
            if points[:1] in "+-" and points[1:].isdigit():
                total += float(points)
                lines.append(f"    {points:>5}  {text:<90} {min(max(total, 0.0), 100.0):>5.0f}")
            else:
                lines.append(f"           {reason}")
        lines.append(
            f"    score {row['score']:.0f} (accepted from {ACCEPT:.0f}, reviewed from {REVIEW:.0f}), found by {row['method']}"
        )
        lines.append(f"    runner-up: {_runner_up(row, name)}")
        lines.append(f"    decision: {row['decision']}")
    return lines


def _runner_up(row: Mapping[Hashable, object], name: pd.Series) -> str:
    other = row["runner_up_institution_id"]
    if not isinstance(other, str):
        return "none"
    margin = row["margin"]
    lead = f", margin {margin:.0f}" if isinstance(margin, float) and not np.isnan(margin) else ""
    return f"{name.get(other, other)}{lead}"


def _nearest(form: str, state: str | None, institutions: pd.DataFrame) -> list[str]:
    """Return the institutions with the most similar names, in the state if one is given."""
    known = institutions if state is None else institutions[institutions["state"] == state]
    names = pd.concat(
        [known[["institution_id", "name"]], known[["institution_id"]].assign(name=known["aliases"]).explode("name")]
    ).dropna(subset=["name"])
    if not form or names.empty:
        return []
    forms = core_all(names["name"].astype("str")).tolist()
    scores = process.cdist([form], forms, scorer=fuzz.token_sort_ratio)[0]
    best = names.assign(score=scores).sort_values(["score", "institution_id", "name"], ascending=[False, True, True])
    best = best.drop_duplicates("institution_id").head(NEAREST)
    title = known.set_index("institution_id")["name"]
    return ["  nearest names:"] + [
        f"    {score:>3.0f}  {title[identity]}" + (f" ({name})" if name != title[identity] else "")
        for identity, name, score in zip(best["institution_id"], best["name"], best["score"], strict=True)
    ]

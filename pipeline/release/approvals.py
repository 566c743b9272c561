"""Approved petitions of each institution over the last full fiscal years, through its accepted links.

What belongs here: counting for the list. Which petitioner is which institution is decided in `linkage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

YEARS: Final = 3


@dataclass(frozen=True)
class PetitionYears:
    """Fiscal years that the counts cover, and how they are printed: `2020-2022`, `2020-2022 (partial)`; None without any year."""

    years: tuple[int, ...]
    label: str | None


def petition_years(petitions: pd.DataFrame) -> PetitionYears:
    """Return the three newest fiscal years covered in full; if none is, the three newest at hand, marked partial.

    petitions: table `petitions`.
    """
    by_year = (
        petitions.groupby("fiscal_year")["coverage"].agg(lambda coverage: (coverage == "full").all()).astype("bool")
    )
    full = sorted(by_year.index[by_year].tolist())
    years = tuple(full[-YEARS:] or sorted(by_year.index.tolist())[-YEARS:])
    if not years:
        return PetitionYears((), None)
    runs = len(years) == years[-1] - years[0] + 1
    label = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}" if runs else ", ".join(map(str, years))
    return PetitionYears(years, label if full else f"{label} (partial)")


def petitioners_of_institutions(
    petitions: pd.DataFrame,
    links: pd.DataFrame,
    petitioners: pd.DataFrame,
    institutions: pd.DataFrame,
    years: tuple[int, ...],
) -> pd.DataFrame:
    """Return the accepted petitioners of each institution with their approvals in `years`.

    Columns: institution_id, petitioner_id, name, relation, initial_approvals, continuing_approvals, files_for (number of
    institutions that it is linked to), attributed; most approvals first. A petitioner whose spellings are linked in both ways
    counts as `same` for those that are. attributed: whether its approvals are counted as the institution's or its affiliates'. Of an
    affiliate that files for several institutions they are not where only the table of health systems knows it, nor where it files
    from a state in which the institution is not. institutions: columns institution_id, state, places, metro_area.
    """
    accepted = links.loc[
        links["decision"] == "accepted",
        ["petitioner_site_id", "petitioner_id", "institution_id", "relation", "method", "state"],
    ]
    counted = petitions.loc[
        petitions["fiscal_year"].isin(years), ["petitioner_site_id", "initial_approvals", "continuing_approvals"]
    ]
    counted = counted.groupby("petitioner_site_id", as_index=False).sum()
    joined = accepted.merge(counted, on="petitioner_site_id", how="left")
    sums = joined.groupby(["institution_id", "petitioner_id", "relation"], as_index=False)[
        ["initial_approvals", "continuing_approvals"]
    ].sum()
    named = sums.merge(petitioners[["petitioner_id", "name"]], on="petitioner_id", how="left")
    files_for = accepted.groupby("petitioner_id")["institution_id"].nunique()
    named["files_for"] = named["petitioner_id"].map(files_for).astype("int64")
    of_all = _by_system_alone(named, accepted) | _from_another_state(named, accepted, institutions)
    named["attributed"] = ~(of_all & (named["files_for"] > 1))
    named["approvals"] = named["initial_approvals"] + named["continuing_approvals"]
    order = ["institution_id", "approvals", "relation", "petitioner_id"]
    return (
        named.sort_values(order, ascending=[True, False, False, True]).drop(columns="approvals").reset_index(drop=True)
    )


def _by_system_alone(own: pd.DataFrame, accepted: pd.DataFrame) -> pd.Series:
    """Decide which affiliates are known by the table of health systems alone, with spellings carried from there."""
    key = ["institution_id", "petitioner_id", "relation"]
    of_system = accepted.loc[(accepted["method"] == "system") & (accepted["relation"] == "affiliate"), key]
    otherwise = accepted.loc[~accepted["method"].isin(["system", "tax_id"]), key]
    pairs = pd.MultiIndex.from_frame(own[key])
    known = pairs.isin(pd.MultiIndex.from_frame(of_system)) & ~pairs.isin(pd.MultiIndex.from_frame(otherwise))
    return pd.Series(known, index=own.index, dtype=bool)


def _from_another_state(own: pd.DataFrame, accepted: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Decide which affiliates file from states alone in which the institution has no home, program or part of its metropolitan area."""
    columns = (institutions[name].tolist() for name in ("institution_id", "state", "places", "metro_area"))
    at_home = {
        (identity, one)
        for identity, state, places, metro in zip(*columns, strict=True)
        for one in (state, *(place[-2:] for place in places), *_states_of(metro))
    }
    key = ["institution_id", "petitioner_id", "relation"]
    stated = accepted.dropna(subset=["state"])
    here = pd.MultiIndex.from_frame(stated[["institution_id", "state"]]).isin(at_home)
    pairs, near, known = (pd.MultiIndex.from_frame(rows[key]) for rows in (own, stated[here], stated))
    return (own["relation"] == "affiliate") & pairs.isin(known) & ~pairs.isin(near)


def _states_of(metro_area: object) -> list[str]:
    """Return the states of a metropolitan area: `Kansas City, MO-KS`."""
    return metro_area.rpartition(", ")[2].split("-") if isinstance(metro_area, str) else []


def approvals_by_institution(own: pd.DataFrame) -> pd.DataFrame:
    """Return the approvals of each institution that are attributed, those of affiliates apart.

    `own` as from `petitioners_of_institutions`. Columns: institution_id, initial_approvals, continuing_approvals,
    affiliate_initial_approvals, affiliate_continuing_approvals; null where there is no petitioner of that relation.
    """
    counts = ["initial_approvals", "continuing_approvals"]
    own = own[own["attributed"]]
    same = own[own["relation"] == "same"].groupby("institution_id")[counts].sum()
    affiliate = own[own["relation"] == "affiliate"].groupby("institution_id")[counts].sum().add_prefix("affiliate_")
    return same.join(affiliate, how="outer").astype("Int64").reset_index()

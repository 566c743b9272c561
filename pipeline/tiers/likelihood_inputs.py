"""What the sponsoring likelihood looks at: features of each program, from columns of the list and from curated tables.

What belongs here: numbers for the model and their words. What is stated of visas is never among them.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES
from pipeline.specialties.relations import listed_group
from pipeline.tiers.accreditation import WITHDRAWN

_MOST_SAME: Final = 3  # applications of one specialty from which more say nothing new
_POSITIONS: Final = (2, 200)
# Positions at the national mean rate that are added to each specialty's own: few applications must not make a rate of their own.
_SHRINK: Final = 2000
_ANY: Final = "trainee_filings_any_specialty_peak"
_SAME: Final = "trainee_filings_same_specialty_peak"


def features_of(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the features of weights.csv that each program has, by their names, less what is typical.

    listed: institution_id, specialty, specialty_code, accreditation, cap_exempt_category, positions_filled,
    positions_approved, initial_approvals, continuing_approvals and trainee_filings_{any,same}_specialty_peak. What isn't
    known counts as none; positions and specialties that aren't known as typical. Of a program whose accreditation was
    withdrawn nothing follows from what its institution filed.
    """
    applications, same, petitions, exempt, linked = _evidence(listed)
    programs = listed.groupby("institution_id", dropna=False)["institution_id"].transform("size")
    features = pd.DataFrame(
        {
            "filings": np.interp(np.log1p(applications), *_curve()),
            "same_specialty": np.log1p(same.clip(upper=_MOST_SAME)),
            "per_program": np.log1p(applications / programs),
            "petitions": np.log1p(petitions),
            "cap_exempt": exempt,
            "positions": np.log(positions_of(listed).clip(*_POSITIONS)),
            "specialty": specialty_rates(listed).map(np.log),
            "unlinked": 1.0 - linked,
        },
        index=listed.index,
    ).astype("float64")
    return (features - weights()["typical"].reindex(features.columns)).fillna(0.0)


def basis_of(listed: pd.DataFrame) -> pd.Series:
    """Say in a sentence what the likelihood of each program is inferred from."""
    applications, same, petitions, exempt, linked = _evidence(listed)
    years = listed["petition_years"].astype("str").fillna("no year at hand")
    positions, rates = positions_of(listed), specialty_rates(listed)
    return pd.Series(
        [
            "Inferred, not stated: from "
            + "; ".join(
                part
                for part in (
                    f"{_number(a)} applications for trainees in the fullest half-year, {_number(s)} of this specialty"
                    if known
                    else "no petitioner known, so no applications seen",
                    f"{_number(p)} petitions approved ({span})" if known else "",
                    "a petitioner that seems exempt from the cap" if e else "",
                    "" if pd.isna(size) else f"{_number(size)} positions",
                    "" if pd.isna(rate) else f"a specialty that files {rate:.1f} times the average",
                )
                if part
            )
            + "."
            for a, s, p, e, known, span, size, rate in zip(
                applications, same, petitions, exempt, linked, years, positions, rates, strict=True
            )
        ],
        index=listed.index,
        dtype="str",
    )


def positions_of(listed: pd.DataFrame) -> pd.Series:
    """Return the positions filled of each program, else those approved; null where neither is known or more than none."""
    filled, approved = (pd.to_numeric(listed[f"positions_{kind}"]).astype("float64") for kind in ("filled", "approved"))
    return filled.where(filled > 0).fillna(approved.where(approved > 0))


def specialty_rates(listed: pd.DataFrame) -> pd.Series:
    """Return how often each program's specialty files nationwide, beside the mean of all; null where it isn't counted."""
    return listed_group(listed["specialty"].astype("str"), listed["specialty_code"].astype("str")).map(_rates())


@functools.cache
def weights() -> pd.DataFrame:
    """Return the table of weights by feature: weight, sd, typical as numbers, never_negative as a flag."""
    rows = read_reference("likelihood/weights.csv").set_index("feature")
    numbers = rows[["weight", "sd", "typical"]].astype("float64")
    return numbers.assign(never_negative=rows["never_negative"] == "yes")


@functools.cache
def _curve() -> tuple[np.ndarray, np.ndarray]:
    """Return the knots of the curve over log of 1 + applications, and the log odds there."""
    rows = read_reference("likelihood/filings.csv")[["applications", "log_odds"]].astype("float64")
    return np.log1p(rows["applications"].to_numpy()), rows["log_odds"].to_numpy()


@functools.cache
def _rates() -> dict[str, float]:
    rows = (
        read_reference("likelihood/specialties.csv")
        .set_index("specialty")[["applications", "positions"]]
        .astype("int64")
    )
    mean = rows["applications"].sum() / rows["positions"].sum()
    rates = (rows["applications"] + mean * _SHRINK) / (rows["positions"] + _SHRINK) / mean
    return {str(name): float(rate) for name, rate in rates.items()}


def _evidence(listed: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series, pd.Series]:
    """Return applications of any and of the same specialty, petitions, exempt and linked (1 or 0) of each program."""
    counts = listed[[_ANY, _SAME, "initial_approvals", "continuing_approvals"]].apply(pd.to_numeric).astype("float64")
    standing = listed["accreditation"] != WITHDRAWN
    known = counts.where(standing, 0.0).fillna(0.0)
    exempt = listed["cap_exempt_category"].isin(EXEMPT_CATEGORIES) & standing
    petitions = known["initial_approvals"] + known["continuing_approvals"]
    linked = counts[_ANY].notna() & standing
    return known[_ANY], known[_SAME], petitions, exempt.astype("float64"), linked.astype("float64")


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")

"""How well the sponsoring likelihood of a release holds where a policy is stated: table `likelihood_calibration`.

What belongs here: counting in bands. The likelihood of a program that states a policy is made for this comparison alone, and is
shown of no single one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.tiers.likelihood import NOT_STATED, hidden_likelihood, statements_of

BANDS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
BY_LIKELIHOOD, BY_APPLICATIONS = "likelihood", "applications"
_KINDS: Final = ("own", "institution")


def calibration(listed: pd.DataFrame) -> pd.DataFrame:
    """Return table `likelihood_calibration` of a list (functional_h1b_sponsors): its programs in bands of likelihood, and by the
    institution's applications in the bands of filings.csv."""
    likely = hidden_likelihood(listed)["sponsoring_likelihood"]
    statements = statements_of(listed)
    counted = pd.DataFrame(
        {
            "likely": likely,
            "silent": listed["policy"] == NOT_STATED,
            "said": statements["said"],
            "counts": statements["counts"],
            "institution": statements["institution_page"],
        }
    ).reindex(listed.index)
    reported = read_reference("likelihood/filings.csv")[["least", "most", "reported_share"]].astype("float64")
    applications = listed["trainee_filings_any_specialty_peak"].astype("float64").fillna(0)
    by_likelihood = np.searchsorted(BANDS[1:-1], likely, side="right")
    by_applications = np.searchsorted(reported["most"].to_numpy()[:-1] + 0.5, applications)
    bands = pd.DataFrame({"least": BANDS[:-1], "most": BANDS[1:], "reported_share": None})
    tables = [
        _table(counted, by_likelihood, bands).assign(grouped_by=BY_LIKELIHOOD),
        _table(counted, by_applications, reported).assign(grouped_by=BY_APPLICATIONS),
    ]
    return pd.concat([part.astype({"reported_share": "float64"}) for part in tables], ignore_index=True)


def _table(counted: pd.DataFrame, band: np.ndarray, bands: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each of `bands`: what the programs in it are given, and what those that state a policy say."""
    groups = [counted[band == number] for number in range(len(bands))]
    rows = [
        {"programs": int(group["silent"].sum()), "mean_likelihood": _mean(group.loc[group["silent"], "likely"])}
        | {
            f"{kind}_{name}": value
            for kind, own in zip(_KINDS, (0.0, 1.0), strict=True)
            for name, value in _stated(group[group["institution"] == own]).items()
        }
        for group in groups
    ]
    return pd.concat([bands.reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def _stated(group: pd.DataFrame) -> dict[str, float | None]:
    """Return programs that state on H-1B, and of their statements, each counted once, the likelihood given and the share for."""
    weight = group["counts"]
    shares = [float((group[name] * weight).sum() / weight.sum()) if len(group) else None for name in ("likely", "said")]
    given, observed = (None if share is None else round(share, 3) for share in shares)
    return {"programs": len(group), "statements": round(float(weight.sum()), 1), "likelihood": given, "said": observed}


def _mean(values: pd.Series) -> float | None:
    return round(float(values.mean()), 3) if len(values) else None

"""The counted columns of the likelihood's tables, made anew from the latest release: `python -m pipeline.evaluate.fit_likelihood`.

What belongs here: counting and anchoring, for a release of the national files. Shares, weights and their reasons are judged and stay.
The curve is moved until the mean likelihood of the programs with as many applications is the share of them that answer H-1B,
whatever the other features add.
"""

from __future__ import annotations

import sys
from typing import Final

import numpy as np
import pandas as pd

from pipeline.reference.load import REFERENCE, read_reference
from pipeline.release.reader import Release
from pipeline.settings import data_folder
from pipeline.specialties.recognise import specialty_group
from pipeline.specialties.relations import listed_group
from pipeline.tiers.likelihood_fit import probability
from pipeline.tiers.likelihood_inputs import features_of, positions_of, weights

_STEPS: Final = 100
_CENTRED: Final = ("same_specialty", "per_program", "petitions", "cap_exempt", "positions", "specialty")
_PEAK: Final = "trainee_filings_any_specialty_peak"


def specialty_counts(listed: pd.DataFrame, filings: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the table of specialties: applications for residents that name it, and positions filled in its programs."""
    resident = filings[(filings["level"] != "fellow") & (filings["confidence"] != "low")]
    named = specialty_group(resident["specialty"]).value_counts()
    group = listed_group(listed["specialty"], listed["specialty_code"])
    filled = positions_of(listed).groupby(group).sum()
    counted = filled[filled > 0].astype("int64").rename("positions").sort_index()
    table = counted.rename_axis("specialty").reset_index()
    table.insert(1, "applications", table["specialty"].map(named).fillna(0).astype("int64"))
    return table.assign(source=source)


def anchored(listed: pd.DataFrame) -> tuple[pd.Series, np.ndarray]:
    """Return what is typical of each centred feature, weighted by how open its program is, and the log odds at the curve's knots.

    listed: table functional_h1b_sponsors.
    """
    known, knots = weights(), read_reference("likelihood/filings.csv")
    centred = features_of(listed)[list(_CENTRED)]
    applications = listed[_PEAK].fillna(0).to_numpy(dtype="float64")
    upper = knots["most"].astype("float64").to_numpy()[:-1] + 0.5
    group = np.searchsorted(upper, applications)
    places = np.log1p(knots["applications"].astype("float64").to_numpy())
    target = _log_odds(knots["reported_share"].astype("float64").to_numpy())
    curve, typical = target.copy(), pd.Series(0.0, index=centred.columns)
    for _ in range(_STEPS):
        added = (centred - typical) @ known.loc[list(_CENTRED), "weight"]
        likely = probability(np.interp(np.log1p(applications), places, curve) + added.to_numpy())
        means = np.array([likely[group == number].mean() for number in range(len(knots))])
        curve = np.maximum.accumulate(curve + 0.5 * (target - _log_odds(means)))
        openness = likely * (1 - likely)
        typical = (centred.T * openness).sum(axis=1) / openness.sum()
    return known.loc[list(_CENTRED), "typical"] + typical, curve


def _log_odds(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def main() -> None:
    """Write the three tables; the counts of specialties first, for a second run to anchor on."""
    release = Release.open(data_folder().latest)
    listed = release.table("functional_h1b_sponsors")
    folder = REFERENCE / "likelihood"
    source = read_reference("likelihood/specialties.csv")["source"].iloc[0]
    filings = release.table("trainee_filings", ["level", "confidence", "specialty"])
    specialty_counts(listed, filings, source).to_csv(folder / "specialties.csv", index=False)
    typical, curve = anchored(listed)
    table = read_reference("likelihood/weights.csv").drop(columns="line").set_index("feature")
    table.loc[typical.index, "typical"] = [f"{value:.2f}" for value in typical]
    table.reset_index().to_csv(folder / "weights.csv", index=False)
    knots = read_reference("likelihood/filings.csv").drop(columns="line")
    knots.assign(log_odds=[f"{value:.2f}" for value in curve]).to_csv(folder / "filings.csv", index=False)
    print(f"anchored on {len(listed):,} programs of release {release.id}")


if __name__ == "__main__":
    sys.exit(main())

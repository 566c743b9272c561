"""rapidfuzz: for each employer the institution of its state with the most alike name, by WRatio. python -m ... FOLDER NAME NAMES."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process, utils

from tests.benchmarks.linkage.measure import timed

BLOCK = 5000


def main(folder: Path, name: str, names_of_institutions: str) -> None:
    """Write <name>.parquet: employer, state, institution_id, score (0 to 100)."""
    petitions = pd.read_parquet(folder / "petitions_1x.parquet", columns=["employer", "state"])
    names = pd.read_parquet(folder / f"{names_of_institutions}.parquet")
    best: list[pd.DataFrame] = []

    def work() -> int:
        employers = petitions[petitions["employer"] != ""].dropna().drop_duplicates()
        pairs = 0
        for state, theirs in names.groupby("state", sort=True):
            mine = employers.loc[employers["state"] == state, "employer"]
            pairs += len(mine) * len(theirs)
            choices = [utils.default_process(one) for one in theirs["name"]]
            for start in range(0, len(mine), BLOCK):
                some = mine.iloc[start : start + BLOCK]
                asked = [utils.default_process(one) for one in some]
                scores = process.cdist(asked, choices, scorer=fuzz.WRatio, workers=-1, dtype=np.float32)
                row = scores.argmax(axis=1)
                found = theirs["institution_id"].to_numpy()[row]
                score = scores[np.arange(len(some)), row]
                best.append(pd.DataFrame({"employer": some, "state": state, "institution_id": found, "score": score}))
        return pairs

    timed(work, name, folder)
    pd.concat(best).to_parquet(folder / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

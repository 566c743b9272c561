"""scikit-learn: the institution of the state whose name is nearest by cosine of TF-IDF character trigrams.

python -m ... FOLDER NAME NAMES, in the benchmark's own environment.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import utils
from sklearn.feature_extraction.text import TfidfVectorizer

from tests.benchmarks.linkage.measure import timed

BLOCK = 5000


def main(folder: Path, name: str, names_of_institutions: str) -> None:
    """Write <name>.parquet: employer, state, institution_id, score (0 to 1)."""
    petitions = pd.read_parquet(folder / "petitions_1x.parquet", columns=["employer", "state"])
    names = pd.read_parquet(folder / f"{names_of_institutions}.parquet")
    best: list[pd.DataFrame] = []

    def work() -> int:
        employers = petitions[petitions["employer"] != ""].dropna().drop_duplicates(ignore_index=True)
        vectors = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 3), preprocessor=utils.default_process, dtype=np.float32
        )
        vectors.fit(pd.concat([employers["employer"], names["name"]]))
        mine, theirs = vectors.transform(employers["employer"]), vectors.transform(names["name"])
        pairs = 0
        for state, there in names.groupby("state", sort=True).indices.items():
            here = np.flatnonzero(employers["state"].to_numpy() == state)
            pairs += len(here) * len(there)
            transposed = theirs[there].T.tocsr()
            for start in range(0, len(here), BLOCK):
                rows = here[start : start + BLOCK]
                cosines = (mine[rows] @ transposed).toarray()
                place = cosines.argmax(axis=1)
                found = names["institution_id"].to_numpy()[there[place]]
                score = cosines[np.arange(len(rows)), place]
                best.append(employers.iloc[rows].assign(institution_id=found, score=score))
        return pairs

    timed(work, name, folder)
    pd.concat(best).to_parquet(folder / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

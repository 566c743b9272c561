"""How likely a program that states no policy is to say H-1B if asked: inferred, graded, never a policy.

What belongs here: the door. Features and weights are in `likelihood_inputs.py`, the fit in `likelihood_fit.py`, the table that
says how well it holds in `likelihood_calibration.py`; the method is docs/methods/likelihood.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.schemas.vocabulary import OFFERED
from pipeline.tiers.likelihood_fit import Fitted, Prior, fit, probability
from pipeline.tiers.likelihood_inputs import basis_of, features_of, weights

COLUMNS: Final = ("sponsoring_likelihood", "sponsoring_likelihood_low", "sponsoring_likelihood_high")
BASIS: Final = "sponsoring_likelihood_basis"
NOT_STATED: Final = "not_stated"
_DIGITS: Final = 3
_Z: Final = 1.645  # the interval holds nine tenths


def sponsoring_likelihood(listed: pd.DataFrame) -> pd.DataFrame:
    """Return COLUMNS and BASIS for each program of `listed`, indexed as it is: null where a policy is stated.

    listed: as of `hidden_likelihood`, and petition_years.
    """
    silent = listed["policy"] == NOT_STATED
    shown = hidden_likelihood(listed).where(silent)
    return shown.assign(**{BASIS: basis_of(listed).where(silent)})


def hidden_likelihood(listed: pd.DataFrame) -> pd.DataFrame:
    """Return COLUMNS for each program, as if it stated nothing: what is stated moves the weights, never its own row's features.

    listed: columns of `features_of` and `statements_of`.
    """
    features = features_of(listed)
    statements = statements_of(listed)
    known = weights()
    prior = Prior(*(known[name].to_numpy() for name in ("weight", "sd", "never_negative")))
    offset = float(known["typical"]["filings"])
    every = features.assign(level=1.0, own_page=0.0, institution_page=0.0)[list(known.index)]
    shifted = every.loc[statements.index].assign(
        own_page=statements["own_page"], institution_page=statements["institution_page"]
    )
    fitted = fit(shifted.to_numpy(), statements["said"].to_numpy(), statements["counts"].to_numpy(), offset, prior)
    return pd.DataFrame(_interval(every.to_numpy(), fitted, offset), columns=list(COLUMNS), index=listed.index)


def statements_of(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the programs of which H-1B is stated, indexed as in `listed`: said (1 yes or case by case, 0 no), counts, own_page
    and institution_page (1 or 0; neither: the program's own answer in a directory).

    listed: program_code, institution_id, h1b_stated, evidence_scope, evidence_kind. A statement of an institution, or that another
    program makes for it, counts once, whatever the number of its programs.
    """
    stated = listed[listed["h1b_stated"] != NOT_STATED]
    general = stated["evidence_scope"] != "program"
    whose = stated["institution_id"].where(general, stated["program_code"])
    return pd.DataFrame(
        {
            "said": stated["h1b_stated"].isin(OFFERED).astype("float64"),
            "counts": 1.0 / whose.groupby(whose).transform("size"),
            "own_page": (~general & (stated["evidence_kind"] != "directory")).astype("float64"),
            "institution_page": general.astype("float64"),
        }
    )


def _interval(features: np.ndarray, fitted: Fitted, offset: float) -> np.ndarray:
    """Return likelihood, lower and upper end of each row."""
    middle = features @ fitted.weights + offset
    spread = _Z * np.sqrt(np.einsum("ij,jk,ik->i", features, fitted.covariance, features))
    ends = [probability(middle + side) for side in (np.zeros_like(spread), -spread, spread)]
    return np.column_stack(ends).round(_DIGITS)

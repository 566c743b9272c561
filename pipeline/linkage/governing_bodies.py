"""Names that a university's campuses share with its governing body: whose office may be in a city that is none of theirs.

What belongs here: which accepted candidates only an area or a state speaks for. What follows is decided in `decisions.py`.
"""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.model import CITY_EQUAL
from pipeline.linkage.names.kinds import kinds_of
from pipeline.linkage.names.normalise import canonical_all


def away_from_home(one: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Decide which accepted candidates have a university's name that several institutions bear, and no more than area or state for them.

    The regents of the University of California in Oakland are not the campus in San Francisco. They are where the petitioner is in
    the institution's own city or in one it is named after (`University of California (Irvine)`, whose hospital is in Orange), and
    where its tax id is known from there. one: scored candidates with a decision, one a petitioner site and institution.
    """
    same = one["relation"] == "same"
    bearers = one[same].groupby(["alias_form", "own_state"])["institution_id"].transform("nunique")
    shared = (bearers.reindex(one.index) > 1) & (kinds_of(one["alias_form"]) == "university")
    accepted = same & (one["decision"] == "accepted")
    words = dict(zip(institutions["institution_id"], canonical_all(institutions["name"]).str.split(), strict=True))
    named = pd.Series(
        [
            isinstance(place, str) and set(place.split()) <= set(words.get(identity, ()))
            for place, identity in zip(one["place"].tolist(), one["institution_id"].tolist(), strict=True)
        ],
        index=one.index,
        dtype=bool,
    )
    at_home = accepted & ((one["place_points"] == CITY_EQUAL) | named)
    key = ["institution_id", "tax_id_last4"]
    of_home = pd.MultiIndex.from_frame(one.loc[at_home & one["tax_id_last4"].notna(), key])
    known = pd.MultiIndex.from_frame(one[key]).isin(of_home)
    by_name = ~one["source"].isin(
        ["alias", "tax_id"]
    )  # what a person wrote, or another spelling carries, rests on more
    return accepted & shared & by_name & ~at_home & ~known & ~one["own_id"]

"""Home pages of universities that neither IPEDS nor ROR gives an address for, from the list of university domains.

What belongs here: when a line of that list is an institution's. It has names and few states, so it counts only where it can't be
another university's: a page that is fetched is evidence about the institution.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import canonical_all
from pipeline.schemas.vocabulary import STATE_NAMES, STATES

_CODES: Final = {code.casefold(): code for code in STATES} | {
    name.casefold(): code for code, name in STATE_NAMES.items()
}


def university_homes(institutions: pd.DataFrame, domains: pd.DataFrame) -> pd.Series:
    """Find web domains of institutions by name and state. Tables institutions and university_domains.

    A state that the list gives must be the institution's. Where it gives none, the name must be one institution's and one
    university's alone. Returns a domain (text) with the index of `institutions`, null where none or more than one fits.
    """
    listed = pd.DataFrame({"form": canonical_all(institutions["name"]), "state": institutions["state"]})
    known = domains[domains["domains"].map(len) > 0]
    named = pd.DataFrame(
        {
            "form": canonical_all(known["name"]),
            "state": known["state_name"].map(_state_of, na_action="ignore"),
            "stated": known["state_name"].notna(),
            "domain": [min(names, key=lambda name: (len(name), name)) for names in known["domains"]],
        }
    )
    single = ~listed["form"].duplicated(keep=False)
    by_name = (
        listed[single]
        .reset_index()
        .merge(named[~named["form"].duplicated(keep=False) & ~named["stated"]][["form", "domain"]], on="form")
    )
    in_state = listed[~listed.duplicated(["form", "state"], keep=False)]
    by_state = in_state.reset_index().merge(named.dropna(subset="state"), on=["form", "state"])
    found = pd.concat([by_name, by_state]).drop_duplicates("index", keep=False).set_index("index")["domain"]
    return found.reindex(institutions.index).astype("str")


def _state_of(text: str) -> str | None:
    """Return the state of `NY`, `New York` or `New York, NY`; None for anything else, such as a city."""
    return _CODES.get(text.rpartition(",")[2].strip().casefold())

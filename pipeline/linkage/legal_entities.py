"""Legal entities of health systems: what they are to an institution where its own names say more, or the city says another.

What belongs here: relations of bodies that file for several sponsors. What a score leads to is decided in `decisions.py`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.model import ACCEPT, METRO_EQUAL, SYSTEM
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.scoring import by_written_name

ANOTHERS_SITE: Final = "+0 another institution fits better"
_ITS_OWN: Final = "^(?:equal|cut|kin$)"  # levels of `model.LEVELS` at which a name is the institution's own
_PAIR: Final = ["petitioner_site_id", "institution_id"]


def beaten_by_own_name(scored: pd.DataFrame) -> pd.Series:
    """Decide which candidates as an affiliate by the system give way: the institution's own name says that it is the very body."""
    of_system = (scored["source"] == SYSTEM) & (scored["relation"] == "affiliate")
    its = (scored["relation"] == "same") & (scored["score"] >= ACCEPT) & scored["how"].str.contains(_ITS_OWN)
    own = scored.loc[its, _PAIR]
    return of_system & pd.MultiIndex.from_frame(scored[_PAIR]).isin(pd.MultiIndex.from_frame(own))


def shared_entities(one: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Make affiliates of the institutions that lose a site of their own legal entity to another sponsor in that city.

    One corporation may own several sponsors, and one university have several colleges, hospitals and partners that sponsor; what it
    files from the city of one is that one's, and to the others it is a body of their own. one: links with decision and note, where
    `same` is settled. institutions: columns institution_id, name.
    """
    lost = (one["decision"] == "rejected") & (one["note"] == ANOTHERS_SITE) & (one["score"] >= ACCEPT)
    lost &= by_written_name(one) | _of_its_university(one, institutions)
    return one.assign(
        relation=one["relation"].mask(lost, "affiliate"),
        decision=one["decision"].mask(lost, "accepted"),
        note=one["note"].mask(lost, "+0 one legal entity of several sponsors; this site is nearer to another"),
    )


def _of_its_university(one: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Decide whether a candidate has the very name of the university in the institution's name, in its city or metropolitan area.

    What a university files at its seat is not a regional campus's.
    """
    university = (one["alias_form"].map(kind_of) == "university") & one["how"].str.startswith("equal")
    words = dict(zip(institutions["institution_id"], canonical_all(institutions["name"]).str.split(), strict=True))
    spoken = pd.Series(
        [
            set(form.split()) <= set(words.get(identity, ()))
            for form, identity in zip(one["alias_form"], one["institution_id"], strict=True)
        ],
        index=one.index,
        dtype=bool,
    )
    return university & spoken & (one["place_points"] >= METRO_EQUAL)

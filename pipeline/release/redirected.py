"""What became of the ids of earlier releases: which this one keeps, and the redirects of those it does not.

Which id a thing keeps is decided in `linkage/kept_ids.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.kept_ids import spelling_keys
from pipeline.release.changes import LIST
from pipeline.release.digests import digest
from pipeline.release.reader import Release
from pipeline.schemas.frames import empty_frame, list_items

_REDIRECTS: Final = "redirects"
_PETITIONERS: Final = "petitioners"
_OF_PROGRAMS: Final = ["institution_id", "program_code"]


def earlier_institutions(earlier: Release | None) -> pd.DataFrame:
    """Return table `earlier_institutions`: ids of the institutions of a release, with their programs; none of None."""
    if earlier is None:
        return empty_frame("earlier_institutions")
    programs = earlier.table(LIST, _OF_PROGRAMS).rename(columns={"institution_id": "id"})
    return programs.dropna(subset=["id"]).astype("str")


def earlier_petitioners(earlier: Release | None) -> pd.DataFrame:
    """Return table `earlier_petitioners`: ids of the petitioners of a release, with their spellings; none of None."""
    if earlier is None:
        return empty_frame("earlier_petitioners")
    petitioners = earlier.table(_PETITIONERS, ["petitioner_id", "spellings", "tax_id_last4", "state"], arrow_lists=True)
    owner, spellings = list_items(petitioners["spellings"])
    spelt = petitioners.take(owner).assign(employer=pd.Series(spellings, dtype="str").array)
    rows = spelt[["petitioner_id"]].set_axis(["id"], axis=1).assign(spelling=spelling_keys(spelt))
    return rows.reset_index(drop=True).astype("str")


def institutions_version(earlier: Release | None) -> str:
    """Return a text that changes with what `earlier_institutions` says of a release; "" for None."""
    if earlier is None:
        return ""
    return hashlib.sha256(earlier.table(LIST, _OF_PROGRAMS).to_csv(index=False).encode()).hexdigest()


def petitioners_version(earlier: Release | None) -> str:
    """Return the hash of table `petitioners` of a release, which changes with what `earlier_petitioners` says of it; "" for None."""
    return digest(earlier.path(_PETITIONERS)) if earlier else ""


def has_institutions(earlier: Release | None, programs: pd.DataFrame) -> bool:
    """Tell whether a release lists the same programs, each under the id of the same institution. programs: table `programs`."""
    if earlier is None:
        return False
    before, now = (
        frame[_OF_PROGRAMS].dropna().sort_values(_OF_PROGRAMS, ignore_index=True)
        for frame in (earlier.table(LIST, _OF_PROGRAMS), programs)
    )
    return before.equals(now)


def earlier_redirects(earlier: Release | None) -> pd.DataFrame:
    """Return the redirects of a release; none of None, and of a release that is older than the table."""
    if earlier is None or not earlier.has(_REDIRECTS):
        return empty_frame(_REDIRECTS)
    return earlier.table(_REDIRECTS)


def redirects(new: pd.DataFrame, earlier: pd.DataFrame, live: Set[str]) -> pd.DataFrame:
    """Return table `redirects`: those of this release, and the earlier ones led on to what stands for their new id now.

    new: columns old_id, new_id, kind, since, release_id. earlier: table `redirects` of the release before. live: ids of this release,
    at least those that `earlier` leads on. An id that is in use again needs no redirect of a merger.
    """
    given_up = new[new["kind"] == "merged"]
    onward = dict(zip(given_up["old_id"], given_up["new_id"], strict=True))
    kept = earlier.assign(new_id=[onward.get(identity, identity) for identity in earlier["new_id"]])
    # Looked up one by one: there are few redirects, and `isin` would make an array of all ids.
    in_use = np.array([identity in live for identity in kept["old_id"]], dtype=bool)
    kept = kept[(kept["old_id"] != kept["new_id"]) & ~((kept["kind"] == "merged") & in_use)]
    both = pd.concat([kept, new], ignore_index=True) if len(kept) else new
    return both.drop_duplicates(["old_id", "new_id"]).reset_index(drop=True)

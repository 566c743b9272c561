"""What the list says of each program otherwise than an earlier release did: statements, applications, and programs that are new.

What belongs here: two lists held against each other. Which sentence changed is in table `policy_changes`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

OFFERED: Final = ("yes", "case_by_case")
FILED: Final = "trainee_filings_same_specialty_recent"
COMPARED: Final = ("program_code", "h1b_stated", "j1_stated", FILED)
# Change -> what it means, in the order of the answer.
CHANGES: Final = {
    "newly_states": "an H-1B is stated now, and was not before",
    "withdrew": "an H-1B was stated, and is not any more: denied, or nothing at hand says so now",
    "states_otherwise": "what is stated of H-1B or J-1 differs otherwise",
    "started_filing": "applications for trainees of the specialty within 24 months, none before",
    "stopped_filing": "none within 24 months any more: the files at hand are a part, so it is no no",
    "new_in_list": "the earlier list did not have it",
}


def compared(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each change of a program of `now`: program_code, change (a word of CHANGES), before, now; sorted by change.

    now, before: COMPARED of two lists; each has a program once.
    """
    both = now[list(COMPARED)].merge(
        before[list(COMPARED)], on="program_code", how="left", suffixes=("", "_before"), indicator=True
    )
    known = both["_merge"] == "both"
    offered, was_offered = both["h1b_stated"].isin(OFFERED), both["h1b_stated_before"].isin(OFFERED)
    other = (both["h1b_stated"] != both["h1b_stated_before"]) | (both["j1_stated"] != both["j1_stated_before"])
    filed, had_filed = (both[name].fillna(0) > 0 for name in (FILED, f"{FILED}_before"))
    found = {
        "newly_states": known & offered & ~was_offered,
        "withdrew": known & ~offered & was_offered,
        "states_otherwise": known & other & (offered == was_offered),
        "started_filing": known & filed & ~had_filed,
        "stopped_filing": known & ~filed & had_filed,
        "new_in_list": ~known,
    }
    parts = [_told(both[holds.fillna(False).astype("bool")], change) for change, holds in found.items()]
    return pd.concat(parts, ignore_index=True)


def _told(rows: pd.DataFrame, change: str) -> pd.DataFrame:
    filing = change in ("started_filing", "stopped_filing")
    told = {"program_code": rows["program_code"], "change": change}
    for name, end in (("before", "_before"), ("now", "")):
        stated = "H-1B " + rows[f"h1b_stated{end}"].astype("str") + ", J-1 " + rows[f"j1_stated{end}"].astype("str")
        counted = rows[f"{FILED}{end}"].fillna(0).astype("int64").astype("str") + " applications"
        words = counted if filing else stated.str.replace("_", " ")
        told[name] = np.where(change == "new_in_list", "" if end else words, words)
    return pd.DataFrame(told, index=rows.index)

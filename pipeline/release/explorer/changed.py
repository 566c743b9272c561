"""What became of each program since the release before, as the explorer shows it: `changed.js`, loaded on demand.

What belongs here: coding of what `release/compared` tells. What counts as a change is decided there.
"""

from __future__ import annotations

from typing import Any

from pipeline.release.compared import compared
from pipeline.release.derived.contents import Contents
from pipeline.release.notes import described
from pipeline.schemas.vocabulary import PROGRAM_CHANGES


def changed(contents: Contents) -> dict[str, Any]:
    """Return previous, the id of the release before (None where there is none), and changes, in the order of PROGRAM_CHANGES.

    A change has its name, its meaning and rows: code, program, institution and state (None where unknown), before and now in words,
    and url and quote of its evidence (None where it has none). Raises ReleaseError where a table of either release is damaged.
    """
    if contents.previous is None:
        return {"previous": None, "changes": []}
    changes = compared(contents.delta).merge(
        described(contents.previous, contents.release), on="program_code", how="left"
    )
    changes["program"] = changes["specialty"].fillna(changes["program_name"])
    for name in ("url", "quote"):
        changes[name] = [evidence.get(name) if evidence else None for evidence in changes["evidence"]]
    changes = changes.rename(columns={"program_code": "code"}).astype("object")
    changes = changes.where(changes.notna(), None)
    columns = ["code", "program", "institution", "state", "before", "now", "url", "quote"]
    return {
        "previous": contents.previous.id,
        "changes": [
            {"change": change, "meaning": meaning, "rows": rows[columns].to_dict("records")}
            for change, meaning in PROGRAM_CHANGES.items()
            if len(rows := changes[changes["change"] == change])
        ],
    }

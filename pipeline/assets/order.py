"""In which order the steps of a run begin, of those that can: what copies of its process make last comes last."""

from __future__ import annotations

from typing import Final

from pipeline.steps.ahead import CHAIN
from pipeline.steps.work import SNAPSHOTS

_PRIORITIES: Final = {name: -place for place, name in enumerate(CHAIN) if name != SNAPSHOTS}


def order_of(step: str) -> dict[str, str]:
    """Return the tags of a step that say when it is to begin, of those that can. Those of the longest chain are made in a copy, or wait
    for nothing else, and what the run would wait for them it has for the others."""
    return {"dagster/priority": str(_PRIORITIES[step])} if step in _PRIORITIES else {}

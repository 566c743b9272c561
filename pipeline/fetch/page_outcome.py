"""What became of one page, as the journal and the report record it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["new", "unchanged", "not_kept", "refused_by_robots", "failed", "not_asked"]


@dataclass(frozen=True)
class PageOutcome:
    """What became of one page. code and detail: why it failed or was refused. bytes: that it took, decompressed.

    found_at: address after redirects. snapshot_id: of the archive, "" where nothing of it is there. links: the promising
    ones into its own site, address and words. The names of the fields are those of the journal and the report.
    """

    site: str
    url: str
    outcome: Outcome
    code: str = ""
    detail: str = ""
    found_at: str = ""
    snapshot_id: str = ""
    bytes: int = 0
    links: tuple[tuple[str, str], ...] = ()

"""The report of a run: counts, reasons and every page, as a file of JSON and as figures for whoever shows them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.atomic_files import replace_file
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.page_yield import InstitutionPages
from pipeline.settings import FetchSettings

REQUESTED: Final = ("new", "unchanged", "not_kept", "failed")
_SHOWN: Final = ("contact", "delay", "hosts_at_once", "pages_per_site", "bytes_per_site", "page_bytes")


@dataclass(frozen=True)
class Report:
    """A run. Times are UTC, ISO 8601. stopped: whether it was broken off, to be resumed. requests: of every kind.

    pages: the outcome of each page, in the order in which they were done. institutions: how many of them were of each.
    """

    started_at: str
    ended_at: str
    stopped: bool
    resumed: bool
    sites: int
    requests: int
    pages: tuple[PageOutcome, ...]
    institutions: tuple[InstitutionPages, ...] = ()

    def count(self, *outcomes: str) -> int:
        """Return the number of pages with one of these outcomes."""
        return sum(page.outcome in outcomes for page in self.pages)

    @property
    def requested(self) -> int:
        """Number of pages requested: new, unchanged, not kept and failed."""
        return self.count(*REQUESTED)

    def reasons(self, *outcomes: str) -> list[tuple[str, int]]:
        """Return the codes of these outcomes with their counts, most frequent first."""
        counts = Counter(page.code for page in self.pages if page.outcome in outcomes and page.code)
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def as_json(report: Report, settings: FetchSettings) -> dict[str, Any]:
    """Return the report as plain JSON: counts, reasons, settings, and a record for each page."""
    plain = asdict(settings)
    return {
        "started_at": report.started_at,
        "ended_at": report.ended_at,
        "stopped": report.stopped,
        "resumed": report.resumed,
        "settings": {name: plain[name] for name in _SHOWN},
        "counts": {
            "sites": report.sites,
            "requests": report.requests,
            "asked": report.requested,
            **{name: report.count(name) for name in (*REQUESTED, "refused_by_robots", "not_asked")},
            "bytes": sum(page.bytes for page in report.pages),
        },
        "failed_by_reason": dict(report.reasons("failed")),
        "institutions": [asdict(one) for one in report.institutions],
        "pages": [
            {name: value for name, value in asdict(page).items() if name != "links" and value != ""}
            for page in sorted(report.pages, key=lambda one: (one.site, one.url))
        ],
    }


def write_report(report: Report, settings: FetchSettings, folder: Path) -> Path:
    """Write the report to `folder`, whole or not at all, and return its path; its name has the time at which the run ended.

    In ASCII: what hosts have sent is in it, and a terminal may show it.
    """
    stamp = report.ended_at.replace(":", "").replace("-", "").partition("+")[0]
    path = folder / f"report-{stamp}.json"
    replace_file(path, json.dumps(as_json(report, settings), indent=2) + "\n")
    return path

"""What a run did: counts, reasons and every page, as JSON for machines and as figures for people."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.fetch.crawl_state import SiteProgress, Visit
from pipeline.settings import FetchSettings

ASKED: Final = ("new", "unchanged", "not_kept", "failed")
_SHOWN: Final = ("contact", "delay", "hosts_at_once", "pages_per_site", "bytes_per_site", "page_bytes")


@dataclass(frozen=True)
class Report:
    """A run. Times are UTC, ISO 8601. stopped: whether it was broken off, to be taken up again. requests: of every kind."""

    started_at: str
    ended_at: str
    stopped: bool
    resumed: bool
    sites: int
    requests: int
    visits: tuple[Visit, ...]

    def count(self, *outcomes: str) -> int:
        """Pages with one of these outcomes."""
        return sum(visit.outcome in outcomes for visit in self.visits)

    @property
    def asked(self) -> int:
        """Pages asked for: new, unchanged, not kept and failed."""
        return self.count(*ASKED)

    def reasons(self, *outcomes: str) -> list[tuple[str, int]]:
        """Codes of these outcomes with their counts, most frequent first."""
        found = Counter(visit.code for visit in self.visits if visit.outcome in outcomes and visit.code)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def as_json(report: Report, settings: FetchSettings) -> dict[str, Any]:
    """The report as plain JSON: counts, reasons, settings, and a record for each page."""
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
            "asked": report.asked,
            **{name: report.count(name) for name in (*ASKED, "refused_by_robots", "not_asked")},
            "bytes": sum(visit.bytes for visit in report.visits),
        },
        "failed_by_reason": dict(report.reasons("failed")),
        "pages": [
            {name: value for name, value in asdict(visit).items() if name != "links" and value != ""}
            for visit in sorted(report.visits, key=lambda one: (one.site, one.url))
        ],
    }


def write_report(report: Report, settings: FetchSettings, folder: Path) -> Path:
    """Write the report to `folder`, whole or not at all; its name has the time at which the run ended."""
    stamp = report.ended_at.replace(":", "").replace("-", "").partition("+")[0]
    path = folder / f"report-{stamp}.json"
    staged = path.with_suffix(".staging")
    staged.write_text(json.dumps(as_json(report, settings), indent=2, ensure_ascii=False) + "\n", "utf-8")
    os.replace(staged, path)
    return path


def seconds_left(standings: list[SiteProgress], waiting_sites: int, settings: FetchSettings) -> float:
    """Estimate of the time left, in seconds: pauses of the pages to come, spread over the sites visited in parallel.

    Never less than the slowest site needs. A site that has not begun is taken to be like the mean of those begun.
    """
    own = [one.to_come * max(one.delay, settings.delay) for one in standings]
    begun = [(one.done + one.to_come) * max(one.delay, settings.delay) for one in standings]
    mean = sum(begun) / len(begun) if begun else settings.pages_per_site * settings.delay
    whole = sum(own) + waiting_sites * mean
    return max([whole / settings.hosts_at_once, *own, mean if waiting_sites else 0.0])

"""A run over official sources: each in turn, its files one after the other, and what became of them kept for `status`."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.archive.store import sweep
from pipeline.errors import UserError
from pipeline.fetch.clock import Clock, StoppedError
from pipeline.fetch.download import downloader
from pipeline.fetch.network import Network
from pipeline.fetch.only_run import emptied, only_run
from pipeline.fetch.response_body import Meter
from pipeline.fetch.source_fetch import SourceFetch, fetch_publication
from pipeline.fetch.source_outcome import FileOutcome, keep_outcomes
from pipeline.fetch.throttle import HostThrottle
from pipeline.fetch.throttled_request import RequestContext
from pipeline.settings import DataFolder, FetchSettings
from pipeline.sources.publications import Publication

RECORDS: Final = "sources"  # below the folder of fetches: what became of the files of each source at its last run


def fetch_sources(
    folder: DataFolder,
    sources: Mapping[str, Sequence[Publication]],
    since: int,
    settings: FetchSettings,
    reporter: Callable[[FileOutcome], None],
    *,
    network: Network | None = None,
) -> list[FileOutcome]:
    """Fetch the files of `sources` (publications by source) into the archive; returns what became of each.

    since: the first fiscal year that is requested. reporter: takes each outcome as it is known. Raises FetchError where another run has
    one of the sources, OSError where the disk fails; whatever else goes wrong is the failure of one file.
    """
    network = network or Network()
    clock = network.clock(threading.Event())
    throttle = HostThrottle(clock, settings.delay)
    found: list[FileOutcome] = []
    for source, published in sources.items():
        with only_run(folder.fetch, f".{source}.lock"):
            meter = Meter()
            context = RequestContext(settings, clock, throttle, downloader(settings, network.resolver, meter), meter)
            sweep(folder.raw, source)
            fetch = SourceFetch(folder, emptied(folder.fetch / f"partial-{source}"), context)
            own: list[FileOutcome] = []
            try:
                for outcome in _outcomes(published, since, fetch, clock):
                    own.append(outcome)
                    reporter(outcome)
            finally:
                keep_outcomes(folder.fetch / RECORDS, source, own)
            found += own
    return found


def _outcomes(published: Sequence[Publication], since: int, fetch: SourceFetch, clock: Clock) -> Iterator[FileOutcome]:
    for publication in published:
        try:
            yield from fetch_publication(publication, since, fetch)
        except (StoppedError, UserError, OSError):
            # To stop, an archive that can't be read, a full disk: no file could go on.
            raise
        except Exception as error:
            yield _unforeseen(publication, error, clock)


def _unforeseen(publication: Publication, error: Exception, clock: Clock) -> FileOutcome:
    """Return the outcome of a publication that met an error that nobody foresaw; others go on."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}: {error}"[:200]
    asked_at = clock.now().isoformat(timespec="seconds")
    return FileOutcome(
        publication.source, publication.file, "", "failed", publication.address, asked_at, "internal_error", detail
    )

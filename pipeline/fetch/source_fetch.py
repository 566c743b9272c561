"""The files of one publication into the archive, through the same door and the same gate as a person's downloads.

What belongs here: what an answer means for a file. How a file is requested is `file_request`, what is wanted `sources.publications`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choose
from pipeline.archive.store import Snapshot
from pipeline.fetch.catalogue_pick import pick
from pipeline.fetch.download import BodyLimits, Response
from pipeline.fetch.failures import DownloadError
from pipeline.fetch.file_request import FileRequest, request_file
from pipeline.fetch.partial_file import PartialFile
from pipeline.fetch.source_outcome import FileOutcome, Result
from pipeline.fetch.throttled_request import RequestContext
from pipeline.settings import DataFolder
from pipeline.sources.base import Source
from pipeline.sources.catalogue import source as source_of
from pipeline.sources.publications import Publication, Wanted

_CATALOGUE_BYTES: Final = 64 << 20
_ANY_FILE: Final = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-download",
    "application/force-download",
)
_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "csv": ("text/csv", "application/csv", "text/plain", "text/comma-separated-values", "application/vnd.ms-excel"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"),
    "zip": ("application/zip", "application/x-zip-compressed", "application/x-zip"),
    "json": ("application/json", "text/json", "text/plain"),
}
# The site refuses requests by programs: a person can save the file.
_REFUSALS: Final = frozenset({"http_401", "http_403", "http_405", "http_406", "http_451", "web_page"})
_GONE: Final = frozenset({"http_404", "http_410"})
_PAGE: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|script|meta|\?xml|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class SourceFetch:
    """What the files of one source are fetched with. partial: folder for bytes on their way into the archive."""

    folder: DataFolder
    partial: Path
    context: RequestContext


def fetch_publication(publication: Publication, since: int, fetch: SourceFetch) -> Iterator[FileOutcome]:
    """Fetch the files of a publication from the year `since` on, and file them; yields what became of each, the newest first.

    What goes wrong with one file is its outcome; the others go on. Raises OSError where the disk fails.
    """
    source = source_of(publication.source)
    for wanted in publication.wanted(fetch.context.clock.now().date(), since):
        archived = open_archive(fetch.folder.raw).of_source(source.id)
        yield _fetch_wanted(publication, wanted, source, archived, fetch)


def _fetch_wanted(
    publication: Publication, wanted: Wanted, source: Source, archived: list[Snapshot], fetch: SourceFetch
) -> FileOutcome:
    outcome = FileOutcome(
        publication.source,
        publication.file,
        wanted.name,
        "not_there",
        wanted.addresses[0],
        fetch.context.clock.now().isoformat(timespec="seconds"),
    )
    if wanted.closed and _is_there(wanted, archived):
        return replace(outcome, result="kept")
    for address in wanted.addresses:
        before = fetch.context.meter.bytes
        try:
            at, outcomes = _filed(publication, wanted, address, source, archived, fetch)
            return replace(_decided(outcome, outcomes), address=at, bytes=fetch.context.meter.bytes - before)
        except DownloadError as error:
            if error.code in _GONE:
                continue
            return replace(_failed(outcome, error, publication, source), address=address)
    return replace(
        outcome, detail=f"expected {publication.lag} days after the end of its period" if wanted.period else ""
    )


def _is_there(wanted: Wanted, archived: list[Snapshot]) -> bool:
    """Decide whether a full file of the period is used, or one from the address of the period is in the archive."""
    if any(snapshot.manifest.url in wanted.addresses for snapshot in archived):
        return True
    return any(one.used and one.part.full and one.part.name == wanted.name for one in choose(archived))


def _filed(
    publication: Publication, wanted: Wanted, address: str, source: Source, archived: list[Snapshot], fetch: SourceFetch
) -> tuple[str, list[Outcome]]:
    """Request a file and file it; returns where it was found and what the door says, nothing where it has not changed.

    Raises DownloadError.
    """
    context = fetch.context
    if publication.pick:
        limits = BodyLimits(_CATALOGUE_BYTES, (*_TYPES["json"], *_ANY_FILE))
        _, catalogue = request_file(FileRequest(address, publication.hosts, {}), limits, context)
        address = pick(catalogue.body, publication.pick)
    path = fetch.partial / _file_name(address, wanted)
    try:
        with path.open("w+b") as handle:
            limits = BodyLimits(
                publication.most_bytes, (*_TYPES[publication.media], *_ANY_FILE), sink=PartialFile(handle)
            )
            request = FileRequest(address, publication.hosts, _conditions(address, archived))
            _, response = request_file(request, limits, context)
        if response.status == 304:
            return address, []
        _require_no_page(path, address)
        return address, _offered(path, address, wanted, source, response, fetch)
    finally:
        path.unlink(missing_ok=True)


def _require_no_page(path: Path, address: str) -> None:
    """Raise DownloadError `web_page` where a page came instead of a file: a robot check, a notice."""
    with path.open("rb") as handle:
        if _PAGE.match(handle.read(2_048)):
            raise DownloadError("web_page", f"{address} answers with a web page")


def _offered(
    path: Path, address: str, wanted: Wanted, source: Source, response: Response, fetch: SourceFetch
) -> list[Outcome]:
    """Offer a file, or those of a zip archive, to the reader of its own source alone; returns what became of each."""
    now = fetch.context.clock.now()
    provenance = Provenance(
        url=address,
        retrieved_at=now.date().isoformat(),
        etag=_sent_back(response, "ETag"),
        last_modified=_sent_back(response, "Last-Modified"),
        period=wanted.period,
    )
    cache = ParsedCache(fetch.folder.parsed)
    return list(add([path], fetch.folder.raw, (source,), lambda: now, provenance, cache))


def _conditions(address: str, archived: list[Snapshot]) -> Mapping[str, str]:
    """Return headers of a request for the file only if it has changed since the newest snapshot from that address."""
    own = [one.manifest for one in archived if one.manifest.url == address and not one.manifest.sample]
    if not own:
        return {}
    newest = max(own, key=lambda manifest: manifest.added_at)
    validators = {"If-None-Match": newest.etag, "If-Modified-Since": newest.last_modified}
    return {name: value for name, value in validators.items() if value}


def _sent_back(response: Response, name: str) -> str | None:
    """Return a header's value as sent, if it can be sent back: of one line, in ASCII and no longer than a validator is."""
    value = response.headers.get(name, "").strip()
    return value if value and value.isascii() and value.isprintable() and len(value) <= 256 else None


def _file_name(address: str, wanted: Wanted) -> str:
    """Return the last segment of the address as a file name, with the period where it doesn't name it."""
    last = re.sub(r"[^\w.-]+", "_", urlsplit(address).path.removesuffix("/content").rpartition("/")[2], flags=re.ASCII)
    named = last.strip("._")[-100:] or "file"
    return named if not wanted.period or wanted.period[2:6] in named else f"{wanted.period}_{named}"


def _decided(outcome: FileOutcome, outcomes: list[Outcome]) -> FileOutcome:
    """Return the outcome that what the door says of a file, or of those of a zip archive, comes to."""
    if not outcomes:
        return replace(outcome, result="unchanged")
    results: dict[str, Result] = {"took": "new", "held": "held", "skipped": "unchanged", "refused": "failed"}
    for verdict, result in results.items():
        if alike := [one for one in outcomes if one.verdict == verdict]:
            detail = "; ".join(one.detail for one in alike)
            ids = tuple(one.snapshot_id for one in alike if one.snapshot_id)
            code = "unusable" if result == "failed" else ""
            return replace(outcome, result=result, code=code, detail=detail, snapshot_ids=ids)
    raise AssertionError("each verdict has a result")


def _failed(outcome: FileOutcome, error: DownloadError, publication: Publication, source: Source) -> FileOutcome:
    page = error.code == "wrong_type" and "html" in error.detail
    if error.code in _REFUSALS or page:
        todo = f"{error.detail}. By hand: {publication.by_hand}, at {source.url}, and h1b-sponsors add it"
        return replace(outcome, result="by_hand", code="web_page" if page else error.code, detail=todo)
    return replace(outcome, result="failed", code=error.code, detail=error.detail)

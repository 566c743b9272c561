"""Fetched pages and the archive: what it has of an address, whether a page says something new, and the door in."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.archive.intake import Provenance, add_one, known_files
from pipeline.archive.store import Snapshot, sha256_of, snapshots
from pipeline.archive.unpack import Offered
from pipeline.fetch.addresses import normalise
from pipeline.fetch.download import DownloadError, Response
from pipeline.fetch.page_content import whole_text
from pipeline.fetch.seeds import About
from pipeline.fetch.throttle import Clock
from pipeline.sources import program_pages

_PAGE: Final = "page:"


class PageStore:
    """The pages of the archive `raw`. Any thread may file. partial: folder for bytes on their way into the archive."""

    def __init__(self, raw: Path, partial: Path, clock: Clock) -> None:
        self._raw, self._partial, self._clock = raw, partial, clock
        self._guard = threading.Lock()
        self.archived = [one for one in snapshots(raw) if one.manifest.source == program_pages.SOURCE.id]
        self._known = known_files(self.archived)
        self._newest: dict[str, Snapshot] = {}
        for snapshot in sorted(self.archived, key=lambda one: (one.manifest.added_at, one.id)):
            # A page in other words is not the page, and the sample stands for nothing.
            if not snapshot.manifest.sample and snapshot.manifest.hints.get("evidence_kind") != "restated":
                self._newest.update(dict.fromkeys(_addresses(snapshot), snapshot))

    def newest(self, url: str) -> Snapshot | None:
        """The newest snapshot of the page at a normalised address."""
        return self._newest.get(url)

    def conditions(self, url: str) -> Mapping[str, str]:
        """Headers that ask for the page only if it has changed since its newest snapshot (RFC 9110, 13.1); maybe none."""
        snapshot = self.newest(url)
        if snapshot is None:
            return {}
        said = {"If-None-Match": snapshot.manifest.etag, "If-Modified-Since": snapshot.manifest.last_modified}
        return {name: value for name, value in said.items() if value}

    def unchanged(self, url: str, content: bytes) -> Snapshot | None:
        """The newest snapshot of the page if it shows the same text. Raises SourceError for a PDF that can't be opened."""
        snapshot = self.newest(url)
        if snapshot is None:
            return None
        before = snapshot.path.read_bytes()
        return snapshot if before == content or whole_text(before) == whole_text(content) else None

    def file(self, url: str, answer: Response, about: About) -> Snapshot:
        """File a page through the same door as anybody's downloads. Raises DownloadError `unusable` where it is refused."""
        path = self._partial / uuid.uuid4().hex
        path.write_bytes(answer.body)
        now = self._clock.now()
        provenance = Provenance(
            hints={**about.hints(), "origin": program_pages.FETCHED},
            url=url,
            retrieved_at=now.date().isoformat(),
            etag=_header(answer, "ETag"),
            last_modified=_header(answer, "Last-Modified"),
        )
        offered = Offered(path, url, _name(url, answer.body))
        try:
            with self._guard:
                # Only pages: a web site must not be able to speak as ACGME or any other source.
                outcome = add_one(offered, self._raw, (program_pages.SOURCE,), now, provenance, self._known, again=True)
                if outcome.snapshot_id is None:
                    raise DownloadError("unusable", outcome.detail.removeprefix(f"{url}: "))
                manifest = self._known[program_pages.SOURCE.id, sha256_of(path)][-1]
                filed = Snapshot(self._raw / outcome.snapshot_id / manifest.original_name, manifest)
                self._newest[url] = filed
                return filed
        except (OSError, DownloadError):
            raise
        # The disk is our matter; in whatever other way hostile HTML makes the reader fail, it is that page's.
        except Exception as error:
            raise DownloadError("unusable", f"can't be read ({type(error).__name__}: {error})"[:200]) from error
        finally:
            path.unlink()


def _addresses(snapshot: Snapshot) -> list[str]:
    found = [normalise(part.name.removeprefix(_PAGE)) for part in snapshot.manifest.coverage]
    return [url for url in found if url is not None]


def _header(answer: Response, name: str) -> str | None:
    """A header's value as sent, if it can be sent back: of one line, in ASCII and no longer than a validator is."""
    value = answer.headers.get(name, "").strip()
    return value if value and value.isascii() and value.isprintable() and len(value) <= 256 else None


def _name(url: str, content: bytes) -> str:
    """A file name from the last word of the address, with the ending that the content has."""
    ending = ".pdf" if content.startswith(b"%PDF-") else ".html"
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last or "index"
    return f"{stem[:80]}{ending}"

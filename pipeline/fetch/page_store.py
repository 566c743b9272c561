"""Fetched pages in the archive: the newest snapshot of an address, whether a page shows something new, and filing it.

The archive's own door (`pipeline.archive.intake`) files; nothing is written into the archive here.
"""

from __future__ import annotations

import errno
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
from pipeline.fetch.clock import Clock
from pipeline.fetch.download import Response
from pipeline.fetch.failures import DownloadError, unusable
from pipeline.fetch.page_content import is_pdf, whole_text
from pipeline.fetch.seeds import About
from pipeline.sources import program_pages

_PAGE: Final = "page:"
# Errors of the disk that come from what a page is called or is, not from the disk.
_OF_THE_NAME: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ})


class PageStore:
    """The pages of the archive `raw`. Any thread may file. partial: folder for bytes on their way into the archive."""

    def __init__(self, raw: Path, partial: Path, clock: Clock) -> None:
        self._raw, self._partial, self._clock = raw, partial, clock
        self._guard = threading.Lock()
        self.archived = [one for one in snapshots(raw) if one.manifest.source == program_pages.SOURCE.id]
        self._known = known_files(self.archived)
        self._newest: dict[str, Snapshot] = {}
        for snapshot in sorted(self.archived, key=lambda one: (one.manifest.added_at, one.id)):
            # The sample is not the web.
            if not snapshot.manifest.sample:
                self._newest.update(dict.fromkeys(_addresses(snapshot), snapshot))

    def newest(self, url: str) -> Snapshot | None:
        """Return the newest snapshot of the page at a normalised address, None if there is none."""
        return self._newest.get(url)

    def conditions(self, url: str) -> Mapping[str, str]:
        """Return headers of a request for the page only if it has changed since its newest snapshot (RFC 9110, 13.1)."""
        snapshot = self.newest(url)
        if snapshot is None:
            return {}
        validators = {"If-None-Match": snapshot.manifest.etag, "If-Modified-Since": snapshot.manifest.last_modified}
        return {name: value for name, value in validators.items() if value}

    def unchanged(self, url: str, content: bytes) -> Snapshot | None:
        """Return the newest snapshot of the page if it shows the same text, else None.

        Raises SourceError for a PDF that can't be opened.
        """
        snapshot = self.newest(url)
        if snapshot is None:
            return None
        before = snapshot.path.read_bytes()
        return snapshot if before == content or whole_text(before) == whole_text(content) else None

    def file(self, url: str, response: Response, about: About) -> Snapshot:
        """File a page through the same door as a person's downloads; returns its snapshot.

        about: whom it is about. Raises DownloadError `unusable` where the door refuses it, OSError where the disk does.
        """
        path = self._partial / uuid.uuid4().hex
        path.write_bytes(response.body)
        now = self._clock.now()
        provenance = Provenance(
            hints={**about.hints(), "origin": program_pages.FETCHED},
            url=url,
            retrieved_at=now.date().isoformat(),
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
        )
        offered = Offered(path, url, _name(url, response.body))
        try:
            with self._guard:
                # Only pages: a web site must not be able to speak as ACGME or any other source.
                outcome = add_one(offered, self._raw, (program_pages.SOURCE,), now, provenance, self._known, again=True)
                if outcome.snapshot_id is None:
                    raise DownloadError("unusable", outcome.detail.removeprefix(f"{url}: "))
                filed = self._known[program_pages.SOURCE.id, sha256_of(path)][-1]
                self._newest[url] = filed
                return filed
        except DownloadError:
            raise
        # The disk is ours to mend; in whatever other way hostile HTML makes the reader fail, it is that page's failure.
        except Exception as error:
            if isinstance(error, OSError) and error.errno not in _OF_THE_NAME:
                raise
            raise unusable(error) from error
        finally:
            path.unlink()


def _addresses(snapshot: Snapshot) -> list[str]:
    urls = [normalise(part.name.removeprefix(_PAGE)) for part in snapshot.manifest.coverage]
    return [url for url in urls if url is not None]


def _header(response: Response, name: str) -> str | None:
    """Return a header's value as sent, if it can be sent back: of one line, in ASCII and no longer than a validator is."""
    value = response.headers.get(name, "").strip()
    return value if value and value.isascii() and value.isprintable() and len(value) <= 256 else None


def _name(url: str, content: bytes) -> str:
    """Return a file name from the last segment of the address, with the ending that the content has."""
    ending = ".pdf" if is_pdf(content) else ".html"
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last or "index"
    return f"{stem[:80]}{ending}"

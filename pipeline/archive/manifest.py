"""What is known of one archived file, and what it looks like as JSON beside the file. How it is written and read is in `store.py`."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.archive.profile import Profile
from pipeline.sources.base import Part

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What is known of one archived file.

    source and layout: ids; original_name: as it was offered; added_at: when it was filed (files filed together share it), UTC,
    ISO 8601, in seconds; sample: part of the embedded sample; rows_in, rows_quarantined: of its first reading; coverage: the
    parts it covers. url, retrieved_at, hints: as stated by the person who added it, or by the fetch. revision: see
    `snapshot_id`. etag and last_modified: the version that the server named, as sent. profiles: of its full parts. held: why it
    should not be used before a person accepts it.
    """

    source: str
    layout: str
    original_name: str
    added_at: str
    sha256: str
    bytes: int
    licence: str
    sample: bool
    rows_in: int
    rows_quarantined: int
    coverage: tuple[Part, ...]
    url: str | None = None
    retrieved_at: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    etag: str | None = None
    last_modified: str | None = None
    profiles: tuple[Profile, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def last_changed_on(self) -> dt.date | None:
        """The day of `last_modified` (UTC); None where the server named none, or nothing that is a date."""
        try:
            return email.utils.parsedate_to_datetime(self.last_modified or "").date()
        except ValueError:
            return None

    @property
    def snapshot_id(self) -> str:
        """`<source>/<date>_<sha8>`: its folder below `raw/`; `-<revision>` where the same bytes were filed again with other

        hints (a page for another program), and where others that begin alike were filed on the same day.
        """
        return f"{self.source}/{self.added_at[:10]}_{self.sha256[:8]}" + (f"-{self.revision}" if self.revision else "")

    @property
    def about(self) -> dict[str, str]:
        """What was stated about the file, but for when it was fetched."""
        return about({**self.hints, **({"url": self.url} if self.url else {})})


def about(hints: Mapping[str, str]) -> dict[str, str]:
    """Return the hints that say what a file is about: all but those on when it was fetched."""
    return {name: value for name, value in hints.items() if name not in {"retrieved_on", "covers"}}


def manifest_of(raw: Mapping[str, Any]) -> Manifest:
    """Return the manifest that was read as `raw`. Raises ValueError, TypeError or KeyError for one that nobody here wrote."""
    manifest = Manifest(
        **{
            **raw,
            "coverage": tuple(Part(**part) for part in raw["coverage"]),
            "profiles": tuple(Profile(**profile) for profile in raw.get("profiles", ())),
            "held": tuple(raw.get("held", ())),
        }
    )
    texts = [
        *manifest.held,
        manifest.source,
        manifest.layout,
        manifest.original_name,
        manifest.sha256,
        manifest.licence,
    ]
    counts = [manifest.bytes, manifest.rows_in, manifest.rows_quarantined, manifest.revision]
    for part in manifest.coverage:
        texts.append(part.name)
        counts.append(part.rows)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(count, int) for count in counts):
        raise TypeError("an entry is of another type")
    dt.datetime.fromisoformat(manifest.added_at)
    dict(manifest.hints)
    return manifest

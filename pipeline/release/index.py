"""The index beside the releases: `versions.json` and the Atom feed `feed.xml`, made of the releases that are there.

Both are written anew each time a release was published, each whole or not at all. They hang on nothing but the releases and `latest`,
so that one that a crash has left behind is put right by the next run.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

from pipeline.atomic_files import replace_file
from pipeline.release.derived.changes import NOTES
from pipeline.release.reader import Release, known_releases
from pipeline.text.characters import harmless

VERSIONS: Final = "versions.json"
FEED: Final = "feed.xml"
FEED_ENTRIES: Final = 24
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NAME: Final = "h1b-sponsors"
_TITLE: Final = "The functional H-1B sponsor list: releases"
_BEFORE_ANY: Final = dt.date(1970, 1, 1)
# Beside control characters the two that XML has no place for.
_NO_XML: Final = {0xFFFE: None, 0xFFFF: None}


def write_index(curated: Path) -> None:
    """Write `versions.json` and `feed.xml` of the releases of `curated`. Raises OSError where that can't be."""
    known = known_releases(curated).whole
    latest = (curated / "latest").resolve().name
    # Of one day that which readers have stands first.
    newest = ((one.as_of, name == latest, name) for name, one in known.items())
    releases = [known[name] for _, _, name in sorted(newest, reverse=True)]
    named = latest if latest in known else None
    listed = {"latest": named, "versions": [_version(release, latest) for release in releases]}
    replace_file(curated / VERSIONS, (json.dumps(listed, indent=2, ensure_ascii=False) + "\n").encode())
    replace_file(curated / FEED, _feed(releases[:FEED_ENTRIES]))


def _version(release: Release, latest: str) -> dict[str, Any]:
    manifest = release.manifest
    files = [*manifest["files"], *manifest.get("documents", ())]
    return {
        "id": release.id,
        "as_of": release.as_of.isoformat(),
        "schema_version": manifest["schema_version"],
        "code_version": manifest["code_version"],
        "sample": bool(manifest.get("sample")),
        "law_as_of": manifest.get("law_as_of"),
        "previous": manifest.get("previous_release"),
        "files": len(files),
        "bytes": sum(int(file.get("bytes", 0)) for file in files),
        "path": f"releases/{release.folder.name}",
        "latest": release.folder.name == latest,
    }


def _feed(releases: Sequence[Release]) -> bytes:
    """Return the Atom feed (RFC 4287) of releases, the newest first. Equal releases give equal bytes."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", _urn("feed"))
    _text(feed, "title", _TITLE)
    _text(feed, "updated", _instant(releases[0].as_of if releases else _BEFORE_ANY))
    _text(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", _NAME)
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=FEED)
    for release in releases:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", _urn(release.id))
        _text(
            entry,
            "title",
            f"Release {release.id}" + (" (sample: no current list)" if release.manifest.get("sample") else ""),
        )
        _text(entry, "updated", _instant(release.as_of))
        ET.SubElement(
            entry,
            f"{{{_ATOM}}}link",
            rel="alternate",
            type="text/markdown",
            href=f"releases/{release.folder.name}/{NOTES}",
        )
        _text(entry, "content", _notes(release), type="html")
    ET.indent(feed)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _notes(release: Release) -> str:
    """Return the notes of a release as HTML without any that is not ours; a line for one that was made before there were notes."""
    try:
        text = (release.folder / NOTES).read_text("utf-8", errors="replace")
    except FileNotFoundError:
        text = f"As of {release.as_of}, from {release.made_from}."
    return MarkdownIt("commonmark", {"html": False}).render(text)


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = harmless(text).translate(_NO_XML)


def _urn(name: str) -> str:
    """Return an id that stays: a name-based UUID (RFC 9562), which needs no domain."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{_NAME}/{name}").urn


def _instant(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"

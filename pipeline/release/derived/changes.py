"""`delta.jsonl`, `release_notes.json` and `release_notes.md`: what a release says otherwise than the one before it."""

from __future__ import annotations

import json
from typing import Final

from pipeline.release.delta import as_json_lines
from pipeline.release.derived.contents import Contents
from pipeline.release.notes import release_notes
from pipeline.release.notes_text import as_markdown

DELTA: Final = "delta.jsonl"
NOTES: Final = "release_notes.md"
NOTES_FOR_MACHINES: Final = "release_notes.json"


def write_delta(contents: Contents) -> None:
    """Write the lines of the delta against the release before; an empty file where there is none."""
    (contents.folder / DELTA).write_text(as_json_lines(contents.delta), "utf-8")


def write_notes(contents: Contents) -> None:
    """Write the release notes, for people and for machines."""
    notes = release_notes(contents.previous, contents.release, contents.delta)
    text = json.dumps(notes, indent=2, ensure_ascii=False) + "\n"
    (contents.folder / NOTES_FOR_MACHINES).write_text(text, "utf-8")
    (contents.folder / NOTES).write_text(as_markdown(notes), "utf-8")

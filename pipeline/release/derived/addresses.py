"""One JSON file for each program and institution, with the whole evidence.

What a file holds is in `chains`, where it lies in `release/places`.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from pipeline.release.derived.chains import READ, institution_chains, program_chains
from pipeline.release.derived.contents import Contents
from pipeline.release.places import institution_address, program_address


def write_addresses(contents: Contents) -> None:
    """Write the file of each program and institution; nothing where a table that they need is not in the release."""
    if not contents.tables.keys() >= set(READ):
        return
    about = {
        name: contents.manifest.get(name) for name in ("release_id", "as_of", "sample", "law_as_of", "schema_version")
    }
    for code, chain in program_chains(contents.tables):
        institution = institution_address(chain["program"]["institution_id"])
        _write(contents.folder / program_address(code), {"release": about, **chain, "institution": institution})
    for institution_id, chain in institution_chains(contents.tables):
        _write(contents.folder / institution_address(institution_id), {"release": about, **chain})


def _write(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain) + "\n", "utf-8")


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in JSON")

"""What a release is made of, as a sheet for people: its id and day, sample or not, law, cautions, and the files of each source."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.release.reader import Release
from pipeline.schemas.dictionary import CAUTIONS
from pipeline.sources.catalogue import SOURCES
from pipeline.spreadsheets.workbook import Sheet

ABOUT: Final = "about"
_MOST_PARTS: Final = 12


def about(release: Release) -> Sheet:
    """Return the sheet of a release: what, value, address; rows of the release first, then its sources as the catalogue has them."""
    manifest = release.manifest
    rows: list[tuple[str, str, str | None]] = [
        ("release", release.id, None),
        ("as of", str(release.as_of), None),
        ("sample", "yes: no current list" if manifest["sample"] else "no", None),
        ("made from", release.made_from, None),
        ("law read up to", str(manifest.get("law_as_of", "not known")), None),
        ("schema version", str(manifest["schema_version"]), None),
        *(("caution", caution.replace("`", ""), None) for caution in CAUTIONS),
    ]
    for source in SOURCES:
        used = [one for one in manifest["snapshots"] if one["id"].partition("/")[0] == source.id]
        use = _used(used) if used else "absent"
        rows.append(
            (f"source: {source.title}", f"{use}. {source.producer}. Licence: {source.licence}", source.url or None)
        )
    return Sheet(ABOUT, pd.DataFrame(rows, columns=["what", "value", "address"]))


def notice(release: Release) -> str:
    """Return what each page of a workbook says of the release; "" where no sample is in it."""
    return f"Made from {release.made_from}: no current list" if release.manifest["sample"] else ""


def _used(snapshots: list[dict[str, Any]]) -> str:
    parts = [part for one in snapshots for part in one["parts"]]
    shown = ", ".join(parts[:_MOST_PARTS]) + (
        f" and {len(parts) - _MOST_PARTS:,} more" if len(parts) > _MOST_PARTS else ""
    )
    samples = sum(one["sample"] for one in snapshots)
    sample = f", {samples:,} of them of the embedded sample" if samples else ""
    return f"{len(snapshots):,} files{sample}: {shown}"

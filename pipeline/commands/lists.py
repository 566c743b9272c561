"""What `add` and `status` say of lists that are laid together row by row: what each brings, and what it replaces."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.archive.lists import compare_lists
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.errors import UserError
from pipeline.settings import DataFolder
from pipeline.sources.catalogue import SOURCES


def list_lines(folder: DataFolder, only: Collection[str | None] | None = None) -> Iterator[str]:
    """Yield a line for each of several lists of one source; only: ids of the snapshots that are listed, None for all.

    Where lists can't be read the line says so: what else a command shows doesn't hang on it.
    """
    cache = ParsedCache(folder.parsed)
    for source in SOURCES:
        if not source.additive or (only is not None and not any(str(one).startswith(f"{source.id}/") for one in only)):
            continue
        try:
            shares = compare_lists(source, open_archive(folder.raw), cache)
        except UserError as error:
            yield f"lists of {source.id} can't be compared: {error}"
        else:
            yield from (str(share) for share in shares if only is None or share.snapshot_id in only)

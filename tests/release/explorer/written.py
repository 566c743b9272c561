"""The explorer of a release as publishing writes it."""

from __future__ import annotations

from pipeline.release.derived.contents import Contents
from pipeline.release.derived.files import write_institutions
from pipeline.release.explorer.files import write_explorer


def write_whole_explorer(contents: Contents) -> None:
    """Write all files of the explorer, and beside it those of institutions."""
    write_explorer(contents)
    write_institutions(contents)

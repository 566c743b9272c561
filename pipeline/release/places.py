"""Where a release lies among all releases, and where in it the evidence of a program and of an institution lies.

`programs/<first three characters of the code>/<code>.json`, `institutions/<first two digits of the hash>/<id>.json`: a folder of five
thousand files is slow to list in many places.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

LATEST: Final = "latest"
RELEASES: Final = "releases"
RELEASE_ID: Final = r"\d{4}-\d\d-\d\d_[0-9a-f]{8}"
PROGRAMS: Final = "programs"
INSTITUTIONS: Final = "institutions"
EXPLORER: Final = "explorer"


def program_address(code: str) -> str:
    """Return where in a release the evidence of the program `code` is."""
    return f"{PROGRAMS}/{code[:3]}/{code}.json"


def institution_address(institution_id: str) -> str:
    """Return where in a release the evidence of the institution is. institution_id: a prefix, an underscore and a hash."""
    return f"{INSTITUTIONS}/{institution_id.rpartition('_')[2][:2]}/{institution_id}.json"


def explorer_evidence(institution_id: str) -> str:
    """Return where in the explorer the script with the evidence of the institution is. institution_id: as of `institution_address`."""
    return f"evidence/{institution_id.rpartition('_')[2][:2]}/{institution_id}.js"


def release_folder(where: Path, release: str) -> Path:
    """Return the folder of a release: below a data or curated folder the one that is requested, else `where` itself."""
    curated = where / "curated" if (where / "curated").is_dir() else where
    if not (curated / RELEASES).is_dir():
        return where
    return curated / LATEST if release == LATEST else curated / RELEASES / release

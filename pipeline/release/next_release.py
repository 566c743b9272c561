"""The release that a run makes: what decides it, what it is compared with, and how it is published.

How files are staged and renamed is in `publish`, which release comes before in `changes`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.law.as_of import law_as_of
from pipeline.release.changes import listed_before, previous_release
from pipeline.release.code_version import code_version
from pipeline.release.consistency import inconsistencies
from pipeline.release.figures import figures
from pipeline.release.inputs import ReleaseInputs, describe_snapshots
from pipeline.release.publish import Published, publish
from pipeline.release.reader import ReleaseError
from pipeline.schemas.frames import to_frame
from pipeline.sources.catalogue import SOURCES

# Tables that are published, and the one beside them that the list is compared with.
RELEASED: Final = (
    "functional_h1b_sponsors", "policy_changes", "institutions", "petitioners", "petitioner_links", "petitions",
    "visa_policies", "trainee_filings", "cap_exemption", "institution_cap_exemption", "review_queue",
    "unmatched_sponsors", "conflicting_links", "unmet_judgements", "quarantine", "snapshots",
)  # fmt: skip
PARSED_PROGRAMS: Final = "acgme_programs"


@dataclass(frozen=True)
class NextRelease:
    """The release made for the day `as_of` into the folder `curated`, by the code at hand."""

    curated: Path
    as_of: dt.date

    def inputs(self, snapshots: pd.DataFrame) -> ReleaseInputs:
        """Return all that decides what the release says, and so its id. snapshots: the table of that name."""
        used = snapshots[snapshots["used"].astype("bool")]
        inputs = ReleaseInputs(self.as_of, code_version(), describe_snapshots(list(used.itertuples())))
        return replace(inputs, previous=previous_release(self.curated, inputs))

    def listed_before(self, previous: str | None) -> pd.DataFrame:
        """Return what the release `previous` stated of each program, as `changes.listed_before` does."""
        return listed_before(self.curated, previous)

    def publish(self, tables: Mapping[str, pa.Table]) -> Published:
        """Publish the tables RELEASED; `tables` holds them and PARSED_PROGRAMS.

        Raises ReleaseError where they do not fit together or can't be published; the last release then stays as it is.
        """
        released = {name: tables[name] for name in RELEASED}
        problems = inconsistencies(released, tables[PARSED_PROGRAMS])
        if problems:
            raise ReleaseError(f"the tables do not fit together: {'; '.join(problems)}")
        snapshots = to_frame(released["snapshots"])
        present = set(snapshots["source"])
        notes = {
            "figures": figures(released),
            "law_as_of": law_as_of().isoformat(),
            "absent_sources": [source.id for source in SOURCES if source.id not in present],
        }
        return publish(self.curated, self.inputs(snapshots), released, notes)

"""The release that a run makes: what decides it, what it is compared with, and how it is published.

How files are staged and renamed is in `publish`, which release comes before in `changes`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from pipeline.law.as_of import law_as_of
from pipeline.policies.third_reader.kept import kept_answers
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.changes import LIST, previous_release
from pipeline.release.code_version import code_version
from pipeline.release.consistency import inconsistencies, rows_of_another_release
from pipeline.release.derived.database import BEGUN_WITH
from pipeline.release.digests import digest
from pipeline.release.figures import figures
from pipeline.release.gate import compare
from pipeline.release.inputs import ReleaseInputs, describe_snapshots
from pipeline.release.mirror import Mirrored, mirror_latest
from pipeline.release.privacy import personal_data, without_personal_data
from pipeline.release.publish import ACCEPTED, COMPARISON, Published, last_release, publish
from pipeline.release.reader import Release, ReleaseError
from pipeline.schemas.frames import to_frame
from pipeline.schemas.registry import SCHEMA_VERSION, table
from pipeline.settings import DataFolder, gate_settings, keep_months, store_address
from pipeline.sources.catalogue import SOURCES

# Tables that are published, and the one beside them that the list is compared with.
RELEASED: Final = (
    "functional_h1b_sponsors", "likelihood_calibration", "policy_changes", "institutions", "petitioners", "redirects",
    "petitioner_links", "petitions", "visa_policies", "directory_answers", "trainee_filings", "cap_exemption",
    "institution_cap_exemption", "review_queue",
    "coverage", "programs_missing", "unmatched_sponsors", "conflicting_links", "unmet_judgements", "quarantine",
    "snapshots",
)  # fmt: skip
PARSED_PROGRAMS: Final = "acgme_programs"


@dataclass(frozen=True)
class NextRelease:
    """The release made for the day `as_of` in the data folder `data`, by the code at hand.

    accepted_change: why a person accepts that it lost much against the last one, or is of an earlier day; "" where nobody did.
    """

    data: DataFolder
    as_of: dt.date
    accepted_change: str = ""

    def inputs(self, snapshots: pd.DataFrame) -> ReleaseInputs:
        """Return all that decides what the release says, and so its id. snapshots: the table of that name."""
        used = snapshots[snapshots["used"].astype("bool")]
        answers = kept_answers(self.data)
        inputs = ReleaseInputs(
            self.as_of,
            code_version(),
            describe_snapshots(list(used.itertuples())),
            archive=_digest(snapshots),
            rulings=read_own_rulings(self.data.judgements).digest,
            answers=answers.digest if answers else "",
        )
        return replace(inputs, previous=previous_release(self.data.curated, inputs))

    def earlier(self, snapshots: pd.DataFrame) -> Release | None:
        """Return the release before; None where this is the first one. Raises ReleaseError where it is missing or damaged."""
        previous = self.inputs(snapshots).previous
        return Release.open(self.data.curated / "releases" / previous) if previous else None

    def publish(
        self, tables: Mapping[str, pa.Table], files: Mapping[str, Path], database: Path | None = None
    ) -> Published:
        """Publish the tables RELEASED; `tables` holds them and PARSED_PROGRAMS, `files` the Parquet files that they were read from:
        the release gets copies of them, but for those of tables in which something is left out. database: a DuckDB file begun with
        BEGUN_WITH of them.

        Raises ReleaseError where they do not fit together or can't be published, GateError where too much is lost against the
        last release and nobody has accepted it; the last release then stays as it is.
        """
        snapshots = to_frame(tables["snapshots"])
        inputs = self.inputs(snapshots)
        as_before = self._as_before(inputs, files)
        # What was looked through and left as it is needs no second look, neither in this run nor in the next.
        looked_through = without_personal_data({name: tables[name] for name in RELEASED if name not in as_before})
        released = {name: looked_through.get(name, tables[name]) for name in RELEASED}
        cleaned = {name: arrow for name, arrow in looked_through.items() if arrow is not tables[name]}
        problems = rows_of_another_release(released[LIST], inputs) or [
            *inconsistencies(released, tables[PARSED_PROGRAMS], as_before),
            *personal_data(cleaned),
        ]
        if problems:
            raise ReleaseError(f"the tables do not fit together: {'; '.join(problems)}")
        present = set(snapshots["source"])
        notes = {
            "figures": figures(released),
            "law_as_of": law_as_of().isoformat(),
            "absent_sources": [source.id for source in SOURCES if source.id not in present],
        }
        notes |= self._passed_gate(inputs, notes["figures"])
        whole = {name: files[name] for name in RELEASED if name not in cleaned}
        return publish(
            self.data.curated,
            inputs,
            released,
            notes,
            back=bool(self.accepted_change),
            keep_months=keep_months(),
            files=whole,
            database=database if whole.keys() >= {*BEGUN_WITH} else None,
        )

    def still_published(self, snapshots: pd.DataFrame) -> Published | None:
        """Return the release of the same inputs where it is `latest` and whole, so that publishing it again would change nothing; else
        None, also where a person says why something is accepted. snapshots: the table of that name."""
        last = last_release(self.data.curated)
        is_it = last is not None and last.id == self.inputs(snapshots).release_id and not self.accepted_change
        if last is None or not is_it or last.folder != self.data.latest.resolve() or last.damage():
            return None
        return Published(last.id, last.folder, unchanged=True, latest=True)

    def mirror(self) -> Mirrored | None:
        """Send what is `latest` now to the object store of the settings, as `mirror.mirror_latest` does; None where there is none."""
        address = store_address()
        return mirror_latest(self.data.curated, address, back=bool(self.accepted_change)) if address else None

    def _as_before(self, inputs: ReleaseInputs, files: Mapping[str, Path]) -> frozenset[str]:
        """Return the tables that the release before, made by the same code, has byte for byte: it was published, so they are sound."""
        if inputs.previous is None:
            return frozenset()
        before = Release.open(self.data.curated / "releases" / inputs.previous).manifest
        if (before["code_version"], before["schema_version"]) != (inputs.code_version, SCHEMA_VERSION):
            return frozenset()
        there = {file["name"].removesuffix(".parquet"): file["sha256"] for file in before["files"]}
        return frozenset(name for name in RELEASED if there.get(name) == digest(files[name]))

    def _passed_gate(self, inputs: ReleaseInputs, made: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the manifest keeps of the comparison with the last release, {} without one of another id. Raises GateError."""
        last = last_release(self.data.curated)
        accepted = {ACCEPTED: self.accepted_change} if self.accepted_change else {}
        if last is None or last.id == inputs.release_id or last.as_of > inputs.as_of:
            return accepted
        comparison = compare(last, inputs, made, gate_settings())
        if comparison.fatal and not self.accepted_change:
            raise comparison.refusal()
        return {COMPARISON: comparison.as_json(), **accepted}


def _digest(snapshots: pd.DataFrame) -> str:
    """Return a hash of table `snapshots`, which shows the unused ones, too."""
    ordered = snapshots.sort_values(list(table("snapshots").key), ignore_index=True)[list(table("snapshots").columns)]
    return hashlib.sha256(ordered.to_csv(index=False, date_format="%Y-%m-%d").encode()).hexdigest()

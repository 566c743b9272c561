"""What calls for a person, as it lies in the data folder or in Dagster: each look returns all that stands now, a message each.

A message is delivered once (`notify.delivery`), by its key: what is the same event has the same key at each look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from pipeline.applicants.inbox import refused_notes
from pipeline.archive.intake import how_to_accept
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import UNREADABLE
from pipeline.fetch.due import newest_day
from pipeline.law.as_of import law_as_of, warning_on
from pipeline.notify.message import Message
from pipeline.release.runs.files import last_run
from pipeline.resources.run_failure import cause
from pipeline.settings import DataFolder
from pipeline.sources.publications import publications
from pipeline.text.characters import harmless

_LOOKED_BACK: Final = dt.timedelta(days=7)
_MOST_RUNS: Final = 50
_MEANT, _TRIED_AGAIN = "dagster/will_retry", "dagster/auto_retry_run_id"  # tags of Dagster's
BEGUN_FOR: Final = "h1b_sponsors/begun_for"  # tag of a run: the one that Dagster forgot to try again
FORGOTTEN_AFTER: Final = 60.0  # seconds; Dagster looks every five
_TOO_OLD_TO_BEGIN: Final = 86_400.0  # seconds; an upgrade begins no run of last week
_TO_BEGIN_AGAIN: Final = 600.0  # seconds
_TELLING: Final = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.ENGINE_EVENT,
}
# A fetch asks each month, and publishers are late: only then is somebody called.
_PATIENCE: Final = dt.timedelta(days=31)


def forgotten_runs(instance: dg.DagsterInstance, now: dt.datetime) -> Iterator[dg.DagsterRun]:
    """Yield each run that has failed of late, that Dagster meant to try again and did not.

    Dagster writes that a run has failed before it marks the run as failed. What looks for runs to try again passes by a run on which
    it comes in between, and never comes back: https://github.com/dagster-io/dagster, `consume_new_runs_for_automatic_reexecution`.
    """
    for record in _failed_of_late(instance, now):
        run = record.dagster_run
        age = now.timestamp() - (record.end_time or 0)
        if (
            FORGOTTEN_AFTER <= age <= _TOO_OLD_TO_BEGIN
            and run.tags.get(_MEANT) == "true"
            and _TRIED_AGAIN not in run.tags
        ):
            yield run


def failed_runs(instance: dg.DagsterInstance, now: dt.datetime) -> Iterator[Message]:
    """Yield a message for each run that has failed of late and is not tried again."""
    for record in _failed_of_late(instance, now):
        run = record.dagster_run
        if run.tags.get(_MEANT) == "true" and _is_begun_again(instance, record, now):
            continue
        yield Message(
            f"run {run.run_id}",
            f"{run.job_name} failed",
            why_failed(instance, run.run_id),
            "The last release is untouched. Look at the run in Dagster, mend it and launch it again, or: h1b-sponsors refresh",
        )


def _failed_of_late(instance: dg.DagsterInstance, now: dt.datetime) -> Sequence[dg.RunRecord]:
    failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - _LOOKED_BACK)
    return instance.get_run_records(failed, limit=_MOST_RUNS)


def _is_begun_again(instance: dg.DagsterInstance, record: dg.RunRecord, now: dt.datetime) -> bool:
    """Decide whether a run that is to be tried again has been begun once more, or still may be."""
    run = record.dagster_run
    if _TRIED_AGAIN in run.tags or now.timestamp() - (record.end_time or 0) < _TO_BEGIN_AGAIN:
        return True
    return bool(instance.get_runs_count(dg.RunsFilter(tags={BEGUN_FOR: run.run_id})))


def why_failed(instance: dg.DagsterInstance, run_id: str) -> str:
    """Return in a line what failed in a run: a check or step, else what Dagster says of the run."""
    entries = instance.all_logs(run_id, of_type=_TELLING)
    return cause(entry.dagster_event for entry in entries if entry.dagster_event) or "Dagster does not say why"


def held_snapshots(folder: DataFolder) -> Iterator[Message]:
    """Yield a message for each file of the archive that is held back, by the gate or, as the last refresh found, since it can't be read."""
    for held in (last_run(folder) or {}).get("held", ()):
        if held["reason"].startswith(UNREADABLE):
            name = held["snapshot_id"]
            remedy = "Add it again, or report that its form has changed. What was used before it is still used"
            yield Message(f"unreadable {name}", f"{name} is held back", f"{held['reason']}.", remedy)
    for snapshot in open_archive(folder.raw):
        if snapshot.held_back:
            yield Message(
                f"held {snapshot.id}",
                f"{snapshot.id} is held back",
                f"{snapshot.held_back}.",
                f"{how_to_accept(snapshot.id)}. What was used before it is still used",
            )


def old_law(today: dt.date) -> Iterator[Message]:
    """Yield a message where the law was read too long ago."""
    read = law_as_of()
    if why := warning_on(today, read):
        yield Message(f"law {read}", "the law is old", f"{why}.", "The runbook says how")


def overdue(folder: DataFolder, today: dt.date) -> Iterator[Message]:
    """Yield a message for each publication of which a newer file than ours should have been there for a month."""
    archive = open_archive(folder.raw)
    for one in publications():
        newest = None if one.ended else newest_day(one, archive.of_source(one.source))
        due = one.expected(newest)
        if newest is not None and due is not None and due + _PATIENCE <= today:
            yield Message(
                f"due {one.source} {one.file} {due}",
                f"{one.source}, {one.file}: a newer file is due",
                f"Ours was saved or added on {newest}; the next was due on {due}.",
                f"h1b-sponsors fetch, or by hand: {one.by_hand}: {one.address}",
            )


def refused_files(folder: DataFolder) -> Iterator[Message]:
    """Yield a message for each file of the inbox that was refused and still lies there."""
    for name, why in refused_notes(folder).items():
        yield Message(
            f"inbox {harmless(name)}",
            f"{name} was refused",
            why,
            f"It is in {folder.inbox / 'refused'}: mend it and drop it again, or remove it",
        )

"""Inbox to archive: files that were dropped are taken before the archive is read, in the job that the sensor of the inbox requests."""

# No `from __future__ import annotations`: Dagster reads the type of a context from its annotation.
import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
from pydantic import Field

from pipeline.applicants.inbox import take_dropped
from pipeline.assets.factory import OWNER
from pipeline.release.code_version import room_version
from pipeline.resources.data import DataResource

GROUP: Final = "inbox"
NONE_REFUSED: Final = "none_refused"


class InboxConfig(dg.Config):
    """Which files of the inbox a run takes, by the marks that the sensor saw twice."""

    marks: list[str] = Field(default_factory=list)


@dg.asset(
    group_name=GROUP,
    owners=[OWNER],
    kinds={"python"},
    code_version=room_version("applicants"),
    description="Files dropped into inbox/ of the data folder, taken into the archive as `add` does, and moved to done/ or refused/.",
    check_specs=[dg.AssetCheckSpec(NONE_REFUSED, asset="dropped_files", description="Every file was taken or known")],
)
def dropped_files(config: InboxConfig, data: DataResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Take the files, and tell of each what became of it."""
    dropped = list(take_dropped(data.open(), config.marks, dt.datetime.now(dt.UTC)))
    lines = [line for one in dropped for line in one.lines]
    for line in lines:
        dg.get_dagster_logger().info(line[:500])
    refused = [line for one in dropped if one.refused for line in one.lines]
    check = dg.AssetCheckResult(
        check_name=NONE_REFUSED, passed=not refused, severity=dg.AssetCheckSeverity.WARN, metadata={"problems": refused}
    )
    counts = {"taken": sum(one.taken for one in dropped), "refused": sum(one.refused for one in dropped)}
    yield dg.MaterializeResult(metadata={**counts, "lines": lines}, check_results=[check])

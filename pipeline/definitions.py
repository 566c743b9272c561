"""The one place where assets, checks, jobs, schedules and resources meet."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg

from pipeline import assets
from pipeline.assets.dropped import GROUP as INBOX
from pipeline.assets.fetched import GROUP as WEB
from pipeline.assets.freshness import with_freshness
from pipeline.errors import UserError
from pipeline.fetch.source_settings import enabled_sources
from pipeline.resources.data import (
    ArchiveResource,
    ClockResource,
    DataResource,
    KeptReadingsResource,
    NextReleaseResource,
    OwnRulingsResource,
    ThirdReaderResource,
    WorkResource,
)
from pipeline.resources.executors import chosen_executor
from pipeline.resources.parquet_io import RegistryParquetIOManager
from pipeline.resources.progress import step_logger
from pipeline.sensors.watch import INBOX_JOB, SENSORS, forgotten_runs_sensor
from pipeline.settings import fetch_settings

_TIME_ZONE: Final = "America/New_York"
_LOGGED: Final = {"loggers": {"console": {}}}
# A run whose process was killed is begun anew: what it had made is found unchanged, and taken.
_TAGS: Final = {"dagster/retry_strategy": "ALL_STEPS"}
_WEB: Final = dg.AssetSelection.groups(WEB)
_INBOX: Final = dg.AssetSelection.groups(INBOX)
_TABLES: Final = dg.AssetSelection.all() - _WEB - _INBOX


def shard_config(shard: str) -> dict[str, Any]:
    """Return the part of a run's configuration that names the shard of pages to fetch."""
    return {"ops": {"fetched_pages": {"config": {"shard": shard}}}}


def resources(root: str = "") -> dict[str, Any]:
    """Return the resources by the names under which assets take them, over the data folder `root` or else the operator's.

    The day of the release is configured when a run is launched.
    """
    data, clock = DataResource(root=root), ClockResource.configure_at_launch()
    return {
        "data": data,
        "clock": clock,
        "work": WorkResource(data=data),
        "archive": ArchiveResource(data=data),
        "own_rulings": OwnRulingsResource(data=data),
        "kept_readings": KeptReadingsResource(data=data),
        "third_reader": ThirdReaderResource(data=data),
        "next_release": NextReleaseResource(data=data, clock=clock),
        "io_manager": RegistryParquetIOManager(data=data),
    }


monthly_refresh = dg.define_asset_job(
    "monthly_refresh",
    selection=_TABLES,
    description="From the archive to a release: parse, link, infer, check, publish. Asks nobody on the web.",
    config=_LOGGED,
    tags=_TAGS,
)
fetch_and_refresh = dg.define_asset_job(
    "fetch_and_refresh",
    selection=_WEB | _TABLES,
    description="Fetch official sources, those that are enabled, and pages into the archive, for hours; then do as monthly_refresh does.",
    config=_LOGGED,
    tags=_TAGS,
)
inbox_and_refresh = dg.define_asset_job(
    INBOX_JOB,
    selection=_INBOX | _TABLES,
    description="Take files from the inbox into the archive; then do as monthly_refresh does.",
    config=_LOGGED,
    tags=_TAGS,
)
fetch_official_sources = dg.define_asset_job(
    "fetch_official_sources",
    selection=_WEB - dg.AssetSelection.assets("fetched_pages"),
    description="Fetch the newest files of the official sources that are enabled into the archive.",
    config=_LOGGED,
    tags=_TAGS,
)
fetch_pages_shard = dg.define_asset_job(
    "fetch_pages_shard",
    selection=dg.AssetSelection.assets("fetched_pages"),
    description="Fetch the pages of a part of all sites into the archive: of the whole where no shard is named.",
    config={**_LOGGED, **shard_config("")},
    tags=_TAGS,
)

# USCIS, DOL and CMS publish by month or quarter, most of it in the first days.
monthly_schedule = dg.ScheduleDefinition(
    name="monthly_refresh_schedule",
    job=monthly_refresh,
    cron_schedule="0 6 5 * *",
    execution_timezone=_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The 5th of each month, 06:00 in New York.",
)


# Two days earlier, so that a fetch has ended when the refresh comes round.
@dg.schedule(
    job=fetch_official_sources,
    cron_schedule="0 6 3 * *",
    execution_timezone=_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The 3rd of each month, 06:00 in New York, where H1B_FETCH_SOURCES and H1B_FETCH_CONTACT are set.",
)
def fetch_sources_schedule() -> dg.RunRequest | dg.SkipReason:
    """Request a fetch of the sources that are enabled; say why where none is."""
    try:
        fetch_settings()
        return dg.RunRequest() if enabled_sources() else dg.SkipReason("H1B_FETCH_SOURCES names no source")
    except UserError as error:
        return dg.SkipReason(str(error))


@dg.schedule(
    job=fetch_pages_shard,
    cron_schedule="0 20 * * *",
    execution_timezone=_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Each evening a seventh of all sites, so that each is asked once a week, where H1B_FETCH_CONTACT is set.",
)
def fetch_pages_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request the shard of the day of the week; say why where fetching is not enabled."""
    try:
        fetch_settings()
    except UserError as error:
        return dg.SkipReason(str(error))
    day = context.scheduled_execution_time.isoweekday()
    return dg.RunRequest(run_config={**_LOGGED, **shard_config(f"{day}/7")})


_JOBS: Final = [monthly_refresh, fetch_and_refresh, inbox_and_refresh, fetch_official_sources, fetch_pages_shard]
defs = dg.Definitions(
    assets=with_freshness(dg.load_assets_from_package_module(assets)),
    asset_checks=dg.load_asset_checks_from_package_module(assets),
    jobs=_JOBS,
    schedules=[monthly_schedule, fetch_sources_schedule, fetch_pages_schedule],
    sensors=[*SENSORS, forgotten_runs_sensor(_JOBS)],
    executor=chosen_executor(),
    loggers={"console": step_logger},
    resources=resources(),
)


def find_job(name: str) -> dg.JobDefinition:
    """Return the job of that name, for a process that is to run it and the processes of its steps."""
    return defs.resolve_job_def(name)

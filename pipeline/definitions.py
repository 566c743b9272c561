"""The one place where assets, checks, jobs, schedules and resources meet."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg

from pipeline import assets
from pipeline.assets.fetched import GROUP
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

_LOGGED: Final = {"loggers": {"console": {}}}
_ALL: Final = dg.AssetSelection.all()


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
    selection=_ALL - dg.AssetSelection.groups(GROUP),
    description="From the archive to a release: parse, link, infer, check, publish. Asks nobody on the web.",
    config=_LOGGED,
)
fetch_and_refresh = dg.define_asset_job(
    "fetch_and_refresh",
    selection=_ALL,
    description="Fetch official sources, those that are enabled, and pages into the archive, for hours; then do as monthly_refresh does.",
    config=_LOGGED,
)

fetch_pages_shard = dg.define_asset_job(
    "fetch_pages_shard",
    selection=dg.AssetSelection.assets("fetched_pages"),
    description="Fetch the pages of a part of all sites into the archive: of the whole where no shard is named.",
    config={**_LOGGED, **shard_config("")},
)

# USCIS, DOL and CMS publish by month or quarter, most of it in the first days.
monthly_schedule = dg.ScheduleDefinition(
    name="monthly_refresh_schedule",
    job=monthly_refresh,
    cron_schedule="0 6 5 * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The 5th of each month, 06:00 in New York.",
)
# Two days earlier, so that a fetch has ended when the other schedule comes round, for those who start both.
fetch_schedule = dg.ScheduleDefinition(
    name="fetch_and_refresh_schedule",
    job=fetch_and_refresh,
    cron_schedule="0 6 3 * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="The 3rd of each month, 06:00 in New York. Off until the operator starts it; needs H1B_FETCH_CONTACT.",
)


@dg.schedule(
    job=fetch_pages_shard,
    cron_schedule="0 20 * * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Each evening a seventh of all sites, so that each is asked once a week. Off until the operator starts it.",
)
def fetch_pages_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the shard of the day of the week."""
    day = context.scheduled_execution_time.isoweekday()
    return dg.RunRequest(run_config={**_LOGGED, **shard_config(f"{day}/7")})


defs = dg.Definitions(
    assets=dg.load_assets_from_package_module(assets),
    asset_checks=dg.load_asset_checks_from_package_module(assets),
    jobs=[monthly_refresh, fetch_and_refresh, fetch_pages_shard],
    schedules=[monthly_schedule, fetch_schedule, fetch_pages_schedule],
    executor=chosen_executor(),
    loggers={"console": step_logger},
    resources=resources(),
)


def find_job(name: str) -> dg.JobDefinition:
    """Return the job of that name, for a process that is to run it and the processes of its steps."""
    return defs.resolve_job_def(name)

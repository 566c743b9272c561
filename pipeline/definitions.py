"""The one place where assets, checks, jobs, schedules and resources meet."""

from __future__ import annotations

import dagster as dg

from pipeline.assets import all_assets, all_checks
from pipeline.resources.archive import ClockResource, DataResource
from pipeline.resources.executors import chosen_executor
from pipeline.resources.parquet_io import registry_parquet
from pipeline.resources.progress import step_logger
from pipeline.settings import fetch_enabled


def monthly_selection() -> dg.AssetSelection:
    """All assets; the fetch of web pages only where the operator has enabled it."""
    every = dg.AssetSelection.all()
    return every if fetch_enabled() else every - dg.AssetSelection.assets("fetched_pages")


monthly_refresh = dg.define_asset_job(
    "monthly_refresh",
    selection=monthly_selection(),
    description="From the archive to a release: parse, link, infer, check, publish.",
    config={"loggers": {"console": {}}},
)

# USCIS, DOL and CMS publish by month or quarter, most of it in the first days.
monthly_schedule = dg.ScheduleDefinition(
    name="monthly_refresh_schedule",
    job=monthly_refresh,
    cron_schedule="0 6 5 * *",
    execution_timezone="America/New_York",
    description="The 5th of each month, 06:00 in New York.",
)

defs = dg.Definitions(
    assets=all_assets,
    asset_checks=all_checks,
    jobs=[monthly_refresh],
    schedules=[monthly_schedule],
    executor=chosen_executor(),
    loggers={"console": step_logger},
    resources={"data": DataResource(), "clock": ClockResource(), "io_manager": registry_parquet},
)


def refresh_job() -> dg.JobDefinition:
    """The monthly job, so that other processes can find it by name."""
    return defs.resolve_job_def("monthly_refresh")

"""Dagster assets in the order of the flow."""

from __future__ import annotations

from pipeline.assets.fetched import fetched_pages
from pipeline.assets.inferred import inferred_assets
from pipeline.assets.linked import linked_assets
from pipeline.assets.parsed import quarantine, snapshots, source_assets
from pipeline.assets.published import published_assets, published_checks

all_assets = [fetched_pages, snapshots, *source_assets, quarantine, *linked_assets, *inferred_assets, *published_assets]
all_checks = [*published_checks]

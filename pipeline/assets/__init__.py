"""Dagster assets: the tables of all steps, the release, and what fetches or takes files. `definitions` finds all assets and checks by name."""

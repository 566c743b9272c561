"""Dagster assets: the tables of all steps, the release, and what fetches or takes files. `definitions` finds them, and checks, by name."""

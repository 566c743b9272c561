"""Dagster assets, a module a layer. `definitions` finds all assets and checks that a module here has by name."""

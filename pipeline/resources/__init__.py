"""What Dagster gives the assets, how it executes them, and what a run, also one without Dagster, shows and writes down."""

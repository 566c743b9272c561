"""What Dagster gives the assets: the data folder, the archive, the clock, the next release, and where tables lie between steps."""

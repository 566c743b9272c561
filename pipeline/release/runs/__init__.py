"""What is kept of each refresh: `run_summary.json` of the last one, and a page and a file of each in `runs/` of the data folder."""

"""What Dagster's daemon looks at between runs: what calls for a person, and files that were dropped into the inbox."""

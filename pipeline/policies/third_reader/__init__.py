"""A third reader of visa policies that an operator may plug in: what it is asked, what of its answers counts, and where they are kept."""

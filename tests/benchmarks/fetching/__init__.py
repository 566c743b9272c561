"""What fetching costs: a local site of many hosts, and the measuring."""

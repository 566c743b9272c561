"""The second reader: it sums weights that were fitted to labelled pages, and knows nothing of the first one."""

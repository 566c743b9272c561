"""Matching side by side with other ways of doing it, each in its own process, on the same national tables."""

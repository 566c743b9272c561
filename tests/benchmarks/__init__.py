"""Benchmarks: measured by `make benchmark`, never by the tests."""

"""Readers of a year of disclosure data, measured on a generated workbook of that size."""

"""CSV and XLSX to typed columns, strictly: every record is kept with its line, or quarantined with a reason."""

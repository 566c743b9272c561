"""Pages of program directories that a person saved: what programs answered there of themselves."""

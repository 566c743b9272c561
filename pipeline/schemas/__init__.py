"""What does every table say? One registry of tables, columns, keys, closed vocabularies and ids; all else is generated from it."""

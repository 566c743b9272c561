"""The guard of every refactoring: the tables that two states of the code make of the same files, compared."""

"""Names of organizations: one canonical form, the words in it, and how two differ."""

"""What a release holds beside its tables: the same content for other readers, made from the tables and the registry."""

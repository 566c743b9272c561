"""Links of one kind of record to institutions, a module a kind: petitioners, registers, employers, pages, positions."""

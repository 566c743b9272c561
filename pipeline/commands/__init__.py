"""The command line, a module a command: what a person types and reads. What is computed is computed in the rooms."""

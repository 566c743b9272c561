"""What is published, and what must hold of it? The list, checks between tables, publishing, and the one way to read a release."""

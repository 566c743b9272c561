"""The reading of pages: how many a second, and what hostile ones cost."""

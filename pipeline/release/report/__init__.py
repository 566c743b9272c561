"""`report.html`: a release as one page for people who look rather than read, without any file beside it."""

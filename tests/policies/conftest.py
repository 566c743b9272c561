"""The reader as other rooms call it: a text or a page in, a reading out."""

from __future__ import annotations

from pipeline.policies.published import Reading
from pipeline.policies.reading import read_page


def read(text: str, program: str | None = None) -> Reading:
    """Read plain text for a program, or for the institution where none is given."""
    return read_page(text.encode(), "text", program)


def read_html(page: str, program: str | None = None) -> Reading:
    """Read an HTML page for a program, or for the institution where none is given."""
    return read_page(page.encode(), "html", program)


def stances(reading: Reading) -> tuple[str, str]:
    """Return what a reading says of J-1 and H-1B."""
    return reading.j1, reading.h1b

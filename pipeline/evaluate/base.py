"""What an evaluation yields: figures for machines, lines for people."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import UserError


@dataclass(frozen=True)
class Evaluation:
    """figures: metric name -> number (or nested mapping), ready for JSON; lines: the readable report, errors with evidence."""

    figures: dict[str, object]
    lines: tuple[str, ...]


class GoldError(UserError):
    """A gold file that can't be used: one line that names the file, the place and what to do."""

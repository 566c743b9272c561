"""`h1b-sponsors evaluate`: measure a room on labelled cases."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from pipeline.commands.console import latest_release, report_user_errors
from pipeline.evaluate import cap_exemption as capexempt
from pipeline.evaluate import linkage as matching
from pipeline.evaluate import policies as statements
from pipeline.evaluate import tiers, titles
from pipeline.evaluate.base import Evaluation
from pipeline.text.characters import harmless


class Kind(StrEnum):
    """What is measured."""

    matching = "matching"
    statements = "statements"
    titles = "titles"
    capexempt = "capexempt"
    tiers = "tiers"


def evaluate(
    kind: Annotated[Kind, typer.Argument(help="What to measure.")],
    gold: Annotated[Path, typer.Option(help="File or folder of labelled cases.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output instead of a report.")
    ] = False,
) -> None:
    """Compare with labelled cases; matching, capexempt and tiers look at the latest release, so refresh on the national input first."""
    with report_user_errors():
        measured = _measure(kind, gold)
        print(json.dumps(measured.figures, indent=2) if as_json else harmless("\n".join(measured.lines)))


def _measure(kind: Kind, gold: Path) -> Evaluation:
    match kind:
        case Kind.statements:
            return statements.evaluate(gold)
        case Kind.titles:
            return titles.evaluate(gold)
        case Kind.tiers:
            return tiers.evaluate(gold, latest_release().table("functional_h1b_sponsors", tiers.LISTED))
        case Kind.matching:
            return matching.evaluate(gold, *_tables("petitioner_links", "institutions"))
        case Kind.capexempt:
            return capexempt.evaluate(
                gold,
                *_tables(
                    "cap_exemption", "institution_cap_exemption", "petitioners", "institutions", "petitioner_links"
                ),
            )


def _tables(*names: str) -> list[pd.DataFrame]:
    """Return tables of the latest release, in that order."""
    release = latest_release()
    return [release.table(name) for name in names]

"""`h1b-sponsors evaluate`: measure a room on labelled cases."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from pipeline.commands.console import fail, latest_release, report_user_errors
from pipeline.consult.asked import AskingReader
from pipeline.errors import UserError
from pipeline.evaluate import cap_exemption as capexempt
from pipeline.evaluate import linkage as matching
from pipeline.evaluate import policies as statements
from pipeline.evaluate import tiers, titles
from pipeline.evaluate.base import Evaluation
from pipeline.evaluate.relinking import Relinking, cross_validated, evaluate_without_curated
from pipeline.policies.third_reader.kept import KeptAnswers
from pipeline.settings import data_folder, reader_named
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
    reader: Annotated[
        str | None,
        typer.Option(
            metavar="URL/MODEL",
            help="statements: also ask this language model, and measure it. H1B_READER_KEY has its key.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output instead of a report.")
    ] = False,
    without_curated: Annotated[
        bool,
        typer.Option(
            "--without-curated", help="Matching: link anew without aliases and judgements; nothing is published."
        ),
    ] = False,
    gold_sponsors_only: Annotated[
        bool,
        typer.Option("--gold-sponsors-only", help="Leave out only the curated rows of the sponsors in the gold file."),
    ] = False,
    folds: Annotated[
        int | None,
        typer.Option(
            min=2, help="Cross-validation: leave out the curated rows of one fold of the gold's sponsors at a time."
        ),
    ] = None,
) -> None:
    """Compare with labelled cases; matching, capexempt and tiers look at the latest release, so refresh on the national input first."""
    with report_user_errors():
        asking = _asking(kind, reader)
        if without_curated or gold_sponsors_only or folds:
            measured = _measure_without_curated(kind, gold, gold_sponsors_only, folds)
        else:
            measured = statements.evaluate(gold, asking) if asking else _measure(kind, gold)
        print(json.dumps(measured.figures, indent=2) if as_json else harmless("\n".join(measured.lines)))
        if asking:
            print(harmless("\n".join(asking.bill.lines(asking.settings))), file=sys.stderr)


def _asking(kind: Kind, named: str | None) -> AskingReader | None:
    """Return the third reader that is `named`. What it answers on labelled cases is kept apart: no release rests on it."""
    if named is None:
        return None
    if kind is not Kind.statements:
        fail("--reader is for statements: it reads visa policies", 2)
    settings = reader_named(named)
    return AskingReader(settings, KeptAnswers(data_folder().answers / "measured", settings.model))


def _measure(kind: Kind, gold: Path) -> Evaluation:
    match kind:
        case Kind.statements:
            return statements.evaluate(gold)
        case Kind.titles:
            return titles.evaluate(gold)
        case Kind.tiers:
            return tiers.evaluate(gold, latest_release().table("functional_h1b_sponsors", tiers.LISTED))
        case Kind.matching:
            links, institutions = _tables("petitioner_links", "institutions")
            return matching.evaluate(gold, links, institutions)
        case Kind.capexempt:
            return capexempt.evaluate(
                gold,
                *_tables(
                    "cap_exemption", "institution_cap_exemption", "petitioners", "institutions", "petitioner_links"
                ),
            )


def _measure_without_curated(kind: Kind, gold: Path, gold_sponsors_only: bool, folds: int | None) -> Evaluation:
    if kind is not Kind.matching:
        raise UserError(f"curated rows are left out of matching only, not of {kind}")
    relinking = Relinking.of_release(latest_release(), data_folder())
    if folds:
        return cross_validated(gold, relinking, folds)
    return evaluate_without_curated(gold, relinking, gold_sponsors_only)


def _tables(*names: str) -> list[pd.DataFrame]:
    """Return tables of the latest release, in that order."""
    release = latest_release()
    return [release.table(name) for name in names]

"""`h1b-sponsors explain-match`: why a petitioner is, or is not, an institution."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.console import latest_release, report_user_errors, say
from pipeline.linkage.explain import explain_match as explained
from pipeline.linkage.petitioner_rulings import petitioner_rulings
from pipeline.reference.rulings import read_own_rulings
from pipeline.settings import data_folder
from pipeline.text.characters import mended


def explain_match(
    employer: Annotated[str, typer.Argument(help="Petitioner, as printed or nearly so.")],
    state: Annotated[str | None, typer.Option(help="State of the petitioner, two letters.")] = None,
    city: Annotated[str | None, typer.Option(help="City of the petitioner.")] = None,
    tax_id: Annotated[str | None, typer.Option(help="Last four digits of its tax id.")] = None,
) -> None:
    """Show each feature of a match and its points, the words that distinguish, the runner-up, the margin and the decision; and what
    people, as of now, ruled on the petitioner."""
    with report_user_errors():
        release = latest_release()
        links, institutions = release.table("petitioner_links"), release.table("institutions")
        upper = state.upper() if state else None
        rulings = petitioner_rulings(read_own_rulings(data_folder().judgements).petitioners)
        place = (upper, city.upper() if city else None, tax_id)
        for line in explained(mended(employer), links, institutions, *place, rulings):
            say(line)

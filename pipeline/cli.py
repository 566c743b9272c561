"""The command line: `h1b-sponsors`."""

from __future__ import annotations

import typer

from pipeline.commands import (
    accept,
    add,
    changes,
    compare,
    consult,
    contact_list,
    diff,
    evaluate,
    explain,
    explain_match,
    explore,
    fetch,
    filings,
    mcp,
    note,
    query,
    read_page,
    refresh,
    releases,
    review,
    shortlist,
    sql,
    status,
)
from pipeline.commands.console import print_anywhere, report_output_errors

app = typer.Typer(
    name="h1b-sponsors",
    help="The functional H-1B sponsor list of US residency and fellowship programs, from public data, with evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(add.add)
app.command()(accept.accept)
app.command()(fetch.fetch)
app.command()(refresh.refresh)
app.command()(status.status)
app.command()(releases.releases)
app.command()(releases.rollback)
app.command()(query.query)
app.command()(sql.sql)
app.command()(filings.filings)
app.command()(changes.changes)
app.command()(diff.diff)
app.command("shortlist")(shortlist.make_shortlist)
app.command()(note.note)
app.command()(explore.explore)
app.command()(explain.explain)
app.command()(compare.compare)
app.command()(explain_match.explain_match)
app.command()(review.review)
app.command()(consult.consult)
app.command()(contact_list.contact_list)
app.command()(read_page.read_page)
app.command()(mcp.mcp)
app.command()(evaluate.evaluate)


@app.callback()
def group() -> None:
    """Prepare what every command needs."""
    print_anywhere()


def main() -> None:
    """Entry point of the console script. What goes wrong while the output is written is told in a line, too."""
    with report_output_errors():
        app()

"""The command line: `h1b-sponsors`. A command is imported on demand: most need a part of the house alone."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup

from pipeline.commands.console import print_anywhere, report_output_errors

# Name of each command -> its module in `commands/` and its function there, in the order in which help shows them.
COMMANDS: Final = {
    "add": "add:add",
    "accept": "accept:accept",
    "fetch": "fetch:fetch",
    "refresh": "refresh:refresh",
    "status": "status:status",
    "releases": "releases:releases",
    "rollback": "releases:rollback",
    "query": "query:query",
    "sql": "sql:sql",
    "filings": "filings:filings",
    "changes": "changes:changes",
    "diff": "diff:diff",
    "shortlist": "shortlist:make_shortlist",
    "note": "note:note",
    "explore": "explore:explore",
    "explain": "explain:explain",
    "compare": "compare:compare",
    "explain-match": "explain_match:explain_match",
    "review": "review:review",
    "consult": "consult:consult",
    "contact-list": "contact_list:contact_list",
    "read-page": "read_page:read_page",
    "mcp": "mcp:mcp",
    "evaluate": "evaluate:evaluate",
}


class _Imported(Mapping[str, Any]):
    """The commands by name, each of which is imported when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        """Return a command. Raises KeyError where there is none of that name."""
        module, _, function = COMMANDS[name].partition(":")
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        one.command(name)(getattr(importlib.import_module(f"pipeline.commands.{module}"), function))
        return typer.main.get_command(one)

    def __iter__(self) -> Iterator[str]:
        """Return an iterator over the names."""
        return iter(COMMANDS)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(COMMANDS)


class _Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = cast(Any, _Imported())

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)


app = typer.Typer(
    name="h1b-sponsors",
    help="The functional H-1B sponsor list of US residency and fellowship programs, from public data, with evidence.",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def group() -> None:
    """Prepare what every command needs."""
    print_anywhere()


def main() -> None:
    """Entry point of the console script. What goes wrong while the output is written is reported in a line, too."""
    # Garbage is collected seldom: with hundreds of thousands of live objects it takes long each time, and finds little.
    gc.set_threshold(200_000, 20, 100)
    with report_output_errors():
        app()

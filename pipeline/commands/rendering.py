"""What the explaining commands share: rows of a release, and how a line is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding

from pipeline.commands.console import harmless, out

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def rows(connection: DuckDBPyConnection, table: str, where: str, values: list[Any], order: str) -> list[dict[str, Any]]:
    """Rows of a table of the release as plain values, None where null. `where` and `order` are ours, `values` the user's.

    connection: as from `Release.connect`.
    """
    return (
        connection.sql(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}", params=values)
        .to_arrow_table()
        .to_pylist()
    )


def head(text: str) -> None:
    """A headline."""
    out.print(f"\n[bold]{escape(harmless(text))}[/bold]", soft_wrap=True)


def say(text: str, indent: int = 2) -> None:
    """A line of text, indented by that many columns; nothing in it is taken for markup."""
    out.print(Padding(escape(harmless(text)), (0, 0, 0, indent)))


def day(value: Any) -> str:
    """A day as YYYY-MM-DD."""
    return str(value)[:10] if value is not None else "no date known"

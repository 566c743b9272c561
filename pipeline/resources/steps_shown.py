"""The steps of a run as a person sees them go by: a bar on a terminal, plain lines elsewhere. No Dagster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class StepsShown:
    """Prints a line for each step that ends, or moves a bar on."""

    def __init__(self, console: Console, steps: int) -> None:
        self.console, self.done, self.steps = console, 0, steps
        self.progress: Progress | None = None
        if console.is_terminal:
            self.progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self.task = self.progress.add_task("starting", total=steps)

    def begun(self, name: str) -> None:
        """Show that a step has begun."""
        if self.progress:
            self.progress.update(self.task, description=name)

    def ended(self, name: str, how: str = "") -> None:
        """Show that a step has ended. how: in a word, "" where it succeeded."""
        self.done += 1
        if self.progress:
            self.progress.update(self.task, completed=self.done)
        else:
            self.console.print(f"{self.done:>3}/{self.steps} {name}{f' ({how})' if how else ''}", soft_wrap=True)


@contextmanager
def steps_shown(console: Console, steps: int) -> Iterator[StepsShown]:
    """Yield what shows so many steps on `console` while the context lasts."""
    found = StepsShown(console, steps)
    if found.progress:
        with found.progress:
            yield found
    else:
        yield found

"""`h1b-sponsors explore`: the explorer of the latest release in the browser."""

from __future__ import annotations

import functools
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pipeline.commands.console import fail, latest_release, report_user_errors, say
from pipeline.release.places import EXPLORER

# A browser keeps what a person stars and notes by address, so it is the same each time unless another program has it.
USUAL_PORT: Final = 8471


def explore(
    file: Annotated[bool, typer.Option("--file", help="Open the file itself instead of serving its folder.")] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=f"Port to serve on; 0 takes a free one. [default: {USUAL_PORT}]"),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open it, or only say where it is.")] = True,
) -> None:
    """Open the explorer of the latest release: the list as a page, with its evidence. Served to this machine alone, until Ctrl-C.

    Exit code 1 where the release has none.
    """
    with report_user_errors():
        release = latest_release()
        folder = release.folder / EXPLORER
        if not (folder / "index.html").is_file():
            fail(f"release {release.id} has no explorer: it is of an older version. Run: h1b-sponsors refresh")
        if file:
            _open((folder / "index.html").as_uri(), browser)
            return
        with server(folder, port) if port is not None else usual_server(folder) as serving:
            _open(f"http://127.0.0.1:{serving.server_port}/index.html", browser)
            say("Ctrl-C ends it.")
            try:
                serving.serve_forever()
            except KeyboardInterrupt:
                say("Ended.")


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the files of `folder` on 127.0.0.1, not running yet. Raises OSError where the port is taken."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Files, directory=str(folder)))


def usual_server(folder: Path) -> ThreadingHTTPServer:
    """Return a server as `server` does on the usual port; where that is taken, on a free one, and say what follows."""
    try:
        return server(folder, USUAL_PORT)
    except OSError:
        say(f"Port {USUAL_PORT} is taken. At another address the browser has other stars, notes and another profile.")
        return server(folder, 0)


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Log no request."""


def _open(address: str, browser: bool) -> None:
    say(address)
    if browser:
        webbrowser.open(address)

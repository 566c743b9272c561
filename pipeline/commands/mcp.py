"""`h1b-sponsors mcp`: the latest release for programs that speak the Model Context Protocol."""

from __future__ import annotations

from importlib.util import find_spec

from pipeline.commands.console import fail, latest_release, report_user_errors, with_whole_list


def mcp() -> None:
    """Serve the latest release over the Model Context Protocol on standard input and output: search, program, explain, filings,
    cap_exempt, changes. It is only read, and nothing else is.

    Needs the extra `mcp` of the package. Ends when its input ends.
    """
    with report_user_errors():
        if find_spec("mcp") is None:
            fail("the MCP SDK is not installed. Run: pip install 'h1b-sponsors[mcp]'")
        with_whole_list(latest_release())
        from pipeline.commands.mcp_server.server import server  # here: the SDK is an extra, and slow to load

        server().run("stdio")

"""The MCP server: the tools of `tools` under the official SDK, on standard input and output. Nothing else loads the SDK."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations

from pipeline.commands.mcp_server.answers import NOTES
from pipeline.commands.mcp_server.tools import TOOLS
from pipeline.errors import UserError, system_error
from pipeline.settings import data_folder
from pipeline.text.characters import harmless

_NAME: Final = "h1b-sponsors"
_LONGEST: Final = 600  # characters of an error: names that were asked come back in it
_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def server() -> MCPServer:
    """Return the server with all tools; it reads the release that is the latest at each call."""
    return MCPServer(
        _NAME,
        version=version(_NAME),
        instructions=f"Which US residency and fellowship programs sponsor H-1B visas. {' '.join(NOTES)}",
        tools=[_strict(Tool.from_function(_reporting_errors(tool), annotations=_READ_ONLY)) for tool in TOOLS],
        subscriptions=False,
        log_level="ERROR",
    )


def _reporting_errors(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make what a user can mend an error of the tool, in one line; of anything else the SDK says no more than that it failed."""

    @functools.wraps(tool)
    def run(**arguments: Any) -> dict[str, Any]:
        try:
            return tool(**arguments)
        except UserError as error:
            why = str(error)
        except OSError as error:
            why = system_error(error, str(data_folder().root))
        raise ToolError(f"{harmless(why)[:_LONGEST]}. What is not found here is unknown: that is not a no")

    return run


def _strict(tool: Tool) -> Tool:
    """Return the tool so that an argument that it does not know is refused: a filter that is misspelt would be no filter."""
    model = tool.fn_metadata.arg_model
    model.model_config["extra"] = "forbid"
    model.model_rebuild(force=True)
    return tool.model_copy(update={"parameters": model.model_json_schema(by_alias=True)})

"""Why a request or a page yields nothing, each in one code and a line. What follows from that is decided elsewhere."""

from __future__ import annotations

from ssl import SSLError

from urllib3.exceptions import SSLError as TlsError
from urllib3.exceptions import TimeoutError as ConnectionTimeoutError


class DownloadError(Exception):
    """A request that yields nothing: the outcome of one page, never of a run; users see it in the report alone.

    code: one of the words of docs/sources/program_pages.md. detail: the reason in a line.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}")


class RobotsRefusedError(Exception):
    """An address that robots.txt, or the lack of a readable one, forbids: the outcome of one page, with the reason."""


def failure_of(error: Exception) -> DownloadError:
    """Return the failure that an error of a connection means, in one of our codes.

    urllib3 wraps what the system raises: the innermost error says most.
    """
    chain = _chain(error)
    detail = _in_a_line(chain[-1])
    if any(isinstance(one, TlsError | SSLError) for one in chain):
        return DownloadError("tls", detail)
    if any(isinstance(one, ConnectionTimeoutError | TimeoutError) for one in chain):
        return DownloadError("time_out", detail)
    return DownloadError("connection", detail)


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while True:
        inner = found[-1].__cause__ or next(
            (one for one in (*found[-1].args, getattr(found[-1], "reason", None)) if isinstance(one, BaseException)),
            None,
        )
        if inner is None or inner in found:
            return found
        found.append(inner)


def _in_a_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:200]


def too_slow(seconds: float) -> DownloadError:
    """Return the failure of a request that was not done within `seconds`."""
    return DownloadError("time_out", f"not done after {seconds:g} s")


def too_large(limit: int) -> DownloadError:
    """Return the failure of a body over `limit` bytes."""
    return DownloadError("too_large", f"over {limit / 2**20:.3g} MB")


def unusable(error: Exception) -> DownloadError:
    """Return the failure of a page that a reader can't read, for whatever reason."""
    return DownloadError("unusable", f"can't be read ({type(error).__name__}: {error})"[:200])

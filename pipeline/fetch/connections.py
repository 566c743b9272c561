"""Connections that go only to an address that was checked, and that can be cut off from outside.

The name is resolved once, inside the connection: what was checked is what is connected to, so that a name server that
answers differently the second time gains nothing. TLS still verifies the name. Which addresses may be connected to is
decided in `public_hosts`; what is sent and read, in `download`.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.fetch.public_hosts import Resolver, checked_addresses
from pipeline.settings import FetchSettings

Connect = Callable[[str, int, float | None], socket.socket]


class RequestConnection:
    """The connection of the request under way. One request at a time."""

    def __init__(self, resolver: Resolver, settings: FetchSettings) -> None:
        self._resolver, self._settings = resolver, settings
        self._handle: socket.socket | None = None
        self._cut = False
        self._guard = threading.Lock()

    @contextmanager
    def limited(self, seconds: float) -> Iterator[Callable[[], bool]]:
        """Cut the connection `seconds` from now, whatever it is doing: a read's own time-out begins anew with each byte.

        Yields a function that returns whether that happened.
        """
        self._cut = False
        timer = threading.Timer(seconds, self._sever)
        timer.daemon = True
        timer.start()
        try:
            yield lambda: self._cut
        finally:
            timer.cancel()
            with self._guard:
                if self._handle is not None:
                    self._handle.close()
                self._handle = None

    def _sever(self) -> None:
        with self._guard:
            self._cut = True
            if self._handle is not None:
                try:
                    self._handle.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The other side has gone already, which is what was wanted.
                    return

    def connect(self, host: str, port: int, seconds: float | None) -> socket.socket:
        """Return a socket to one of the host's checked addresses, trying each for `seconds`.

        Raises AddressRefusedError, or OSError where none answers.
        """
        addresses = checked_addresses(host.strip("[]"), port, self._resolver, private=self._settings.private_addresses)
        problem: OSError | None = None
        for address in addresses:
            try:
                connected = socket.create_connection((address, port), timeout=seconds)
            except OSError as error:
                problem = error
                continue
            self._watch(connected)
            return connected
        raise problem if problem is not None else OSError(f"{host} has no address")

    def _watch(self, connected: socket.socket) -> None:
        with self._guard:
            # A second handle of the same connection: TLS takes the first one away.
            self._handle = connected.dup()
            if self._cut:
                self._handle.shutdown(socket.SHUT_RDWR)


class _Adapter(HTTPAdapter):
    """requests' adapter over our connections."""

    def __init__(self, connection: RequestConnection) -> None:
        self._connection = connection
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make requests' own pools, with our connections in them."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = _pools(self._connection.connect)


def _pools(connect: Connect) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, int(self.port or 80), _seconds(self.timeout))

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, int(self.port or 443), _seconds(self.timeout))

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType]

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure  # pyright: ignore[reportAssignmentType]

    return {"http": PlainPool, "https": SecurePool}


def _seconds(timeout: object) -> float | None:
    return float(timeout) if isinstance(timeout, int | float) else None


_NO_COOKIES: Final = DefaultCookiePolicy(allowed_domains=[])


def session(connection: RequestConnection, settings: FetchSettings) -> requests.Session:
    """Return a session without cookies, proxies or passwords of the machine: each request depends on itself alone."""
    made = requests.Session()
    made.trust_env = False
    made.headers.clear()
    made.cookies.set_policy(_NO_COOKIES)
    made.verify = settings.certificates or True
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(connection))
    return made

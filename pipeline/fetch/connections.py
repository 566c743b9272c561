"""Connections that go only to an address that was checked, and that can be cut off from outside.

The name is resolved once, inside the connection: what was checked is what is connected to, so that a name server that
answers differently the second time gains nothing. TLS still verifies the name. Which addresses may be connected to is
decided in `public_hosts`; what is sent and read, in `download`.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.fetch.public_hosts import Resolver, checked_addresses
from pipeline.settings import FetchSettings

Connect = Callable[[str, int, float], socket.socket]


class RequestConnection:
    """The connection of the request under way. One request at a time."""

    def __init__(self, resolver: Resolver, settings: FetchSettings) -> None:
        self._resolver, self._settings = resolver, settings
        self._handle: socket.socket | None = None
        self._cut = False
        self._ends_at = 0.0
        self._guard = threading.Lock()

    @contextmanager
    def limited(self, seconds: float) -> Iterator[Callable[[], bool]]:
        """Cut the connection `seconds` from now, whatever it is doing: a read's own time-out begins anew with each byte.

        Yields a function that returns whether that happened.
        """
        self._cut = False
        self._ends_at = time.monotonic() + seconds
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

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """Return a socket to one of the host's checked addresses, trying each for `seconds` while the request may last.

        Raises AddressRefusedError, or OSError where none answers.
        """
        addresses = checked_addresses(host.strip("[]"), port, self._resolver, private=self._settings.private_addresses)
        problem: OSError = TimeoutError(f"{host} was not connected to in time")
        for address in addresses:
            left = self._ends_at - time.monotonic()
            if left <= 0:
                break
            try:
                connected = socket.create_connection((address, port), timeout=min(seconds, left))
            except OSError as error:
                problem = error
                continue
            connected.settimeout(seconds)
            self._watch(connected)
            return connected
        raise problem

    def _watch(self, connected: socket.socket) -> None:
        with self._guard:
            # A second handle of the same connection: TLS takes the first one away.
            self._handle = connected.dup()
            if self._cut:
                self._handle.shutdown(socket.SHUT_RDWR)


def _pools(connect: Connect, seconds: float) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, int(self.port or 80), seconds)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, int(self.port or 443), seconds)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType]

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure  # pyright: ignore[reportAssignmentType]

    return {"http": PlainPool, "https": SecurePool}


def connection_pools(connection: RequestConnection, settings: FetchSettings) -> PoolManager:
    """Return pools of connections that know no cookies, proxies or passwords: each request depends on itself alone."""
    pools = PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=settings.certificates or certifi.where())
    pools.pool_classes_by_scheme = _pools(connection.connect, settings.connect_seconds)
    return pools

"""Which hosts a request may go to: those whose every address is on the public Internet.

Looks names up and judges addresses; connections are made in `connections`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Final

# Prefixes under which an IPv4 address is carried inside an IPv6 one.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Resolver = Callable[[str, int], list[str]]


class AddressRefusedError(Exception):
    """A host that no request may go to, since one of its addresses is not on the public Internet.

    Raised inside a connection and turned into a DownloadError `address_refused` by `download`; no user sees it.
    """


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them, each once. Raises OSError where there is none."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Decide whether an IP address is on the public Internet, also when carried inside an IPv6 address.

    Private, loopback, link-local, shared, reserved and multicast addresses are not, nor is text that is no address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = [parsed.ipv4_mapped, parsed.sixtofour, *(parsed.teredo or ())]
        if parsed in _NAT64:
            inner.append(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        if any(not is_public(str(one)) for one in inner if one is not None):
            return False
        if parsed.ipv4_mapped is not None or parsed in _NAT64:
            return True
        if parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast


def checked_addresses(host: str, port: int, resolver: Resolver, *, private: bool) -> list[str]:
    """Return the addresses that a connection to `host` may use.

    All must be public unless `private`: a host with one private address is refused whole. Raises AddressRefusedError;
    OSError where the name is unknown.
    """
    addresses = resolver(host, port)
    if not addresses:
        raise OSError(f"{host} has no address")
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        raise AddressRefusedError(f"{host} is at {inside[0]}, which is not on the public Internet")
    return addresses
